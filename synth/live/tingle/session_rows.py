"""What the files of a kept session say, checked: rows that make no sense are dropped and counted.  lines -> rows, clock facts."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.parameters.errors import InputError, shown

Row = dict[str, Any]
LONGEST_S = 24 * 3600.0
"""A frame that lies farther from a session's begin is an error of the file (chosen: nobody listens for longer)."""


@dataclass(frozen=True)
class Clock:
    """The sound's clock in a session.

    Attributes
    ----------
    rate : of the sound, in Hz. total, output : the alignment and the latency of the output, in frames.
    begin, end : the first and the last frame, as far as `session.json` knows.
    """

    rate: float
    total: int
    output: int
    begin: int
    end: int

    @property
    def last(self) -> float:
        """The last frame that a row may have."""
        return self.begin + LONGEST_S * self.rate


def clock_of(facts: Mapping[str, Any], path: Path) -> Clock:
    """Return what a session's facts say of its clock; `path`: of the file, for messages.

    Raises
    ------
    InputError
        If a number is missing, is none, or cannot be.
    """
    try:
        rate, alignment = facts["sample_rate"], facts["alignment"]
        total_s, output_s = alignment["total_s"], alignment["output_s"]
    except (KeyError, TypeError):
        raise InputError(f"{path}: it cannot be read, or lacks sample_rate and alignment") from None
    numbers = {"sample_rate": rate, "total_s": total_s, "output_s": output_s}
    numbers |= {name: facts.get(name, 0) for name in ("began_frame", "frames")}
    for name, value in numbers.items():
        if not is_number(value):
            raise InputError(f"{path}: {name} = {shown(value)}; needed: a number")
    if not 1 <= rate <= 1e7:
        raise InputError(f"{path}: sample_rate = {shown(rate)}; needed: above 0")
    for name in ("total_s", "output_s"):
        if abs(numbers[name]) > LONGEST_S:
            raise InputError(f"{path}: {name} = {shown(numbers[name])}; needed: seconds of latency")
    clock = Clock(float(rate), round(total_s * rate), round(output_s * rate), int(numbers["began_frame"]), int(numbers["frames"]))
    if clock.begin < 0 or clock.begin > 2**53 or clock.end > clock.last:
        said = f"began_frame = {shown(clock.begin)}, frames = {shown(clock.end)}"
        raise InputError(f"{path}: {said}: that would be longer than {LONGEST_S / 3600:.0f} hours")
    return clock


def rows_of(path: Path, is_right: Callable[[Row], bool], say: Callable[[str], object]) -> list[Row]:
    """Return the rows of a file that are right, and say how many are not; a last line that a crash cut short is no row.

    Raises
    ------
    InputError
        If the file is there and cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    *lines, last = content.split(b"\n")
    found = [_row(line) for line in lines if line.strip()]
    whole = [*found, *([cut] if (cut := _row(last)) else [])]
    kept = [row for row in whole if row is not None and is_right(row)]
    if len(kept) < len(whole):
        say(f"{path}: {len(whole) - len(kept)} of {len(whole)} rows cannot be read or make no sense, and are left out")
    return kept


def _row(line: bytes) -> Row | None:
    try:
        row = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and row else None


def _refuse(name: str) -> None:
    raise ValueError(name)


def is_number(value: object) -> bool:
    """Whether it is a finite number."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def has_frame(row: Row, clock: Clock) -> bool:
    """Whether a row has a frame that can be of this session."""
    return is_number(row.get("frame")) and 0 <= row["frame"] <= clock.last


def is_hold(row: Row, clock: Clock) -> bool:
    """Whether a row says a hold."""
    return has_frame(row, clock) and is_number(row.get("hold")) and 0 <= row["hold"] <= 1


def is_signal(row: Row, clock: Clock) -> bool:
    """Whether a row says something of a signal: its frame is null where there was no device; no number is infinite."""
    return ("frame" not in row or row["frame"] is None or has_frame(row, clock)) and all(map(_is_plain, row.values()))


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, int | float) or isinstance(value, bool) or is_number(value)
