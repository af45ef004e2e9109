"""Spelt words: which words in capitals are said letter by letter, and how letters are said."""

from __future__ import annotations

import re

from synth.speech.abbreviations import ALWAYS_SPELT
from synth.speech.dictionary import dictionary

_SPEAKABLE = re.compile(
    "(?:[bcdfghjklmnpqrstvwz]|[bcdfgkpst][lrw]|s[cklmnpt]|[cst]h|wh|qu|kn)?"  # onset
    "[aeiouy]{1,2}(?:[bcdfgklmnprstvxz][aeiouy]{1,2})*"
    "(?:[bcdfgklmnprstxz]|ck|n[cdgkst]|[lr][dkmnpst]|[sc]h|s[kpt]|th|ss|ll)?"  # coda
)
_LONGEST_SPELT = 5
"""Letters: longer words in capitals are shouted, not spelt. Chosen."""


def is_spelt(word: str, among_small: bool) -> bool:
    """Return whether a word in capitals is said as letters; `among_small`: the text beside it is not in capitals."""
    lower = word.lower()
    if among_small and word in ALWAYS_SPELT:
        return True
    if dictionary().all(lower):
        return False
    if not set(lower) & set("aeiouy"):
        return len(set(lower)) > 1  # not MMM
    if not among_small:
        return False
    return len(word) <= 3 or (len(word) <= _LONGEST_SPELT and not _SPEAKABLE.fullmatch(lower))


def letters(word: str) -> list[str]:
    """Return the names of a word's letters as this package writes them: `F`, `M` as `f.`, `m.`."""
    return [letter + "." for letter in word.lower() if letter.isalpha()]
