"""Melody: the scale, its reach, and that it comes back."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import melody, noise
from synth.rt.units import QUANTUM

RATE = 48000


def tune(reach: float, seconds: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return degrees and semitones, one of each a quantum."""
    state = np.zeros(1, melody.MELODY).view(np.recarray)[0]
    melody.start(state, noise.mixed(np.uint64(seed)), 3.0, RATE)
    semitones, degrees = [], []
    for _ in range(int(seconds * RATE / QUANTUM)):
        semitones.append(melody.advance(state, QUANTUM / RATE, reach))
        degrees.append(int(state.degree))
    return np.array(degrees), np.array(semitones)


def test_the_scale_is_pentatonic_and_goes_on_below() -> None:
    assert [melody.semitones_of(n) for n in range(-5, 6)] == [-12, -10, -8, -5, -3, 0, 2, 4, 7, 9, 12]


@pytest.mark.parametrize(("reach", "most"), [(0.0, 0), (0.25, 1), (0.5, 2), (1.0, 4)])
def test_it_stays_within_its_reach(reach: float, most: int) -> None:
    degrees, _ = tune(reach, 60)
    assert min(most, 3) <= np.abs(degrees).max() <= most


def test_notes_last_from_seven_tenths_to_a_few_seconds_and_the_voice_glides() -> None:
    degrees, semitones = tune(1.0, 60)
    lengths = np.diff(np.flatnonzero(np.diff(degrees))) * QUANTUM / RATE
    assert lengths.min() > 0.69
    assert np.median(lengths) < 2.5
    assert np.abs(np.diff(semitones)).max() < 0.1  # in 1.3 ms
    assert abs(semitones[-1] - melody.semitones_of(degrees[-1])) < 12
