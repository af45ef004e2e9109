"""Avalanches: crackles that set each other off.  rate -> Poisson avalanches -> sizes -> crackles in time and space.

An avalanche is a run of crackles near one place, their number geometric, their gaps exponential, its pace its own. A mean size
of 1 is a Poisson process; the Fano factor over windows longer than an avalanche is 2 * size - 1. All is drawn in seconds and
each avalanche has its own stream: one seed gives the same crackles at every sample rate.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.dsp import noise
from synth.rt import kernel

_SLIDES = 32
_LONGEST = 400  # crackles of one avalanche
_SLIDE = np.dtype(
    [
        ("rng", "u8"),
        ("wait", "f8"),
        ("gap_s", "f8"),
        ("left", "i8"),
        ("gain", "f8"),
        *[(name, "f8") for name in ("away", "side", "up")],
    ],
    align=True,
)
"""One avalanche: its stream, frames until its next crackle, its mean gap, how many are left, its gain and place (-1..1)."""
AVALANCHES: np.dtype[Any] = np.dtype([("rng", "u8"), ("remaining", "f8"), ("slide", _SLIDE, (_SLIDES,))], align=True)


@kernel
def start(avalanches, seed):
    """Begin with a stream of its own; the first avalanche may come at once."""
    avalanches.rng = seed
    avalanches.remaining = noise.exponential(avalanches)


@kernel
def stop(avalanches):
    """End all that run."""
    for index in range(_SLIDES):
        avalanches.slide[index].left = 0


@kernel
def _begin(avalanches, size, gap_s, gain):
    """Draw an avalanche; it is lost when all slots are taken."""
    avalanches.remaining += noise.exponential(avalanches)
    seed = noise.split(avalanches)
    for index in range(_SLIDES):
        slide = avalanches.slide[index]
        if slide.left == 0:
            slide.rng = seed
            slide.left = 1
            while slide.left < _LONGEST and noise.uniform(slide) * size > 1.0:
                slide.left += 1
            slide.gap_s = gap_s * (0.4 + 1.2 * noise.uniform(slide))
            slide.away = noise.between(slide, -1.0, 1.0)
            slide.side = noise.between(slide, -1.0, 1.0)
            slide.up = noise.between(slide, -1.0, 1.0)
            slide.wait = 0.0
            slide.gain = gain
            return


@kernel
def next_crackle(avalanches, rate_hz, size, gap_s, gain, sample_rate, frame, stop):
    """Advance to the next crackle; return its frame, or `stop` if none comes before, and its avalanche.

    `rate_hz` counts crackles; an avalanche keeps the gain it began with. Draw what the crackle needs
    from the avalanche's stream, then call again with the returned frame.
    """
    per_frame = rate_hz / size / sample_rate
    while True:
        wait, earliest = float(stop - frame), -1
        for index in range(_SLIDES):
            slide = avalanches.slide[index]
            if slide.left > 0 and slide.wait < wait:
                wait, earliest = slide.wait, index
        is_new = avalanches.remaining < wait * per_frame
        if is_new:
            wait = avalanches.remaining / per_frame
        step = max(int(wait), 0) if is_new or earliest >= 0 else stop - frame
        for index in range(_SLIDES):
            if avalanches.slide[index].left > 0:
                avalanches.slide[index].wait -= step
        avalanches.remaining -= step * per_frame
        frame += step
        if is_new:
            _begin(avalanches, size, gap_s, gain)
            continue
        if earliest >= 0:
            slide = avalanches.slide[earliest]
            slide.left -= 1
            slide.wait += slide.gap_s * sample_rate * noise.exponential(slide)
            return frame, earliest
        return stop, -1


@kernel
def mean_energy(exponent, low, high):
    """Return the mean of the bounded power law p(E) ~ E^-exponent."""
    return _moment(1.0 - exponent, low, high) / _moment(-exponent, low, high)


@kernel
def _moment(power, low, high):
    if abs(power + 1.0) < 1e-4:
        return np.log(high / low)
    return (high ** (power + 1.0) - low ** (power + 1.0)) / (power + 1.0)
