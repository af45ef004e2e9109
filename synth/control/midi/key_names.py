"""Keys of a keyboard by name.  "C-1" = 0, "C4" = 60, "G9" = 127 (Scientific pitch notation)."""

from __future__ import annotations

import re
from typing import Any

from synth.parameters.errors import InputError

LAST_KEY = 127
_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_SIGNS = {"": 0, "#": 1, "b": -1}
_PATTERN = re.compile(r"([A-Ga-g])([#b]?)(-?\d{1,2})")


def key_name(number: int) -> str:
    """Return the name of key 0 .. 127."""
    return f"{_NAMES[number % 12]}{number // 12 - 1}"


def key_number(value: Any, where: str) -> int:
    """Return a key's number from its name or number, or raise `InputError`."""
    number = value
    if isinstance(value, str) and (match := _PATTERN.fullmatch(value.strip())):
        number = _NAMES.index(match[1].upper()) + _SIGNS[match[2]] + 12 * (int(match[3]) + 1)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= LAST_KEY:
        raise InputError(f"{where} = {value!r:.60} is no key; allowed: 0 .. {LAST_KEY}, or a name from C-1 to G9 (C4 = 60)")
    return number
