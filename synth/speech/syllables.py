"""Syllables: where each one of a word begins, by the largest onset that English allows (the maximal onset principle)."""

from __future__ import annotations

from itertools import pairwise

from synth.speech.sounds import Sounds, is_vowel

_PAIRS = {
    first + " " + second
    for firsts, seconds in (
        ("P B F K G", "L R"), ("T D TH SH", "R"), ("K G T D TH S HH", "W"), ("S", "P T K M N L F"), ("P B F V M K G HH TH", "Y"),
    )
    for first in firsts.split()
    for second in seconds.split()
}  # fmt: skip
_TRIPLES = {f"S {second}" for second in ("P L", "P R", "T R", "K R", "K W", "K L", "P Y", "K Y")}
_ONSETS = _PAIRS | _TRIPLES


def starts(sounds: Sounds) -> list[int]:
    """Return the place of the first sound of each syllable; the first is 0, a word without a vowel is one syllable."""
    vowels = [place for place, sound in enumerate(sounds) if is_vowel(sound)]
    found = [0]
    for before, vowel in pairwise(vowels):
        onset = vowel
        if vowel - before > 1 and sounds[vowel - 1] != "NG":
            onset -= 1
            while onset - 1 > before and " ".join(sounds[onset - 1 : vowel]) in _ONSETS:
                onset -= 1
        found.append(onset)
    return found
