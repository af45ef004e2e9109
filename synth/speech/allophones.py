"""Allophones: how r and l sound behind the vowel of their syllable, as a phone of its own.

There the tongue is drawn back: l is dark, and r colours the vowel before it (MITalk's RX and LX: Allen, Hunnicutt, Klatt, *From
Text to Speech* (1987)).
"""

from __future__ import annotations

BEHIND_VOWEL = {"L": "LX", "R": "RX"}
PLAIN = {allophone: sound for sound, allophone in BEHIND_VOWEL.items()}
