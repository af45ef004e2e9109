"""SOFA container: the numbers and words of a file, every size checked before anything is read.

file -> netCDF (HDF5 or classic) -> arrays and texts by name
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.errors import EarsError

Floats = npt.NDArray[np.float64]

LARGEST_VALUES = 1 << 25
"""Most numbers in one variable: 20000 directions of 800 taps."""
_LARGEST_CHUNK_BYTES = 1 << 28  # a compressed chunk is unpacked whole, whatever part of it is read
_LARGEST_FILE_BYTES = 1 << 30
_LONGEST_TEXT = 120
_NUMBERS = (
    "Data.IR",
    "Data.Real",
    "Data.Imag",
    "Data.Delay",
    "Data.SamplingRate",
    "N",
    "SourcePosition",
    "ListenerPosition",
    "ListenerView",
    "ListenerUp",
)


@dataclass(frozen=True)
class Contents:
    """What a file holds of what ears need.

    Attributes
    ----------
    arrays : variables by name, missing values as NaN
    kinds : of each variable, its attributes Type and Units in lower case, "" where there is none
    texts : the file's global attributes, one short line each
    """

    arrays: dict[str, Floats]
    kinds: dict[str, tuple[str, str]]
    texts: dict[str, str]


def contents(path: Path) -> Contents:
    """Return what a SOFA file holds.

    Raises
    ------
    EarsError
        Not SOFA, damaged, or larger than any set of ears.
    """
    import netCDF4

    with path.open("rb") as file:
        start = file.read(8)
    if not (start.startswith(b"\x89HDF") or start.startswith(b"CDF")):
        raise EarsError("not a SOFA file (neither HDF5 nor NetCDF)")
    if path.stat().st_size > _LARGEST_FILE_BYTES:
        raise EarsError(f"{path.stat().st_size / 1e9:.1f} GB, at most {_LARGEST_FILE_BYTES / 1e9:.1f} are read")
    dataset: Any = _tried(lambda: netCDF4.Dataset(str(path), "r"))
    try:
        dataset.set_auto_scale(False)
        found = [name for name in _NUMBERS if name in dataset.variables]
        arrays = {name: _numbers(name, dataset.variables[name]) for name in found}
        kinds = {name: _kind(dataset.variables[name]) for name in found}
        texts = {key: _word(dataset, key) for key in ("SOFAConventions", "Title", "License")}
    finally:
        _tried(dataset.close)
    return Contents(arrays, kinds, texts)


def _tried(action: Callable[[], Any]) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return action()
    except EarsError:
        raise
    except Exception as error:  # the readers below raise many kinds
        raise EarsError(f"truncated or not SOFA ({_line(error) or type(error).__name__})") from None


def _numbers(name: str, variable: Any) -> Floats:
    shape, kind = variable.shape, variable.dtype
    if not isinstance(kind, np.dtype) or kind.kind not in "fiu":
        raise EarsError(f"{name} holds no numbers")
    if math.prod(shape) > LARGEST_VALUES:
        raise EarsError(f"{name} claims {' x '.join(map(str, shape))} numbers, at most {LARGEST_VALUES} are read")
    chunks = _tried(variable.chunking)
    if isinstance(chunks, list | tuple) and math.prod(chunks) * kind.itemsize > _LARGEST_CHUNK_BYTES:
        raise EarsError(f"{name} is packed in pieces of {' x '.join(map(str, chunks))} numbers, too large to unpack")
    values = _tried(lambda: variable[...])
    return np.asarray(np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan))


def _kind(variable: Any) -> tuple[str, str]:
    return _word(variable, "Type").lower(), _word(variable, "Units").lower()


def _word(holder: Any, attribute: str) -> str:
    return _line(_tried(lambda: getattr(holder, attribute, "")))


def _line(text: Any) -> str:
    """Return a text from a file as one short line without control characters."""
    plain = "".join(character if character.isprintable() else " " for character in str(text)[: 10 * _LONGEST_TEXT])
    return " ".join(plain.split())[:_LONGEST_TEXT]
