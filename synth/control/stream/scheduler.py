"""A stream's waiting room: frames in the order in which they act.  ring -> frame of each -> order -> due.

It lies in memory that no other process sees.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from synth.control.stream.clock import frame_of, measure
from synth.control.stream.record import DRIVING, FRAME, STREAM
from synth.control.stream.ring import FRAME_AT, HEAD_BYTES, ITEM, ITEM_HEAD_BYTES, READ_AT, WRITTEN_AT
from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, pointer, store_release

WAITING = 512
"""Frames that may wait for their time; when there are more, the one furthest ahead is dropped."""
_MOST_A_QUANTUM = 2048  # items taken out of the ring, so that no writer can hold up the sound

_ITEM_WORDS = ITEM.itemsize // 8
_FIRSTS_AT = int(STREAM.fields["firsts"][1]) if STREAM.fields else 0

PENDING = np.dtype([("frame", "i8"), ("arrived", "i8"), ("ramp_frames", "i8"), ("act", "i4"), ("is_eased", "i4")], align=True)


@kernel
def _copy(stream, slot, address, is_instead):
    """Take in values and return whether all of them are numbers; what is none is counted.

    A value that is none becomes NaN, or stays what the frame says that was there before.
    """
    is_whole = True
    values = carray(pointer(address), stream.values, np.float32)
    vector = carray(pointer(stream.vectors + 4 * stream.values * slot), stream.values, np.float32)
    for n in range(stream.values):
        value = values[n]
        if not (abs(value) < math.inf):
            stream.non_finite += not stream.is_replay
            is_whole = False
            if is_instead:
                continue
            value = np.float32(math.nan)
        vector[n] = value
    return is_whole


@kernel
def _forget(stream, count):
    """Free the places of the first so many frames."""
    order = carray(pointer(stream.order), WAITING, np.int32)
    for _ in range(count):
        slot = order[0]
        for index in range(stream.count - 1):
            order[index] = order[index + 1]
        stream.count -= 1
        order[stream.count] = slot


@kernel
def _place_of(stream, frame, now):
    """Return the place in `order` where a frame belongs, whether it replaces the one there, -1 if it is not to be kept.

    Of late frames only the newest waits, of two for one frame the one that came later; it leaves what it says nothing of.
    """
    order = carray(pointer(stream.order), WAITING, np.int32)
    pending = carray(pointer(stream.pending), WAITING, PENDING)
    if stream.is_replay:
        return stream.count, False
    if frame < now:
        stream.late += 1
        if frame < stream.last_nominal:
            return -1, False
        if stream.count > 0 and pending[order[0]].frame < now:
            return (0, True) if frame >= pending[order[0]].frame else (-1, False)
        return 0, False
    place = stream.count
    while place > 0 and pending[order[place - 1]].frame > frame:
        place -= 1
    if place > 0 and pending[order[place - 1]].frame == frame:
        return place - 1, True
    return place, False


@kernel
def _keep(stream, item, address, frame, arrived, now):
    """Let a frame wait for its time."""
    place, is_instead = _place_of(stream, frame, now)
    if place < 0:
        stream.dropped += 1
        return
    order = carray(pointer(stream.order), WAITING, np.int32)
    if not is_instead:
        if stream.count == WAITING:
            stream.dropped += 1
            if place == WAITING:
                return
            stream.count -= 1
        slot = order[stream.count]
        for index in range(stream.count, place, -1):
            order[index] = order[index - 1]
        order[place] = slot
        stream.count += 1
    slot = order[place]
    one = carray(pointer(stream.pending), WAITING, PENDING)[slot]
    one.frame, one.arrived, one.act, one.ramp_frames, one.is_eased = frame, arrived, FRAME, stream.ramp_frames, stream.is_eased
    if stream.is_replay:
        one.act, one.ramp_frames, one.is_eased = item.act, item.ramp_frames, item.is_eased
    is_whole = _copy(stream, slot, address, is_instead)
    stream.dropped += is_instead and is_whole
    stream.merged += is_instead and not is_whole


@kernel
def _forget_after(stream, frame):
    """Drop what an old pin let wait for later than what comes by a new one: it was sent before."""
    order = carray(pointer(stream.order), WAITING, np.int32)
    pending = carray(pointer(stream.pending), WAITING, PENDING)
    while stream.count > 0 and pending[order[stream.count - 1]].frame > frame:
        stream.count -= 1
        stream.dropped += 1


@kernel
def forget_all(stream):
    """Drop what waits: the stream ends."""
    stream.dropped += stream.count
    stream.count = 0


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
    written = load_acquire(stream.ring + WRITTEN_AT)
    coming = written - stream.read
    if coming < 0 or coming > stream.capacity:
        if stream.corrupt == 0:
            stream.first_corrupt = coming
        stream.corrupt += 1
        stream.read = stream.seen = written
        return 0
    if stream.seen - stream.read <= 0:
        stream.seen, stream.seen_at = written, now
    return min(coming, _MOST_A_QUANTUM)


@kernel
def listen(stream, now, sample_rate):
    """Take what has come out of the ring into the waiting room; `now` is the first frame not yet rendered.

    What comes at once has come at one time, also if it takes several quanta to take it in.
    """
    _forget(stream, stream.acting)
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
                _forget_after(stream, frame)
            measure(stream, arrived)
            _keep(stream, item, at + ITEM_HEAD_BYTES, frame, arrived, now)
        stream.read += 1
    store_release(stream.ring + FRAME_AT, now)
    store_release(stream.ring + READ_AT, stream.read)


@kernel
def find_due(stream, stop):
    """Return how many frames act before frame `stop`: the first ones in `order`; they stay until the next `listen`."""
    order = carray(pointer(stream.order), WAITING, np.int32)
    pending = carray(pointer(stream.pending), WAITING, PENDING)
    while stream.acting < stream.count and pending[order[stream.acting]].frame < stop:
        stream.acting += 1
    return stream.acting
