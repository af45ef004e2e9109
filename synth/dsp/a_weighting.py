"""A-weighting after IEC 61672-1:2013.  a quantum of one ear -> two high-passes -> low-pass -> sum of squares.

The standard's curve has a double pole at 20.6 Hz, single ones at 107.7 and 737.9 Hz and a double one at 12.2 kHz. The lower four
are bilinear transforms tuned to their own frequencies. The upper two lie too near half the sample rate for that (at 48 kHz it
would be 3 to 6 dB short at 16 kHz): each becomes a pole and a zero whose squared magnitude, (1 + B u) / (1 + A u) with
u = sin(w/2)**2, is the analogue one's at 0 Hz and at two frequencies more. Only energies are measured, so the phase is free.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel
from synth.rt.units import QUANTUM

_LOWEST_HZ, _LOW_HZ, _MIDDLE_HZ, _HIGH_HZ = 20.598997, 107.65265, 737.86223, 12194.217  # IEC 61672-1:2013, annex E
_REFERENCE_HZ = 1000.0  # where the weight is 0 dB
_FIRST_FIT_HZ, _FIRST_FIT_SHARE = 10500.0, 0.26  # whichever is lower: the fit holds the range up to 16 kHz or 0.4 of the rate
_SECOND_FIT_HZ, _SECOND_FIT_SHARE = 15500.0, 0.38

WEIGHTING = np.dtype(
    [
        ("poles", "f8", (3, 2)),  # of each section: a1 a2; the numerators of the first two are 1 -2 1
        ("zeros", "f8", (2,)),  # of the third section: b1 b2 beside 1
        ("power", "f8"),  # of the whole, for 0 dB at 1 kHz
        ("memory", "f8", (3, 2)),
    ],
    align=True,
)
"""The filters of one ear."""


@kernel
def _tangent_squared(frequency_hz, sample_rate):
    return math.tan(math.pi * frequency_hz / sample_rate) ** 2


@kernel
def _tune_high_pass(poles, first_hz, second_hz, sample_rate):
    """Set two poles of the bilinear transform; returns the power of the section, zeros at 0 Hz and no gain, at 1 kHz."""
    first, second = math.tan(math.pi * first_hz / sample_rate), math.tan(math.pi * second_hz / sample_rate)
    norm = (1.0 + first) * (1.0 + second)
    poles[0] = ((first - 1.0) * (1.0 + second) + (second - 1.0) * (1.0 + first)) / norm
    poles[1] = (first - 1.0) * (second - 1.0) / norm
    at = _tangent_squared(_REFERENCE_HZ, sample_rate)
    return norm**2 * (at / (at + first * first)) * (at / (at + second * second))


@kernel
def _fit_low_pass(sample_rate):
    """Return A and B of the magnitude that has the analogue one's values at the two frequencies of the fit."""
    first_hz = min(_FIRST_FIT_HZ, _FIRST_FIT_SHARE * sample_rate)
    second_hz = min(_SECOND_FIT_HZ, _SECOND_FIT_SHARE * sample_rate)
    u, v = math.sin(math.pi * first_hz / sample_rate) ** 2, math.sin(math.pi * second_hz / sample_rate) ** 2
    at_u, at_v = 1.0 / (1.0 + (first_hz / _HIGH_HZ) ** 2), 1.0 / (1.0 + (second_hz / _HIGH_HZ) ** 2)
    a = ((at_v - 1.0) / v - (at_u - 1.0) / u) / (at_u - at_v)
    return a, (at_u - 1.0) / u + at_u * a


@kernel
def _root(slope):
    """Return the coefficient r of 1 + r/z whose squared magnitude is that at 0 Hz times 1 + slope sin(w/2)**2."""
    ratio = math.sqrt(1.0 + slope)
    return (1.0 - ratio) / (1.0 + ratio)


@kernel
def tune_weighting(weighting, sample_rate):
    """Tune the filters and forget what they heard.

    Parameters
    ----------
    weighting : a WEIGHTING record.
    sample_rate : 32000 .. 192000 Hz.
    """
    power = _tune_high_pass(weighting.poles[0], _LOWEST_HZ, _LOWEST_HZ, sample_rate)
    power *= _tune_high_pass(weighting.poles[1], _LOW_HZ, _MIDDLE_HZ, sample_rate)
    a, b = _fit_low_pass(sample_rate)
    pole, zero = _root(a), _root(b)
    weighting.poles[2, 0] = 2.0 * pole
    weighting.poles[2, 1] = pole * pole
    weighting.zeros[0] = 2.0 * zero
    weighting.zeros[1] = zero * zero
    u = math.sin(math.pi * _REFERENCE_HZ / sample_rate) ** 2
    power *= ((1.0 + zero) ** 2 * (1.0 + b * u) / ((1.0 + pole) ** 2 * (1.0 + a * u))) ** 2
    weighting.power = 1.0 / power
    for section in range(3):
        weighting.memory[section, 0] = 0.0
        weighting.memory[section, 1] = 0.0


@kernel
def energy(weighting, samples):
    """Return the sum of squares of a quantum as the ear weighs it; the filters remember it for the next one.

    Parameters
    ----------
    weighting : a tuned WEIGHTING record.
    samples : f4 (64,), finite: the master has scrubbed them.
    """
    poles, zeros, memory = weighting.poles, weighting.zeros, weighting.memory
    p1, p2, q1, q2, r1, r2 = poles[0, 0], poles[0, 1], poles[1, 0], poles[1, 1], poles[2, 0], poles[2, 1]
    z1, z2 = zeros[0], zeros[1]
    s1, s2, t1, t2, u1, u2 = memory[0, 0], memory[0, 1], memory[1, 0], memory[1, 1], memory[2, 0], memory[2, 1]
    total = 0.0
    for n in range(QUANTUM):
        x = float(samples[n])
        y = x + s1
        s1 = s2 - 2.0 * x - p1 * y
        s2 = x - p2 * y
        x = y + t1
        t1 = t2 - 2.0 * y - q1 * x
        t2 = y - q2 * x
        y = x + u1
        u1 = u2 + z1 * x - r1 * y
        u2 = z2 * x - r2 * y
        total += y * y
    memory[0, 0], memory[0, 1], memory[1, 0], memory[1, 1], memory[2, 0], memory[2, 1] = s1, s2, t1, t2, u1, u2
    return total * weighting.power
