"""A stream's ring: frames of numbers from a sender, in whatever process, to the quantum.  send -> STREAM_RING, items of ITEM, f4.

One layout wherever it lies: in this process, or in memory shared with another one. Its writer only writes; its reader trusts
nothing it finds there: how many values and items there are it knows by itself, and a counter that makes no sense only costs the
frames in the ring.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from synth.rt import kernel, rings
from synth.rt.intrinsics import pointer
from synth.rt.records import offset

MAX_VALUES = 4096
"""Of a stream: more than a preset with as many layers as there may be has."""
STAMPED, ARRIVED, AT, REPLAYED = range(4)
"""An item's kind: its time is its sender's stamp, its arrival, an absolute frame, or what a take says."""
LONGEST_STAMP_S = 1e9
LATEST_FRAME = 1 << 60
"""Timestamps and frames from there on are no times."""
WRONG_HASH, NO_KIND, NO_TIME = range(3)
"""Why an item is rejected: its hash is another space's, it is of no kind there is, its stamp or frame is no time."""
REJECTIONS = 3
MAGIC = 0x53594E5448535432
"""What says of shared memory that it is a ring of this version: SYNTHST2."""

STREAM_RING = np.dtype(
    [
        *rings.FIELDS,
        ("magic", "u8"),
        ("hash", "u8"),  # of the parameter space
        ("values", "i8"),
        ("capacity", "i8"),  # items, a power of two
        ("sample_rate", "f8"),
        ("paths_bytes", "i8"),  # JSON, behind the items
        ("owner", "i8"),  # process of the engine
        ("is_closed", "i8"),
        ("frame", "i8"),  # the engine's clock
        ("_frame_line", "i8", (7,)),
    ],
    align=True,
)
"""The head of a ring; its items follow."""
ITEM = np.dtype(
    [
        ("kind", "i4"),
        ("act", "i4"),  # REPLAYED
        ("is_eased", "i4"),  # REPLAYED
        ("_padding", "i4"),
        ("frame", "i8"),  # AT, REPLAYED
        ("stamp_s", "f8"),  # STAMPED: since the stream's start
        ("ramp_frames", "i8"),  # REPLAYED
        ("hash", "u8"),  # of the space that the sender means; 0: it does not say
    ],
    align=True,
)
"""The head of a frame; its values, f4, follow."""


FRAME_AT = offset(STREAM_RING, "frame")
HEAD_BYTES, ITEM_HEAD_BYTES = STREAM_RING.itemsize, ITEM.itemsize


def item_bytes(values: int) -> int:
    """Return how long a frame of so many values is in a ring."""
    return ITEM_HEAD_BYTES + -(-4 * values // 8) * 8


@kernel
def send(ring_address, values, capacity, heads_address, vectors_address, count):
    """Put frames into a ring; those that find no room are lost and counted.

    Parameters
    ----------
    ring_address : address of the STREAM_RING.
    values, capacity : of the ring, as its writer knows them.
    heads_address, vectors_address : addresses of `count` ITEM and of f4 (count, values).
    count : how many.

    Returns
    -------
    int : how many found room.
    """
    ring = carray(pointer(ring_address), 1, STREAM_RING)[0]
    heads = carray(pointer(heads_address), count, ITEM)
    vectors = carray(pointer(vectors_address), count * values, np.float32)
    size = ITEM_HEAD_BYTES + (4 * values + 7) // 8 * 8
    written = ring.written
    room = capacity - (written - rings.load_read(ring_address))
    moved = min(max(room, 0), capacity, count)
    for index in range(moved):
        at = ring_address + HEAD_BYTES + ((written + index) & (capacity - 1)) * size
        item, head = carray(pointer(at), 1, ITEM)[0], heads[index]
        item.kind, item.act, item.is_eased = head.kind, head.act, head.is_eased
        item.frame, item.stamp_s, item.ramp_frames, item.hash = head.frame, head.stamp_s, head.ramp_frames, head.hash
        to = carray(pointer(at + ITEM_HEAD_BYTES), values, np.float32)
        for n in range(values):
            to[n] = vectors[index * values + n]
    ring.lost += count - moved
    rings.store_written(ring_address, written + moved)
    return moved
