"""Wander: a slow random wave, for gusts and unsteady flow.  draws at steady intervals in seconds -> smooth steps between them.

The intervals are seconds, so one seed wanders the same way at every sample rate. Mean 0, standard deviation 0.86.
"""

from __future__ import annotations

import numpy as np

from synth.dsp import noise
from synth.jit import kernel

WANDER = np.dtype([("rng", "u8"), ("last", "f8"), ("next", "f8"), ("position", "f8")], align=True)


@kernel
def start(wander, seed):
    """Begin with a stream of its own."""
    wander.rng = seed
    wander.last = noise.gaussian(wander)
    wander.next = noise.gaussian(wander)
    wander.position = noise.uniform(wander)


@kernel
def value(wander):
    """Return where it is now."""
    x = wander.position
    return wander.last + (wander.next - wander.last) * x * x * (3.0 - 2.0 * x)


@kernel
def advance(wander, duration_s, interval_s):
    """Move on by a duration; a new draw comes every `interval_s`."""
    wander.position += duration_s / interval_s
    while wander.position >= 1.0:
        wander.position -= 1.0
        wander.last = wander.next
        wander.next = noise.gaussian(wander)
