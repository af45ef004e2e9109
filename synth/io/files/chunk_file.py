"""The container of takes: a growing file of chunks, each with its sum.  kind + payload -> record behind the others; and back.

A line with the version, then chunks, little-endian: kind (4 bytes), length (u64), CRC-32 of all the rest (u32), payload.
The last one, empty and of the kind `END`, says that the writer came to its end.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from synth.io.files.append_file import AppendFile
from synth.parameters.errors import InputError

VERSION = 1
END = b"end."
_NAME = b"synth chunks "
_FIRST_LINE = _NAME + b"%d\n" % VERSION
_LONGEST_LINE = len(_NAME) + 8
_HEAD = struct.Struct("<4sQ")
_SUM = struct.Struct("<I")
_LEAST_BYTES = _HEAD.size + _SUM.size


def _chunk(kind: bytes, payload: bytes) -> bytes:
    head = _HEAD.pack(kind, len(payload))
    return head + _SUM.pack(zlib.crc32(payload, zlib.crc32(head))) + payload


class ChunkWriter:
    """A file of chunks under way; a context manager that closes it and always keeps it.

    Every chunk survives a `kill -9` as soon as `write` has returned.

    Parameters
    ----------
    path : where to; an existing file is kept: see `append_file.free_path`.
    first : the first chunk's kind and payload: the file is not there without it.

    Raises
    ------
    InputError
        If the file is there already or cannot be made.
    """

    def __init__(self, path: str | Path, first: tuple[bytes, bytes] | None = None) -> None:
        self.path = Path(path)
        self._file = AppendFile(self.path, _FIRST_LINE + (_chunk(*first) if first else b""))

    def write(self, kind: bytes, payload: bytes) -> None:
        """Append a chunk.

        Parameters
        ----------
        kind : 4 bytes.
        payload : any bytes.

        Raises
        ------
        InputError
            If the kind is none, or the file cannot grow: it is closed and holds all earlier chunks.
        """
        if len(kind) != len(END) or kind == END:
            raise InputError(f"{self.path}: kind = {kind!r}; it must be {len(END)} bytes other than {END!r}")
        self._file.append(_chunk(kind, payload))

    @property
    def closed(self) -> bool:
        """Whether nothing can be added any more."""
        return self._file.closed

    def flush(self) -> None:
        """Wait for the disk itself, at most once every `append_file.SYNC_S` seconds: against power cuts."""
        self._file.sync()

    def close(self) -> None:
        """Mark the end and close; may be called again."""
        if not self._file.closed:
            self._file.append(_chunk(END, b""))
            self._file.close()

    def __enter__(self) -> ChunkWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()


class Chunks:
    """The whole chunks of a file, in order: iterate over (kind, payload), as often as wanted.

    Reading stops at the first chunk that is torn or has a wrong sum.

    Parameters
    ----------
    path : a file by `ChunkWriter`.

    Attributes
    ----------
    missing_bytes : at the end of the file, in no whole chunk; known after an iteration.
    is_complete : whether the writer came to its end and all is there; known after an iteration. A file whose writer was killed
        between two chunks misses no byte, but is not complete.

    Raises
    ------
    InputError
        If it is no file of chunks, or cannot be read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.missing_bytes = 0
        self.is_complete = False
        self._open().close()

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        with self._open() as file:
            size = os.fstat(file.fileno()).st_size
            whole, kind = file.tell(), b""
            self.missing_bytes, self.is_complete = size - whole, False
            while kind != END and (found := self._next(file, size - whole)):
                kind, payload = found
                whole += _LEAST_BYTES + len(payload)
                self.missing_bytes = size - whole
                if kind != END:
                    yield kind, payload
            self.is_complete = kind == END and whole == size

    def _next(self, file: BinaryIO, left: int) -> tuple[bytes, bytes] | None:
        """Return the next chunk, if so many bytes hold a whole one."""
        try:
            start = file.read(_LEAST_BYTES)
            if len(start) < _LEAST_BYTES:
                return None
            kind, length = _HEAD.unpack(start[: _HEAD.size])
            if length > left - _LEAST_BYTES:
                return None
            payload = file.read(length)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror}") from None
        return (kind, payload) if _chunk(kind, payload)[: len(start)] == start else None

    def _open(self) -> BinaryIO:
        """Return the file, read up to its first chunk."""
        try:
            if not self.path.is_file():
                raise InputError(f"{self.path}: there is no such file")
            file = self.path.open("rb")
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror}") from None
        try:
            _check_first_line(self.path, file.readline(_LONGEST_LINE))
        except BaseException:
            file.close()
            raise
        return file


def _check_first_line(path: Path, line: bytes) -> None:
    if line == _FIRST_LINE:
        return
    version = line[len(_NAME) : -1]
    if line.startswith(_NAME) and line.endswith(b"\n") and version.isdigit():
        raise InputError(f"{path}: was written in version {version.decode()} of the format; this synth reads version {VERSION}")
    raise InputError(f"{path}: is no file of chunks; such a file begins with '{_FIRST_LINE.decode().strip()}'")
