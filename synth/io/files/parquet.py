"""Frames in a .parquet file.  .parquet -> sizes checked in its description and in its pages' heads -> columns -> arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.io.files.frame_arrays import NUMBERS, Arrays, checked, part_of, refuse_bomb
from synth.io.files.parquet_pages import unpacked_bytes
from synth.parameters.errors import InputError, shown
from synth.parameters.space import Space

_TIME = "t"
_HASH = b"synth.hash"  # in the file's own words about itself
_NUMBER_BYTES = 8
_PHYSICAL = {"INT32", "INT64", "FLOAT", "DOUBLE"}


def pyarrow_or(missing: str) -> Any:
    """Return pyarrow with its `parquet`; raises `InputError(missing)` where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError(missing) from None
    return pyarrow


def _pyarrow(where: str) -> Any:
    return pyarrow_or(f"{where}: .parquet needs pyarrow: pip install pyarrow")


def from_parquet(path: Path, space: Space, where: str) -> Arrays:
    """Read a column `t`, one a path, and the hash if it is there."""
    pyarrow = _pyarrow(where)
    try:
        with path.open("rb") as file:
            opened = pyarrow.parquet.ParquetFile(file)
            described = opened.metadata
            _check_columns(described, where)
            groups = [described.row_group(group) for group in range(described.num_row_groups)]
            columns = [group.column(column) for group in groups for column in range(group.num_columns)]
            pages = sum(unpacked_bytes(file, column) for column in columns)
            refuse_bomb(where, file, max(pages, described.num_rows * described.num_columns * _NUMBER_BYTES))
            batches: list[Any] = []
            for batch in opened.iter_batches():
                batches.append(batch)
                refuse_bomb(where, file, sum(each.nbytes for each in batches))
            table = pyarrow.Table.from_batches(batches, opened.schema_arrow)
        names = table.column_names
    except InputError:
        raise
    except (pyarrow.ArrowException, ValueError, OverflowError, KeyError) as error:  # a column's name may be no UTF-8
        raise InputError(f"{where} is no .parquet file: {error}") from None
    if names.count(_TIME) != 1:
        raise InputError(f"{where} lacks the column '{_TIME}': seconds since the beginning")
    columns = [_column(table.column(place), where, name) for place, name in enumerate(names)]
    times_s = columns.pop(names.index(_TIME))
    paths = tuple(name for name in names if name != _TIME)
    part = part_of(where, space, paths)
    if _HASH in (table.schema.metadata or {}):
        part.check(table.schema.metadata[_HASH].decode(errors="replace"), where)
    return checked(where, part, times_s, np.stack(columns, 1))


def _check_columns(described: Any, where: str) -> None:
    for column in (described.schema.column(place) for place in range(described.num_columns)):
        if column.physical_type not in _PHYSICAL or column.max_repetition_level:
            raise InputError(f"{where}: its column {shown(column.path)} does not hold numbers only")


def _column(column: Any, where: str, name: str) -> npt.NDArray[Any]:
    numbers: npt.NDArray[Any] = column.to_numpy()
    if numbers.dtype.kind not in NUMBERS and name != _TIME:
        raise InputError(f"{where}: its column '{name}' does not hold numbers only")
    return numbers if name == _TIME else numbers.astype(np.float32)


def to_parquet(path: Path, space: Space, times_s: npt.NDArray[np.float64], values: npt.NDArray[np.float32]) -> None:
    """Write what `from_parquet` reads."""
    pyarrow = _pyarrow(f"stream '{path}'")
    columns = {_TIME: times_s} | dict(zip(space.paths, np.ascontiguousarray(values.T), strict=True))
    with path.open("wb") as file:
        pyarrow.parquet.write_table(pyarrow.table(columns).replace_schema_metadata({_HASH: space.hash}), file)
