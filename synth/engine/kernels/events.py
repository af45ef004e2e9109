"""Events on their way: rings between threads, a heap in the order of frames.  push -> ring -> heap -> due.

The rings have one writer and one reader, who share nothing but two counters that only grow.
"""

from __future__ import annotations

from numba import carray

from synth.engine.kernels.state import (
    BY_MIDI,
    BY_PYTHON,
    CHANGED,
    DUE,
    EVENT,
    EVENT_RING,
    HEAP,
    OVERRIDDEN,
    PANIC,
    RING,
    STATE,
    STREAM_ACT,
    STREAMED,
)
from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, pointer, store_release
from synth.rt.records import offset

_EVENTS_AT = offset(STATE, "events")
_RESPONSES_AT = offset(STATE, "responses")
_WRITTEN_AT = offset(EVENT_RING, "written")
_READ_AT = offset(EVENT_RING, "read")  # the same in both rings


@kernel
def _copy(to, source):
    to.frame = source.frame
    to.sequence = source.sequence
    to.kind = source.kind
    to.layer = source.layer
    to.generation = source.generation
    to.note = source.note
    to.slot = source.slot
    to.ramp_frames = source.ramp_frames
    to.value = source.value
    to.pitch = source.pitch


@kernel
def push(state_address, events_address, count):
    """Move up to `count` EVENT records into the ring; return how many found room.  For the writing thread."""
    state = carray(pointer(state_address), 1, STATE)[0]
    events = carray(pointer(events_address), count, EVENT)
    ring_address = state_address + _EVENTS_AT
    read = load_acquire(ring_address + _READ_AT)
    written = state.events.written
    moved = min(count, RING - (written - read))
    for index in range(moved):
        _copy(state.events.items[(written + index) % RING], events[index])
    store_release(ring_address + _WRITTEN_AT, written + moved)
    return moved


@kernel
def _is_before(a, b):
    """Whether an event comes before another: by frame, then streams first and what a gesture plays last, then as they came.

    A strike hears the choices that came with it, and a take replays to the same order: what was scheduled long ago and what came
    just now may meet.
    """
    if a.frame != b.frame:
        return a.frame < b.frame
    if (a.kind == STREAM_ACT) != (b.kind == STREAM_ACT):
        return a.kind == STREAM_ACT
    if (a.note < 0) != (b.note < 0):
        return b.note < 0
    return a.sequence < b.sequence


@kernel
def _swap(state, a, b):
    """Exchange two items of the heap."""
    _copy(state.spare_event, state.heap[a])
    _copy(state.heap[a], state.heap[b])
    _copy(state.heap[b], state.spare_event)


@kernel
def schedule(state, frame, kind, layer, generation, note, slot, ramp_frames, value, pitch):
    """Put an event into the heap; a full heap drops it and counts."""
    if state.heap_count >= HEAP:
        state.dropped_events += 1
        return
    heap = state.heap
    index = state.heap_count
    state.heap_count += 1
    item = heap[index]
    item.frame = frame
    item.sequence = state.sequence
    item.kind = kind
    item.layer = layer
    item.generation = generation
    item.note = note
    item.slot = slot
    item.ramp_frames = ramp_frames
    item.value = value
    item.pitch = pitch
    state.sequence += 1
    while index > 0:
        parent = (index - 1) // 2
        if not _is_before(heap[index], heap[parent]):
            break
        _swap(state, index, parent)
        index = parent


@kernel
def _pop(state, to):
    heap = state.heap
    _copy(to, heap[0])
    state.heap_count -= 1
    count = state.heap_count
    _copy(heap[0], heap[count])
    index = 0
    while True:
        child = 2 * index + 1
        if child >= count:
            return
        if child + 1 < count and _is_before(heap[child + 1], heap[child]):
            child += 1
        if not _is_before(heap[child], heap[index]):
            return
        _swap(state, index, child)
        index = child


@kernel
def drain(state):
    """Move everything from the ring into the heap, as far as the heap has room."""
    ring_address = address_of(state) + _EVENTS_AT
    written = load_acquire(ring_address + _WRITTEN_AT)
    read = state.events.read
    while read < written and state.heap_count < HEAP:
        event = state.events.items[read % RING]
        frame = state.frame if event.frame < 0 else event.frame
        schedule(
            state,
            frame,
            event.kind,
            event.layer,
            event.generation,
            event.note,
            event.slot,
            event.ramp_frames,
            event.value,
            event.pitch,
        )
        read += 1
    store_release(ring_address + _READ_AT, read)


@kernel
def take_in(state_address):
    """Move what is in the ring into the heap without rendering; return how many found room.  Offline only."""
    state = carray(pointer(state_address), 1, STATE)[0]
    before = state.heap_count
    drain(state)
    return state.heap_count - before


@kernel
def collect_due(state, stop):
    """Take every event before frame `stop` out of the heap into `due`, in order.

    Late ones become due now and are counted; those for a layer that has ended are forgotten, whoever has its place now.
    """
    state.due_count = 0
    while state.heap_count > 0 and state.heap[0].frame < stop and state.due_count < DUE:
        event = state.due[state.due_count]
        _pop(state, event)
        if event.kind < PANIC and event.generation != state.layers[event.layer].generation:
            continue
        if event.frame < state.frame:
            event.frame = state.frame
            state.late += 1
        state.due_count += 1


@kernel
def respond(state, kind, frame, event):
    """Tell the Python side what happened; a full ring drops and counts."""
    ring_address = address_of(state) + _RESPONSES_AT
    read = load_acquire(ring_address + _READ_AT)
    written = state.responses.written
    if written - read >= RING:
        state.dropped_responses += 1
        return
    response = state.responses.items[written % RING]
    response.kind = kind
    response.frame = frame
    _copy(response.event, event)
    store_release(ring_address + _WRITTEN_AT, written + 1)


@kernel
def report_change(state, event, slot):
    """Tell the Python side what a hand is about to change, for `undo`; not while there is much else to tell."""
    if event.note not in (BY_PYTHON, BY_MIDI) or state.responses.written - state.responses.read >= RING // 4:
        return
    response = state.responses.items[state.responses.written % RING]
    response.before = slot.target
    response.was_streamed = slot.owner & (STREAMED | OVERRIDDEN) == STREAMED
    respond(state, CHANGED, event.frame, event)


@kernel
def schedule_for_all(state, frame, kind, note, mask, slot, value):
    """Schedule an event that concerns no layer in particular, but the notes whose number is `note` under `mask`."""
    schedule(state, frame, kind, 0, mask, note, slot, -1, value, 0.0)
