"""Phones: what a text is made of before it is a sound.  text -> phones with lengths -> a voice's window -> vocal tract.

The names are those of the CMU dictionary (ARPAbet) without stress digits, and RX and LX, r and l behind the vowel of their
syllable, as MITalk has them. A phone's number is its place in NAMES; zero is the end: nothing more is said. The engine shows
a voice the phones to come, `emitters.phone[0]` first; a kernel that has said one adds 1 to `emitters.said`, once a quantum at
most, and sees the next ones in the quantum after it. Where somebody interrupts, the length of the first one shrinks to 0
while it is said.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NAMES = (
    "END", "PAUSE",
    "AA", "AE", "AH", "AO", "AW", "AX", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N",
    "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH",
    "RX", "LX",
)  # fmt: skip
END, PAUSE = 0, 1
WORD_BEGINS, WORD_ENDS, PHRASE_ENDS, STRESSED, EMPHASISED = 1, 2, 4, 8, 16
"""Marks of a phone, added up: first or last of its word, in the last syllable before a pause, in a stressed one, between
asterisks in the text."""
MOST_MARKS, LONGEST_S = 31, 30.0
"""All marks at once; how long a phone, or a pause, may last."""
WINDOW = 8
"""How many phones to come a voice sees, the one that it is saying included; after the last one there are ENDs."""
PHONE = np.dtype([("number", "i2"), ("marks", "i2"), ("seconds", "f4")], align=True)
"""`seconds`: how long it lasts at an unhurried pace, its place in word and phrase and its neighbours already reckoned in."""


def check(phones: Any) -> None:
    """Raise `ValueError` unless something is an array (phones,) of PHONE whose fields are in their ranges."""
    if not isinstance(phones, np.ndarray) or phones.dtype != PHONE or phones.ndim != 1 or not phones.flags.c_contiguous:
        raise ValueError("no array (phones,) of PHONE")
    for name, high in (("number", len(NAMES) - 1), ("marks", MOST_MARKS), ("seconds", LONGEST_S)):
        wrong = phones[name][~((phones[name] >= 0) & (phones[name] <= high))]
        if len(wrong):
            raise ValueError(f"{name} = {wrong[0]}; allowed: 0 .. {high:g}")
