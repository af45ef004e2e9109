"""Locks: an engine's methods that one thread at a time may be in, in the process that the engine is at work in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def locked(method: F) -> F:
    """Let one thread at a time change what layers there are."""

    @functools.wraps(method)
    def call(self: Any, *arguments: Any, **named: Any) -> Any:
        self._check_process()
        with self._lock:
            return method(self, *arguments, **named)

    return cast(F, call)
