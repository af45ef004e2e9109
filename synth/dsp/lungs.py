"""Lungs: how fast the air passes, breath by breath.  rate, manner -> in, turn, out, rest, each uneven -> share of the full speed.

In starts sharply, is at its fastest a third of the way and dies away; out begins softer and lasts longer. Between, a little air
still moves. Shapes and shares of time: measured on recordings (in: up 20 dB within 0.2 s, level for 0.8 s, then a slow fall).
A sigh is a deep breath that is let go at once, twice the air of others (Vlemincx and others 2010); a yawn draws air in for some
seconds, ever faster, and is over soon after (Provine 1986: six seconds). Both come once and then every few breaths. Asleep,
breaths are alike, in lasts longer than out, and a pause follows. What names no source was chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise
from synth.rt import kernel

IN, TURN, OUT, REST = range(4)
MANNERS = ("calm", "sigh", "yawn", "asleep")
CALM, SIGH, YAWN, ASLEEP = range(4)
# a column for each manner
_SHARES = ((0.34, 0.1, 0.4, 0.16), (0.27, 0.04, 0.55, 0.14), (0.53, 0.06, 0.33, 0.08), (0.42, 0.05, 0.33, 0.2))  # of its time
_LASTS = (1.0, 1.5, 1.8, 1.0)  # how much longer than a calm breath
_DEEP = ((1.0, 0.86), (1.05, 1.08), (1.0, 1.0), (1.0, 0.8))  # in, out: at its fastest
_TOP = ((0.28, 0.4), (0.3, 0.1), (0.72, 0.12), (0.34, 0.3))  # in, out: when it is at its fastest
_RISE = ((0.45, 0.6), (0.45, 0.45), (0.8, 0.5), (0.6, 0.6))
_FALL = ((0.9, 1.0), (0.9, 1.5), (0.7, 1.3), (0.8, 1.1))
_REGULAR = (1.0, 1.0, 1.0, 0.45)  # how much of the variation is left
_UNEVEN = (0.7, 1.0, 0.7, 1.5)  # of each stage: how much longer or shorter it may be
_FEWEST, _MORE = 2, 3  # calm breaths between two sighs or yawns
STILL = 0.22
"""Share of the speed that is left between in and out."""

LUNGS = np.dtype(
    [
        ("rng", "u8"),
        *((name, "i8") for name in ("stage", "manner", "kind", "until")),
        *((name, "f8") for name in ("position", "lengthen", "deepen", "skew")),
    ],
    align=True,
)
"""`kind` is what this breath is, `manner` what every few are, `until` how many calm ones come before."""


@kernel
def start(lungs, seed, variation, manner):
    """Begin to breathe in, in a manner, one of `MANNERS`."""
    lungs.rng = seed
    lungs.manner = lungs.kind = manner
    lungs.stage, lungs.position, lungs.until = IN, 0.0, _FEWEST
    _draw(lungs, variation)


@kernel
def _draw(lungs, variation):
    """Draw how long and deep this stage is, and how soon it is at its fastest."""
    uneven = variation * _REGULAR[lungs.kind]
    lungs.lengthen = math.exp(_UNEVEN[lungs.stage] * uneven * max(min(noise.gaussian(lungs), 2.0), -2.0))
    if lungs.kind in (SIGH, YAWN):
        lungs.lengthen = math.sqrt(lungs.lengthen)
    lungs.deepen = math.exp(0.25 * uneven * max(min(noise.gaussian(lungs), 2.0), -2.0))
    lungs.skew = 1.0 + 0.5 * uneven * noise.between(lungs, -1.0, 1.0)


@kernel
def _length(lungs):
    """Return how long this stage is, in calm breaths."""
    return _SHARES[lungs.kind][lungs.stage] * _LASTS[lungs.kind] * lungs.lengthen


@kernel
def _begin(lungs):
    """Choose what the next breath is."""
    if lungs.manner not in (SIGH, YAWN):
        lungs.kind = lungs.manner
    elif lungs.until > 0:
        lungs.kind, lungs.until = CALM, lungs.until - 1
    else:
        lungs.kind = lungs.manner
        lungs.until = _FEWEST + int(_MORE * noise.uniform(lungs))


@kernel
def advance(lungs, breaths, variation):
    """Move on by a time of so many breaths, the rate over the quanta a second."""
    lungs.position += breaths / _length(lungs)
    if lungs.position >= 1.0:
        carried = min((lungs.position - 1.0) * _length(lungs), 0.01)
        lungs.stage = (lungs.stage + 1) % 4
        if lungs.stage == IN:
            _begin(lungs)
        _draw(lungs, variation)
        lungs.position = carried / _length(lungs)


@kernel
def is_inward(lungs):
    """Return 1 from the rest's second half until the turn: the mouth makes itself ready, else 0."""
    ready = lungs.stage == IN or (lungs.stage == REST and lungs.position > 0.5)
    return 1.0 if ready else 0.0


@kernel
def share(lungs):
    """Return the speed's share of the full one."""
    if lungs.stage in (TURN, REST):
        return STILL
    way = 0 if lungs.stage == IN else 1
    kind, x = lungs.kind, min(lungs.position, 1.0)
    top = min(_TOP[kind][way] * lungs.skew, 0.9)
    return max(_DEEP[kind][way] * lungs.deepen * _bump(x, top, _RISE[kind][way], _FALL[kind][way]), STILL)


@kernel
def opening(lungs):
    """Return how far the jaw has opened, 0..1: with the air, or, in a sigh and a yawn, ever wider until the turn."""
    x = min(lungs.position, 1.0)
    if lungs.kind in (CALM, ASLEEP):
        return min(share(lungs), 1.0)
    if lungs.stage == IN:
        return math.sin(0.5 * math.pi * x) ** 2 if lungs.kind == YAWN else 0.4 + 0.6 * x
    if lungs.stage == OUT:
        return math.cos(0.5 * math.pi * x) ** 2
    return 1.0 if lungs.stage == TURN else 0.0


@kernel
def _bump(x, top, rise, fall):
    """Return a curve from 0 at 0 to 1 at `top` and to 0 at 1."""
    if x < top:
        return math.sin(0.5 * math.pi * x / top) ** rise
    return math.cos(0.5 * math.pi * (x - top) / (1.0 - top)) ** fall
