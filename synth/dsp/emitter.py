"""Emitters: the mono point sources of a voice.  A micro-event takes one for its life, a body holds one for the voice's.

kernel adds samples to slot.out -> engine: level, place, ears

An emitter lies at the layer's place plus its own offset, given in the place's own axes: `away_m` from the head, `left_m` (the way
azimuth grows) and `up_m`. A taken one stays where it began, as a grain of a few milliseconds does; a held one follows the layer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.dsp.phone import PHONE, WINDOW
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM

EARS, DRY_LEFT, DRY_RIGHT = 0, 1, 2
"""Routes: through the HRTF, or straight into one ear canal past the head, for what touches or blows into it."""
FREE, LIVE, ENDING = 0, 1, 2
"""An emitter's life; ending: given back, but its last samples are still on their way to the far ear."""

SLOT = np.dtype(
    [
        ("life", "i4"),
        ("route", "i4"),
        ("follow", "i4"),
        ("away_m", "f4"),
        ("left_m", "f4"),
        ("up_m", "f4"),
        ("out", "f4", (QUANTUM,)),
    ],
    align=True,
)
MAX_EMITTERS = 512
"""A voice has at most this many."""


def emitters_dtype(count: int) -> np.dtype[Any]:
    """Return the record of a voice's emitters.

    `slot[i]` are they. `input` is a quantum of an input channel, or zeros; `phone` what is to be said next, and `said` how many
    phones of its text the voice has said.
    """
    heard = [("input", "f4", (QUANTUM,)), ("phone", PHONE, (WINDOW,)), ("said", "i8")]
    return np.dtype([("count", "i8"), ("next", "i8"), *heard, ("slot", SLOT, (count,))], align=True)


@kernel
def _put(slot, route, follow, away_m, left_m, up_m):
    slot.life, slot.route, slot.follow = LIVE, route, follow
    slot.away_m, slot.left_m, slot.up_m = F32(away_m), F32(left_m), F32(up_m)


@kernel
def take(emitters, route, away_m, left_m, up_m):
    """Take a free emitter for a micro-event, at an offset from the layer's place; it stays there.  -1 if none is free."""
    count = emitters.count
    for step in range(count):
        index = (emitters.next + step) % count
        slot = emitters.slot[index]
        if slot.life == FREE:
            _put(slot, route, 0, away_m, left_m, up_m)
            emitters.next = index + 1
            return index
    return -1


@kernel
def hold(emitters, index, route, away_m, left_m, up_m):
    """Make one emitter sound for as long as the voice does; it follows the layer's place."""
    _put(emitters.slot[index], route, 1, away_m, left_m, up_m)


@kernel
def square_m2(emitters, index, away_m, left_m, up_m):
    """Return the squared distance from an emitter to an offset, in square metres."""
    slot = emitters.slot[index]
    away, left, up = slot.away_m - away_m, slot.left_m - left_m, slot.up_m - up_m
    return away * away + left * left + up * up


@kernel
def let_go(emitters, index):
    """Give a taken emitter back; the engine frees it when its last sample has reached the far ear."""
    emitters.slot[index].life = ENDING
