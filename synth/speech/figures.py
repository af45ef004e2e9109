"""Figures: tokens of digits -> words.  A token of `tokens.TOKENS` and the text around it -> how it is said."""

from __future__ import annotations

import re

from synth.speech import numbers
from synth.speech.abbreviations import UNITS

_SCALES = {"k": "thousand", "m": "million", "bn": "billion"}
_NOT_AFTER_A_BLANK = frozenset(("a", "in", "n", "j", "w", "v"))
"""Units that are words or letters of their own when they stand apart."""
PAUSE = ","
"""Stands for a short pause among the words."""


def _half(text: str) -> str:
    found = re.search(r"[ap]", text.lower())
    return found[0] if found else ""


def clock(token: re.Match[str]) -> list[str]:
    """10:30, 7:05 pm."""
    hour, minute = re.findall(r"\d+", token[0])[:2]
    return numbers.clock(hour, minute, _half(token[0]))


def hour(token: re.Match[str]) -> list[str]:
    """7 pm."""
    return [*numbers.cardinal(re.findall(r"\d+", token[0])[0]), f"{_half(token[0])}.", "m."]


def iso(token: re.Match[str]) -> list[str]:
    """2026-03-05."""
    year, month, day = token[0].split("-")
    return _date(token[0], int(day), int(month), year)


def slashed(token: re.Match[str]) -> list[str]:
    """3/5/2026: month first, unless it can only be a day."""
    first, second, year = token[0].split("/")
    month, day = (int(second), int(first)) if int(first) > 12 else (int(first), int(second))
    return _date(token[0], day, month, year)


def _date(text: str, day: int, month: int, year: str) -> list[str]:
    if 1 <= month <= 12 and 1 <= day <= 31:
        return numbers.date(day, month, year)
    return [word for part in re.findall(r"\d+", text) for word in numbers.cardinal(part)]


def telephone(token: re.Match[str]) -> list[str]:
    """+49 30 123456, 555-1234: digits, with a pause between groups."""
    words = ["plus"] if token[0].startswith("+") else []
    for part in re.findall(r"\d+", token[0]):
        words += [*numbers.digits(part), PAUSE]
    return words[:-1]


def money(token: re.Match[str]) -> list[str]:
    """$3.50, £2 million."""
    amount = re.findall(r"[\d.]+", token[0].replace(",", ""))[0]
    found = re.search(r"[A-Za-z]+", token[0])
    scale = found[0].lower() if found else ""
    return numbers.money(token[0][0], amount, _SCALES.get(scale, scale))


def fraction(token: re.Match[str]) -> list[str]:
    """1/2, 2 3/4."""
    whole, top, bottom = re.findall(r"\d+", "0 " + token[0])[-3:]
    before = [*numbers.cardinal(whole), "and"] if " " in token[0] else []
    return [*before, *numbers.fraction(top, bottom)]


def ordinal(token: re.Match[str]) -> list[str]:
    """21st."""
    return numbers.ordinal(str(int(token[0][:-2])))


def decade(token: re.Match[str]) -> list[str]:
    """1990s, '90s."""
    return numbers.decade(re.findall(r"\d+", token[0])[0])


def dotted(token: re.Match[str]) -> list[str]:
    """1.2.3."""
    words: list[str] = []
    for part in token[0].split("."):
        words += ["dot", *numbers.cardinal(part)]
    return words[1:]


def unit(token: re.Match[str]) -> str:
    """Return the unit behind a number, as a noun; empty if what stands there is none."""
    written = token["unit"] or ""
    short = written.strip()
    if written.startswith(" ") and (short.lower() in _NOT_AFTER_A_BLANK or short == "I"):
        return ""
    return UNITS.get(short.lower(), "") if short else ""


def number(token: re.Match[str], text: str, last: str) -> list[str]:
    """5, -3.2, 1,000, 1984, 5 km, 10-; `last` is the word before."""
    figure = token["figure"].replace(",", "")
    words = {"-": ["minus"], "+": ["plus"]}.get(token[0][0], [])
    noun = unit(token)
    if noun:
        return [*words, *numbers.counted(figure, noun)]
    if "." in figure:
        words = [*words, *numbers.decimal(figure)]
    elif _is_day(figure, text[token.end() : token.end() + 16], (token["unit"] or "").strip(), last):
        words = numbers.ordinal(str(int(figure)))
    elif len(token["figure"]) == 4 and "1100" <= figure < "2100" and not words:
        words = numbers.year(figure)
    else:
        words = [*words, *numbers.cardinal(figure)]
    return [*words, "to"] if token["range"] else words


def _is_day(figure: str, behind: str, unit: str, last: str) -> bool:
    after = unit.lower() or (behind.lower().split() or [""])[0].strip(".,;:")
    return (
        len(figure) <= 2 and 1 <= int(figure) <= 31 and (last in numbers.MONTHS or (after in numbers.MONTHS and after != "may"))
    )
