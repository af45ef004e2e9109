"""Explorations among what a listener gave: a row of `synth tingle list`, and their export.  folder -> facts, files.

An exploration that somebody listened to lies beside the sessions of the recorder, and is listed, exported and erased with them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from synth.explore.explorer import Explorer
from synth.explore.history import TRIAL_S
from synth.explore.journal import FILE, events_of
from synth.explore.table import write_parquet
from synth.io.files.tingle_folder import Session
from synth.io.files.whole_folder import new_folder


def is_exploration(session: Session) -> bool:
    """Whether a kept folder is one."""
    return (session.path / FILE).is_file()


def facts_of(session: Session) -> dict[str, Any]:
    """Return how long was listened, to which signals, and whether it came to its end."""
    told = [event for event in events_of(session.path) if event["event"] == "told"]
    return {
        "seconds": len(told) * TRIAL_S,
        "signals": "hold, trial by trial",
        "ended": (session.path / "found.toml").is_file(),
    }


def export_exploration(session: Session, folder: Path, kind: str) -> list[Path]:
    """Copy an exploration's files into a new folder, with "parquet" a table of its trials too; return the files.

    Raises
    ------
    InputError
        If there is such a folder already, pyarrow is missing, or something cannot be written.
    """
    target = folder / session.name
    with new_folder(target) as part:
        shutil.copytree(session.path, part, dirs_exist_ok=True)
        if kind == "parquet":
            write_parquet(Explorer.open(part, is_new_session=False, is_kept=False), part / "trials.parquet")
    return sorted(path for path in target.rglob("*") if path.is_file())
