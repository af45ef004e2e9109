"""Files that hold frames as arrays.  .npz, .parquet <-> paths, stamps, values; their hash is checked, and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from synth.control.stream.ring import LONGEST_STAMP_S
from synth.parameters.errors import InputError, unknown
from synth.parameters.space import Space

_NUMBERS = "fiu"
_TIME = "t"
_HASH = b"synth.hash"  # in a .parquet's own words about itself


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
        if array.dtype.kind not in _NUMBERS:
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


def _part(where: str, space: Space, paths: tuple[str, ...]) -> Space:
    for path in paths:
        if path not in space.paths:
            raise unknown("path", path, space.paths, where)
    return space.subset(paths)


# ---- .npz


def from_npz(path: Path, space: Space, where: str) -> Arrays:
    """Read `times_s` (k,), `values` (k, n), and `paths` (n,) and `hash` if they are there."""
    held = _held(path, where)
    if missing := {"times_s", "values"} - held.keys():
        raise InputError(f"{where} lacks the array {' and '.join(sorted(missing))}; it needs times_s (k,) and values (k, n)")
    part = _part(where, space, tuple(str(path) for path in held["paths"].flat)) if "paths" in held else space
    if "hash" in held:
        part.check(held["hash"].item() if held["hash"].size == 1 else f"of {held['hash'].size} values", where)
    return checked(where, part, held["times_s"], held["values"])


def _held(path: Path, where: str) -> dict[str, Any]:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:  # numpy leaves open what it cannot read
            return {key: file[key] for key in ("times_s", "values", "paths", "hash") if key in file.files}
    except OSError:
        raise
    except Exception:  # whatever zipfile, zlib and numpy make of a broken file
        raise InputError(f"{where} is no .npz file of plain arrays") from None


def to_npz(path: Path, space: Space, times_s: npt.NDArray[np.float64], values: npt.NDArray[np.float32]) -> None:
    """Write what `from_npz` reads."""
    with path.open("wb") as file:
        np.savez(file, times_s=times_s, values=values, paths=np.array(space.paths), hash=np.array(space.hash))


# ---- .parquet


def _pyarrow(where: str) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError(f"{where}: .parquet needs pyarrow: pip install pyarrow") from None
    return pyarrow


def from_parquet(path: Path, space: Space, where: str) -> Arrays:
    """Read a column `t`, one a path, and the hash if it is there."""
    pyarrow = _pyarrow(where)
    try:
        with path.open("rb") as file:
            table = pyarrow.parquet.ParquetFile(file).read()
        names = table.column_names
    except (pyarrow.ArrowException, ValueError) as error:  # a column's name may be no UTF-8
        raise InputError(f"{where} is no .parquet file: {error}") from None
    if names.count(_TIME) != 1:
        raise InputError(f"{where} lacks the column '{_TIME}': seconds since the beginning")
    columns = [table.column(place).to_numpy() for place in range(len(names))]
    times_s = columns.pop(names.index(_TIME))
    paths = tuple(name for name in names if name != _TIME)
    for name, column in zip(paths, columns, strict=True):
        if column.dtype.kind not in _NUMBERS:
            raise InputError(f"{where}: its column '{name}' does not hold numbers only")
    part = _part(where, space, paths)
    if _HASH in (table.schema.metadata or {}):
        part.check(table.schema.metadata[_HASH].decode(errors="replace"), where)
    return checked(where, part, times_s, np.stack(columns, 1))


def to_parquet(path: Path, space: Space, times_s: npt.NDArray[np.float64], values: npt.NDArray[np.float32]) -> None:
    """Write what `from_parquet` reads."""
    pyarrow = _pyarrow(f"stream '{path}'")
    columns = {_TIME: times_s} | dict(zip(space.paths, np.ascontiguousarray(values.T), strict=True))
    with path.open("wb") as file:
        pyarrow.parquet.write_table(pyarrow.table(columns).replace_schema_metadata({_HASH: space.hash}), file)
