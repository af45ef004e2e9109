"""A gain on its way through a quantum: straight from what it was at the end of the last one.  begin, end, frame -> gain."""

from __future__ import annotations

import numpy as np

from synth.rt import kernel
from synth.rt.units import QUANTUM

RAMP = np.dtype([("begin", "f8"), ("end", "f8")], align=True)
"""A number that is looked up once a quantum; a frame has `gain_at(ramp.begin, ramp.end, n)`."""


@kernel
def put(ramp, goal):
    """Be there at once."""
    ramp.begin = ramp.end = goal


@kernel
def move(ramp, goal, share):
    """Go on from where the last quantum ended, by a share of the way to the goal."""
    ramp.begin = ramp.end
    ramp.end += share * (goal - ramp.end)


@kernel
def gain_at(begin, end, n):
    """Return the gain of frame n, 0..63: the last one has `end`."""
    return begin + (end - begin) / QUANTUM * (n + 1.0)


@kernel
def eased(share):
    """Return a share of the way, 0..1, that begins and ends without a corner."""
    return share * share * (3.0 - 2.0 * share)


@kernel
def eased_at(begin, end, n):
    """Return the gain of frame n, 0..63, of a fade that is on its way from one share to another."""
    return eased(gain_at(begin, end, n))
