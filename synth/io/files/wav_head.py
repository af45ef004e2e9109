"""WAV heads as they are: of a stream whose length was not known when it began, or with a chunk that is not padded.

file -> chunks -> a head that is right, before the same samples; libsndfile takes the former for empty, and refuses the latter.
"""

from __future__ import annotations

import io
import os
import struct
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

_HEAD = 12
_CHUNK = 8
_MOST_CHUNKS = 64
_UNKNOWN = (0, 0xFFFFFFFF)
_KNOWN = frozenset((b"data", b"fmt ", b"fact", b"LIST", b"bext", b"PEAK", b"cue ", b"smpl", b"id3 ", b"JUNK"))
_LONGEST_FORMAT = 1 << 10


def opened(path: Path, stack: ExitStack) -> Path | Repaired:
    """Return a sound file as it is to be opened: its path, or the file with a right head, closed by the stack."""
    file = stack.enter_context(path.open("rb"))
    length = os.fstat(file.fileno()).st_size
    head = file.read(_HEAD)
    if len(head) < _HEAD or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return path
    is_streamed = (riff := int.from_bytes(head[4:8], "little")) in _UNKNOWN or riff + _CHUNK > length
    at, kind, is_unpadded = _HEAD, b"", False
    for _ in range(_MOST_CHUNKS):
        name, size = _chunk(file, at)
        begin = at + _CHUNK
        if name == b"data":
            if not ((is_streamed and size in _UNKNOWN) or is_unpadded) or not kind:
                return path
            return Repaired(file, kind, begin, length - begin if size in _UNKNOWN else min(size, length - begin))
        if not name:
            return path
        if name == b"fmt " and size <= _LONGEST_FORMAT:
            kind = file.read(size)
        at = begin + size
        if size % 2 and (_chunk(file, at)[0] in _KNOWN) and _chunk(file, at + 1)[0] not in _KNOWN:
            is_unpadded = True
        else:
            at += size % 2
    return path


def _chunk(file: BinaryIO, at: int) -> tuple[bytes, int]:
    """Return a chunk's name and size, b"" at the file's end; what is read next is its content."""
    file.seek(at)
    head = file.read(_CHUNK)
    return (head[:4], int.from_bytes(head[4:], "little")) if len(head) == _CHUNK else (b"", 0)


class Repaired(io.RawIOBase):
    """A WAV file with another head; read only.

    Parameters
    ----------
    file : the file.
    kind : what its format chunk holds.
    begin, size : where in the file its samples are.
    """

    def __init__(self, file: BinaryIO, kind: bytes, begin: int, size: int) -> None:
        self._file, self._begin, self._at = file, begin, 0
        size = min(size, 0xFFFFFFFF - 2 * _LONGEST_FORMAT)
        chunks = b"fmt " + struct.pack("<I", len(kind)) + kind + bytes(len(kind) % 2) + b"data" + struct.pack("<I", size)
        self._head = b"RIFF" + struct.pack("<I", 4 + len(chunks) + size) + b"WAVE" + chunks
        self._length = len(self._head) + size

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where it is."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go elsewhere."""
        self._at = max({io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: object) -> int:
        """Read some: from the head, or from the file."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._at < len(self._head):
            data = self._head[self._at : self._at + len(view)]
        else:
            self._file.seek(self._begin + self._at - len(self._head))
            data = self._file.read(min(len(view), max(self._length - self._at, 0)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
