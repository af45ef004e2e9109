"""A filter over a stretch of samples: what `filters` computes, several times as fast.  buffer -> one filter or three -> buffer.

Its state stays in registers, and the trapezoidal step is written so that a sample waits for the one before it for two operations.
Filters in series are computed side by side.
"""

from __future__ import annotations

from synth.rt import kernel
from synth.rt.intrinsics import fma


@kernel
def of(svf):
    """Return p, q, r, half of k and the state s1, s2.

    With rest = x - s2 the next state is t1 = q rest + p s1, t2 = r rest + (q s1 + s2).
    The band-pass, 0 dB at its centre, is k/2 (s1 + t1), the low-pass (s2 + t2) / 2.
    """
    return 2.0 * svf.a1 - 1.0, 2.0 * svf.a2, 2.0 * svf.a3, 0.5 * svf.k, svf.s1, svf.s2


@kernel
def keep(svf, s1, s2):
    """Put the state back."""
    svf.s1, svf.s2 = s1, s2


@kernel
def low(svf, buffer, start, stop):
    """Pass frames through a 12 dB/oct low-pass."""
    p, q, r, _, s1, s2 = of(svf)
    for n in range(start, stop):
        rest, was = buffer[n] - s2, s2
        s1, s2 = fma(q, rest, p * s1), fma(r, rest, fma(q, s1, s2))
        buffer[n] = 0.5 * (was + s2)
    keep(svf, s1, s2)


@kernel
def high(svf, buffer, start, stop):
    """Pass frames through a 12 dB/oct high-pass."""
    p, q, r, k, s1, s2 = of(svf)
    for n in range(start, stop):
        x = buffer[n]
        rest, t1, t2 = x - s2, s1, s2
        s1, s2 = fma(q, rest, p * s1), fma(r, rest, fma(q, s1, s2))
        buffer[n] = x - fma(k, t1 + s1, 0.5 * (t2 + s2))
    keep(svf, s1, s2)


@kernel
def colour(peak, top, bottom, straight, band, buffer, start, stop):
    """Pass frames through a band-pass and past it (`band`, `straight`: how much), a low-pass and a high-pass."""
    pa, qa, ra, ka, a1, a2 = of(peak)
    pb, qb, rb, _, b1, b2 = of(top)
    pc, qc, rc, kc, c1, c2 = of(bottom)
    band *= ka
    for n in range(start, stop):
        x = buffer[n]
        rest, t1 = x - a2, a1
        a1, a2 = fma(qa, rest, pa * a1), fma(ra, rest, fma(qa, a1, a2))
        y = fma(band, t1 + a1, straight * x)
        rest, t2 = y - b2, b2
        b1, b2 = fma(qb, rest, pb * b1), fma(rb, rest, fma(qb, b1, b2))
        y = 0.5 * (t2 + b2)
        rest, t1, t2 = y - c2, c1, c2
        c1, c2 = fma(qc, rest, pc * c1), fma(rc, rest, fma(qc, c1, c2))
        buffer[n] = y - fma(kc, t1 + c1, 0.5 * (t2 + c2))
    keep(peak, a1, a2)
    keep(top, b1, b2)
    keep(bottom, c1, c2)


@kernel
def add_band(svf, gain, step, excitation, out, start, stop):
    """Add what a band-pass makes of frames, times a gain that moves by a step a frame; return the gain that it has reached."""
    p, q, r, half, s1, s2 = of(svf)
    for n in range(start, stop):
        gain += step
        rest, was = excitation[n] - s2, s1
        s1, s2 = fma(q, rest, p * s1), fma(r, rest, fma(q, was, s2))
        out[n] = fma(gain * half, was + s1, out[n])
    keep(svf, s1, s2)
    return gain
