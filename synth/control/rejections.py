"""Rejections: what came from outside and could not be used.  kind, why -> counted; the first of each kind told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping

from synth.parameters.errors import clean

Notify = Callable[[str], None]
Why = str | Callable[[], str]
"""Words, or what finds them: only for what is told."""
_LONGEST = 300


class Refused(Exception):  # noqa: N818 (no error of the program's)
    """Something that came cannot be used: its kind, and why."""

    def __init__(self, kind: str, why: Why) -> None:
        super().__init__(kind)
        self.kind, self.why = kind, why


class Rejections:
    """What one source sent that could not be used; any thread may add.

    Parameters
    ----------
    source : what it is called, for people.
    notify : told in one line of the first of each kind.

    Attributes
    ----------
    counts : how many of each kind.
    """

    def __init__(self, source: str, notify: Notify) -> None:
        self._source, self._notify = source, notify
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How many there were."""
        return self.counts.total()

    def add(self, kind: str, why: Why, where: str = "", count: int = 1) -> None:
        """Count one, or several; `where` the first was is put before `why`."""
        with self._lock:
            is_first = self.counts[kind] == 0
            self.counts[kind] += count
        if is_first:
            what = f"{where} is left out" if where else "left out"
            self._notify(printable(f"{self._source}: {what}: {worded(why)}"))

    def sum_up(self) -> None:
        """Tell how many there were of each kind."""
        if self.counts:
            self._notify(f"{self._source}: {self.total} left out: " + in_words(self.counts))


def worded(why: Why) -> str:
    """Return why something was refused, in words."""
    return why if isinstance(why, str) else why()


def printable(text: str) -> str:
    """Return a text that holds what somebody sent as one short line that no terminal takes for a command."""
    return clean(text, _LONGEST)


def in_words(counts: Mapping[str, int]) -> str:
    """Return counts as words: "3 x no time, 1 x no JSON"."""
    return ", ".join(f"{count} x {kind}" for kind, count in counts.items())
