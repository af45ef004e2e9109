"""Rooms: the one that is heard, and the one before, which rings on.  send -> level -> opened | left -> room -> out.

A room is never changed while it sounds: another takes its place, fading in what is sent, and the old one dies away by itself.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from hrtf.kernels import room
from synth.dsp import steady_gain
from synth.dsp.gain_ramp import eased_at
from synth.engine.kernels.state import ROOM_LEVEL, ROOM_STRIP, ROOMS
from synth.rt import kernel
from synth.rt.intrinsics import address_of, pointer
from synth.rt.units import F32, QUANTUM, gain_from_db

_OPENING_S = 0.03
_TAILS = 2.5  # of T60: after that nothing is left that could end with a step
_WORDS = ROOM_STRIP.itemsize // 8


@kernel
def ask(state, t60_s, at_once):
    """Ask for a room that dies away in so many seconds; 0: none. It fades in, unless nothing sounds that could step."""
    if t60_s != state.room_t60_s:
        state.room_t60_s = t60_s
        state.room_comes_at_once = at_once or state.frame == 0
        state.room_is_due = 1


@kernel
def _begin(state, strip):
    """Open a room with nothing in it."""
    words = carray(pointer(address_of(strip)), _WORDS, np.int64)
    for index in range(_WORDS):
        words[index] = 0
    room.tune(strip.room, state.room_t60_s, state.sample_rate)
    strip.is_open = 1
    strip.opened = 1.0 if state.room_comes_at_once else 0.0
    strip.quanta = int(_TAILS * strip.room.t60_s * state.sample_rate / QUANTUM) + 1


@kernel
def _follow(state):
    """Close what is open and open what is asked for, if there is a room that has died away."""
    free = -1
    for index in range(ROOMS):
        strip = state.rooms[index]
        if not strip.is_open and strip.quanta == 0:
            free = index
    if state.room_t60_s > 0.0 and free < 0:
        return
    for index in range(ROOMS):
        state.rooms[index].is_open = 0
    if state.room_t60_s > 0.0:
        _begin(state, state.rooms[free])
    state.room_is_due = 0


@kernel
def _render(state, strip):
    """Let a room hear its share of what is sent, and ring."""
    begin, step = strip.opened, QUANTUM / (_OPENING_S * state.sample_rate)
    strip.opened = min(begin + step, 1.0) if strip.is_open else max(begin - step, 0.0)
    if not strip.is_open and begin == 0.0:
        strip.quanta -= 1
    for n in range(QUANTUM):
        state.sent[n] = state.send[n] * F32(eased_at(begin, strip.opened, n))
    room.render(strip.room, state.sent, state.out)


@kernel
def advance(state):
    """Before anything is sent: follow what was asked for."""
    if state.room_is_due:
        _follow(state)
    state.room_is_on = 0
    for index in range(ROOMS):
        strip = state.rooms[index]
        state.room_is_on |= strip.is_open or strip.opened > 0.0


@kernel
def add(state):
    """Add what the rooms answer to what every emitter sent, at the room's level."""
    level = gain_from_db(state.master[ROOM_LEVEL].value)
    if state.frame == 0 or state.jumps:
        steady_gain.jump(state.room_gain, level)
    else:
        steady_gain.advance(state.room_gain, level)
    for n in range(QUANTUM):
        state.send[n] *= F32(steady_gain.gain_at(state.room_gain, n))
    for index in range(ROOMS):
        strip = state.rooms[index]
        if strip.is_open or strip.quanta > 0:
            _render(state, strip)
    for n in range(QUANTUM):
        state.send[n] = F32(0.0)
