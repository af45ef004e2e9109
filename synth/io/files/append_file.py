"""A file that only grows, under its final name.  head -> name -> bytes -> one unbuffered write -> now and then down to the disk.

It gets its name when its head is in it: whatever ends the process, the file opens or is not there. What has been appended
survives a `kill -9` at once, a power cut after `SYNC_S` seconds, and a full disk.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from synth.parameters.errors import InputError

SYNC_S = 4.0
"""Seconds between two waits for the disk."""


def free_path(path: str | Path, *companions: str) -> Path:
    """Return a path that is not taken: as given, or with -2, -3 ... behind its name.

    A number at the end of the name is left alone: it may be a date.

    Parameters
    ----------
    path : the wish.
    companions : suffixes, as ".take", of files that will stand beside it and must be free as well.
    """
    path = Path(path)
    number, free = 1, path
    while any(os.path.lexists(free.parent / (free.stem + suffix)) for suffix in (path.suffix, *companions)):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


class AppendFile:
    """A new file that grows piece by piece; a context manager that closes it and always keeps it.

    Parameters
    ----------
    path : where to; what is there already is never touched.
    head : the first bytes.

    Attributes
    ----------
    length : bytes in whole pieces.

    Raises
    ------
    InputError
        If there is such a file already, or it cannot be made.
    """

    def __init__(self, path: Path, head: bytes) -> None:
        self.path = path
        self.length = 0
        self._synced_s = time.monotonic()
        self._has_name = False
        try:
            if os.path.lexists(path):
                raise FileExistsError
            self._file, part = _nameless(path)
            try:
                self.append(head)
                _give_name(self._file, part, path)
            except BaseException:
                self._file.close()
                raise
            finally:
                if part:
                    part.unlink(missing_ok=True)
        except FileExistsError:
            raise InputError(f"{path}: is there already and is kept; give another name, such as '{free_path(path)}'") from None
        except InputError:
            raise
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
        self._has_name = True

    def append(self, piece: bytes) -> None:
        """Append a piece, all of it or nothing.

        Raises
        ------
        InputError
            If it cannot be written, the disk being full for example, or the file has been removed; it is closed, and holds all
            earlier pieces.
        """
        if self._has_name and not self._file.closed and not os.fstat(self._file.fileno()).st_nlink:
            self._file.close()
            raise InputError(f"{self.path}: has been removed while it was written; nothing of it is left")
        self._try(lambda: self._put(piece, self.length))
        self.length += len(piece)

    def rewrite(self, head: bytes) -> None:
        """Replace the first bytes, in one system call; raises as `append`."""
        self._try(lambda: self._put(head, 0))

    def sync(self) -> None:
        """Wait until everything is on the disk itself, if that was last done `SYNC_S` ago; raises as `append`."""
        if time.monotonic() - self._synced_s >= SYNC_S:
            self._try(self._sync)

    def close(self) -> None:
        """Bring everything to the disk and close; may be called again."""
        if not self._file.closed:
            self._try(self._sync)
            self._file.close()

    @property
    def closed(self) -> bool:
        """Whether nothing can be appended any more."""
        return self._file.closed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _put(self, data: bytes, at: int) -> None:
        view = memoryview(data)
        self._file.seek(at)  # each time: an interrupted write may have left the position anywhere
        while view:
            view = view[self._file.write(view) :]

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced_s = time.monotonic()

    def _try(self, act: Callable[[], None]) -> None:
        if self._file.closed:
            raise InputError(f"{self.path}: is closed; nothing can be added")
        try:
            act()
        except OSError as error:
            raise self._failure(error.strerror or str(error)) from None

    def _failure(self, reason: str) -> InputError:
        """Cut off what was written in part, close, and return the error."""
        with suppress(OSError):
            self._file.truncate(self.length)
        with suppress(OSError):
            self._file.close()
        if self._has_name:
            return InputError(f"{self.path}: cannot grow: {reason}; what was written before is kept")
        return InputError(f"{self.path}: cannot be written: {reason}")


def _nameless(path: Path) -> tuple[BinaryIO, Path | None]:
    """Return a new file in a path's folder that has no name, or where the system has none such, one of another name."""
    with suppress(AttributeError, OSError):
        return os.fdopen(os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666), "wb", buffering=0), None
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    return part.open("xb", buffering=0), part


def _give_name(file: BinaryIO, part: Path | None, path: Path) -> None:
    """Let a file appear under its name, unless there is one already."""
    try:
        if part is None:
            os.link(f"/proc/self/fd/{file.fileno()}", path, src_dir_fd=file.fileno())  # the number is not looked at
        else:
            os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if part is None or os.path.lexists(path):
            raise
        os.rename(part, path)
