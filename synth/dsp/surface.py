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
from synth.rt import kernel

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
    fields: list[Any] = [(name, "f8", (octaves,)) for name in ("behind", "here", "ahead", "far", "gain", "target")]
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
        profile.gain[octave] = profile.target[octave]


@kernel
def _enter(profile, octave, cell):
    """Take the spline's coefficients of the cell that the position has entered: one new lattice point, or four after a jump."""
    seed = np.uint64(profile.seed) + np.uint64(octave) * _STRIDE_OCTAVE
    if cell == profile.cell[octave] + 1:
        a, b, c = profile.behind[octave], profile.here[octave], profile.ahead[octave]
        a, b, c = b, c, profile.far[octave]
    else:
        a, b, c = _lattice(seed, cell - 1), _lattice(seed, cell), _lattice(seed, cell + 1)
    d = _lattice(seed, cell + 2)
    profile.behind[octave], profile.here[octave], profile.ahead[octave], profile.far[octave] = a, b, c, d
    profile.cell[octave] = cell


@kernel
def read(profile, position, share):
    """Return slope and curvature at a position in the largest cells; gains move by `share` of the way to their targets."""
    slope, curvature, scale = 0.0, 0.0, 1.0
    for octave in range(profile.gain.size):
        gain = profile.gain[octave] + share * (profile.target[octave] - profile.gain[octave])
        profile.gain[octave] = gain
        if gain > _INAUDIBLE:
            at = position * scale
            cell = int(at)
            if cell != profile.cell[octave]:
                _enter(profile, octave, cell)
            t = at - cell
            a, b, c, d = profile.behind[octave], profile.here[octave], profile.ahead[octave], profile.far[octave]
            linear, square = a - 2.0 * b + c, 0.5 * (d - a + 3.0 * (b - c))
            slope += gain * (0.5 * (c - a) + t * (linear + t * square))
            curvature += gain * (linear + 2.0 * t * square)
        scale *= 2.0
    return slope, curvature


@kernel
def ridge(position):
    """Return slope (rms 1) and height (0..1) of a weave of period 1: ridges ((1 + cos) / 2)^2, two harmonics and no more."""
    x = position - math.floor(position + 0.5)
    square = x * x
    sine = x * (3.14159265 + square * (-5.16771278 + square * (2.55016404 + square * (-0.59926453 + square * 0.08214589))))
    half = 1.0 - sine * sine
    return 5.0596 * half * sine * math.sqrt(max(half, 0.0)), half * half
