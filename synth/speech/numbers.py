"""Numbers as words: cardinals, ordinals, decimals, years, digits one by one, money, times of day, dates."""

from __future__ import annotations

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ("", "thousand", "million", "billion", "trillion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
LONGEST_CARDINAL = 15
"""Digits of a number that is still said as one; a longer one is said digit by digit."""
_MONEY = {"$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"), "¥": ("yen", "sen")}
_PLURALS = {
    "penny": "pence", "yen": "yen", "sen": "sen", "foot": "feet", "hertz": "hertz", "kilohertz": "kilohertz",
    "megahertz": "megahertz",
    "gigahertz": "gigahertz", "thousand": "thousand",
}  # fmt: skip


def digits(text: str) -> list[str]:
    """Return digits one by one, as of a telephone."""
    return [_ONES[int(character)] for character in text if character.isdigit()]


def _below_thousand(number: int) -> list[str]:
    words = [_ONES[number // 100], "hundred"] if number >= 100 else []
    rest = number % 100
    if rest and words:
        words.append("and")
    if rest >= 20:
        words.append(_TENS[rest // 10])
        rest %= 10
    return [*words, _ONES[rest]] if rest else words


def cardinal(text: str) -> list[str]:
    """Return a whole number; what begins with a zero or is very long is said digit by digit."""
    if len(text) > LONGEST_CARDINAL or (len(text) > 1 and text[0] == "0"):
        return digits(text)
    number = int(text)
    if number == 0:
        return ["zero"]
    words: list[str] = []
    for power in range(len(_SCALES) - 1, -1, -1):
        part = number // 1000**power % 1000
        if part:
            words += _below_thousand(part) + ([_SCALES[power]] if power else [])
    return words


def ordinal(text: str) -> list[str]:
    """Return `"21"` as twenty-first."""
    words = cardinal(text)
    last = words[-1]
    words[-1] = _ORDINALS.get(last) or (
        last[:-1] + "ieth" if last.endswith("y") else last + ("h" if last.endswith("t") else "th")
    )
    return words


def decimal(text: str) -> list[str]:
    """Return `"3.14"` as three point one four."""
    whole, _, part = text.partition(".")
    return [*cardinal(whole or "0"), "point", *digits(part)] if part else cardinal(whole or "0")


def year(text: str) -> list[str]:
    """Return a year of four digits in pairs: nineteen oh five, two thousand nine, twenty twenty-six."""
    century, rest = int(text[:2]), int(text[2:])
    if century % 10 == 0 and rest < 10:
        return cardinal(text)
    tail = ["hundred"] if rest == 0 else ["oh", _ONES[rest]] if rest < 10 else _below_thousand(rest)
    return _below_thousand(century) + tail


def decade(text: str) -> list[str]:
    """Return `"1990"` of 1990s as nineteen nineties."""
    words = year(text) if len(text) == 4 else cardinal(text)
    return [*words[:-1], plural(words[-1])]


def plural(word: str) -> str:
    """Return a noun's plural, for units, money and decades."""
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("x", "s", "ch", "sh")) else "s")


def counted(number: str, noun: str) -> list[str]:
    """Return a number and a noun: one kilometre, two kilometres; of two words the first is counted (miles per hour)."""
    first, *rest = noun.split()
    return [*decimal(number), first if number == "1" else plural(first), *rest]


def money(symbol: str, amount: str, scale: str) -> list[str]:
    """Return `"$"`, `"3.50"`, `""` as three dollars fifty, `"$"`, `"2"`, `"million"` as two million dollars."""
    unit, part = _MONEY[symbol]
    if scale:
        return [*decimal(amount), scale, plural(unit)]
    whole, _, fraction = amount.partition(".")
    if len(fraction) != 2:
        return counted(amount, unit)
    if not whole.strip("0"):
        return counted(str(int(fraction)), part) if fraction != "00" else counted("0", unit)
    words = counted(whole, unit)
    return words if fraction == "00" else [*words, "and", *counted(str(int(fraction)), part)]


def clock(hour: str, minute: str, half: str) -> list[str]:
    """Return a time of day: ten thirty, ten oh five a m, ten o'clock; `half` is "a", "p" or nothing.  `a.` is a letter's name."""
    words = cardinal(str(int(hour)))
    if int(minute):
        words += ["oh", _ONES[int(minute)]] if int(minute) < 10 else _below_thousand(int(minute))
    elif not half:
        words += ["hundred"] if int(hour) > 12 or int(hour) == 0 else ["o'clock"]
    return words + ([f"{half}.", "m."] if half else [])


def date(day: int, month: int, year_text: str) -> list[str]:
    """Return a date: march fifth twenty twenty-four."""
    said = (
        year(year_text) if len(year_text) == 4 else ["oh", *digits(year_text)[1:]] if year_text[0] == "0" else cardinal(year_text)
    )
    return [MONTHS[month - 1], *ordinal(str(day)), *said]


def roman(text: str) -> int:
    """Return the value of a roman numeral in capitals, 0 if it is none."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    if not set(text) <= values.keys():
        return 0
    total = 0
    for here, after in zip(text, [*text[1:], ""], strict=True):
        total += -values[here] if after and values[here] < values[after] else values[here]
    return total if 0 < total < 4000 and _as_roman(total) == text else 0


def _as_roman(number: int) -> str:
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    signs = zip(values, ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"), strict=True)
    text = ""
    for value, sign in signs:
        text += sign * (number // value)
        number %= value
    return text


def fraction(top: str, bottom: str) -> list[str]:
    """Return `"1"`, `"2"` as one half, `"3"`, `"4"` as three quarters; what is no plain part is said with "over"."""
    if top[0] == "0" or bottom[0] == "0" or bottom == "1":
        return [*cardinal(top), "over", *cardinal(bottom)]
    *first, last = {"2": ["half"], "4": ["quarter"]}.get(bottom) or ordinal(bottom)
    if top != "1":
        last = "halves" if last == "half" else plural(last)
    return [*cardinal(top), *first, last]
