"""Acts: what a stream does.  due acts -> the engine applies them -> what a take keeps, in a ring for the Python side."""

from __future__ import annotations

import numpy as np
from numba import carray

from synth.control.stream.record import STREAM
from synth.rt import kernel, rings
from synth.rt.intrinsics import address_of, pointer, store_release
from synth.rt.records import offset

FRAME, HOME, RELEASE, CLOSE = range(4)
"""What a stream does: set its values; glide to the preset's; let go until it returns; end."""
ACT = np.dtype([("frame", "i8"), ("ramp_frames", "i8"), ("act", "i4"), ("is_eased", "i4")], align=True)
"""What a take keeps of what a stream did, with the values, f4, behind it."""
DUE = np.dtype([("frame", "i8"), ("ramp_frames", "i8"), ("act", "i4"), ("is_eased", "i4"), ("slot", "i8")], align=True)
"""An act that is due; `slot`: which of the stream's vectors holds the values of a FRAME."""
ACTS = 1024
"""What a stream has done and a take has not yet taken in; a power of two."""
_CLOSED_AT = offset(STREAM, "is_closed")
_RING_BYTES, _ACT_BYTES = rings.RING.itemsize, ACT.itemsize


def act_bytes(values: int) -> int:
    """Return how long what a take keeps of a frame is."""
    return _ACT_BYTES + -(-4 * values // 8) * 8


def acts_bytes(values: int) -> int:
    """Return how long the ring of acts is."""
    return _RING_BYTES + ACTS * act_bytes(values)


@kernel
def due_act(stream, number):
    """Return one of the acts that are due, a DUE record."""
    return carray(pointer(stream.due), number + 1, DUE)[number]


@kernel
def vector_of(stream, slot):
    """Return the values in one of the stream's places, f4 (values,)."""
    return carray(pointer(stream.vectors + 4 * stream.values * slot), stream.values, np.float32)


@kernel
def _keep(stream, due):
    """Tell the Python side what the stream did; a full ring loses it and counts."""
    ring = carray(pointer(stream.acts), 1, rings.RING)[0]
    written = ring.written
    if written - rings.load_read(stream.acts) >= ACTS:
        ring.lost += 1
        return
    at = stream.acts + _RING_BYTES + (written & (ACTS - 1)) * stream.act_bytes
    kept = carray(pointer(at), 1, ACT)[0]
    kept.frame, kept.act, kept.ramp_frames, kept.is_eased = due.frame, due.act, due.ramp_frames, due.is_eased
    to, vector = carray(pointer(at + _ACT_BYTES), stream.values, np.float32), vector_of(stream, due.slot)
    for n in range(stream.values):
        to[n] = vector[n] if due.act == FRAME else np.float32(0.0)
    rings.store_written(stream.acts, written + 1)


@kernel
def finish(stream, due, is_kept):
    """Note that an act was applied, for a take if one is kept; after a CLOSE the stream has ended."""
    if is_kept:
        _keep(stream, due)
    if due.act == CLOSE:
        store_release(address_of(stream) + _CLOSED_AT, 1)
