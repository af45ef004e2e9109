"""Lines out of bytes as they come.  pieces of any length -> whole lines, None for one that is too long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

LONGEST_BYTES = 1 << 20
"""What a line may have; a longer one is never held in memory."""
PIECE_BYTES = 1 << 16


class Splitter:
    """Puts lines together.

    Parameters
    ----------
    longest_bytes : of a line, without what ends it.
    """

    def __init__(self, longest_bytes: int = LONGEST_BYTES) -> None:
        self._longest_bytes = longest_bytes
        self._begun = bytearray()
        self._is_too_long = False

    def feed(self, piece: bytes) -> Iterator[bytes | None]:
        """Yield the lines that end in a piece."""
        *ends, rest = piece.split(b"\n")
        for end in ends:
            self._grow(end)
            yield self._take()
        self._grow(rest)

    def end(self) -> Iterator[bytes | None]:
        """Yield what is left when nothing more comes: a last line that nothing ends."""
        if self._begun or self._is_too_long:
            yield self._take()

    def _grow(self, part: bytes) -> None:
        self._is_too_long = self._is_too_long or len(self._begun) + len(part) > self._longest_bytes
        if self._is_too_long:
            self._begun.clear()
        else:
            self._begun += part

    def _take(self) -> bytes | None:
        line = None if self._is_too_long else bytes(self._begun)
        self._begun.clear()
        self._is_too_long = False
        return line


def lines_of(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a file to its end."""
    splitter = Splitter()
    while piece := file.read(PIECE_BYTES):
        yield from splitter.feed(piece)
    yield from splitter.end()
