"""Phones by hand: `[k ae t]` in a text, a word in the phones of the dictionary."""

from __future__ import annotations

import re

from synth.dsp.phone import NAMES
from synth.parameters.errors import InputError, shown, unknown
from synth.speech.sounds import CONSONANTS, VOWELS, Sounds

_KNOWN = frozenset((*VOWELS, *CONSONANTS, "AX"))


def by_hand(inside: str, place: str) -> Sounds:
    """Return the sounds that stand between brackets: case free, a vowel with its stress digit or without.

    Without any digit the first full vowel bears the stress. A vowel without a digit among others is unstressed, but never reduced.

    Raises
    ------
    InputError
        For what is no phone, with the nearest one.
    """
    parts = inside.upper().split()
    place = f"{place}: [{inside[:40]}{'...' if len(inside) > 40 else ''}]"
    if not parts:
        raise InputError(f"{place}: no phone in the brackets; write phones as in [k ae t]")
    stressed = any(part[-1] in "12" for part in parts)
    sounds = []
    for part in parts:
        name, digit = re.fullmatch(r"(.*?)(\d*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
        if name not in _KNOWN:
            raise unknown("phone", shown(name.lower())[1:-1], [known.lower() for known in NAMES[2:]], place)
        if digit and (digit not in "012" or name in CONSONANTS):
            right = "a consonant bears no stress" if name in CONSONANTS else "stress is 0, 1 (primary) or 2 (secondary)"
            raise InputError(f"{place}: '{part.lower()}': {right}")
        if name in CONSONANTS:
            sounds.append(name)
        elif name == "AX":
            sounds.append("AH0")
        elif digit:
            sounds.append(name + digit)
        elif not stressed:
            sounds.append(name + "1")
            stressed = True
        else:
            sounds.append(name + ("2" if name == "AH" else "0"))
    return tuple(sounds)
