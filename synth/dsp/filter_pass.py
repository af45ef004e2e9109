"""A filter over a stretch of samples: what `filters` computes, several times as fast.  buffer -> straight + band + low -> buffer.

Its state stays in registers, and the trapezoidal step is written so that a sample waits for the one before it for two operations.
"""

from __future__ import annotations

from synth.rt import kernel
from synth.rt.intrinsics import fma


@kernel
def mix(svf, buffer, straight, band, low, start, stop):
    """Replace frames by a mix of themselves and of a filter's outputs: its band-pass (0 dB at its centre) and its low-pass."""
    p, q, r = 2.0 * svf.a1 - 1.0, 2.0 * svf.a2, 2.0 * svf.a3
    s1, s2 = svf.s1, svf.s2
    band, low = 0.5 * svf.k * band, 0.5 * low
    for n in range(start, stop):
        x = buffer[n]
        rest = x - s2
        t1, t2 = fma(q, rest, p * s1), fma(r, rest, fma(q, s1, s2))
        buffer[n] = fma(straight, x, fma(band, s1 + t1, low * (s2 + t2)))
        s1, s2 = t1, t2
    svf.s1, svf.s2 = s1, s2


@kernel
def low(svf, buffer, start, stop):
    """Pass frames through a 12 dB/oct low-pass."""
    mix(svf, buffer, 0.0, 0.0, 1.0, start, stop)


@kernel
def high(svf, buffer, start, stop):
    """Pass frames through a 12 dB/oct high-pass."""
    mix(svf, buffer, 1.0, -1.0, -1.0, start, stop)
