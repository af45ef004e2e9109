"""A kept session as tables: the hold at 50 Hz and a table a signal, on the sound's clock.  folder -> columns -> JSON, Parquet.

`t` is seconds of the sound that was heard just then, as rendered: for a hold `frame` less the whole alignment, for a signal less
the latency of the output. What has no frame (there was no device) has t = null.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from synth.engine.hold_history import RATE_HZ, sampled
from synth.io.files.tingle_folder import SESSION, TAKE, Session
from synth.live.tingle.signal_words import HOLD, KINDS
from synth.parameters.errors import InputError, unknown

Table = dict[str, list[Any]]
FORMATS = ("json", "parquet")


def tables_of(session: Session) -> dict[str, Table]:
    """Return the tables of a session, by signal; "hold" first, with `t`, `frame` and `hold`.

    Raises
    ------
    InputError
        If its `session.json` cannot be read, or says no sample rate.
    """
    facts = session.facts
    try:
        rate, alignment = float(facts["sample_rate"]), facts["alignment"]
        total, output = round(float(alignment["total_s"]) * rate), round(float(alignment["output_s"]) * rate)
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{session.path / SESSION}: it cannot be read, or lacks sample_rate and alignment") from None
    found = {HOLD: _hold(session, rate, total)}
    for kind in KINDS:
        rows = list(_rows(session.path / f"{kind}.jsonl"))
        if kind != HOLD and rows:
            found[kind] = _signal(rows, rate, output)
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what lines say; one that a crash cut short is left out."""
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def _hold(session: Session, rate: float, total: int) -> Table:
    rows = [(int(row["frame"]), float(row["hold"])) for row in _rows(session.path / f"{HOLD}.jsonl")]
    steps = np.array([frame for frame, _ in rows], np.int64), np.array([amount for _, amount in rows], np.float32)
    begin, clock = int(session.facts.get("began_frame", 0)), list(_rows(session.path / "clock.jsonl"))
    last = max(int(session.facts.get("frames", 0)), *(int(row["frame"]) for row in clock), begin, *steps[0].tolist()[-1:])
    frames = np.arange(begin, last, rate / RATE_HZ)
    return {
        "t": ((frames - total) / rate).round(6).tolist(),
        "frame": np.round(frames).astype(int).tolist(),
        "hold": [round(float(amount), 6) for amount in sampled(steps, frames)],
    }


def _signal(rows: list[dict[str, Any]], rate: float, output: int) -> Table:
    frames = [row.get("frame") for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row if name not in ("frame", "t")))
    times = [None if frame is None else round((frame - output) / rate, 6) for frame in frames]
    return {"t": times, "frame": frames} | {name: [row.get(name) for row in rows] for name in names}


# ---- files


def export(session: Session, folder: Path, kind: str = FORMATS[0]) -> list[Path]:
    """Write a session's tables, its facts and its take into a new folder; return the files.

    Parameters
    ----------
    folder : where; the session gets a folder of its own name in it.
    kind : "json": a list a column, as pandas.read_json reads it; "parquet": needs pyarrow.

    Raises
    ------
    InputError
        If there is such a folder already, the kind is none, pyarrow is missing, or something cannot be written.
    """
    if kind not in FORMATS:
        raise unknown("format", kind, FORMATS, "--format")
    tables, target = tables_of(session), folder / session.name
    write = _to_parquet if kind == "parquet" else _to_json
    if kind == "parquet":
        _pyarrow()
    try:
        target.mkdir(parents=True)
        written = [write(target / f"{name}.{kind}", table) for name, table in tables.items()]
        for name in (SESSION, TAKE):
            if (session.path / name).is_file():
                written.append(Path(shutil.copyfile(session.path / name, target / name)))
    except FileExistsError:
        raise InputError(f"{target}: is there already and is kept; remove it, or export to another folder") from None
    except OSError as error:
        raise InputError(f"{error.filename or target}: cannot be written: {error.strerror or error}") from None
    return written


def _to_json(path: Path, table: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(table, allow_nan=False), encoding="utf-8")
    return path


def _to_parquet(path: Path, table: Mapping[str, Any]) -> Path:
    pyarrow = _pyarrow()
    pyarrow.parquet.write_table(pyarrow.table(table), path)
    return path


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError("--format parquet needs pyarrow: pip install 'synth[ml]'; --format json needs nothing") from None
    return pyarrow
