"""Memory: addresses of records and their fields, and arrays laid over them, for the kernels."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from synth import jit

address_of: Any = jit.address_of
pointer: Any = jit.pointer
fma: Any = jit.fma
carray: Any = vars(numba)["carray"]


def offset(record: npt.DTypeLike, field: str) -> int:
    """Return the bytes from a record's start to one of its fields."""
    fields = np.dtype(record).fields
    if fields is None:
        raise TypeError(f"{record} is not a record")
    return int(fields[field][1])


def aligned_zeros(count: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return zeroed records (count,) that start on a cache line: vectors then never straddle two."""
    size = np.dtype(dtype).itemsize * count
    spare = np.zeros(size + 64, np.uint8)
    start = -spare.ctypes.data % 64
    return spare[start : start + size].view(dtype)
