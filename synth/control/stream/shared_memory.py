"""A segment: named memory that two processes share.  name -> file in memory -> bytes of both.

The process that makes it holds a lock on it, which ends with the process however that ends: one that nobody holds was left behind
by a crash and is taken over. A file in /dev/shm is memory; where there is no such folder it lies with the temporary files.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import re
import tempfile
import weakref
from pathlib import Path

import numpy as np
import numpy.typing as npt

from synth.parameters.errors import InputError

try:
    import fcntl
except ImportError:  # Windows: a file that is mapped cannot be removed, which says the same
    fcntl = None  # type: ignore[assignment]

_MEMORY = Path("/dev/shm")
_NAME = re.compile(r"[\w.-]{1,64}")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_INHERITANCE = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def path_of(name: str) -> Path:
    """Return the file of a name; raise `InputError` if it cannot be one."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError(f"shared memory '{name}': a name has 1 to 64 letters, digits, dots, dashes and underscores")
    folder = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    return folder / f"synth-{os.getuid() if hasattr(os, 'getuid') else 0}-{name}.stream"


def _is_held(descriptor: int) -> bool:
    """Whether the process that made a segment still lives."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


def _remove(path: Path, descriptor: int) -> None:
    with contextlib.suppress(OSError):
        if os.fstat(descriptor).st_ino == path.stat().st_ino:  # and not that of somebody who came after
            path.unlink()
    with contextlib.suppress(OSError):
        os.close(descriptor)


class SharedMemory:
    """Shared memory that this process makes, zeroed, and removes.

    Parameters
    ----------
    name : what the other process asks for.
    size : bytes.

    Attributes
    ----------
    bytes : (size,) uint8.

    Raises
    ------
    InputError
        If the name cannot be one, or another process uses it.
    """

    def __init__(self, name: str, size: int) -> None:
        path = path_of(name)
        try:
            self._reclaim(path, name)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_INHERITANCE, 0o600)
        except OSError as error:
            raise InputError(f"shared memory '{name}' cannot be made: {error.strerror}") from None
        self.remove = weakref.finalize(self, _remove, path, descriptor)
        try:
            self._hold(path, descriptor, name)
            os.truncate(descriptor, size)
            self.bytes: npt.NDArray[np.uint8] = np.frombuffer(mmap.mmap(descriptor, size), np.uint8)
        except (OSError, InputError) as error:
            self.remove()
            if isinstance(error, InputError):
                raise
            raise InputError(f"shared memory '{name}' cannot be made: {error.strerror}") from None

    @staticmethod
    def _hold(path: Path, descriptor: int, name: str) -> None:
        """Take the lock, which somebody who looks whether it is held may have for a moment."""
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not path.exists() or os.fstat(descriptor).st_ino != path.stat().st_ino:
                raise InputError(f"shared memory '{name}' was taken by another engine at the same time; choose another name")

    @staticmethod
    def _reclaim(path: Path, name: str) -> None:
        """Remove what a process that crashed has left behind."""
        try:
            descriptor = os.open(path, os.O_RDWR | _NO_INHERITANCE)
        except FileNotFoundError:
            return
        try:
            if fcntl and _is_held(descriptor):
                raise InputError(f"shared memory '{name}' is in use by another engine; choose another name")
            path.unlink()
        finally:
            os.close(descriptor)


class Attached:
    """Shared memory that another process has made; one process at a time writes into it.

    Raises
    ------
    InputError
        If there is none of that name, or somebody else writes into it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        try:
            self._descriptor = os.open(path_of(name), os.O_RDWR | _NO_INHERITANCE | _NO_LINK)
        except OSError:
            makes = f"engine.stream(..., shared='{name}') makes one, or synth play PRESET --stream shm:{name}"
            raise InputError(f"no engine shares a stream '{name}': {makes}") from None
        self.close = weakref.finalize(self, os.close, self._descriptor)
        self._take()
        self.bytes: npt.NDArray[np.uint8] = np.frombuffer(mmap.mmap(self._descriptor, 0), np.uint8)

    def _take(self) -> None:
        if hasattr(os, "getuid") and os.fstat(self._descriptor).st_uid != os.getuid():
            self.close()
            raise InputError(f"stream '{self._name}' is another user's; nothing is sent to it")
        if not self.is_held or not os.fstat(self._descriptor).st_size:
            self.close()
            raise InputError(f"the engine that shared the stream '{self._name}' has ended")
        try:
            if fcntl:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            raise InputError(f"stream '{self._name}': another process sends into it already") from None

    @property
    def is_held(self) -> bool:
        """Whether the process that made it still lives."""
        return _is_held(self._descriptor)
