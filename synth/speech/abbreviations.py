"""Abbreviations, units and signs: what is written short and said long."""

from __future__ import annotations

TITLES = {
    "mr": "mister", "mrs": "missus", "ms": "miz", "dr": "doctor", "prof": "professor", "st": "saint", "rev": "reverend",
    "hon": "honorable",
    "gen": "general", "col": "colonel", "capt": "captain", "lt": "lieutenant", "sgt": "sergeant", "gov": "governor",
    "pres": "president",
    "sen": "senator", "rep": "representative", "messrs": "messers", "mme": "madame", "mlle": "mademoiselle", "fr": "father",
    "mt": "mount", "ft": "fort",
}  # fmt: skip
"""Before a name, with or without a point; a title ends no sentence."""
SHORT = {
    "etc": "et cetera", "vs": "versus", "v": "versus", "jr": "junior", "sr": "senior", "esq": "esquire", "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road", "dept": "department", "est": "established", "approx": "approximately", "no": "number", "nos": "numbers",
    "vol": "volume",
    "vols": "volumes", "pp": "pages", "fig": "figure", "figs": "figures", "ch": "chapter", "ed": "edition", "eds": "editors",
    "inc": "incorporated",
    "ltd": "limited", "corp": "corporation", "co": "company", "bros": "brothers", "assn": "association", "univ": "university",
    "cf": "compare",
    "al": "al", "ca": "circa", "viz": "namely", "ibid": "ibid", "min": "minutes", "max": "maximum", "sec": "seconds",
    "hr": "hour", "hrs": "hours",
    "mins": "minutes", "secs": "seconds", "jan": "january", "feb": "february", "mar": "march", "apr": "april", "jun": "june",
    "jul": "july", "aug": "august",
    "sep": "september", "sept": "september", "oct": "october", "nov": "november", "dec": "december", "mon": "monday",
    "tue": "tuesday",
    "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
    "sat": "saturday", "sun": "sunday",
    "oz": "ounces", "lb": "pounds", "lbs": "pounds", "tel": "telephone", "misc": "miscellaneous", "temp": "temperature",
    "tsp": "teaspoons", "tbsp": "tablespoons",
}  # fmt: skip
"""With a point behind."""
NEEDS_A_NUMBER = frozenset((
    "no", "nos", "vol", "vols", "pp", "fig", "figs", "ch", "ed", "v", "min", "sec", "max", "sat", "sun", "mar", "jun", "al",
))  # fmt: skip
"""Of SHORT: words of their own too, so only when a number follows (or, for a unit, goes before)."""
ENDINGS = frozenset(["etc", "jr", "sr", "inc", "ltd", "corp", "co"])
"""Of SHORT: those that may end a sentence, and do when a capital follows."""
POINTED = {
    "e.g.": "for example", "i.e.": "that is", "a.m.": "a. m.", "p.m.": "p. m.", "a.d.": "a. d.", "b.c.": "b. c.",
    "b.c.e.": "b. c. e.",
    "ph.d.": "p. h. d.", "o.k.": "okay", "n.b.": "n. b.", "p.s.": "p. s.", "r.i.p.": "r. i. p.",
}  # fmt: skip
UNITS = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "mi": "mile", "ft": "foot", "in": "inch",
    "yd": "yard", "kg": "kilogram",
    "g": "gram", "mg": "milligram", "lb": "pound", "lbs": "pound", "oz": "ounce", "l": "liter", "ml": "milliliter",
    "km/h": "kilometer per hour",
    "kmh": "kilometer per hour", "mph": "mile per hour", "m/s": "meter per second", "hz": "hertz", "khz": "kilohertz",
    "mhz": "megahertz",
    "ghz": "gigahertz", "db": "decibel", "w": "watt", "kw": "kilowatt", "kwh": "kilowatt hour", "v": "volt", "mv": "millivolt",
    "a": "amp", "s": "second",
    "sec": "second", "ms": "millisecond", "min": "minute", "h": "hour", "hr": "hour", "hrs": "hour", "kb": "kilobyte",
    "mb": "megabyte", "gb": "gigabyte",
    "tb": "terabyte", "kcal": "kilocalorie", "cal": "calorie", "rpm": "revolution per minute", "bpm": "beat per minute",
    "k": "thousand",
    "px": "pixel", "pa": "pascal", "n": "newton", "j": "joule", "ha": "hectare", "dpi": "dot per inch", "fps": "frame per second",
}  # fmt: skip
"""Behind a number."""
SIGNS = {
    "#": "number",
    "%": "percent",
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "$": "dollars",
    "£": "pounds",
    "€": "euros",
    "¥": "yen",
}
ALWAYS_SPELT = frozenset((
    "US", "UK", "EU", "UN", "TV", "PC", "ID", "OK", "AI", "UFO", "DIY", "FAQ", "DNA", "RNA", "CEO", "CEOS", "GPS", "USB",
    "PDF", "CD", "CDS", "DVD", "DVDS", "ATM", "BBC", "CNN", "FBI", "CIA", "USA", "NYC", "LA", "IQ", "VIP",
))  # fmt: skip
"""In capitals among small letters: letters, though small they may be words."""
NAMES_OF_LETTERS = {
    "a": "EY1", "b": "B IY1", "c": "S IY1", "d": "D IY1", "e": "IY1", "f": "EH1 F", "g": "JH IY1", "h": "EY1 CH", "i": "AY1",
    "j": "JH EY1",
    "k": "K EY1", "l": "EH1 L", "m": "EH1 M", "n": "EH1 N", "o": "OW1", "p": "P IY1", "q": "K Y UW1", "r": "AA1 R",
    "s": "EH1 S", "t": "T IY1",
    "u": "Y UW1", "v": "V IY1", "w": "D AH1 B AH0 L Y UW2", "x": "EH1 K S", "y": "W AY1", "z": "Z IY1",
}  # fmt: skip
