"""What a listener was asked and answered, kept line by line.  event -> one JSON line, appended, on the disk.

`kill -9` loses at most the line that was being written: a last line that is not whole is cut off when the journal is opened.
Only one program at a time writes in it, and in a program only the explorer that opened it last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from synth.io.files.whole_file import PRIVATE, write_whole
from synth.parameters.errors import InputError

try:
    import fcntl
except ImportError:  # no such locks on Windows
    fcntl = None  # type: ignore[assignment]

FILE = "trials.jsonl"
Event = dict[str, Any]
_HELD: WeakValueDictionary[Path, Journal] = WeakValueDictionary()


class Journal:
    """A file of events that only grows.

    Parameters
    ----------
    folder : where `trials.jsonl` lies or will lie; it is made for this user alone.

    Attributes
    ----------
    folder : the same, whatever becomes the current directory.

    Raises
    ------
    InputError
        If it cannot be written, or somebody else writes in it.
    """

    def __init__(self, folder: Path) -> None:
        self._file = -1
        self.folder = folder.resolve()
        self.path = self.folder / FILE
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if before := _HELD.get(self.path):
                before.close()
            self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, PRIVATE)
            _lock(self._file, self.folder)
            self._cut()
            self.path.chmod(PRIVATE)  # one that was made readable for others before
            _HELD[self.path] = self
        except OSError as error:
            raise InputError(f"{self.path}: cannot be written: {error.strerror}") from None

    @property
    def is_there(self) -> bool:
        """Whether what is written still lies under the journal's name."""
        try:
            return os.path.samestat(os.fstat(self._file), self.path.stat())
        except OSError:
            return False

    def append(self, event: Event) -> None:
        """Add an event, all of it or nothing; it is on the disk when this returns.

        Raises
        ------
        InputError
            If it cannot be written, the disk being full for example, or the file has been removed or replaced.
        """
        if self._file < 0:
            raise InputError(f"{self.folder}: another explorer keeps its answers there by now; go on with that one")
        if not self.is_there:
            raise InputError(f"{self.path}: has been removed or replaced while it was written; save the explorer again")
        data = memoryview(line_of(event))
        try:
            if os.fstat(self._file).st_size != self._length:  # what a failure left and could not be cut off then
                os.ftruncate(self._file, self._length)
            written = 0
            while written < len(data):
                written += os.write(self._file, data[written:])
            os.fsync(self._file)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file, self._length)
            raise InputError(f"{self.path}: cannot grow: {error.strerror}; what was written before is kept") from None
        self._length += len(data)

    def close(self) -> None:
        """Close it; may be called again."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self) -> None:
        self.close()

    def _cut(self) -> None:
        """Cut off what a crash left of a last line."""
        content = self.path.read_bytes()
        self._length = content.rfind(b"\n") + 1
        if self._length < len(content):
            os.ftruncate(self._file, self._length)


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
    for number, line in enumerate(content[: content.rfind(b"\n") + 1].split(b"\n")[:-1], 1):
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            raise InputError(f"{path}: line {number} is not JSON; remove that line") from None
        if not isinstance(event, dict) or "event" not in event:
            raise InputError(f"{path}: line {number} is no event; remove that line")
        yield event


def write_journal(folder: Path, events: Iterable[Event]) -> None:
    """Write a journal whole, in the place of an older one.

    Raises
    ------
    InputError
        If it cannot be written, or somebody else writes in it.
    """
    path, file = folder / FILE, -1
    try:
        if path.exists():
            file = os.open(path, os.O_RDWR)
            _lock(file, folder)
        write_whole(path, b"".join(map(line_of, events)), PRIVATE)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        if file >= 0:
            os.close(file)


def _lock(file: int, folder: Path) -> None:
    """Keep others out until the file is closed."""
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(f"{folder}: another synth holds this session; end it, or close its explorer, first") from None
