"""What a listener was asked and answered, kept line by line.  event -> one JSON line, appended, on the disk -> read back.

`kill -9` loses at most the line that was being written: a last line that is not whole is cut off when the journal is opened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from synth.io.files.whole_file import PRIVATE, write_whole
from synth.parameters.errors import InputError

FILE = "trials.jsonl"
Event = dict[str, Any]


class Journal:
    """A file of events that only grows.

    Parameters
    ----------
    folder : where `trials.jsonl` lies or will lie; it is made for this user alone.

    Raises
    ------
    InputError
        If it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._cut()
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
            self.path.chmod(PRIVATE)  # one that was made readable for others before
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written: {error.strerror}") from None

    def append(self, event: Event) -> None:
        """Add an event; it is on the disk when this returns."""
        data = line_of(event)
        try:
            while data:
                data = data[os.write(self._file, data) :]
            os.fsync(self._file)
        except OSError as error:
            raise InputError(f"{self.path}: cannot grow: {error.strerror}; what was written before is kept") from None

    def close(self) -> None:
        """Close it; may be called once."""
        os.close(self._file)

    def _cut(self) -> None:
        """Cut off what a crash left of a last line."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            with self.path.open("r+b") as file:
                file.truncate(whole)


def line_of(event: Event) -> bytes:
    """Return an event as its line."""
    return json.dumps(event, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def events_of(folder: Path) -> Iterator[Event]:
    """Yield a journal's events; a last line that is not whole counts as never written.

    Raises
    ------
    InputError
        If there is none, or a line in it is no event.
    """
    path = folder / FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), 1):
        try:
            event = json.loads(line)
        except ValueError:
            raise InputError(f"{path}: line {number} is not JSON") from None
        if not isinstance(event, dict) or "event" not in event:
            raise InputError(f"{path}: line {number} is no event")
        yield event


def write_journal(folder: Path, events: Iterable[Event]) -> None:
    """Write a journal whole, in the place of an older one.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        write_whole(folder / FILE, b"".join(map(line_of, events)), PRIVATE)
    except OSError as error:
        raise InputError(f"{folder / FILE}: cannot be written: {error.strerror}") from None
