"""Modes as rotating phasors, to be retuned, damped or driven at any time.  force -> z = w z + gain force -> Im z.

The impulse response is the one of `modal` (gain * sin(2 pi f t) * 10^(-3 t / T60)), but amplitude and phase lie open: |z| is
the mode's amplitude, a new frequency keeps it, and a negative damping makes it grow as exp(rate t). Computed in f8.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp.modal import HIGHEST, LN_1000
from synth.rt import kernel


def bank_dtype(count: int) -> np.dtype[Any]:
    """Return the state of a bank of `count` phasors; as arrays, so that one sample of all of them is one vector operation."""
    return np.dtype([(name, "f8", (count,)) for name in ("turn_re", "turn_im", "gain", "re", "im")], align=True)


@kernel
def decay_per_s(t60_s):
    """Return the rate at which an amplitude falls that loses 60 dB in t60_s."""
    return LN_1000 / t60_s


@kernel
def tune(bank, mode, frequency_hz, growth_per_s, sample_rate):
    """Set one mode's frequency and the rate at which it grows (negative: decays).

    A mode above `modal.HIGHEST` dies at once; `bank.gain` is the caller's.
    """
    if frequency_hz > HIGHEST * sample_rate:
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
def tick(bank, mode, force):
    """Advance one mode by one sample; return what it radiates."""
    re, im = bank.re[mode], bank.im[mode]
    bank.re[mode] = bank.turn_re[mode] * re - bank.turn_im[mode] * im + bank.gain[mode] * force
    im = bank.turn_im[mode] * re + bank.turn_re[mode] * im
    bank.im[mode] = im
    return im
