"""The heap of events: in the order of their frames, of a fixed size.  place -> filled by who schedules -> pop, in order.

An event is written once, where it belongs: the hole rises or sinks to that place first.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from synth.engine.kernels.event_record import EVENT, HEAP, STREAM_ACT, STRIKE
from synth.rt import kernel
from synth.rt.intrinsics import address_of, pointer

_WORDS = EVENT.itemsize // 8
_KEPT_FREE = 1024  # of strikes: what ends or quietens sound always finds room


@kernel
def _words(event):
    return carray(pointer(address_of(event)), _WORDS, np.int64)


@kernel
def copy(to, source):
    """Copy an event."""
    to_words, source_words = _words(to), _words(source)
    for index in range(_WORDS):
        to_words[index] = source_words[index]


@kernel
def _clear(event):
    words = _words(event)
    for index in range(_WORDS):
        words[index] = 0


@kernel
def _is_before(frame, kind, note, sequence, other):
    """Whether an event comes before another: by frame, then streams first and what a gesture plays last, then as they came.

    A strike hears the choices that came with it, and a take replays to the same order: what was scheduled long ago and what came
    just now may meet.
    """
    if frame != other.frame:
        return frame < other.frame
    if (kind == STREAM_ACT) != (other.kind == STREAM_ACT):
        return kind == STREAM_ACT
    if (note < 0) != (other.note < 0):
        return other.note < 0
    return sequence < other.sequence


@kernel
def place(state, frame, kind, note):
    """Return an event in its place in the heap, to be filled: all but these is 0.

    A full heap drops it and counts: what is returned then lies behind the heap, and nobody looks at it. For a strike it is full
    a little sooner.
    """
    heap, index = state.heap, state.heap_count
    if index >= (HEAP - _KEPT_FREE if kind == STRIKE else HEAP):
        state.dropped_events += 1
        _clear(heap[HEAP])
        return heap[HEAP]
    while index > 0:
        parent = (index - 1) // 2
        if not _is_before(frame, kind, note, state.sequence, heap[parent]):
            break
        copy(heap[index], heap[parent])
        index = parent
    event = heap[index]
    _clear(event)
    event.frame, event.kind, event.note, event.sequence = frame, kind, note, state.sequence
    state.heap_count += 1
    state.sequence += 1
    return event


@kernel
def pop(state, to):
    """Take the first event out of the heap, which must not be empty."""
    heap = state.heap
    copy(to, heap[0])
    state.heap_count -= 1
    count = state.heap_count
    last, index = heap[count], 0
    while 2 * index + 1 < count:
        child = 2 * index + 1
        if child + 1 < count:
            left = heap[child]
            if not _is_before(left.frame, left.kind, left.note, left.sequence, heap[child + 1]):
                child += 1
        if _is_before(last.frame, last.kind, last.note, last.sequence, heap[child]):
            break
        copy(heap[index], heap[child])
        index = child
    if index != count:
        copy(heap[index], last)
