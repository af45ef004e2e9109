"""How right pronunciations are: against every form that the dictionary has, stress apart."""

from __future__ import annotations

from pathlib import Path

from synth.speech.dictionary import dictionary
from synth.speech.sounds import Sounds, bare

COMMON = tuple((Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split())
"""500 common words: the first by the unigram probabilities of a model of spoken and written American English (the one in the
wheel of pocketsphinx 5.1), without names, noises and oaths."""


def distance(one: Sounds, other: Sounds) -> int:
    """Return how many sounds must be changed, left out or put in."""
    row = list(range(len(other) + 1))
    for number, here in enumerate(one, 1):
        before, row = row, [number]
        for place, there in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (here != there)))
    return row[-1]


def errors(word: str, said: Sounds) -> tuple[int, int]:
    """Return how many sounds are wrong, and of how many."""
    return min((distance(bare(said), bare(right)), len(right)) for right in dictionary().all(word))
