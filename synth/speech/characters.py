"""Characters: any text as plain ASCII that can be read aloud; what is no text is refused.

Accents are folded (é to e), quotes and dashes made plain, compatibility forms undone (ﬁ, ½, ２, 𝐡). Of other scripts, emoji and
control characters nothing can be said: each becomes a blank, and a text of nothing else is refused.
"""

from __future__ import annotations

import unicodedata

from synth.parameters.errors import InputError, shown

BINARY_SHARE = 0.02
"""More control, unassigned and replacement characters than this: no text. Chosen; in text they are strays."""
_PLAIN = {
    "‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
    "–": "\N{EN DASH}", "—": "\N{EM DASH}", "―": "\N{EM DASH}", "‒": "-", "‐": "-", "‑": "-", "−": "-", "…": "...",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ð": "d", "Ð": "D",
    "þ": "th", "Þ": "Th", "ı": "i", "×": " times ", "÷": " divided by ", "±": " plus or minus ", "°": " degrees ",
    "²": " squared ",
    "³": " cubed ", "£": "£", "€": "€", "¥": "¥", "¢": " cents ", "§": " section ", "≈": " about ", "≤": " at most ",
    "≥": " at least ",
    "\u2028": "\n", "\u2029": "\n\n", "\u0085": "\n", "\v": "\n", "\f": "\n\n", "\u00ad": "", "\u200b": "", "\u200c": "",
    "\u200d": "", "\ufeff": "",
}  # fmt: skip
_TOGETHER = {"\r\n": "\n", "\r": "\n", "°C": " degrees celsius", "°F": " degrees fahrenheit"}
_KEPT = frozenset("£€¥\N{EN DASH}\N{EM DASH}")


def _fold(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() or character in "\n\t" else " "
    if character in _PLAIN:
        return _PLAIN[character]
    folded = "".join(_PLAIN.get(part, part) for part in unicodedata.normalize("NFKD", character))
    plain = "".join(part for part in folded if part.isascii() or part in _KEPT or part == "\N{FRACTION SLASH}")
    if not plain and unicodedata.combining(character):
        return ""
    space = " " if "\N{FRACTION SLASH}" in plain else ""  # 2½
    return space + plain.replace("\N{FRACTION SLASH}", "/") + space or " "


class _Folding(dict[int, str]):
    """What `str.translate` asks, answered once for each character."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _is_stray(character: str) -> bool:
    category = unicodedata.category(character)
    return (
        category in ("Cc", "Cn", "Cs", "Co") and character not in "\t\n\r\f\v\u0085"
    ) or character == "\N{REPLACEMENT CHARACTER}"


def plain(text: str, place: str) -> str:
    """Return a text in ASCII (and money signs, dashes), lines ended by newlines.

    Raises
    ------
    InputError
        If it is no text: binary data, or nothing in it can be spoken.
    """
    if not isinstance(text, str):
        raise InputError(f"{place}: {shown(text)} is no text; give a string")
    strays = {character: None for character in set(text) if _is_stray(character)}
    if strays:
        count = sum(text.count(character) for character in strays) if len(strays) < 70 else sum(map(strays.__contains__, text))
        if count > BINARY_SHARE * len(text):
            most = f"{count} of its {len(text)} characters are control characters or unreadable"
            raise InputError(f"{place}: {most}, so this is no text; give plain text (UTF-8)")
    for written, plainly in _TOGETHER.items():
        text = text.replace(written, plainly)
    folded = text.translate(_Folding())
    if not any(character.isalnum() or character in "%&+=@$£€¥[" for character in folded):
        what = shown(text, 30) if text.strip() else "it is empty"
        raise InputError(f"{place}: nothing in it can be spoken ({what}); write English words or numbers")
    return folded
