"""Frames as arrays, and what files that hold them may hold.  paths, stamps, values -> checked against a space."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from synth.control.stream.ring import LONGEST_STAMP_S
from synth.parameters.errors import InputError, unknown
from synth.parameters.space import Space

NUMBERS = "fiu"
"""The kinds of arrays that hold numbers."""
_MOST_BYTES = 1 << 28
_MOST_FOLD = 4


class Arrays(NamedTuple):
    """Frames as a file holds them: values (k, n) float32 of n paths, stamps (k,) float64."""

    paths: tuple[str, ...]
    times_s: npt.NDArray[np.float64]
    values: npt.NDArray[np.float32]


def checked(where: str, space: Space, times_s: Any, values: Any) -> Arrays:
    """Return arrays that fit together and mean a space's parameters.

    Raises
    ------
    InputError
        If they hold no numbers, or their shapes do not fit.
    """
    times, vectors, count = np.asarray(times_s), np.asarray(values), len(space)
    for what, array in (("stamps", times), ("values", vectors)):
        if array.dtype.kind not in NUMBERS:
            raise InputError(f"{where}: its {what} are not all numbers")
    if vectors.ndim != 2 or vectors.shape[1] != count:
        raise InputError(f"{where}: its values have the shape {vectors.shape}; it must be (k, {count})")
    times = times.astype(np.float64)
    if times.shape != (len(vectors),):
        raise InputError(f"{where}: its stamps have the shape {times.shape}; it must be ({len(vectors)},)")
    if not (np.abs(times) < LONGEST_STAMP_S).all():
        wrong = times[~(np.abs(times) < LONGEST_STAMP_S)][0]
        raise InputError(f"{where}: a stamp is {wrong:g}; it must be seconds, less than {LONGEST_STAMP_S:g} from 0")
    with np.errstate(over="ignore", invalid="ignore"):
        return Arrays(space.paths, times, vectors.astype(np.float32))


def part_of(where: str, space: Space, paths: tuple[str, ...]) -> Space:
    """Return the part of a space that a file speaks of; raises `InputError` for a path that it does not have."""
    for path in paths:
        if path not in space.paths:
            raise unknown("path", path, space.paths, where)
    return space.subset(paths)


def refuse_bomb(where: str, file: BinaryIO, unpacked_bytes: int) -> None:
    """Refuse a file that says it holds far more than it is long.

    Parameters
    ----------
    where : what an error begins with.
    file : as it lies on the disk.
    unpacked_bytes : what its numbers would take in memory, as its head says.

    Raises
    ------
    InputError
        Before anything is unpacked.
    """
    most = max(_MOST_BYTES, _MOST_FOLD * os.fstat(file.fileno()).st_size)
    if unpacked_bytes > most:
        raise InputError(f"{where}: unpacked it would be {unpacked_bytes / 1e6:.0f} MB; at most {most / 1e6:.0f} MB, split it")
