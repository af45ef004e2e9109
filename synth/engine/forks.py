"""Forks: a child process has a copy of every engine, and of every lock as somebody held it.  fork -> each engine is told.

What a forked child may do with a copy is the engine's own affair; here it only learns of it.
"""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Copied(Protocol):
    """What is to be told that it is a copy in a child process."""

    def after_fork(self) -> None:
        """Make new locks: the threads that held the old ones are not here."""


_COPIED: weakref.WeakSet[Copied] = weakref.WeakSet()


def tell_after_fork(one: Copied) -> None:
    """Tell it, as long as it lives, in every child process."""
    _COPIED.add(one)


def _after_fork() -> None:
    for one in list(_COPIED):
        one.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
