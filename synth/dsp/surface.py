"""A surface: its height as a function of place.  position -> hashed lattice -> cubic B-splines in octaves -> slope, curvature.

No table and no randomness at run time: the lattice is a hash of (seed, cell), so a place has the same height whenever, how fast
and at which sample rate it is passed. A cubic B-spline through white lattice values has a spectrum of sinc^4: next to nothing
above 0.7 cycles a cell, so an octave is anti-aliased by fading it out when its cells pass too fast. Octaves of heights ~ size^H
make a fractal of Hurst exponent H, whose height spectrum falls as k^-(2H+1); at H = 1 the force v * slope has equal energy in
every octave and its energy grows as v^2.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import noise
from synth.dsp.gain_ramp import gain_at
from synth.rt import kernel
from synth.rt.intrinsics import fma
from synth.rt.units import QUANTUM

_STRIDE = np.uint64(0x9E3779B97F4A7C15)
_STRIDE_OCTAVE = np.uint64(0xD1B54A32D192ED03)
_TO_UNIT = 2.0**-52
_INAUDIBLE = 1e-4
_S12 = np.uint64(12)
_FADE_FROM_HZ, _FADE_TO_HZ = 16000.0, 31000.0  # cells a second; their spectrum ends at 0.7 of it
_SLOPE_RMS = 0.4714  # of one octave of unit lattice values (uniform in -1..1), per cell
HEIGHT_VARIANCE = 0.16
"""Of `height`: lattice values uniform in -1..1 through a cubic B-spline, averaged over a cell."""


def profile_dtype(octaves: int) -> np.dtype[Any]:
    """Return the state of a profile: of each octave, half as long as the one before, the four lattice points about its cell."""
    fields: list[Any] = [(name, "f8", (octaves,)) for name in ("behind", "here", "ahead", "far", "was", "gain", "target")]
    return np.dtype([("seed", "u8"), ("cell", "i8", (octaves,)), *fields], align=True)


@kernel
def _lattice(seed, cell):
    """Return the height of a lattice point, uniform in -1..1: a function of seed and cell alone."""
    return float(noise.mixed(np.uint64(seed) + np.uint64(cell) * _STRIDE) >> _S12) * _TO_UNIT * 2.0 - 1.0


@kernel
def height(seed, position):
    """Return the height of one octave at a position in cells: smooth, mean 0, within -1..1."""
    floor = math.floor(position)
    t, cell = position - floor, int(floor)
    u = 1.0 - t
    before, after = _lattice(seed, cell - 1) * u * u * u, _lattice(seed, cell + 2) * t * t * t
    here = _lattice(seed, cell) * (4.0 - 6.0 * t * t + 3.0 * t * t * t)
    there = _lattice(seed, cell + 1) * (4.0 - 6.0 * u * u + 3.0 * u * u * u)
    return (before + here + there + after) / 6.0


@kernel
def _fade(cells_per_s):
    """Return the gain of an octave whose cells pass at a rate: 1, falling to 0 before it could alias at 44.1 kHz."""
    x = (abs(cells_per_s) - _FADE_FROM_HZ) / (_FADE_TO_HZ - _FADE_FROM_HZ)
    x = min(max(x, 0.0), 1.0)
    return 0.5 + 0.5 * math.cos(math.pi * x)


@kernel
def shape(profile, hurst, tip, cells_per_s):
    """Set the octaves' gains: fractal, smoothed by a tip that is `tip` of the largest cells wide, anti-aliased at a speed."""
    scale, total = 1.0, 0.0
    for octave in range(profile.gain.size):
        gain = scale ** (hurst - 1.0) * math.exp(-((tip / scale) ** 2))
        profile.target[octave] = gain * _fade(cells_per_s / scale)
        total += gain * gain
        scale *= 0.5
    norm = 1.0 / (_SLOPE_RMS * math.sqrt(total + 1e-9))
    for octave in range(profile.gain.size):
        profile.target[octave] *= norm


@kernel
def begin(profile, seed):
    """Put a profile on a surface, to be read at positions above 0; its gains are at their targets at once."""
    profile.seed = seed
    for octave in range(profile.gain.size):
        profile.cell[octave] = -8
        profile.was[octave] = profile.gain[octave] = profile.target[octave]


@kernel
def aim(profile, share):
    """Let gains move straight, over the next quantum, by `share` of the way to their targets."""
    for octave in range(profile.gain.size):
        profile.was[octave] = profile.gain[octave]
        profile.gain[octave] += share * (profile.target[octave] - profile.gain[octave])


@kernel
def feel(profile, positions, slope, curvature):
    """Write slope and curvature at a quantum of positions, in the largest cells and above 0.

    At all of them, whatever part of the quantum is rendered: they are functions of place, and such a loop is fast.
    """
    for n in range(QUANTUM):
        slope[n] = curvature[n] = 0.0
    scale = 1.0
    for octave in range(profile.gain.size):
        if max(profile.was[octave], profile.gain[octave]) > _INAUDIBLE:
            _add(profile, octave, scale, positions, slope, curvature)
        scale *= 2.0


@kernel
def _add(profile, octave, scale, positions, slope, curvature):
    """Add an octave: one polynomial in each cell; the next cell brings one new lattice point, a jump brings four."""
    seed = np.uint64(profile.seed) + np.uint64(octave) * _STRIDE_OCTAVE
    begin, end, cell = profile.was[octave], profile.gain[octave], profile.cell[octave]
    a, b, c, d = profile.behind[octave], profile.here[octave], profile.ahead[octave], profile.far[octave]
    first, linear, square = 0.5 * (c - a), a - 2.0 * b + c, 0.5 * (d - a + 3.0 * (b - c))
    for n in range(QUANTUM):
        at = positions[n] * scale
        now = int(at)
        if now != cell:
            if now == cell + 1:
                a, b, c = b, c, d
            else:
                a, b, c = _lattice(seed, now - 1), _lattice(seed, now), _lattice(seed, now + 1)
            d = _lattice(seed, now + 2)
            first, linear, square = 0.5 * (c - a), a - 2.0 * b + c, 0.5 * (d - a + 3.0 * (b - c))
            cell = now
        t, gain = at - now, gain_at(begin, end, n)
        bent = fma(t, square, linear)
        slope[n] = fma(gain, fma(t, bent, first), slope[n])
        curvature[n] = fma(gain, fma(t, square, bent), curvature[n])
    profile.behind[octave], profile.here[octave], profile.ahead[octave], profile.far[octave] = a, b, c, d
    profile.cell[octave] = cell


@kernel
def ridge(position):
    """Return slope (rms 1) and height (0..1) of a weave of period 1, above 0: ridges ((1 + cos) / 2)^2, two harmonics."""
    x = position - int(position + 0.5)
    square = x * x
    sine = x * (3.14159265 + square * (-5.16771278 + square * (2.55016404 + square * (-0.59926453 + square * 0.08214589))))
    cosine = 1.0 + square * (
        -4.93480220 + square * (4.05871213 + square * (-1.33526277 + square * (0.23533063 - square * 0.02580689)))
    )
    half = cosine * cosine
    return 5.0596 * half * sine * cosine, half * half
