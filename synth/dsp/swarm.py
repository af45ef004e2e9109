"""A swarm of chirps, more than there are emitters.  place -> free chirp -> emitter of its own, or the nearest's -> out and drive.

A new chirp gets an emitter to itself while few sound; else it shares the nearest one that does, which is let go with its last
chirp. Emitter 0 is never shared: it is that of the body which all of them drive.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.dsp import chirp, emitter
from synth.rt import kernel
from synth.rt.units import QUANTUM


def swarm_dtype(chirps: int, emitters: int) -> np.dtype[Any]:
    """Return the state of `chirps` chirps over `emitters` emitters; `drive` is what they excite together, one quantum in f8."""
    return np.dtype(
        [
            ("chirp", chirp.CHIRP, (chirps,)),
            ("crowd", "i4", (emitters,)),  # how many chirps sound from each emitter
            ("apart", "i8"),  # how many emitters sound
            ("drive", "f8", (QUANTUM,)),
        ],
        align=True,
    )


@kernel
def join(swarm, emitters, most, away_m, left_m, up_m):
    """Return a free chirp at a place, to be struck; -1 if there is none. At most `most` emitters sound at once."""
    for index in range(swarm.chirp.size):
        one = swarm.chirp[index]
        if one.emitter <= 0:
            one.emitter = _emitter(swarm, emitters, most, away_m, left_m, up_m)
            return index if one.emitter > 0 else -1
    return -1


@kernel
def _emitter(swarm, emitters, most, away_m, left_m, up_m):
    if swarm.apart < most:
        index = emitter.take(emitters, emitter.EARS, away_m, left_m, up_m)
        if index >= 0:
            swarm.apart += 1
            swarm.crowd[index] = 1
            return index
    nearest, best = -1, 1e30
    for index in range(swarm.crowd.size):
        if swarm.crowd[index] > 0:
            square = emitter.square_m2(emitters, index, away_m, left_m, up_m)
            if square < best:
                nearest, best = index, square
    if nearest >= 0:
        swarm.crowd[nearest] += 1
    return nearest


@kernel
def add(swarm, emitters, start, stop):
    """Let all chirps sound in frames start..stop, each from its emitter and into `drive`.

    They leave at the end of a quantum, not before, or who shares with whom would depend on how the quantum is split.
    """
    swarm.drive[start:stop] = 0.0
    for index in range(swarm.chirp.size):
        one = swarm.chirp[index]
        if one.emitter > 0:
            chirp.add(one, emitters.slot[one.emitter].out, swarm.drive, start, stop)
            if chirp.is_over(one) and stop == QUANTUM:
                _leave(swarm, emitters, one)


@kernel
def _leave(swarm, emitters, one):
    swarm.crowd[one.emitter] -= 1
    if swarm.crowd[one.emitter] == 0:
        swarm.apart -= 1
        emitter.let_go(emitters, one.emitter)
    one.emitter = 0
