"""Wet clicks: lips and tongue that come apart.  moments by chance -> a tiny pop -> a cavity's short ring.

A pop comes in twos and threes some ten milliseconds apart, each at a resonance of its own between 1.2 and 3.5 kHz, and rings for
2 to 4 ms. All of it chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, noise
from synth.rt import kernel

_LOW_HZ, _HIGH_HZ, _Q = 1200.0, 3500.0, 9.0
_NEXT_S = 0.022
_MOST = 3

WET = np.dtype([("rng", "u8"), ("left", "i8"), ("wait_s", "f8"), ("force", "f8"), ("cavity", filters.SVF)], align=True)


@kernel
def start(wet, seed):
    """Begin silent, with a stream of its own."""
    wet.rng = seed


@kernel
def part(wet):
    """Let the lips come apart: the first click follows at once."""
    wet.left, wet.wait_s = 1 + int(noise.uniform(wet) * _MOST), 0.0


@kernel
def advance(wet, level, rate_hz, seconds, sample_rate):
    """Move on by a quantum; clicks also come by themselves, so often a second."""
    if wet.left <= 0:
        if noise.uniform(wet) < rate_hz * seconds:
            part(wet)
        return
    wet.wait_s -= seconds
    if wet.wait_s <= 0.0:
        wet.left -= 1
        wet.wait_s = _NEXT_S * (0.4 + noise.exponential(wet))
        hertz = _LOW_HZ * math.exp(noise.uniform(wet) * math.log(_HIGH_HZ / _LOW_HZ))
        filters.tune(wet.cavity, hertz, _Q, sample_rate)
        wet.force = level * (0.3 + 0.7 * noise.uniform(wet)) * sample_rate / hertz


@kernel
def tick(wet):
    """Return the next sample."""
    force = wet.force
    wet.force = 0.0
    return filters.band(wet.cavity, force)
