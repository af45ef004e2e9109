"""A segment: named memory that two processes share.  name -> file in memory -> bytes of both.

The process that makes it holds a lock on it, which ends with the process however that ends: one that nobody holds was left behind
by a crash and is taken over. On Linux the file says only where the memory is: it has no name and a sealed size (memfd), for a
page that somebody else cut off would end whoever reads it. Elsewhere the file itself, with the temporary ones, is the memory.
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
_SEALED = hasattr(os, "memfd_create") and hasattr(fcntl, "F_ADD_SEALS")
_WHERE = re.compile(rb"/proc/\d{1,10}/fd/\d{1,10}")
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


def _remove(path: Path, descriptor: int, process: int) -> None:
    if os.getpid() != process:
        return  # a forked child: it is its parent's
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
        self.remove = weakref.finalize(self, _remove, path, descriptor, os.getpid())
        try:
            self._hold(path, descriptor, name)
            self.bytes: npt.NDArray[np.uint8] = np.frombuffer(self._memory(descriptor, name, size), np.uint8)
        except (OSError, InputError) as error:
            self.remove()
            if isinstance(error, InputError):
                raise
            raise InputError(f"shared memory '{name}' cannot be made: {error.strerror}") from None

    def _memory(self, descriptor: int, name: str, size: int) -> mmap.mmap:
        """Return memory of a size that stays, and let the file say where it is."""
        if not _SEALED:
            os.truncate(descriptor, size)
            return mmap.mmap(descriptor, size)
        sealed = os.memfd_create(f"synth-{name}", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        weakref.finalize(self, os.close, sealed)
        os.truncate(sealed, size)
        fcntl.fcntl(sealed, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        memory = mmap.mmap(sealed, size)
        os.write(descriptor, f"/proc/{os.getpid()}/fd/{sealed}".encode())
        return memory

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
        self.bytes: npt.NDArray[np.uint8] = np.frombuffer(self._memory(), np.uint8)

    def _memory(self) -> mmap.mmap:
        if not _SEALED:
            return mmap.mmap(self._descriptor, 0)
        where = os.pread(self._descriptor, 64, 0)
        try:
            if not _WHERE.fullmatch(where):
                raise ValueError
            sealed = os.open(where, os.O_RDWR | _NO_INHERITANCE)
            try:
                if not fcntl.fcntl(sealed, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK:
                    raise ValueError
                return mmap.mmap(sealed, 0)
            finally:
                os.close(sealed)
        except (OSError, ValueError):
            self.close()
            raise InputError(
                f"stream '{self._name}': its memory cannot be opened; is the engine in another container, or of another version?"
            ) from None

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
