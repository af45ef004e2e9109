"""Wander: a slow random wave, for gusts and unsteady flow.  draws at steady intervals -> smooth steps between them.

Its pace is reckoned in draws, duration over interval, so one seed wanders the same way at every sample rate. The draws are
normal (mean 0, standard deviation of the wave 0.86), or uniform and so bounded.
"""

from __future__ import annotations

import numpy as np

from synth.dsp import noise
from synth.rt import kernel

WANDER = np.dtype([("rng", "u8"), ("position", "f8"), ("last", "f8"), ("next", "f8"), ("bounded", "i8")], align=True)


@kernel
def start(wander, seed):
    """Begin anywhere, with a stream of its own; normal draws."""
    wander.rng, wander.bounded = seed, 0
    wander.last = _draw(wander)
    wander.next = _draw(wander)
    wander.position = noise.uniform(wander)


@kernel
def start_bounded(wander, seed):
    """Begin at 0, with a stream of its own; it stays within -1..1."""
    wander.rng, wander.bounded = seed, 1
    wander.last, wander.position = 0.0, 0.0
    wander.next = _draw(wander)


@kernel
def _draw(wander):
    return noise.between(wander, -1.0, 1.0) if wander.bounded else noise.gaussian(wander)


@kernel
def value(wander):
    """Return where it is now."""
    x = wander.position
    return wander.last + (wander.next - wander.last) * x * x * (3.0 - 2.0 * x)


@kernel
def advance(wander, draws):
    """Move on by the time in which so many new draws come: duration over interval, or rate over sample rate."""
    wander.position += draws
    while wander.position >= 1.0:
        wander.position -= 1.0
        wander.last = wander.next
        wander.next = _draw(wander)
