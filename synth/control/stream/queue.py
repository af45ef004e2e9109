"""A stream's queue: frames in the order in which they act.  frame, values -> order.

It lies in memory that no other process sees.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from synth.control.stream.acts import FRAME, vector_of
from synth.rt import kernel
from synth.rt.intrinsics import pointer

WAITING = 512
"""Frames that may wait for their time; when there are more, the one furthest ahead is dropped."""
PENDING = np.dtype([("frame", "i8"), ("arrived", "i8"), ("ramp_frames", "i8"), ("act", "i4"), ("is_eased", "i4")], align=True)
"""A frame that waits."""


@kernel
def _copy(stream, slot, address, is_instead):
    """Take in values and return whether all of them are numbers; what is none is counted.

    A value that is none becomes NaN, or stays what the frame says that was there before.
    """
    is_whole = True
    values = carray(pointer(address), stream.values, np.float32)
    vector = vector_of(stream, slot)
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
def forget(stream, count):
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

    Of late frames only the newest waits, of two for one frame the one that came later; it leaves what it says nothing of to what
    it replaces. `last_nominal` is the frame for which the newest that has acted was meant.
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
def keep(stream, item, address, frame, arrived, now):
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
def forget_after(stream, frame):
    """Drop what an old sync let wait for later than what comes by a new one: it was sent before."""
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
