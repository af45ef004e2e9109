"""Rings: from one thread to one other, without a lock.  write items -> store_written -> load_written -> read items -> store_read.

A ring has one writer and one reader, who share nothing but two counters that only grow, each on a cache line of its own: items
`read` .. `written` - 1 are in it, item n in place n modulo its capacity. Whoever owns a counter reads it plainly; the other one
loads it with acquire, and sees all that was done before it was stored with release. The layout is the same in a process and in
memory shared with another one. Everything takes a ring's address, that of a record which begins with RING's fields.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from synth.rt import kernel
from synth.rt.intrinsics import load_acquire, store_release
from synth.rt.records import offset

FIELDS = [
    ("written", "i8"),
    ("lost", "i8"),  # found no room; the writer's
    ("_writer_line", "i8", (6,)),
    ("read", "i8"),
    ("lost_seen", "i8"),  # up to which the reader has taken note of them
    ("_reader_line", "i8", (6,)),
]
"""What a ring begins with."""
RING = np.dtype(FIELDS, align=True)
_WRITTEN_AT, _READ_AT = offset(RING, "written"), offset(RING, "read")


def ring_of(item: npt.DTypeLike, capacity: int) -> np.dtype[np.void]:
    """Return the record of a ring with its `items`; the capacity is a power of two."""
    if capacity < 1 or capacity & (capacity - 1):
        raise ValueError(f"capacity = {capacity}; it must be a power of two")
    return np.dtype([*FIELDS, ("items", item, (capacity,))], align=True)


@kernel
def load_written(ring: Any) -> Any:
    """Return how many items were written so far.  For the reader: all of them can be read."""
    return load_acquire(ring + _WRITTEN_AT)


@kernel
def load_read(ring: Any) -> Any:
    """Return how many items were read so far.  For the writer: their places are free."""
    return load_acquire(ring + _READ_AT)


@kernel
def store_written(ring: Any, count: Any) -> None:
    """Say how many items were written so far.  For the writer, when they are complete."""
    store_release(ring + _WRITTEN_AT, count)


@kernel
def store_read(ring: Any, count: Any) -> None:
    """Say how many items were read so far.  For the reader, when it needs them no more."""
    store_release(ring + _READ_AT, count)


def take_all(ring: npt.NDArray[np.void], items: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return copies of the items in a ring, oldest first, and empty it.  For a reader in Python.

    Parameters
    ----------
    ring : array (1,) of a record that begins with RING's fields.
    items : (capacity, ...), where the ring's items lie.
    """
    address = ring.ctypes.data
    read, written = int(ring["read"][0]), int(load_written(address))
    taken = items[np.arange(read, written) % len(items)]
    store_read(address, written)
    return taken
