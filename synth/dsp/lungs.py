"""Lungs: how fast the air passes, breath by breath.  rate -> in, turn, out, rest, each uneven -> share of the full speed.

In starts sharply, is at its fastest a third of the way and dies away; out begins softer and lasts longer. Between, a little air
still moves. Shapes and shares of time: measured on recordings (in: up 20 dB within 0.2 s, level for 0.8 s, then a slow fall).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise
from synth.rt import kernel

IN, TURN, OUT, REST = range(4)
_SHARES = (0.36, 0.07, 0.45, 0.12)  # of a breath's time
_UNEVEN = (0.7, 1.0, 0.7, 1.5)  # how much longer or shorter each may be
_OUT_SPEED = 0.86  # against the air that goes in
STILL = 0.3
"""Share of the speed that is left between in and out."""

LUNGS = np.dtype(
    [("rng", "u8"), ("stage", "i8"), ("position", "f8"), ("lengthen", "f8"), ("deepen", "f8"), ("skew", "f8")], align=True
)


@kernel
def start(lungs, seed, variation):
    """Begin to breathe in."""
    lungs.rng = seed
    lungs.stage, lungs.position = IN, 0.0
    _draw(lungs, variation)


@kernel
def _draw(lungs, variation):
    """Draw how long and deep this stage is, and how soon it is at its fastest."""
    lungs.lengthen = math.exp(_UNEVEN[lungs.stage] * variation * max(min(noise.gaussian(lungs), 2.0), -2.0))
    lungs.deepen = math.exp(0.25 * variation * max(min(noise.gaussian(lungs), 2.0), -2.0))
    lungs.skew = 1.0 + 0.5 * variation * noise.between(lungs, -1.0, 1.0)


@kernel
def advance(lungs, breaths, variation):
    """Move on by a time of so many breaths, the rate over the quanta a second."""
    lungs.position += breaths / (_SHARES[lungs.stage] * lungs.lengthen)
    if lungs.position >= 1.0:
        carried = min((lungs.position - 1.0) * _SHARES[lungs.stage] * lungs.lengthen, 0.01)
        lungs.stage = (lungs.stage + 1) % 4
        _draw(lungs, variation)
        lungs.position = carried / (_SHARES[lungs.stage] * lungs.lengthen)


@kernel
def is_inward(lungs):
    """Return 1 from the rest's second half until the turn: the mouth makes itself ready, else 0."""
    ready = lungs.stage == IN or (lungs.stage == REST and lungs.position > 0.5)
    return 1.0 if ready else 0.0


@kernel
def share(lungs):
    """Return the speed's share of the full one."""
    x = min(lungs.position, 1.0)
    if lungs.stage == IN:
        return max(lungs.deepen * _bump(x, 0.28 * lungs.skew, 0.45, 0.9), STILL)
    if lungs.stage == OUT:
        return max(_OUT_SPEED * lungs.deepen * _bump(x, 0.4 * lungs.skew, 0.6, 1.0), STILL)
    return STILL


@kernel
def _bump(x, top, rise, fall):
    """Return a curve from 0 at 0 to 1 at `top` and to 0 at 1."""
    if x < top:
        return math.sin(0.5 * math.pi * x / top) ** rise
    return math.cos(0.5 * math.pi * (x - top) / (1.0 - top)) ** fall
