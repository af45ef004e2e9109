"""A kept session as tables: the hold at 50 Hz and a table a signal, on the sound's clock.  folder -> columns -> JSON, Parquet.

`t` is seconds of the sound that was heard just then, as rendered: for a hold `frame` less the whole alignment, for a signal less
the latency of the output. What has no frame (there was no device) has t = null.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from synth.engine.hold_history import RATE_HZ, sampled
from synth.io.files.parquet import pyarrow_or
from synth.io.files.tingle_folder import SESSION, TAKE, Session
from synth.io.files.whole_folder import new_folder
from synth.live.tingle.session_rows import Clock, Row, clock_of, has_frame, is_hold, is_signal, rows_of
from synth.live.tingle.signal_words import HOLD, KINDS
from synth.parameters.errors import InputError, unknown

Table = dict[str, list[Any]]
FORMATS = ("json", "parquet")


def tables_of(session: Session, say: Callable[[str], object] = lambda text: None) -> dict[str, Table]:
    """Return the tables of a session, by signal; "hold" first, with `t`, `frame` and `hold`.

    Parameters
    ----------
    say : told in one line of each file of which rows are left out.

    Raises
    ------
    InputError
        If its `session.json` cannot be read, or says no sample rate.
    """
    clock = clock_of(session.facts, session.path / SESSION)
    found = {HOLD: _hold(session, clock, say)}
    for kind in KINDS:
        if kind == HOLD:
            continue
        rows = rows_of(session.path / f"{kind}.jsonl", lambda row: is_signal(row, clock), say)
        if rows:
            found[kind] = _signal(rows, clock)
    return found


def _hold(session: Session, clock: Clock, say: Callable[[str], object]) -> Table:
    rows = rows_of(session.path / f"{HOLD}.jsonl", lambda row: is_hold(row, clock), say)
    ticks = rows_of(session.path / "clock.jsonl", lambda row: has_frame(row, clock), say)
    rows.sort(key=lambda row: row["frame"])
    steps = np.array([int(row["frame"]) for row in rows], np.int64), np.array([row["hold"] for row in rows], np.float32)
    last = max(clock.end, clock.begin, *(int(row["frame"]) for row in [*ticks, *rows]))
    frames = np.arange(clock.begin, last, clock.rate / RATE_HZ)
    return {
        "t": ((frames - clock.total) / clock.rate).round(6).tolist(),
        "frame": np.round(frames).astype(int).tolist(),
        "hold": [round(float(amount), 6) for amount in sampled(steps, frames)],
    }


def _signal(rows: list[Row], clock: Clock) -> Table:
    frames = [row.get("frame") for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row if name not in ("frame", "t")))
    times = [None if frame is None else round((frame - clock.output) / clock.rate, 6) for frame in frames]
    return {"t": times, "frame": frames} | {name: [row.get(name) for row in rows] for name in names}


# ---- files


def export(
    session: Session, folder: Path, kind: str = FORMATS[0], say: Callable[[str], object] = lambda text: None
) -> list[Path]:
    """Write a session's tables, its facts and its take into a new folder, for this user alone; return the files.

    Parameters
    ----------
    folder : where; the session gets a folder of its own name in it.
    kind : "json": a list a column, as pandas.read_json reads it; "parquet": needs pyarrow.
    say : told in one line of each file of which rows are left out.

    Raises
    ------
    InputError
        If there is such a folder already, the kind is none, pyarrow is missing, or something cannot be read or written.
    """
    if kind not in FORMATS:
        raise unknown("format", kind, FORMATS, "--format")
    write = _to_parquet if kind == "parquet" else _to_json
    if kind == "parquet":
        _pyarrow()
    tables, target = tables_of(session, say), folder / session.name
    with new_folder(target) as part:
        written = [write(part / f"{name}.{kind}", table) for name, table in tables.items()]
        for name in (SESSION, TAKE):
            if (session.path / name).is_file():
                written.append(Path(shutil.copyfile(session.path / name, part / name)))
    return [target / path.name for path in written]


def _to_json(path: Path, table: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(table, allow_nan=False), encoding="utf-8")
    return path


def _to_parquet(path: Path, table: Mapping[str, Any]) -> Path:
    pyarrow = _pyarrow()
    try:
        pyarrow.parquet.write_table(pyarrow.table(table), path)
    except (ValueError, TypeError) as error:  # a column of numbers and words, say
        raise InputError(f"{path.stem}: cannot be written as parquet: {error}; --format json can") from None
    return path


def _pyarrow() -> Any:
    return pyarrow_or("--format parquet needs pyarrow: pip install 'synth[ml]'; --format json needs nothing")
