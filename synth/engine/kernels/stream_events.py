"""Streams in the quantum: frames become events, events move numbers.  waiting room -> heap -> targets' slots.

Who has a number: a performer's hand and Python take it away from the stream that has it as a target, until it is given back; a
stream has it before a cue.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from synth.control.stream import record as streams
from synth.control.stream import scheduler
from synth.control.stream.record import CLOSE, FRAME, HOME, RELEASE, STREAM, STREAMS, TARGET
from synth.control.stream.scheduler import PENDING, WAITING
from synth.engine.kernels import events, ramp
from synth.engine.kernels.state import (
    BY_CUE,
    BY_UNDO,
    DRIVEN,
    MASTER_SLOTS,
    MAX_LAYERS,
    ON_ALL,
    OVERRIDDEN,
    OVERRIDE_RELEASED,
    SLOTS,
    STREAM_ACT,
    STREAMED,
    TABLES,
)
from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, pointer, store_release
from synth.rt.records import offset
from synth.rt.units import F32, wrapped_deg

_STREAMS_AT = offset(TABLES, "streams")
I32 = np.int32
_CLOSING_AT, _CLOSED_AT = offset(STREAM, "is_closing"), offset(STREAM, "is_closed")


# ---- frames become events


@kernel
def _schedule(state, index, frame, act, ramp_frames, is_eased, slot):
    events.schedule(state, frame, STREAM_ACT, 0, 0, slot, index, ramp_frames, float(act), float(is_eased))


@kernel
def _let_time_pass(state, stream, index, until):
    """Go through the phases of a stream from which nothing comes before frame `until`."""
    frame = streams.next_turn(stream)
    while frame < until:
        act = streams.turn(stream)
        if act >= 0:
            _schedule(state, index, max(frame, state.frame), act, stream.glide if act == HOME else 0, 0, 0)
        frame = streams.next_turn(stream)


@kernel
def _hear(state, stream, index, stop):
    """Schedule everything that a stream does before frame `stop`."""
    if stream.is_closed:
        return
    scheduler.listen(stream, state.frame, state.sample_rate)
    if load_acquire(address_of(stream) + _CLOSING_AT):
        scheduler.forget_all(stream)
        _schedule(state, index, state.frame, CLOSE, 0, 0, 0)
        return
    order = carray(pointer(stream.order), WAITING, I32)
    pending = carray(pointer(stream.pending), WAITING, PENDING)
    for place in range(scheduler.find_due(stream, stop)):
        one = pending[order[place]]
        frame = max(one.frame, state.frame)
        _let_time_pass(state, stream, index, frame)
        streams.begin(stream, one, frame)
        _schedule(state, index, frame, one.act, one.ramp_frames, one.is_eased, order[place])
    _let_time_pass(state, stream, index, stop)


@kernel
def hear(state, tables, stop):
    """Schedule everything that the streams do before frame `stop`."""
    for index in range(STREAMS):
        address = load_acquire(address_of(tables) + _STREAMS_AT + 8 * index)
        if address != 0:
            _hear(state, carray(pointer(address), 1, STREAM)[0], index, stop)


# ---- events move numbers


@kernel
def _distance(slot, begin, value, low, high):
    """Return how far it is from one value to another: 1 is the whole range."""
    if high <= low:
        return 0.0
    if slot.is_circular:
        return abs(wrapped_deg(value - begin)) / (high - low)
    if slot.is_exponential:
        return abs(math.log(value / begin)) / math.log(high / low)
    return abs(value - begin) / (high - low)


@kernel
def _ramp(state, stream, target, slot, value, frame, ramp_frames):
    """Return how long a number takes: as its stream says, longer for a slew limit or on its way back."""
    frames = float(slot.own_frames if ramp_frames < 0 else ramp_frames)
    frames = max(frames, float(target.glide_stop - frame))
    if stream.slew > 0.0:
        distance = _distance(slot, ramp.value_at(slot, frame), value, target.low, target.high)
        frames = max(frames, math.ceil(distance / stream.slew * state.sample_rate))
    return int(frames)


@kernel
def _drive(state, stream, target, slot, number, act, event):
    """Let one number follow its stream, unless a hand has it; what no stream has moved does not glide home."""
    if act == CLOSE:
        slot.owner = 0
    elif act == RELEASE:
        slot.owner &= ~DRIVEN
    if act > HOME or slot.owner & OVERRIDDEN or math.isnan(number) or (act == HOME and not slot.owner & DRIVEN):
        return
    value = min(max(number, target.low), target.high)
    if slot.owner & OVERRIDE_RELEASED:
        slot.owner &= ~OVERRIDE_RELEASED
        target.glide_stop = event.frame + stream.return_frames
    slot.owner |= STREAMED | DRIVEN
    if slot.is_discrete:
        value, ramp_frames = float(round(value)), 0
    else:
        ramp_frames = _ramp(state, stream, target, slot, value, event.frame, event.ramp_frames)
    if state.is_frozen:
        ramp.defer(slot, value, ramp_frames)
    else:
        ramp.change(slot, value, event.frame, ramp_frames)
        slot.is_eased = int(event.pitch)


@kernel
def _apply(state, tables, event, discrete):
    """Do what a stream does to all its targets of one kind: those that glide, or those that step."""
    stream = carray(pointer(tables.streams[event.slot]), 1, STREAM)[0]
    targets = carray(pointer(stream.targets), stream.values, TARGET)
    vector = carray(pointer(stream.vectors + 4 * stream.values * event.note), stream.values, F32)
    act = int(event.value)
    for index in range(stream.values):
        target = targets[index]
        number = float(vector[index]) if act == FRAME else target.preset_value
        if target.layer < 0:
            if not discrete:
                _drive(state, stream, target, state.master[target.slot], number, act, event)
        elif state.layers[target.layer].generation == target.generation:
            slot = state.layers[target.layer].slots[target.slot]
            if slot.is_discrete == discrete:
                _drive(state, stream, target, slot, number, act, event)


@kernel
def glide(state, tables, event):
    """Start the ramps of what a stream does."""
    _apply(state, tables, event, 0)


@kernel
def step(state, tables, event):
    """Set the discrete numbers of what a stream does; then all of it is done."""
    _apply(state, tables, event, 1)
    stream = carray(pointer(tables.streams[event.slot]), 1, STREAM)[0]
    act = int(event.value)
    if state.report_applied:
        streams.keep_act(stream, event.frame, act, event.ramp_frames, int(event.pitch), event.note)
    if act == CLOSE:
        store_release(address_of(stream) + _CLOSED_AT, 1)


# ---- who has a number


@kernel
def is_free_for(slot, owner):
    """Whether a hand may move a number; one that may takes it away from its stream."""
    if owner == BY_CUE:
        return slot.owner & (DRIVEN | OVERRIDDEN) != DRIVEN
    if slot.owner & STREAMED and owner != BY_UNDO:
        slot.owner |= OVERRIDDEN
    return True


@kernel
def _release(slot):
    if slot.owner & OVERRIDDEN:
        slot.owner = slot.owner & ~OVERRIDDEN | OVERRIDE_RELEASED


@kernel
def release_override(state, event):
    """Let numbers go back to their streams: one, all of a layer or of the master, or everything."""
    for slot in range(MASTER_SLOTS):
        if event.layer < 0 and event.slot in (-1, slot):
            _release(state.master[slot])
    for index in range(MAX_LAYERS):
        layer = state.layers[index]
        if event.layer == ON_ALL or (event.layer == index and event.generation == layer.generation):
            for slot in range(SLOTS):
                if event.slot in (-1, slot):
                    _release(layer.slots[slot])
