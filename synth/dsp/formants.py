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
from synth.rt.units import QUANTUM

FORMANTS, MOVING = 8, 4
_TUBE_HZ = 500.0  # the lowest resonance of an even tube of 17.5 cm
_HIGHER_POLES = 1.0 / 32.0  # sum of 1 / m^2 over odd m above 15
_HIGHEST_HZ = 15000.0
_NOISE_POWER = 3.0 * 24000.0 / (0.5 * math.pi)  # white noise of variance 1/3 below 24 kHz, band-passes of pi/2 of their widths
_USUAL_POWER = 3e4  # of levels and widths, an open vowel's
_EVENED = 0.2  # how far the levels of vowels are evened out: chosen; those of phones stand in `phone_targets`

BANK = np.dtype(
    [
        ("filter", filters.SVF, (FORMANTS,)),
        *((name, "f8", (FORMANTS,)) for name in ("hertz", "width_hz", "level", "gain", "step")),
    ],
    align=True,
)


@kernel
def aim(bank, scale, wide, tilt, sample_rate):
    """Tune all to `hertz[:MOVING]`; their gains glide there within a quantum.

    Parameters
    ----------
    bank : a BANK record whose `hertz[:MOVING]` hold the resonances, those of this tract.
    scale : how much higher than a man's an even tube of this length resonates.
    wide : what the bandwidths are multiplied with; 1: about thrice those of Klatt 1980, as whispering has them.
    tilt : the excitation rises as frequency^tilt.
    sample_rate : hertz.
    """
    tube_hz = _TUBE_HZ * scale
    for k in range(MOVING, FORMANTS):
        bank.hertz[k] = max((2.0 * k + 1.0) * tube_hz, bank.hertz[k - 1] + tube_hz)
    for k in range(FORMANTS):
        bank.width_hz[k] = wide * scale * (135.0 + 0.068 * bank.hertz[k] / scale)
    power = 1e-9
    for k in range(FORMANTS):
        bank.level[k] = _level(bank, k, tube_hz) * (bank.hertz[k] / (1500.0 * scale)) ** tilt
        power += bank.level[k] * bank.level[k] * bank.width_hz[k]
    # noise of density 1 at 48 kHz comes out with an rms of about 1; by the rest, open vowels stay the louder ones
    made_up = math.sqrt(_NOISE_POWER) * power ** (-0.5 * _EVENED) * _USUAL_POWER ** (0.5 * _EVENED - 0.5)
    for k in range(FORMANTS):
        hertz = bank.hertz[k]
        level = made_up * bank.level[k] if hertz < _HIGHEST_HZ else 0.0
        bank.step[k] = ((level if k % 2 == 0 else -level) - bank.gain[k]) / QUANTUM
        filters.tune(bank.filter[k], hertz, hertz / bank.width_hz[k], sample_rate)


@kernel
def copy(bank, other, k):
    """Tune one resonance of another bank as this bank's is; it rings on by itself."""
    ours, theirs = bank.filter[k], other.filter[k]
    theirs.a1, theirs.a2, theirs.a3, theirs.k = ours.a1, ours.a2, ours.a3, ours.k
    other.step[k] = (bank.gain[k] + bank.step[k] * QUANTUM - other.gain[k]) / QUANTUM


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
        bank.gain[k] = filter_pass.add_band(bank.filter[k], bank.gain[k], bank.step[k], excitation, out, start, stop)
