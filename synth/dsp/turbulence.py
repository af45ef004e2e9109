"""Turbulent air: a stream's noise where it leaves (a mouth, a nozzle) and where it strikes (an ear, a microphone).

white noise -> low-pass at a vortex frequency (0.2 speed / width) -> high-pass 40 Hz, level ~ speed^2, gusts as an
interpolated random walk

A turbulent stream's pressure is that of its dynamic head, rho u^2 / 2, so amplitudes go with the square of the speed; its
eddies pass with the Strouhal number 0.2, and its spectrum falls steeply above (shared/reference/triggers.md, K4 and 3.38).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, noise
from synth.jit import kernel

WANDER = np.dtype([("rng", "u8"), ("position", "f8"), ("last", "f8"), ("next", "f8")], align=True)
"""A slow random motion around 0, within -1..1; the same in seconds at every sample rate."""
STREAM = np.dtype(
    [("rng", "u8"), ("eddies", filters.SVF), ("fall", filters.ONE_POLE), ("high", filters.SVF), ("scale", "f8")], align=True
)
_STROUHAL = 0.2
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 2000.0


@kernel
def start_wander(wander, seed):
    """Begin a wander with its own stream of random numbers."""
    wander.rng = seed
    wander.last = 0.0
    wander.next = 2.0 * noise.uniform(wander) - 1.0


@kernel
def wander(wander, rate_hz, sample_rate):
    """Advance by one sample; a new direction is drawn `rate_hz` times a second, and reached smoothly."""
    wander.position += rate_hz / sample_rate
    if wander.position >= 1.0:
        wander.position -= 1.0
        wander.last = wander.next
        wander.next = 2.0 * noise.uniform(wander) - 1.0
    x = wander.position
    return wander.last + (wander.next - wander.last) * x * x * (3.0 - 2.0 * x)


@kernel
def tune_stream(stream, speed_m_s, width_m, sample_rate):
    """Set the size of the eddies of a stream; its level for speed 1 stays the same whatever they are."""
    eddy_hz = min(max(_STROUHAL * speed_m_s / width_m, _LOWEST_HZ), _HIGHEST_HZ)
    filters.tune(stream.eddies, eddy_hz, 0.5, sample_rate)
    filters.tune_one_pole(stream.fall, 6.0 * eddy_hz, sample_rate)
    filters.tune(stream.high, 40.0, 0.7, sample_rate)  # no infrasound reaches an ear
    stream.scale = math.sqrt(sample_rate / (2.0 * (eddy_hz - 25.0)))  # less what the high-pass takes


@kernel
def tick(stream, speed_m_s):
    """Return one sample of what a stream of this speed does to what it strikes."""
    eddies = filters.low(stream.eddies, stream.scale * noise.white(stream))
    return filters.high(stream.high, speed_m_s * speed_m_s * filters.smooth(stream.fall, eddies))
