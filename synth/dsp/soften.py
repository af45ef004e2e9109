"""Soften: a broad dip around 5 kHz.  x - share * band-pass(x).

Sounds with less energy around 5 kHz are the ones that tingle (Terashima, Tada and Kondo 2024), and measured ears add 1 to 4 dB
there. At its centre the dip is exactly as deep as asked for.
"""

from __future__ import annotations

from synth.dsp import filters
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, gain_from_db

CENTRE_HZ, _Q = 5000.0, 0.9


@kernel
def tune(svf, sample_rate):
    """Set one ear's filter."""
    filters.tune(svf, CENTRE_HZ, _Q, sample_rate)


@kernel
def share_of(depth_db):
    """Return what is taken away at the centre for a dip of so many decibels."""
    return 1.0 - gain_from_db(-depth_db)


@kernel
def soften(svf, samples, begin, end):
    """Filter a quantum in place, the share gliding from `begin` to `end`."""
    step = (end - begin) / QUANTUM
    for n in range(QUANTUM):
        x = float(samples[n])
        samples[n] = F32(x - (begin + step * (n + 1)) * filters.band(svf, x))
