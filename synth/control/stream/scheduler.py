"""A stream's scheduler: what it does in a quantum.  ring -> frame of each -> queue -> due acts, phases between them.

One call a quantum: `schedule` takes in what has come and lists every act that is due, in order, for the engine to apply.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from synth.control.stream import phases, queue
from synth.control.stream.acts import CLOSE, HOME, due_act
from synth.control.stream.clock import frame_of, measure
from synth.control.stream.queue import PENDING, WAITING
from synth.control.stream.record import DRIVING, STREAM
from synth.control.stream.ring import FRAME_AT, HEAD_BYTES, ITEM, ITEM_HEAD_BYTES
from synth.rt import kernel, rings
from synth.rt.intrinsics import address_of, load_acquire, pointer, store_release
from synth.rt.records import offset

MOST_DUE = 4 * WAITING
"""Acts that may be due in one quantum: every frame that waits, and what is done between two of them when nothing comes."""
_ITEM_WORDS = ITEM.itemsize // 8
_FIRSTS_AT, _CLOSING_AT = offset(STREAM, "firsts"), offset(STREAM, "is_closing")


@kernel
def _reject(stream, kind, address):
    """Count an item that cannot be used; keep the first of each kind, so that it can be told."""
    if stream.rejected[kind] == 0:
        first = address_of(stream) + _FIRSTS_AT + kind * ITEM_HEAD_BYTES
        words, to = carray(pointer(address), _ITEM_WORDS, np.int64), carray(pointer(first), _ITEM_WORDS, np.int64)
        for n in range(_ITEM_WORDS):
            to[n] = words[n]
    stream.rejected[kind] += 1


@kernel
def _coming(stream, now):
    """Return how many items are in the ring, none if its counters make no sense; take note of when they came."""
    written = rings.load_written(stream.ring)
    coming = written - stream.read
    if coming < 0 or coming > stream.capacity:
        if stream.corrupt == 0:
            stream.first_corrupt = coming
        stream.corrupt += 1
        stream.read = stream.seen = written
        return 0
    if stream.seen - stream.read <= 0:
        stream.seen, stream.seen_at = written, now
    return min(coming, stream.most_taken)


@kernel
def _listen(stream, now, sample_rate):
    """Take what has come out of the ring into the queue; `now` is the first frame not yet rendered.

    What comes at once has come at one time, also if it takes several quanta to take it in.
    """
    queue.forget(stream, stream.acting)
    stream.acting = 0
    for _ in range(_coming(stream, now)):
        at = stream.ring + HEAD_BYTES + (stream.read & (stream.capacity - 1)) * stream.item_bytes
        item = carray(pointer(at), 1, ITEM)[0]
        arrived = stream.seen_at if stream.seen - stream.read > 0 else now
        syncs = stream.syncs
        frame = frame_of(stream, item, arrived, now, sample_rate)
        if frame < 0:
            _reject(stream, -1 - frame, at)
        else:
            if 0 < syncs < stream.syncs and stream.phase == DRIVING:
                queue.forget_after(stream, frame)
            measure(stream, arrived)
            queue.keep(stream, item, at + ITEM_HEAD_BYTES, frame, arrived, now)
        stream.read += 1
    store_release(stream.ring + FRAME_AT, now)
    rings.store_read(stream.ring, stream.read)


@kernel
def _add(stream, frame, act, ramp_frames, is_eased, slot):
    """Put an act on the list; return it."""
    due = due_act(stream, min(stream.due_count, MOST_DUE - 1))
    due.frame, due.act, due.ramp_frames, due.is_eased, due.slot = frame, act, ramp_frames, is_eased, slot
    stream.due_count = min(stream.due_count + 1, MOST_DUE)
    return due


@kernel
def _let_time_pass(stream, now, until):
    """Go through the phases of a stream from which nothing comes before frame `until`."""
    frame = phases.next_turn(stream)
    while frame < until:
        act = phases.turn(stream)
        if act >= 0:
            _add(stream, max(frame, now), act, stream.glide if act == HOME else 0, 0, 0)
        frame = phases.next_turn(stream)


@kernel
def _add_frames(stream, now, stop):
    """List the frames that act before frame `stop`: the first ones in `order`, where they stay until the next quantum.

    A stream of which too many act at once does the rest in the quanta that follow.
    """
    order = carray(pointer(stream.order), WAITING, np.int32)
    pending = carray(pointer(stream.pending), WAITING, PENDING)
    most = min(stream.count, stream.most_acting)
    while stream.acting < most and pending[order[stream.acting]].frame < stop:
        slot = order[stream.acting]
        one = pending[slot]
        frame = max(one.frame, now)
        _let_time_pass(stream, now, frame)
        due = _add(stream, frame, one.act, one.ramp_frames, one.is_eased, slot)
        if not stream.is_replay:
            phases.drive(stream, due, one.frame, one.arrived)
        stream.acting += 1


@kernel
def schedule(stream, now, stop, sample_rate):
    """Take in what has come; list what the stream does before frame `stop`.

    Parameters
    ----------
    stream : a STREAM record.
    now : the first frame not yet rendered.
    stop : the end of the quantum.
    sample_rate : hertz.

    Returns
    -------
    int : how many acts are due; see `acts.due_act`. The list and the values hold until the next call.
    """
    stream.due_count = 0
    if stream.is_closed:
        return 0
    _listen(stream, now, sample_rate)
    if load_acquire(address_of(stream) + _CLOSING_AT):
        queue.forget_all(stream)
        _add(stream, now, CLOSE, 0, 0, 0)
    else:
        _add_frames(stream, now, stop)
        _let_time_pass(stream, now, stop)
    return stream.due_count
