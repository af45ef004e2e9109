"""Frames in a .npz file.  .npz -> sizes checked in its heads -> arrays; nothing in it is executed.

An array of objects (as pandas' columns are) is a pickle, which could do anything: its texts are taken, and it is not run.
"""

from __future__ import annotations

import math
import pickletools
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.io.files.frame_arrays import Arrays, checked, part_of, refuse_bomb
from synth.parameters.errors import InputError
from synth.parameters.space import Space

_KEYS = ("times_s", "values", "paths", "hash")
_LARGEST_PICKLE = 1 << 22
_OBJECTS = "O"
_TEXTS = {"UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"}
_AROUND_TEXTS = {"MARK", "APPEND", "APPENDS", "MEMOIZE", "BINPUT", "LONG_BINPUT", "PUT", "FRAME", "TUPLE", "BUILD", "STOP"}


def from_npz(path: Path, space: Space, where: str) -> Arrays:
    """Read `times_s` (k,), `values` (k, n), and `paths` (n,) and `hash` if they are there."""
    held = _held(path, where)
    if missing := {"times_s", "values"} - held.keys():
        raise InputError(f"{where} lacks the array {' and '.join(sorted(missing))}; it needs times_s (k,) and values (k, n)")
    part = part_of(where, space, tuple(str(path) for path in held["paths"].flat)) if "paths" in held else space
    if "hash" in held:
        part.check(held["hash"].item() if held["hash"].size == 1 else f"of {held['hash'].size} values", where)
    return checked(where, part, held["times_s"], held["values"])


def _held(path: Path, where: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            there = {key: f"{key}.npy" for key in _KEYS if f"{key}.npy" in archive.namelist()}
            refuse_bomb(where, file, sum(archive.getinfo(name).file_size for name in there.values()))
            return {key: _array(archive, name) for key, name in there.items()}
    except (OSError, InputError):
        raise
    except Exception:  # whatever zipfile, zlib and numpy make of a broken file
        raise InputError(f"{where} is no .npz file of plain arrays") from None


def _array(archive: zipfile.ZipFile, name: str) -> npt.NDArray[Any]:
    """Return an array whose head says no more than there is."""
    with archive.open(name) as file:
        shape, dtype = _head(file)
        if dtype.kind == _OBJECTS:
            return np.array(_texts(file.read(_LARGEST_PICKLE), math.prod(shape)))
    if math.prod(shape) * dtype.itemsize > archive.getinfo(name).file_size:
        raise ValueError(f"{name} is shorter than its head says")
    with archive.open(name) as file:
        array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        return array


def _head(file: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    is_old = np.lib.format.read_magic(file) == (1, 0)
    read = np.lib.format.read_array_header_1_0 if is_old else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    return shape, dtype


def _texts(pickled: bytes, count: int) -> list[str]:
    """Return the texts of a pickled array, which are the last that it says; what it would call is not even looked up."""
    said = [(opcode.name, argument) for opcode, argument, _ in pickletools.genops(pickled)]
    places = [place for place, (name, _) in enumerate(said) if name in _TEXTS]
    kept = places[len(places) - count :]
    if not 0 < count <= len(places) or not {name for name, _ in said[kept[0] :]} <= _TEXTS | _AROUND_TEXTS:
        raise ValueError("no array of texts")
    return [str(said[place][1]) for place in kept]


def to_npz(path: Path, space: Space, times_s: npt.NDArray[np.float64], values: npt.NDArray[np.float32]) -> None:
    """Write what `from_npz` reads."""
    with path.open("wb") as file:
        np.savez(file, times_s=times_s, values=values, paths=np.array(space.paths), hash=np.array(space.hash))
