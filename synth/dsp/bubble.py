"""Bubbles under water: the radius gives frequency, decay and loudness.  radius -> damped chirp.

f = 3/r (Minnaert 1933); decay d = 0.13/r + 0.0072 r^-1.5 per second; amplitude ~ r^1.5 times depth; the frequency rises by xi
d f per second as the bubble nears the surface, xi 0..3, 0.1 as a rule (van den Doel, Physically based models for liquid
sounds, 2005).
"""

from __future__ import annotations

import math

from synth.dsp import chirp
from synth.rt import kernel


@kernel
def frequency_hz(radius_m):
    """Return the frequency at which a bubble of this radius rings."""
    return 3.0 / radius_m


@kernel
def decay_per_s(radius_m):
    """Return the rate in 1/s at which its amplitude falls; the T60 is 6.91 over it."""
    return 0.13 / radius_m + 0.0072 / (radius_m * math.sqrt(radius_m))


@kernel
def loudness(radius_m, depth):
    """Return the amplitude, 1 for a bubble of 3 mm at depth 1."""
    size = radius_m / 0.003
    return depth * size * math.sqrt(size)


@kernel
def strike(ring, radius_m, amplitude, rise, begin, sample_rate):
    """Let a bubble close `begin` frames from now; `rise` is xi."""
    pitch_hz, decay = frequency_hz(radius_m), decay_per_s(radius_m)
    chirp.strike(ring, amplitude, pitch_hz, decay, rise * decay * pitch_hz, begin, sample_rate)
