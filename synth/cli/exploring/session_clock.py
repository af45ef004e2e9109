"""How long somebody has listened in a session: pauses are rest, and do not count.  time -> whether it is enough."""

from __future__ import annotations

import time
from collections.abc import Callable

_GRACE_S = 60.0  # trials last for their time and what passes between two


class SessionClock:
    """Counts while it runs.

    Parameters
    ----------
    longest_s : of listening. clock : seconds.
    """

    def __init__(self, longest_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._left_s, self._clock = longest_s + _GRACE_S, clock
        self._before_s = clock()

    def is_over(self, *, is_running: bool) -> bool:
        """Let the time since the last call count, or not; return whether it was enough, which is said once."""
        now_s = self._clock()
        passed_s, self._before_s = now_s - self._before_s, now_s
        had_some = self._left_s > 0
        self._left_s -= passed_s if is_running else 0.0
        return had_some and self._left_s <= 0
