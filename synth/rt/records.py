"""Memory: where the fields of records lie, arrays that begin on a cache line, arrays of samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

CACHE_LINE = 64
"""Bytes."""
Samples = npt.NDArray[np.float32]
"""Sound: (frames, channels)."""


def offset(record: npt.DTypeLike, field: str) -> int:
    """Return the bytes from a record's start to one of its fields."""
    fields = np.dtype(record).fields
    if fields is None:
        raise TypeError(f"{record} is not a record")
    return int(fields[field][1])


def aligned_zeros(count: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return zeroed records (count,) that start on a cache line: vectors then never straddle two."""
    size = np.dtype(dtype).itemsize * count
    spare = np.zeros(size + CACHE_LINE, np.uint8)
    start = -spare.ctypes.data % CACHE_LINE
    return spare[start : start + size].view(dtype)
