"""The hold as one page says it: what it said last is taken back when it goes, for nobody else can.  amounts -> a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class PageHold:
    """Passes amounts 0..1 on to what takes the hold down, and remembers whether one stands."""

    def __init__(self, say: Callable[..., Any]) -> None:
        self._say = say
        self._amount = 0.0

    def __call__(self, amount: float, **when: Any) -> None:
        """Say an amount."""
        self._say(amount, **when)
        self._amount = amount

    def leave(self) -> None:
        """Say that nothing tingles any more, if the last word was that something does."""
        if self._amount:
            self(0.0)
