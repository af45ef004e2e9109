"""The hold of several hands: keys, one page, another.  amounts 0..1 -> the strongest, which one command says.

A hand that lets go takes its own amount back and nobody else's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Hand = Callable[..., None]
"""Says an amount 0..1, and at which frame if the command takes one."""


class SharedHold:
    """Says the strongest of what its hands say; any thread may.

    Parameters
    ----------
    say : takes the hold down.
    """

    def __init__(self, say: Callable[..., object]) -> None:
        self._say = say
        self._amounts: dict[object, float] = {}
        self._lock = threading.Lock()

    def hand(self) -> Hand:
        """Return what one more hand says its amount by."""
        key = object()

        def say(amount: float, **when: Any) -> None:
            with self._lock:
                self._amounts[key] = amount
                if not amount:
                    del self._amounts[key]
                self._say(max(self._amounts.values(), default=0.0), **when)

        return say
