"""Files of frames: what a model sent, or would send.  .jsonl (or lines on stdin), .npz, .parquet <-> stamps, values, paths.

Beside frames a .jsonl may hold what is struck. A line that cannot be used is left out and counted, the first of each kind told.
"""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from synth.control.commands import Call
from synth.control.rejections import Notify, Refused, Rejections
from synth.control.stream.json_lines import TIMED, Vocabulary, parse_line
from synth.control.stream.line_splitter import lines_of
from synth.io.files.frame_arrays import Arrays, checked
from synth.io.files.npz import from_npz, to_npz
from synth.io.files.parquet import from_parquet, to_parquet
from synth.parameters.errors import InputError
from synth.parameters.space import Space

STDIN = "-"
_RATE_HZ = (0.01, 1000.0)
_PART = ".part"


@dataclass(frozen=True, eq=False)
class StreamFile:
    """Frames read from a file.

    Attributes
    ----------
    name : the file's, for people.
    paths : what the values are.
    times_s : (k,) float64, stamps since the beginning, rising.
    values : (k, n) float32; NaN: left as it is.
    calls : what is done beside, with its stamp, in the order of these.
    rejected : how many lines could not be used.
    """

    name: str
    paths: tuple[str, ...]
    times_s: npt.NDArray[np.float64]
    values: npt.NDArray[np.float32]
    calls: tuple[tuple[float, Call], ...] = ()
    rejected: int = 0

    @property
    def acts(self) -> tuple[tuple[float, Call], ...]:
        """The old name of `calls`, of this version still."""
        return self.calls

    @property
    def rate_hz(self) -> float:
        """How often frames come: the median."""
        gaps = np.diff(self.times_s)
        gap = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 0.01
        return min(max(1 / gap, _RATE_HZ[0]), _RATE_HZ[1])

    @property
    def seconds(self) -> float:
        """Until the last frame has been reached, and the last strike begins."""
        reached_s = [self.times_s[-1] + 1 / self.rate_hz] if len(self.times_s) else []
        return float(max(0.001, *reached_s, *(time_s for time_s, _ in self.calls[-1:])))

    def of(self, paths: Iterable[str]) -> StreamFile:
        """Return what it says of some paths."""
        kept = set(paths)
        at = [place for place, path in enumerate(self.paths) if path in kept]
        return replace(self, paths=tuple(self.paths[i] for i in at), values=self.values[:, at])


# ---- reading


def read_stream_file(source: str | Path, space: Space, notify: Notify = lambda _: None) -> StreamFile:
    """Read frames for a preset.

    Parameters
    ----------
    source : a `.jsonl`, `.npz` (arrays `times_s`, `values`, `paths`, and `hash` if it is to be checked) or `.parquet` file
        (columns "t" and one a path); "-": JSON lines on stdin.
    space : the preset's.
    notify : told of lines that cannot be used.

    Raises
    ------
    InputError
        If the file cannot be read, is of another space, or holds no frame.
    """
    name = "stdin" if str(source) == STDIN else str(source)
    where = f"stream '{name}'"
    suffix = ".jsonl" if str(source) == STDIN else Path(source).suffix.lower()
    readers = {".npz": from_npz, ".parquet": from_parquet}
    try:
        if suffix == ".jsonl":
            return _from_lines(source, space, name, notify)
        if suffix in readers:
            return _sorted(name, readers[suffix](Path(source), space, where))
    except OSError as error:
        raise InputError(f"{where} cannot be read: {error.strerror or error}") from None
    raise InputError(f"{where}: its suffix must be {' or '.join(_WRITERS)}, or it is '-' for lines on stdin")


def _sorted(name: str, arrays: Arrays, calls: Iterable[tuple[float, Call]] = (), rejected: int = 0) -> StreamFile:
    """Return frames in the order of their stamps, without the parameters of which nothing is said."""
    paths, times_s, values = arrays
    in_order = tuple(sorted(calls, key=lambda call: call[0]))
    if not len(times_s) and not in_order:
        raise InputError(f"stream '{name}' holds no frame that can be used")
    order = np.argsort(times_s, kind="stable")
    said = np.flatnonzero(~np.isnan(values).all(0)) if len(paths) else np.zeros(0, int)
    said = said if len(said) else np.zeros(1, int)
    return StreamFile(name, tuple(paths[i] for i in said), times_s[order], values[np.ix_(order, said)], in_order, rejected)


def _opened(source: str | Path) -> Any:
    """Return a context manager of a file's bytes; stdin is nobody's to close."""
    if str(source) != STDIN:
        return open(source, "rb")
    if sys.stdin is None:
        raise InputError("stream 'stdin' cannot be read: it is closed")
    return nullcontext(sys.stdin.buffer)


def _from_lines(source: str | Path, space: Space, name: str, notify: Notify) -> StreamFile:
    rejections, known = Rejections(name, notify), Vocabulary(space, TIMED)
    times, values, calls = array("d"), array("f"), []  # an hour has millions of numbers: no object for each
    with _opened(source) as file:
        for number, text in enumerate(lines_of(cast(BinaryIO, file)), 1):
            if text is not None and not text.strip():
                continue
            try:
                line = parse_line(text, known)
                if line.time_s is None:
                    raise Refused("no time", 'in a file "t" must say when: seconds since the beginning')
            except Refused as refused:
                rejections.add(refused.kind, refused.why, f"line {number}")
                continue
            if line.vector is not None:
                times.append(line.time_s)
                values.frombytes(line.vector.tobytes())
            if line.call:
                calls.append((line.time_s, line.call))
    rejections.sum_up()
    vectors = np.frombuffer(values, np.float32).reshape(-1, len(space))
    return _sorted(name, Arrays(space.paths, np.frombuffer(times, np.float64), vectors), calls, rejections.total)


# ---- writing


def write_stream_file(path: str | Path, times_s: npt.ArrayLike, values: npt.ArrayLike, space: Space) -> Path:
    """Keep frames in a file that `read_stream_file` reads, complete or not at all; the space's hash is kept with them.

    Parameters
    ----------
    path : a `.jsonl`, `.npz` or `.parquet`; one that is there is replaced.
    times_s : (k,) seconds since the beginning.
    values : (k, n) in the order of the space; NaN, and what is infinite: left as it is.
    space : what the values are: the preset's, or a `subset` of it.

    Returns
    -------
    Path : the file.

    Raises
    ------
    InputError
        If the arrays do not fit, the suffix is not known, or the file cannot be written.
    """
    path = Path(path)
    where = f"stream '{path}'"
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise InputError(f"{where}: its suffix must be {' or '.join(_WRITERS)}")
    _, times, vectors = checked(where, space, times_s, values)
    vectors = np.where(np.isfinite(vectors), vectors, np.float32(np.nan))
    part = path.with_name(path.name + _PART)
    try:
        try:
            _WRITERS[suffix](part, space, times, vectors)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{where} cannot be written: {error.strerror or error}") from None
    return path


def _to_lines(path: Path, space: Space, times_s: npt.NDArray[np.float64], values: npt.NDArray[np.float32]) -> None:
    """Write lines that each name their paths, so that any of them may be taken out."""
    with path.open("w", encoding="utf-8") as file:
        for time_s, row in zip(times_s.tolist(), values.tolist(), strict=True):
            said = {name: None if value != value else value for name, value in zip(space.paths, row, strict=True)}
            file.write(json.dumps({"t": time_s, "values": said, "hash": space.hash}, allow_nan=False) + "\n")


_WRITERS: dict[str, Callable[..., None]] = {".jsonl": _to_lines, ".npz": to_npz, ".parquet": to_parquet}
