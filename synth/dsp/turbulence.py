"""Turbulent air: a stream's noise where it leaves (a mouth, a nozzle) and where it strikes (an ear, a microphone).

white noise -> low-pass at a vortex frequency (0.2 speed / width) -> high-pass 40 Hz, level ~ speed^2

A turbulent stream's pressure is that of its dynamic head, rho u^2 / 2, so amplitudes go with the square of the speed; its
eddies pass with the Strouhal number 0.2, and its spectrum falls steeply above (docs/internals/physics.md, turbulent air).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, noise
from synth.rt import kernel

STREAM = np.dtype(
    [("rng", "u8"), ("eddies", filters.SVF), ("fall", filters.ONE_POLE), ("high", filters.SVF), ("scale", "f8")], align=True
)
_STROUHAL = 0.2
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 2000.0  # of the eddies
_INFRASOUND_HZ = 40.0  # nothing below reaches an ear


@kernel
def tune(stream, speed_m_s, width_m, sample_rate):
    """Set the size of the eddies of a stream; its level for speed 1 stays the same whatever they are."""
    eddy_hz = min(max(_STROUHAL * speed_m_s / width_m, _LOWEST_HZ), _HIGHEST_HZ)
    filters.tune(stream.eddies, eddy_hz, 0.5, sample_rate)
    filters.tune_one_pole(stream.fall, 6.0 * eddy_hz, sample_rate)
    filters.tune(stream.high, _INFRASOUND_HZ, 0.7, sample_rate)
    stream.scale = math.sqrt(sample_rate / (2.0 * (eddy_hz - 25.0)))  # less what the high-pass takes


@kernel
def tick(stream, speed_m_s):
    """Return one sample of what a stream of this speed does to what it strikes."""
    eddies = filters.low(stream.eddies, stream.scale * noise.white(stream))
    return filters.high(stream.high, speed_m_s * speed_m_s * filters.smooth(stream.fall, eddies))
