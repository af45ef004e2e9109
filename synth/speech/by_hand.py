"""Phones by hand: `[k ae t]` in a text, a word in the phones of the dictionary."""

from __future__ import annotations

from collections.abc import Callable

from synth.parameters.errors import InputError, unknown
from synth.speech.sounds import CONSONANTS, VOWELS, Sounds

_KNOWN = frozenset((*VOWELS, *CONSONANTS, "AX"))


def by_hand(inside: str, where: Callable[[], str]) -> Sounds:
    """Return the sounds that stand between brackets: case free, a vowel with its stress digit or without.

    Without any digit the first full vowel bears the stress. A vowel without one among others is unstressed, but never reduced.

    Parameters
    ----------
    inside : what stands between the brackets.
    where : gives the place of the text, asked only for an error.

    Raises
    ------
    InputError
        For what is no phone, with the nearest one.
    """
    parts = inside.upper().split()
    if not parts:
        raise InputError(f"{where()}: [{inside}] holds no phone; write phones as in [k ae t]")
    stressed = any(part[-1] in "12" for part in parts)
    sounds = []
    for part in parts:
        name, digit = part.rstrip("0123456789"), part[len(part.rstrip("0123456789")) :]
        if name not in _KNOWN:
            raise unknown("phone", part.lower()[:30], sorted(name.lower() for name in _KNOWN), _place(inside, where))
        if digit and (digit not in ("0", "1", "2") or name in CONSONANTS):
            right = "a consonant bears no stress" if name in CONSONANTS else "stress is 0 (none), 1 (primary) or 2 (secondary)"
            raise InputError(f"{_place(inside, where)}: '{part.lower()[:30]}': {right}")
        if name in CONSONANTS:
            sounds.append(name)
        elif name == "AX":
            sounds.append("AH0")
        elif not digit and not stressed:
            sounds.append(name + "1")
            stressed = True
        else:
            sounds.append(name + (digit or ("2" if name == "AH" else "0")))
    return tuple(sounds)


def _place(inside: str, where: Callable[[], str]) -> str:
    return f"{where()}: [{inside[:40]}{'...' if len(inside) > 40 else ''}]"
