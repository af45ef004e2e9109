"""The attendant: a thread that sees to things again and again.  jobs -> each at its interval; errors, each said once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_TURN_S = 0.01
_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.02, 1.0
_MOST_SAID = 20  # a text may hold a number that changes


@dataclass
class _Job:
    call: Callable[[], object]
    interval_s: float
    due_s: float = 0.0
    retry_s: float = 0.0  # how long to wait after a failure; it doubles


class Attendant:
    """Calls functions until it is stopped; whatever one of them raises, the others are called on.

    Parameters
    ----------
    name : the thread's.
    notify : told of each error once.
    """

    def __init__(self, name: str, notify: Callable[[str], None]) -> None:
        self._name, self._notify = name, notify
        self._jobs: list[_Job] = []
        self._said: set[str] = set()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, call: Callable[[], object], interval_s: float = 0.0) -> None:
        """See to something every so many seconds; 0: at every turn."""
        self._jobs.append(_Job(call, interval_s))

    def start(self) -> None:
        """Begin: a turn every 10 ms."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, after the turn under way."""
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_TURN_S):
            self.turn(time.monotonic())

    def turn(self, now_s: float) -> None:
        """Call what is due."""
        for job in self._jobs:
            if now_s >= job.due_s:
                self._call(job)
                job.due_s = now_s + max(job.interval_s, job.retry_s)

    def _call(self, job: _Job) -> None:
        try:
            job.call()
            job.retry_s = 0.0
        except Exception as error:  # whatever it was, the audio thread plays on
            job.retry_s = min(max(2 * job.retry_s, _FIRST_RETRY_S), _LONGEST_RETRY_S)
            self._say(f"{type(error).__name__}: {error}")

    def _say(self, text: str) -> None:
        if text not in self._said and len(self._said) < _MOST_SAID:
            self._said.add(text)
            self._notify(text)
