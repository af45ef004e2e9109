"""The folder of what a listener gave: holds, heart, skin, consent, latencies.  state folder -> tingle/, for its owner alone.

tingle/consent-2026-11-30.json      what was agreed to
tingle/latency.json                 what tapping along has shown of each device
tingle/2026-11-30-213000-rain/      a session: session.json, hold.jsonl, clock.jsonl, performance.take, a file a signal
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from synth.io.files.append_file import free_path
from synth.io.files.exposure_log import state_folder
from synth.parameters.errors import InputError, unknown
from synth.rt.folders import private

OWNER_ONLY = 0o700
SESSION = "session.json"
TAKE = "performance.take"


def tingle_folder() -> Path:
    """Return where it lies; it is not made by that."""
    return state_folder() / "tingle"


def owned(folder: Path) -> Path:
    """Return a folder that its owner alone can read, write and list, made if it is not there.

    Raises
    ------
    InputError
        If it belongs to somebody else, or cannot be made so.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        private(folder, mend=True)
        if stat.S_IMODE(folder.stat().st_mode) != OWNER_ONLY and hasattr(os, "geteuid"):
            folder.chmod(OWNER_ONLY)
    except OSError as error:
        raise InputError(f"{folder}: what a listener gives cannot be kept there: {error.strerror or error}") from None
    return folder


def new_session(folder: Path, name: str, now: datetime) -> Path:
    """Return the folder of a new session, made; `name`: what it is about."""
    plain = "".join(each if each.isalnum() and each.isascii() else "-" for each in name)[:60].strip("-")
    return owned(free_path(owned(folder) / f"{now:%Y-%m-%d-%H%M%S}-{plain or 'session'}"))


@dataclass(frozen=True)
class Session:
    """A session that is kept.

    Attributes
    ----------
    facts : what its `session.json` says; empty if that cannot be read.
    """

    path: Path
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.path.name

    @property
    def size_bytes(self) -> int:
        """What its files take."""
        return sum(path.stat().st_size for path in self.path.rglob("*") if path.is_file() and not path.is_symlink())


def sessions(folder: Path) -> list[Session]:
    """Return all that are kept, the oldest first."""
    return list(_sessions(folder)) if folder.is_dir() else []


def _sessions(folder: Path) -> Iterator[Session]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            try:
                facts = json.loads((path / SESSION).read_bytes())
            except (OSError, ValueError, RecursionError):
                facts = {}
            yield Session(path, facts if isinstance(facts, dict) else {})


def find(folder: Path, name: str) -> Session:
    """Return a session by its name, or by the beginning of one if no other begins so.

    Raises
    ------
    InputError
        If there is none such, or there are several.
    """
    there = {session.name: session for session in sessions(folder)}
    if name in there:
        return there[name]
    meant = [session for session in there.values() if name and session.name.startswith(name)]
    if len(meant) > 1:
        raise InputError(
            f"session '{name}': {len(meant)} begin so, {meant[0].name} and {meant[1].name} among them; say more of it"
        )
    if not meant:
        raise unknown("session", name, there) if there else InputError(f"session '{name}': no session is kept in {folder}")
    return meant[0]


def erase(session: Session) -> None:
    """Remove a session, every file of it.

    Raises
    ------
    InputError
        If something of it cannot be removed; then it says what.
    """
    _remove(session.path)


def erase_all(folder: Path) -> None:
    """Remove the whole folder: sessions, consent, latencies."""
    if folder.is_dir():
        _remove(folder)


def _remove(path: Path) -> None:
    try:
        shutil.rmtree(path)
    except OSError as error:
        raise InputError(f"{error.filename or path}: cannot be erased: {error.strerror or error}; the rest may be gone") from None
