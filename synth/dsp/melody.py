"""Melody: a few notes of a pentatonic scale, as somebody hums to themselves.  time -> note after note -> a pitch that glides.

Notes last 0.7 to 2.4 s; the next is mostly a neighbour in the scale, and rather towards the middle. With a reach of 0 it stays on
one tone. The voice glides: two one-poles in a row, so that neither pitch nor its slope steps. All chosen.
"""

from __future__ import annotations

import numpy as np

from synth.dsp import filters, noise
from synth.rt import kernel
from synth.rt.units import QUANTUM

_SCALE = (0.0, 2.0, 4.0, 7.0, 9.0)  # semitones above the tonic: major without its half-tones
_DEGREES = len(_SCALE)
_MOST = 4  # degrees up or down, at full reach
_SHORTEST_S, _LONGEST_S = 0.7, 2.4

MELODY = np.dtype(
    [("rng", "u8"), ("degree", "i8"), ("left_s", "f8"), ("since_s", "f8"), ("glide", filters.ONE_POLE, (2,))], align=True
)


@kernel
def start(melody, seed, glide_hz, sample_rate):
    """Begin on the tonic; `glide_hz` is how fast it goes from note to note."""
    melody.rng = seed
    melody.left_s = noise.between(melody, _SHORTEST_S, _LONGEST_S)
    for pole in range(2):
        filters.tune_one_pole(melody.glide[pole], glide_hz, sample_rate / QUANTUM)


@kernel
def semitones_of(degree):
    """Return how far a degree, below 0 too, lies above the tonic."""
    octave = degree // _DEGREES
    return 12.0 * octave + _SCALE[degree - octave * _DEGREES]


@kernel
def advance(melody, seconds, reach):
    """Move on by a quantum; return semitones above the tonic. `reach` 0: one tone, 1: an octave and more."""
    melody.since_s += seconds
    melody.left_s -= seconds
    if melody.left_s <= 0.0:
        go_on(melody, reach)
    return filters.smooth(melody.glide[1], filters.smooth(melody.glide[0], semitones_of(melody.degree)))


@kernel
def go_on(melody, reach):
    """Take the next note now."""
    melody.left_s = noise.between(melody, _SHORTEST_S, _LONGEST_S)
    draw, step = noise.uniform(melody), 1 if noise.uniform(melody) < 0.7 else 2
    most = int(_MOST * reach + 0.999)
    if most == 0:
        melody.degree = 0
        return
    up = 0.5 - 0.3 * melody.degree / most
    was = melody.degree
    melody.degree = min(max(was + (step if draw < up else -step), -most), most)
    if melody.degree != was:
        melody.since_s = 0.0
