"""Formants: the resonances of a vocal tract, side by side.  excitation -> eight band-passes -> their sum, signs in turn.

Each is as loud as the tract's all-pole transfer makes it (Fant 1960: a low first resonance lowers all the others), so moving
resonances need no levels of their own. The upper four stand where an even tube has them. A tract of 17.5 cm has its resonances at
500 Hz times 1, 3, 5 ...; what lies above the eighth is made up for in closed form.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filter_pass, filters
from synth.rt import kernel
from synth.rt.intrinsics import fma
from synth.rt.units import QUANTUM

FORMANTS, MOVING = 8, 4
_TUBE_HZ = 500.0  # the lowest resonance of an even tube of 17.5 cm
_HIGHER_POLES = 1.0 / 32.0  # sum of 1 / m^2 over odd m above 15
_HIGHEST_HZ = 15000.0

BANK = np.dtype(
    [("filter", filters.SVF, (FORMANTS,)), *((name, "f8", (FORMANTS,)) for name in ("hertz", "width_hz", "gain", "step"))],
    align=True,
)


@kernel
def aim(bank, first, last, scale, wide, tilt, sample_rate):
    """Tune those from `first` up to `last` (left out) by `hertz[:4]`; their gains glide there within a quantum.

    Parameters
    ----------
    bank : a BANK record whose `hertz[:MOVING]` hold the resonances, those of this tract.
    scale : how much higher than a man's an even tube of this length resonates.
    wide : what the bandwidths are multiplied with; 1: those of Klatt 1980, doubled as whispering does.
    tilt : the excitation rises as frequency^tilt.
    sample_rate : hertz.
    """
    tube_hz = _TUBE_HZ * scale
    for k in range(MOVING, FORMANTS):
        bank.hertz[k] = max((2.0 * k + 1.0) * tube_hz, bank.hertz[k - 1] + tube_hz)
    for k in range(FORMANTS):
        bank.width_hz[k] = wide * scale * (90.0 + 0.045 * bank.hertz[k] / scale)
    for k in range(first, last):
        hertz = bank.hertz[k]
        level = _level(bank, k, tube_hz) * (hertz / (1500.0 * scale)) ** tilt
        if hertz > _HIGHEST_HZ:
            level = 0.0
        bank.step[k] = ((level if k % 2 == 0 else -level) - bank.gain[k]) / QUANTUM
        filters.tune(bank.filter[k], hertz, hertz / bank.width_hz[k], sample_rate)


@kernel
def _level(bank, k, tube_hz):
    """Return how loud a resonance is at its top: every other one's share, and that of those that are not here."""
    here = bank.hertz[k]
    square = 1.0
    for j in range(FORMANTS):
        if j != k:
            other = bank.hertz[j]
            ratio = here / other
            real, imaginary = 1.0 - ratio * ratio, ratio * bank.width_hz[j] / other
            square *= real * real + imaginary * imaginary
    higher = math.exp(_HIGHER_POLES * min((here / tube_hz) ** 2, 225.0))
    return here / bank.width_hz[k] * higher / math.sqrt(square)


@kernel
def add(bank, first, last, excitation, out, start, stop):
    """Add what the resonances from `first` up to `last` (left out) make of it."""
    for k in range(first, last):
        p, q, r, half, s1, s2 = filter_pass.of(bank.filter[k])
        gain, step = bank.gain[k], bank.step[k]
        for n in range(start, stop):
            gain += step
            rest, was = excitation[n] - s2, s1
            s1, s2 = fma(q, rest, p * s1), fma(r, rest, fma(q, was, s2))
            out[n] = fma(gain * half, was + s1, out[n])
        bank.gain[k] = gain
        filter_pass.keep(bank.filter[k], s1, s2)
