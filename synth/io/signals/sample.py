"""A sample of a signal as it came, and what whoever listens is told.  device -> Sample -> deliver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample.

    Attributes
    ----------
    age_s : how long ago it was taken when it was delivered, by its sender's clock brought to ours; for a signal without stamps 0:
        it is stamped on arrival, and what its way took nobody knows.
    values : by name.
    """

    age_s: float
    values: dict[str, Any] = field(default_factory=dict)


Deliver = Callable[[Sample], None]
Say = Callable[[str], None]
"""Told in one line what happens: a sender that stalls, is back, is gone, drifts."""


class Signal(Protocol):
    """What listens to one sender; made by `open`, it runs in a thread of its own until it is closed."""

    @property
    def is_stalled(self) -> bool:
        """Whether nothing comes though something should."""

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the sender and its clock, JSON-serialisable."""

    def close(self) -> None:
        """Listen no more."""
