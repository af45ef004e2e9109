"""Sharing emitters: micro-events that come faster than emitters can be had land on one that sounds nearby.

place -> an emitter of its own while few sound, else the nearest that sounds -> let go with its last event
"""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.dsp import emitter
from synth.jit import kernel


def share_dtype(count: int) -> np.dtype[Any]:
    """Return the record that counts the events on each of `count` emitters."""
    return np.dtype([("alive", "i8"), ("events", "i4", (count,))], align=True)


@kernel
def join(share, emitters, limit, away_m, left_m, up_m):
    """Return the emitter of a new event: its own if fewer than `limit` sound, else the nearest that does; -1 if there is none."""
    if share.alive < limit:
        index = emitter.take(emitters, emitter.EARS, away_m, left_m, up_m)
        if index >= 0:
            share.alive += 1
            share.events[index] = 1
            return index
    nearest, best = -1, 1e30
    for index in range(share.events.size):
        if share.events[index] > 0:
            slot = emitters.slot[index]
            away, left, up = slot.away_m - away_m, slot.left_m - left_m, slot.up_m - up_m
            square = away * away + left * left + up * up
            if square < best:
                nearest, best = index, square
    if nearest >= 0:
        share.events[nearest] += 1
    return nearest


@kernel
def leave(share, emitters, index):
    """End an event on an emitter; with its last one the emitter is let go."""
    share.events[index] -= 1
    if share.events[index] == 0:
        share.alive -= 1
        emitter.let_go(emitters, index)
