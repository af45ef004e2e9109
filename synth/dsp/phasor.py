"""Modes as rotating phasors, to be retuned, damped or driven at any time.  force -> z = w z + gain force -> Im z.

The impulse response is the one of `modal` (gain * sin(2 pi f t) * 10^(-3 t / T60)), but amplitude and phase lie open: |z| is
the mode's amplitude, a new frequency keeps it, and a negative damping makes it grow as exp(rate t). Computed in f8.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.jit import kernel

_LN_1000 = math.log(1000.0)


def bank_dtype(count: int) -> np.dtype[Any]:
    """Return the state of a bank of `count` phasors; as arrays, so that one sample of all of them is one vector operation."""
    return np.dtype([(name, "f8", (count,)) for name in ("turn_re", "turn_im", "gain", "re", "im")], align=True)


@kernel
def decay_per_s(t60_s):
    """Return the rate at which an amplitude falls that loses 60 dB in t60_s."""
    return _LN_1000 / t60_s


@kernel
def tune(bank, mode, frequency_hz, growth_per_s, sample_rate):
    """Set one mode's frequency and the rate at which it grows (negative: decays).

    A mode above 0.45 of the sample rate dies at once; `bank.gain` is the caller's.
    """
    if frequency_hz > 0.45 * sample_rate:
        bank.turn_re[mode] = 0.0
        bank.turn_im[mode] = 0.0
        return
    radius = math.exp(growth_per_s / sample_rate)
    angle = 2.0 * math.pi * frequency_hz / sample_rate
    bank.turn_re[mode] = radius * math.cos(angle)
    bank.turn_im[mode] = radius * math.sin(angle)


@kernel
def energy(bank, mode):
    """Return the squared amplitude of a mode."""
    return bank.re[mode] * bank.re[mode] + bank.im[mode] * bank.im[mode]


@kernel
def tick(bank, force):
    """Advance all modes by one sample; return the sum of what they radiate."""
    total = 0.0
    for mode in range(bank.re.size):
        re, im = bank.re[mode], bank.im[mode]
        bank.re[mode] = bank.turn_re[mode] * re - bank.turn_im[mode] * im + bank.gain[mode] * force
        bank.im[mode] = bank.turn_im[mode] * re + bank.turn_re[mode] * im
        total += bank.im[mode]
    return total
