"""Files of frames: what a model sent, or would send.  .jsonl (or lines on stdin), .npz, .parquet -> stamps, values, paths.

A line is an object: {"t": seconds, "values": {path: value}} or {"t": seconds, "vector": [value, ...]} in the order of the
preset's space, with "hash" if it is to be checked. A line that cannot be used is left out and counted; the first of
each kind is told.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.engine.frames import vectors_of
from synth.errors import InputError, unknown
from synth.vector_space import Space

STDIN = "-"
TIME = "t"
_LONGEST_STAMP_S = 1e9
_LONGEST_LINE = 1 << 20
_KNOWN = {TIME, "values", "vector", "hash"}
_RATE_HZ = (0.01, 1000.0)
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class StreamFile:
    """Frames read from a file.

    Attributes
    ----------
    name : the file's, for people.
    paths : what the values are.
    times_s : (k,) float64, stamps since the beginning, rising.
    values : (k, n) float32; NaN: left as it is.
    rejected : how many lines could not be used.
    """

    name: str
    paths: tuple[str, ...]
    times_s: npt.NDArray[np.float64]
    values: npt.NDArray[np.float32]
    rejected: int = 0

    @property
    def rate_hz(self) -> float:
        """How often frames come: the median."""
        gaps = np.diff(self.times_s)
        gap = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 0.01
        return min(max(1 / gap, _RATE_HZ[0]), _RATE_HZ[1])

    @property
    def seconds(self) -> float:
        """Until the last frame has been reached."""
        return max(float(self.times_s[-1]) + 1 / self.rate_hz, 0.001)

    def of(self, paths: Iterable[str]) -> StreamFile:
        """Return what it says of some paths."""
        kept = set(paths)
        at = [place for place, path in enumerate(self.paths) if path in kept]
        return StreamFile(self.name, tuple(self.paths[i] for i in at), self.times_s, self.values[:, at], self.rejected)


def read_stream_file(source: str | Path, space: Space, say: Say = lambda _: None) -> StreamFile:
    """Read frames for a preset.

    Parameters
    ----------
    source : a `.jsonl`, `.npz` (arrays `times_s`, `values`, `paths`, and `hash` if it is to be checked) or `.parquet` file
        (columns "t" and one a path); "-": JSON lines on stdin.
    space : the preset's.
    say : told of lines that cannot be used.

    Raises
    ------
    InputError
        If the file cannot be read, is of another space, or holds no frame.
    """
    name = "stdin" if str(source) == STDIN else str(source)
    readers = {".jsonl": _from_lines, ".npz": _from_npz, ".parquet": _from_parquet}
    suffix = ".jsonl" if str(source) == STDIN else Path(source).suffix
    if suffix not in readers:
        raise InputError(f"stream '{name}': its suffix must be {' or '.join(readers)}, or it is '-' for lines on stdin")
    try:
        paths, times_s, values, rejected = readers[suffix](source, space, name, say)
    except OSError as error:
        raise InputError(f"stream '{name}' cannot be read: {error.strerror or error}") from None
    if not len(times_s):
        raise InputError(f"stream '{name}' holds no frame that can be used")
    return _sorted(name, paths, times_s, values, rejected)


def _sorted(name: str, paths: tuple[str, ...], times_s: Any, values: Any, rejected: int) -> StreamFile:
    """Return frames in the order of their stamps, without the parameters of which nothing is said."""
    order = np.argsort(times_s, kind="stable")
    said = [place for place in range(len(paths)) if not np.isnan(values[:, place]).all()] or [0]
    return StreamFile(name, tuple(paths[i] for i in said), times_s[order], np.ascontiguousarray(values[order][:, said]), rejected)


# ---- lines


@dataclass
class _Rejected:
    """Lines that could not be used: how many of each kind, the first of each told."""

    name: str
    say: Say
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, line: int, kind: str, why: str) -> None:
        if kind not in self.counts:
            self.say(f"{self.name}: line {line} is left out: {why}")
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def sum_up(self) -> int:
        count = sum(self.counts.values())
        if count:
            self.say(f"{self.name}: {count} lines left out: " + ", ".join(f"{n} x {kind}" for kind, n in self.counts.items()))
        return count


class _Refused(Exception):  # noqa: N818 (no error of the program's)
    """A line cannot be used: kind, why."""


def parse_line(text: str, space: Space) -> tuple[float, npt.NDArray[np.float32]]:
    """Return a line's stamp and vector.

    Raises
    ------
    _Refused
        With the kind of what is wrong, and one line saying it.
    """
    if len(text) > _LONGEST_LINE:
        raise _Refused("too long", f"it is longer than {_LONGEST_LINE} characters")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise _Refused("no JSON", "it is not JSON") from None
    if not isinstance(given, dict) or not given.keys() <= _KNOWN or ("values" in given) == ("vector" in given):
        raise _Refused("no frame", 'it must be {"t": seconds, "values": {path: value}} or {"t": seconds, "vector": [..]}')
    time_s = given.get(TIME)
    if isinstance(time_s, bool) or not isinstance(time_s, (int, float)) or not abs(time_s) < _LONGEST_STAMP_S:
        raise _Refused("no time", '"t" must be seconds since the beginning')
    return float(time_s), _vector(given, space)


def _vector(given: Mapping[str, Any], space: Space) -> npt.NDArray[np.float32]:
    values = given.get("values", given.get("vector"))
    if not isinstance(values, dict if "values" in given else list):
        raise _Refused("no frame", '"values" must be {path: value}, "vector" a list of numbers')
    try:
        if "hash" in given:
            space.check(given["hash"], "space")
    except InputError as error:
        raise _Refused("another space", str(error)) from None
    try:
        vectors = vectors_of("frame", space, values)
    except InputError as error:
        raise _Refused("wrong values", str(error)) from None
    if len(vectors) != 1:
        raise _Refused("wrong values", "a line holds one frame")
    vector: npt.NDArray[np.float32] = vectors[0]
    return vector


def _from_lines(source: str | Path, space: Space, name: str, say: Say) -> tuple[Any, ...]:
    rejected, times, vectors = _Rejected(name, say), [], []
    lines = sys.stdin.buffer if str(source) == STDIN else open(source, "rb")  # noqa: SIM115
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                time_s, vector = parse_line(line.decode(errors="replace"), space)
            except _Refused as refused:
                rejected.add(number, *refused.args)
                continue
            times.append(time_s)
            vectors.append(vector)
    values = np.array(vectors, np.float32).reshape(-1, len(space))
    return space.paths, np.array(times, np.float64), values, rejected.sum_up()


# ---- arrays


def _checked(name: str, space: Space, paths: tuple[str, ...], times_s: Any, values: Any) -> tuple[Any, ...]:
    """Return arrays that fit together, or raise `InputError`."""
    for path in paths:
        if path not in space.paths:
            raise unknown("path", path, space.paths, f"stream '{name}'")
    part = space.subset(paths)
    try:
        times_s = np.asarray(times_s, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"stream '{name}': its stamps are not numbers") from None
    vectors = vectors_of(f"stream '{name}'", part, values)
    if times_s.shape != (len(vectors),) or not (np.abs(times_s) < _LONGEST_STAMP_S).all():
        raise InputError(f"stream '{name}': its stamps have the shape {times_s.shape}; it must be ({len(vectors)},), all seconds")
    return paths, times_s, vectors, 0


def _from_npz(source: str | Path, space: Space, name: str, say: Say) -> tuple[Any, ...]:
    try:
        with np.load(source, allow_pickle=False) as file:
            held = {key: file[key] for key in file.files if key in ("times_s", "values", "paths", "hash")}
    except (ValueError, zipfile.BadZipFile, EOFError, AttributeError):
        raise InputError(f"stream '{name}' is no .npz file of plain arrays") from None
    if missing := {"times_s", "values"} - held.keys():
        raise InputError(
            f"stream '{name}' lacks the array {' and '.join(sorted(missing))}; it needs times_s (k,) and values (k, n)"
        )
    paths = tuple(str(path) for path in held["paths"]) if "paths" in held else space.paths
    if "hash" in held:
        space.subset(paths).check(held["hash"].item(), f"stream '{name}'")
    return _checked(name, space, paths, held["times_s"], held["values"])


def _from_parquet(source: str | Path, space: Space, name: str, say: Say) -> tuple[Any, ...]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise InputError(f"stream '{name}': .parquet needs pyarrow: pip install pyarrow") from None
    try:
        table = parquet.read_table(source)
    except pyarrow.ArrowInvalid as error:
        raise InputError(f"stream '{name}' is no .parquet file: {error}") from None
    if TIME not in table.column_names:
        raise InputError(f"stream '{name}' lacks the column '{TIME}': seconds since the beginning")
    paths = tuple(column for column in table.column_names if column != TIME)
    columns = [table[path].to_numpy() for path in paths]
    return _checked(name, space, paths, table[TIME].to_numpy(), np.stack(columns, 1) if columns else np.zeros((0, 0)))
