"""The pronouncing dictionary: the data of CMU's, sorted lines in one compressed text.

No table of 126 000 words is built: the text is unpacked at the first word, in about a tenth of a second, and an index of every
32nd word says where to look.
"""

from __future__ import annotations

import lzma
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from functools import cache
from importlib.resources import files

import numpy as np

from synth.speech.sounds import Sounds, unpack

FILE = "cmudict.xz"


_BLOCK = 32
"""Lines between two words of the index."""


class Dictionary:
    """Lines `word sounds sounds...`, sorted by their bytes; `without` names words that it is to act as if it did not know."""

    def __init__(self, text: bytes, without: Collection[str] = ()) -> None:
        self.text = text
        self.without = frozenset(without)
        lines = np.flatnonzero(np.frombuffer(text, "u1") == ord("\n"))
        self.starts: list[int] = [0, *(lines[_BLOCK - 1 : -1 : _BLOCK] + 1).tolist()]
        self.firsts = [text[start : start + 50].partition(b" ")[0] for start in self.starts]
        self.starts.append(len(text))

    def _find(self, wanted: bytes, first: int, last: int) -> int:
        """Return where a line begins with `wanted`, in some blocks; -1 if none does."""
        start, end = self.starts[max(first, 0)], self.starts[min(last, len(self.firsts))]
        if self.text.startswith(wanted, start):
            return start
        place = self.text.find(b"\n" + wanted, start, end)
        return place + 1 if place >= 0 else -1

    def all(self, word: str) -> tuple[Sounds, ...]:
        """Return every way in which a word is said, the commonest first; empty if it is not known."""
        if word in self.without or not word.isascii():
            return ()
        wanted = word.encode()
        block = bisect_right(self.firsts, wanted)
        place = self._find(wanted + b" ", block - 1, block)
        if place < 0:
            return ()
        line = self.text[place + len(wanted) + 1 : self.text.index(b"\n", place)]
        return tuple(unpack(packed) for packed in line.decode().split(" "))

    def begun(self, word: str, most: int = 300) -> list[tuple[str, Sounds]]:
        """Return words that begin with a word and go on, with their first sounds."""
        wanted = word.encode()
        block = bisect_left(self.firsts, wanted)
        place = self._find(wanted, block - 1, block + 1)
        found: list[tuple[str, Sounds]] = []
        while place >= 0 and len(found) < most and self.text.startswith(wanted, place):
            end = self.text.index(b"\n", place)
            longer, said, *_ = self.text[place:end].decode().split(" ")
            if longer != word and longer not in self.without:
                found.append((longer, unpack(said)))
            place = end + 1
        return found

    def get(self, word: str) -> Sounds | None:
        """Return how a word is said, None if it is not known."""
        found = self.all(word)
        return found[0] if found else None

    def words(self) -> list[str]:
        """Return every word."""
        every = (line.partition(b" ")[0].decode() for line in self.text.splitlines())
        return [word for word in every if word not in self.without]


@cache
def dictionary() -> Dictionary:
    """Return the dictionary, read once."""
    return Dictionary(lzma.decompress((files("synth.speech") / "data" / FILE).read_bytes()))
