"""Room in a fixed range: voices in the table, bytes in the arena.  take -> offset -> give back."""

from __future__ import annotations


class Allocator:
    """First-fit allocation of contiguous pieces of `0 .. size`."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._taken: dict[int, int] = {}

    def take(self, size: int) -> int | None:
        """Return the offset of a free piece, or None if there is none that long."""
        at = 0
        for offset in sorted(self._taken):
            if offset - at >= size:
                break
            at = offset + self._taken[offset]
        if at + size > self.size:
            return None
        self._taken[at] = size
        return at

    def take_at(self, offset: int, size: int) -> int | None:
        """Take the piece that begins at an offset, or return None if it is not free."""
        if not 0 <= offset <= self.size - size:
            return None
        for other, length in self._taken.items():
            if other < offset + size and offset < other + length:
                return None
        self._taken[offset] = size
        return offset

    @property
    def end(self) -> int:
        """Where the last piece ends."""
        return max((at + size for at, size in self._taken.items()), default=0)

    def give(self, offset: int) -> None:
        """Give a piece back."""
        del self._taken[offset]
