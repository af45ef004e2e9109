"""A bank of modes: decaying sines that one force excites.  force -> two-pole resonators in parallel -> sum.

Each mode's impulse response is gain * sin(2 pi f t) * 10^(-3 t / T60). Computed in f8: a mode at 100 Hz that rings for 20 s at
96 kHz has its poles 4e-6 from the unit circle, which f4 cannot place.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.rt import kernel

LN_1000 = math.log(1000.0)
"""An amplitude falls by this many nepers in its T60."""
HIGHEST = 0.45
"""Of the sample rate: modes above it are silent."""
_SHORTEST_S = 1e-4  # T60 of the shortest mode


def bank_dtype(count: int) -> np.dtype[Any]:
    """Return the state of a bank of `count` modes; as arrays, so that one sample of all modes is one vector operation."""
    fields = [(name, "f8", (count,)) for name in ("a1", "a2", "gain", "y1", "y2")]
    return np.dtype([*fields, ("x1", "f8")], align=True)


@kernel
def tune(bank, mode, frequency_hz, t60_s, gain, sample_rate):
    """Set one mode; it goes on ringing from where it is.  A mode above `HIGHEST` is silenced."""
    if frequency_hz > HIGHEST * sample_rate or frequency_hz <= 0.0:
        gain = 0.0
        frequency_hz = 0.25 * sample_rate
        t60_s = 0.001
    angle = 2.0 * math.pi * frequency_hz / sample_rate
    radius = math.exp(-LN_1000 / (max(t60_s, _SHORTEST_S) * sample_rate))
    bank.a1[mode] = 2.0 * radius * math.cos(angle)
    bank.a2[mode] = -radius * radius
    bank.gain[mode] = gain * radius * math.sin(angle)


@kernel
def tick(bank, force):
    """Advance the bank by one sample; return the sum of its modes.

    The force acts one sample later than it is given: the impulse response starts at sin(0) = 0.
    """
    x = bank.x1
    bank.x1 = float(force)
    total = 0.0
    for mode in range(bank.a1.size):
        y = bank.a1[mode] * bank.y1[mode] + bank.a2[mode] * bank.y2[mode] + bank.gain[mode] * x
        bank.y2[mode] = bank.y1[mode]
        bank.y1[mode] = y
        total += y
    return total
