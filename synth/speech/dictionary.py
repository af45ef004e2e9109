"""The pronouncing dictionary: the data of CMU's, sorted lines in one compressed text; a word is found by halving.

No table of 126 000 words is built: the text is unpacked at the first word, which takes about a tenth of a second.
"""

from __future__ import annotations

import lzma
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from synth.speech.sounds import Sounds, unpack

FILE = "cmudict.xz"


class Dictionary:
    """Lines `word sounds sounds...`, sorted by their bytes; `without` names words that it is to act as if it did not know."""

    def __init__(self, text: bytes, without: Collection[str] = ()) -> None:
        self.text = text
        self.without = frozenset(without)

    def _find(self, wanted: bytes) -> int:
        """Return where the first line begins whose word does not stand before `wanted`."""
        low, high = 0, len(self.text)
        while low < high:
            middle = self.text.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self.text.index(b"\n", middle)
            if self.text[middle:end].partition(b" ")[0] < wanted:
                low = end + 1
            else:
                high = middle
        return low

    def all(self, word: str) -> tuple[Sounds, ...]:
        """Return every way in which a word is said, the commonest first; empty if it is not known."""
        if word in self.without or not word.isascii():
            return ()
        wanted = word.encode() + b" "
        place = self._find(wanted[:-1])
        if not self.text.startswith(wanted, place):
            return ()
        line = self.text[place + len(wanted) : self.text.index(b"\n", place)]
        return tuple(unpack(packed) for packed in line.decode().split(" "))

    def begun(self, word: str, most: int = 300) -> list[tuple[str, Sounds]]:
        """Return words that begin with a word and go on, with their first sounds."""
        wanted = word.encode()
        place = self._find(wanted)
        found: list[tuple[str, Sounds]] = []
        while len(found) < most and self.text.startswith(wanted, place):
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
