"""The hold as one page says it: taken back when the page goes, or says nothing any more.  amounts -> a hand of the hold.

A page repeats its hold while it lasts. One that sleeps, or has lost its network, does not close its connection: so it is silence
that tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_S = 2.0
"""So long a hold stands that is not said again; pages say it twice a second."""


class PageHold:
    """Passes amounts 0..1 on, and remembers whether one stands.

    Parameters
    ----------
    say : takes the amounts. clock : seconds.
    """

    def __init__(self, say: Callable[..., object], clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock = say, clock
        self._amount, self._said_s = 0.0, 0.0

    def __call__(self, amount: float, **when: Any) -> None:
        """Say an amount; the same one again says that it still stands."""
        self._said_s = self._clock()
        if amount != self._amount:
            self._say(amount, **when)
            self._amount = amount

    def watch(self) -> None:
        """Let go if nothing was said for too long; called a few times a second."""
        if self._amount and self._clock() > self._said_s + PATIENCE_S:
            self.leave()

    def leave(self) -> None:
        """Say that nothing tingles any more, if the last word was that something does."""
        if self._amount:
            self(0.0)
