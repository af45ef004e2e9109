"""Phones: what a text is made of before it is a sound.  text -> phones with lengths -> a voice's window -> vocal tract.

The names are those of the CMU dictionary (ARPAbet) without stress digits. A phone's number is its place in NAMES; zero is the
end: nothing more is said. The engine shows a voice the phones to come, `emitters.phone[0]` first; a kernel that has said one adds
1 to `emitters.said`, once a quantum at most, and sees the next ones in the quantum after it.
"""

from __future__ import annotations

import numpy as np

NAMES = (
    "END", "PAUSE",
    "AA", "AE", "AH", "AO", "AW", "AX", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N",
    "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
END, PAUSE = 0, 1
WORD_BEGINS, WORD_ENDS, PHRASE_ENDS, STRESSED, EMPHASISED = 1, 2, 4, 8, 16
"""Marks of a phone, added up: first or last of its word, in the last syllable before a pause, in a stressed one, between
asterisks in the text."""
WINDOW = 8
"""How many phones to come a voice sees, the one that it is saying included; after the last one there are ENDs."""
PHONE = np.dtype([("number", "i2"), ("marks", "i2"), ("seconds", "f4")], align=True)
"""`seconds`: how long it lasts at an unhurried pace, its place in word and phrase and its neighbours already reckoned in."""
