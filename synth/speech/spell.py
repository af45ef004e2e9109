"""Spell: phones for people.  PHONE array -> `K L OW1 Z / Y AX R / AY1 Z (0.8 s)`."""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.dsp.phone import EMPHASISED, END, NAMES, PAUSE, STRESSED, WORD_ENDS
from synth.speech.allophones import PLAIN
from synth.speech.sounds import is_vowel


def spell(array: np.ndarray[Any, Any]) -> str:
    """Return phones as a line: stressed vowels with a 1, words parted by `/`, emphasised ones in stars, pauses in seconds."""
    parts: list[str] = []
    word: list[str] = []
    for number, marks, seconds in array.tolist():
        if number == END:
            break
        if number == PAUSE:
            parts.append(f"({seconds:.1f} s)")
            continue
        name = PLAIN.get(NAMES[number], NAMES[number])
        word.append(name + "1" if marks & STRESSED and is_vowel(name) else name)
        if marks & WORD_ENDS:
            if parts and parts[-1][0] != "(":
                parts.append("/")
            parts.append(f"*{' '.join(word)}*" if marks & EMPHASISED else " ".join(word))
            word = []
    return " ".join(parts + word)
