"""Filters: one-pole and state-variable, tuned in hertz.  x -> low | band | high.

The state-variable filter is the trapezoidal one (Zavalishin, The Art of VA Filter Design, 2012, ch. 4; Simper 2013): it may be
retuned at any time without a click. Computed in f8.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel

ONE_POLE = np.dtype([("share", "f8"), ("y", "f8")], align=True)
SVF = np.dtype([("a1", "f8"), ("a2", "f8"), ("a3", "f8"), ("k", "f8"), ("s1", "f8"), ("s2", "f8")], align=True)
_HIGHEST = 0.47  # of the sample rate


@kernel
def tune_one_pole(one_pole, cutoff_hz, sample_rate):
    """Set where a one-pole low-pass is 3 dB down (impulse invariant)."""
    one_pole.share = 1.0 - math.exp(-2.0 * math.pi * min(cutoff_hz, _HIGHEST * sample_rate) / sample_rate)


@kernel
def smooth(one_pole, x):
    """Return the next sample of a one-pole low-pass; the high-pass is x minus this."""
    one_pole.y += one_pole.share * (x - one_pole.y)
    return one_pole.y


@kernel
def tune(svf, frequency_hz, q, sample_rate):
    """Set frequency and quality (0.707: Butterworth). The bandwidth of the band output is frequency / q."""
    g = math.tan(math.pi * min(max(frequency_hz, 1.0), _HIGHEST * sample_rate) / sample_rate)
    svf.k = 1.0 / q
    svf.a1 = 1.0 / (1.0 + g * (g + svf.k))
    svf.a2 = g * svf.a1
    svf.a3 = g * svf.a2


@kernel
def _step(svf, x):
    """Advance by one sample; return its band-pass (1/k at its centre) and low-pass."""
    v3 = x - svf.s2
    v1 = svf.a1 * svf.s1 + svf.a2 * v3
    v2 = svf.s2 + svf.a2 * svf.s1 + svf.a3 * v3
    svf.s1 = 2.0 * v1 - svf.s1
    svf.s2 = 2.0 * v2 - svf.s2
    return v1, v2


@kernel
def low(svf, x):
    """Return the next sample of a 12 dB/oct low-pass."""
    _, low_passed = _step(svf, x)
    return low_passed


@kernel
def band(svf, x):
    """Return the next sample of a band-pass, 0 dB at its centre."""
    band_passed, _ = _step(svf, x)
    return svf.k * band_passed


@kernel
def high(svf, x):
    """Return the next sample of a 12 dB/oct high-pass."""
    band_passed, low_passed = _step(svf, x)
    return x - svf.k * band_passed - low_passed
