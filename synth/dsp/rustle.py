"""Rustle: faces of a sheet that slide over one another.  force -> grains of friction in patches -> noise of moving colour.

each patch: Poisson grains -> envelope that swells and dies -> white noise -> low and high band, shares drawn with each grain

A patch is where two faces touch. Grains are asperities that catch and let go, too many to be crackles of their own. In recordings
of paper and foil there is no silence between crackles: within 50 ms, levels of 2 ms lie within 7 to 9 dB (10 to 90 %). How many
grains there are, how long they last and how far their colours spread was chosen so that statistics of bands come near those.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import emitter, event, filters, noise
from synth.rt import kernel
from synth.rt.units import F32

PATCHES = 3
_BANDS = 2
_PATCH = np.dtype(
    [
        ("rng", "u8"),  # per sample
        ("draws", noise.RNG),  # per grain
        ("grains", event.PROCESS),
        ("band", filters.SVF, (_BANDS,)),
        ("share", "f8", (_BANDS,)),  # glides ...
        ("aim", "f8", (_BANDS,)),  # ... to here
        ("push", "f8"),
        ("swell", "f8"),
        ("press", "f8"),
    ],
    align=True,
)
RUSTLE = np.dtype([("patch", _PATCH, (PATCHES,)), ("rise", "f8"), ("fall", "f8"), ("glide", "f8"), ("low", "f8"), ("high", "f8")])
_SIDE, _UP = (0.9, -0.9, 0.1), (0.2, 0.0, -0.6)
_RISE_S, _FALL_S, _GLIDE_S = 0.0012, 0.009, 0.004
_GRAINS_HZ = 75.0  # in each patch, under full force
_STEADY, _GRAIN, _UNEVEN = 0.45, 0.8, 0.5
_COLOUR = 0.75  # standard deviation of the logarithm of a band's share
_AT_MOST = 1.5  # of those deviations a grain's: a face that slides is no crackle
_LOW_Q, _HIGH_Q = 0.5, 0.45
_WEIGHT = 0.6  # level ~ force^0.6: more force is more grains, not only harder ones
_STILL = 1e-7


@kernel
def start(rustle, stream, sample_rate):
    """Begin with faces at rest, each patch with streams of its own."""
    for index in range(PATCHES):
        patch = rustle.patch[index]
        patch.rng = noise.split(stream)
        patch.draws.rng = noise.split(stream)
        event.start(patch.grains, noise.split(stream))
        patch.press = patch.push = patch.swell = 0.0
        _recolour(patch)
        for band in range(_BANDS):
            patch.share[band] = patch.aim[band]
    rustle.rise = 1.0 - math.exp(-1.0 / (_RISE_S * sample_rate))
    rustle.fall = math.exp(-1.0 / (_FALL_S * sample_rate))
    rustle.glide = 1.0 - math.exp(-1.0 / (_GLIDE_S * sample_rate))


@kernel
def _recolour(patch):
    for band in range(_BANDS):
        patch.aim[band] = math.exp(_COLOUR * min(noise.gaussian(patch.draws), _AT_MOST) - _COLOUR * _COLOUR)


@kernel
def tune(rustle, low_hz, high_hz, tilt_db, sample_rate):
    """Set the centres of the two bands, and how much louder the high one is."""
    for index in range(PATCHES):
        filters.tune(rustle.patch[index].band[0], low_hz, _LOW_Q, sample_rate)
        filters.tune(rustle.patch[index].band[1], high_hz, _HIGH_Q, sample_rate)
    high = 10.0 ** (0.05 * tilt_db)
    total = math.sqrt(PATCHES * (1.0 + high * high) / 3.0)
    rustle.low = math.sqrt(48000.0 * _LOW_Q / (math.pi * low_hz)) / total
    rustle.high = high * math.sqrt(48000.0 * _HIGH_Q / (math.pi * high_hz)) / total


@kernel
def add(rustle, emitters, first, reach_m, force, level, sample_rate, start, stop):
    """Add frames start..stop: one held emitter a patch, from `first` on, at most `reach_m` to a side.

    `level` is about the root mean square of all patches under the force 1.
    """
    density = noise.density(sample_rate)
    press = level * max(force, 0.0) ** _WEIGHT
    for index in range(PATCHES):
        patch = rustle.patch[index]
        emitter.hold(emitters, first + index, emitter.EARS, 0.0, reach_m * _SIDE[index], reach_m * _UP[index])
        if force <= 0.0 and patch.press < _STILL:
            patch.press = patch.push = patch.swell = 0.0
            continue
        frame = start
        while frame < stop:
            until = event.next_frame(patch.grains, _GRAINS_HZ * min(force, 1.5) + 0.5, sample_rate, frame, stop)
            _slide(rustle, patch, emitters.slot[first + index].out, press, density, frame, until)
            if until < stop:
                patch.push += math.exp(_UNEVEN * min(noise.gaussian(patch.draws), _AT_MOST))
                _recolour(patch)
            frame = until


@kernel
def _slide(rustle, patch, out, press, density, start, stop):
    glide, rise, fall = rustle.glide, rustle.rise, rustle.fall
    for n in range(start, stop):
        patch.press += 0.25 * glide * (press - patch.press)
        patch.push *= fall
        patch.swell += rise * (patch.push - patch.swell)
        patch.share[0] += glide * (patch.aim[0] - patch.share[0])
        patch.share[1] += glide * (patch.aim[1] - patch.share[1])
        white = density * noise.white(patch) * patch.press * (_STEADY + _GRAIN * patch.swell)
        low = rustle.low * patch.share[0] * filters.band(patch.band[0], white)
        out[n] += F32(low + rustle.high * patch.share[1] * filters.band(patch.band[1], white))
