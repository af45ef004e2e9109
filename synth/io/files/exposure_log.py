"""The listening diary: what each ear took in, about a minute a line, for the last days.  exposure.jsonl, shared by every session.

Lines are only ever appended, in one write, under a lock that nobody waits for: who does not get it keeps its lines for the next
time. A line that a crash cut short, or that cannot be believed, is skipped and counted. The oldest lines go when a session begins
and there are too many; never because of what the clock says, which may be wrong for one session.
"""

from __future__ import annotations

import errno
import io
import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO

import platformdirs

_NAME = "exposure.jsonl"
_MOST_LINES, _KEPT_LINES = 24_000, 16_000  # 11 days without a pause are 16 000 minutes


@dataclass(frozen=True)
class Entry:
    """Some listening: when it ended (Unix time), how long it was, what each ear took in, and by which calibration."""

    end_s: float
    seconds: float
    left_pa2h: float
    right_pa2h: float
    calibration_dba: float


def state_folder() -> Path:
    """Return where the diary lies: SYNTH_STATE_DIR, or the user's folder for such things."""
    return Path(os.environ.get("SYNTH_STATE_DIR") or platformdirs.user_state_path("synth"))


class ExposureLog:
    """What all sessions wrote, this one's included.

    Parameters
    ----------
    folder : is made when there is something to write.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME
        self.entries: list[Entry] = []
        """In the order in which they were written."""
        self.skipped = 0
        """Lines that could not be read."""
        self._read = 0  # bytes
        self._file_id: int | None = None

    def sync(self, new: Sequence[Entry] = ()) -> bool:
        """Take in what others wrote, then write.

        Returns
        -------
        False if another session holds the diary just now: nothing was written, try again later.

        Raises
        ------
        OSError
            If the folder cannot be used; nothing was written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _lock(self.path.with_suffix(".lock")) as is_ours:
            if not is_ours:
                return False
            if self._file_id is None:
                self._prune()
            with self.path.open("ab+", buffering=0) as file:
                self._catch_up(file)
                self._append(file, new)
        return True

    def _prune(self) -> None:
        """Write the diary anew if it has become long: to another name first, so that there is always a whole one."""
        lines = self.path.read_bytes().splitlines() if self.path.exists() else []
        if len(lines) <= _MOST_LINES:
            return
        entries = [_entry(line) for line in lines]
        kept = [entry for entry in entries if entry][-_KEPT_LINES:]
        with self.path.with_suffix(".new").open("wb") as file:
            file.write(b"".join(map(_line, kept)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, self.path)
        self.skipped = sum(1 for entry, line in zip(entries, lines, strict=True) if line.strip() and not entry)

    def _catch_up(self, file: io.FileIO) -> None:
        """Read what was appended since the last time; everything, if the file is another one now."""
        status = os.fstat(file.fileno())
        if status.st_ino != self._file_id or status.st_size < self._read:
            self._file_id, self._read, self.entries = status.st_ino, 0, []
        file.seek(self._read)
        found = [_entry(line) for line in file.read().splitlines() if line.strip()]
        skipped = found.count(None)
        self.skipped = self.skipped + skipped if self._read else max(self.skipped, skipped)
        self.entries += [entry for entry in found if entry]
        self._read = status.st_size

    def _append(self, file: io.FileIO, new: Sequence[Entry]) -> None:
        if not new:
            return
        text = b"".join(map(_line, new))
        if self._read:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # somebody was cut short: his line must not spoil ours
                text = b"\n" + text
        if file.write(text) != len(text):
            file.truncate(self._read)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._read += len(text)
        self.entries += new


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry)).encode() + b"\n"


def _entry(line: bytes) -> Entry | None:
    """Return what a line says, or None if it cannot be so."""
    try:
        row = json.loads(line)
        entry = Entry(**{field.name: float(row[field.name]) for field in fields(Entry)})
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return entry if all(math.isfinite(value) and value >= 0 for value in asdict(entry).values()) else None


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """Hold the lock while the block runs; yields whether it was free. It goes with the process, however that ends."""
    with path.open("ab") as file:
        try:
            _take(file)
        except (BlockingIOError, PermissionError):
            yield False
            return
        yield True


if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
