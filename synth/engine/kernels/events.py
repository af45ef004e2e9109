"""Events on their way: rings between threads, a heap in the order of frames.  push | strike, set ... -> heap -> due -> responses.

The rings have one writer and one reader, who share nothing but two counters that only grow. What schedules an event here names
it: one function a kind.
"""

from __future__ import annotations

from numba import carray

from synth.engine.kernels import event_heap
from synth.engine.kernels.event_record import (
    APPLIED,
    ASKED,
    BY_MIDI,
    BY_PYTHON,
    CHANGED,
    DUE,
    EVENT,
    HEAP,
    MASTER,
    NOTE_ALL,
    NOTE_ENDED,
    ON_LAYER,
    OWN_RAMP,
    RELEASE,
    RELEASE_ALL,
    RING,
    SET,
    STREAM_ACT,
    STRIKE,
    TEMPO_HZ,
)
from synth.engine.kernels.state import OVERRIDDEN, STATE, STREAMED
from synth.rt import kernel, rings
from synth.rt.intrinsics import address_of, pointer

# ---- from Python


@kernel
def push(state_address, events_address, count):
    """Move up to `count` EVENT records into the ring; return how many found room.  For the writing thread."""
    state = carray(pointer(state_address), 1, STATE)[0]
    events = carray(pointer(events_address), count, EVENT)
    ring = address_of(state.events)
    read = rings.load_read(ring)
    written = state.events.written
    moved = min(count, RING - (written - read))
    for index in range(moved):
        event_heap.copy(state.events.items[(written + index) % RING], events[index])
    rings.store_written(ring, written + moved)
    return moved


@kernel
def drain(state):
    """Move everything from the ring into the heap, as far as the heap has room."""
    ring = address_of(state.events)
    written, read = rings.load_written(ring), state.events.read
    while read < written and state.heap_count < HEAP:
        came = state.events.items[read % RING]
        event = event_heap.place(state, state.frame if came.frame < 0 else came.frame, came.kind, came.note)
        frame, sequence = event.frame, event.sequence
        event_heap.copy(event, came)
        event.frame, event.sequence = frame, sequence
        read += 1
    rings.store_read(ring, read)


@kernel
def take_in(state_address):
    """Move what is in the ring into the heap without rendering; return how many found room.  Offline only."""
    state = carray(pointer(state_address), 1, STATE)[0]
    before = state.heap_count
    drain(state)
    return state.heap_count - before


# ---- from within the quantum


@kernel
def strike(state, frame, layer, generation, note, velocity, pitch):
    """Schedule the start of a note."""
    event = event_heap.place(state, frame, STRIKE, note)
    event.layer, event.generation, event.velocity, event.pitch = layer, generation, velocity, pitch


@kernel
def release(state, frame, layer, generation, note):
    """Schedule the end of a note."""
    event = event_heap.place(state, frame, RELEASE, note)
    event.layer, event.generation = layer, generation


@kernel
def release_all(state, frame, note, mask):
    """Schedule the end of all notes whose id agrees with `note` in the bits of `mask`."""
    event_heap.place(state, frame, RELEASE_ALL, note).mask = mask


@kernel
def set_notes(state, frame, note, mask, slot, value, ramp_frames):
    """Schedule a change of one of the own numbers of all notes whose id agrees with `note` in the bits of `mask`."""
    event = event_heap.place(state, frame, NOTE_ALL, note)
    event.mask, event.slot, event.value, event.ramp_frames = mask, slot, value, ramp_frames


@kernel
def set_number(state, frame, layer, generation, slot, value, owner):
    """Schedule a change of a layer's number, in its own time."""
    event = event_heap.place(state, frame, SET, 0)
    event.layer, event.generation = layer, generation
    event.slot, event.value, event.owner, event.ramp_frames = slot, value, owner, OWN_RAMP


@kernel
def set_master(state, frame, slot, value, owner):
    """Schedule a change of the master's number, in its own time."""
    event = event_heap.place(state, frame, MASTER, 0)
    event.slot, event.value, event.owner, event.ramp_frames = slot, value, owner, OWN_RAMP


@kernel
def set_tempo(state, frame, tempo_hz):
    """Schedule a tempo."""
    event_heap.place(state, frame, TEMPO_HZ, 0).value = tempo_hz


@kernel
def command(state, frame, kind, switch):
    """Schedule what concerns everything: PANIC, TAP, or to switch HOLD, FREEZE, PAUSE."""
    event_heap.place(state, frame, kind, 0).switch = switch


@kernel
def stream_act(state, frame, stream, act):
    """Schedule what a stream does: an act on its list of those that are due, by its number there."""
    event = event_heap.place(state, frame, STREAM_ACT, 0)
    event.stream, event.act = stream, act


# ---- into the quantum, and back


@kernel
def collect_due(state, stop):
    """Take every event before frame `stop` out of the heap into `due`, in order.

    Late ones become due now and are counted; those for a layer that has ended are forgotten, whoever has its place now.
    """
    state.due_count = 0
    while state.heap_count > 0 and state.heap[0].frame < stop and state.due_count < DUE:
        event = state.due[state.due_count]
        event_heap.pop(state, event)
        if event.kind in ON_LAYER and event.generation != state.layers[event.layer].generation:
            continue
        if event.frame < state.frame:
            event.frame = state.frame
            state.late += 1
        state.due_count += 1


@kernel
def _has_room(state):
    """Whether the ring of responses has room; a full one drops what would come, and counts."""
    has_room = state.responses.written - rings.load_read(address_of(state.responses)) < RING
    if not has_room:
        state.dropped_responses += 1
    return has_room


@kernel
def _respond(state, kind, frame, layer, note, binding, number):
    response = state.responses.items[state.responses.written % RING]
    response.kind, response.frame = kind, frame
    response.layer, response.note, response.binding, response.number = layer, note, binding, number
    rings.store_written(address_of(state.responses), state.responses.written + 1)


@kernel
def tell_applied(state, event):
    """Tell the Python side that an event took effect."""
    if _has_room(state):
        event_heap.copy(state.responses.items[state.responses.written % RING].event, event)
        _respond(state, APPLIED, event.frame, event.layer, event.note, 0, 0)


@kernel
def tell_ended(state, layer, note):
    """Tell the Python side that a note has ended."""
    if _has_room(state):
        _respond(state, NOTE_ENDED, state.frame, layer, note, 0, 0)


@kernel
def ask(state, frame, binding, number):
    """Ask the Python side to do what a binding says; in place of a note stands the number of its table."""
    if _has_room(state):
        _respond(state, ASKED, frame, 0, state.bindings_number[state.bindings_at], binding, number)


@kernel
def report_change(state, event, slot):
    """Tell the Python side what a hand is about to change, for `undo`; not while there is much else to tell."""
    if event.owner not in (BY_PYTHON, BY_MIDI) or state.responses.written - state.responses.read >= RING // 4:
        return
    if _has_room(state):
        response = state.responses.items[state.responses.written % RING]
        response.before = slot.target
        response.was_streamed = slot.owner & (STREAMED | OVERRIDDEN) == STREAMED
        event_heap.copy(response.event, event)
        _respond(state, CHANGED, event.frame, event.layer, 0, 0, 0)
