"""Streams in the quantum: due acts become events, events move numbers.  scheduler -> heap -> targets' slots.

The heap brings them in order with all other events; who applies one looks it up in its stream's list.

Who has a number: a performer's hand and Python take it away from the stream that has it as a target, until it is given back; a
stream has it before a cue.
"""

from __future__ import annotations

import math

from numba import carray

from synth.control.stream import acts, scheduler
from synth.control.stream.acts import CLOSE, FRAME, HOME, RELEASE
from synth.control.stream.record import STREAM, STREAMS, TARGET
from synth.engine.kernels import events, ramp
from synth.engine.kernels.event_record import BY_CUE, BY_UNDO, ON_ALL
from synth.engine.kernels.state import (
    DRIVEN,
    MASTER_SLOTS,
    MAX_LAYERS,
    OVERRIDDEN,
    OVERRIDE_RELEASED,
    SLOTS,
    STREAMED,
    TABLES,
)
from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, pointer
from synth.rt.records import offset
from synth.rt.units import wrapped_deg

_STREAMS_AT = offset(TABLES, "streams")


# ---- due acts become events


@kernel
def _address(tables, index):
    return load_acquire(address_of(tables) + _STREAMS_AT + 8 * index)


@kernel
def _next(tables, after):
    """Return place, address and number of the stream made next after the one of a number; place -1: none.

    A place is taken anew when its stream has ended: by their places a replay could let two act in another order. Each address
    is read once: a stream that has ended is taken away by another thread at any moment, its memory stays for a while.
    """
    found, found_address, lowest = -1, 0, after
    for index in range(STREAMS):
        address = _address(tables, index)
        if address != 0:
            number = carray(pointer(address), 1, STREAM)[0].number
            if number > after and (found < 0 or number < lowest):
                found, found_address, lowest = index, address, number
    return found, found_address, lowest


@kernel
def hear(state, tables, stop):
    """Schedule everything that the streams do before frame `stop`."""
    index, address, after = _next(tables, -1)
    while index >= 0:
        stream = carray(pointer(address), 1, STREAM)[0]
        for number in range(scheduler.schedule(stream, state.frame, stop, state.sample_rate)):
            frame = acts.due_act(stream, number).frame
            events.stream_act(state, frame, index, number)
        index, address, after = _next(tables, after)


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
def _drive(state, stream, target, slot, number, due):
    """Let one number follow its stream, unless it is overridden; what no stream has moved does not glide home."""
    act = due.act
    if act == CLOSE:
        slot.owner = 0
    elif act == RELEASE:
        slot.owner &= ~DRIVEN
    if act > HOME or slot.owner & OVERRIDDEN or math.isnan(number) or (act == HOME and not slot.owner & DRIVEN):
        return
    value = min(max(number, target.low), target.high)
    if slot.owner & OVERRIDE_RELEASED:
        slot.owner &= ~OVERRIDE_RELEASED
        target.glide_stop = due.frame + stream.return_frames
    slot.owner |= STREAMED | DRIVEN
    if slot.is_discrete:
        value, ramp_frames = float(round(value)), 0
    else:
        ramp_frames = _ramp(state, stream, target, slot, value, due.frame, due.ramp_frames)
    if state.is_frozen:
        ramp.defer(slot, value, ramp_frames)
    else:
        ramp.change(slot, value, due.frame, ramp_frames)
        slot.is_eased = due.is_eased


@kernel
def _stream_of(tables, event):
    return carray(pointer(tables.streams[event.stream]), 1, STREAM)[0]


@kernel
def _apply(state, stream, due, discrete):
    """Do what a stream does to all its targets of one kind: those that glide, or those that step."""
    targets = carray(pointer(stream.targets), stream.values, TARGET)
    vector = acts.vector_of(stream, due.slot)
    for index in range(stream.values):
        target = targets[index]
        number = float(vector[index]) if due.act == FRAME else target.preset_value
        if target.layer < 0:
            if not discrete:
                _drive(state, stream, target, state.master[target.slot], number, due)
        elif state.layers[target.layer].generation == target.generation:
            slot = state.layers[target.layer].slots[target.slot]
            if slot.is_discrete == discrete:
                _drive(state, stream, target, slot, number, due)


@kernel
def glide(state, tables, event):
    """Start the ramps of what a stream does."""
    stream = _stream_of(tables, event)
    _apply(state, stream, acts.due_act(stream, event.act), 0)


@kernel
def step(state, tables, event):
    """Set the discrete numbers of what a stream does; then all of it is done."""
    stream = _stream_of(tables, event)
    due = acts.due_act(stream, event.act)
    _apply(state, stream, due, 1)
    acts.finish(stream, due, state.report_applied)


# ---- who has a number


@kernel
def is_free_for(slot, owner):
    """Whether an owner may move a number; one that may takes it away from its stream."""
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
