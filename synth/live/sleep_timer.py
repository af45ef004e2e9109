"""The sleep timer: fades the session away and ends it.  time -> share of the level.

The fade takes the last third of the time, at most a quarter of an hour. Its level falls as the square of what is left of it: a
quarter (12 dB down) at half its way, so that it is long quiet before it is silent, and nobody wakes up because it has gone.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_SHARE, _LONGEST_FADE_S = 1 / 3, 900.0


class SleepTimer:
    """Counts from when it is made.

    Parameters
    ----------
    seconds : until silence.
    clock : seconds.

    Attributes
    ----------
    STEP_S : how often the level is set, and how long it takes to get there.
    """

    STEP_S = 1.0

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._end_s = clock, clock() + seconds
        self._fade_s = min(seconds * _SHARE, _LONGEST_FADE_S)
        self._next_s = clock()

    @property
    def left_s(self) -> float:
        """Seconds until silence."""
        return max(self._end_s - self._clock(), 0.0)

    @property
    def share(self) -> float:
        """What is left of the amplitude, 0..1, where a step that begins now leads to."""
        left = (self.left_s - self.STEP_S) / self._fade_s if self._fade_s > self.STEP_S else self.left_s / self._fade_s
        return min(max(left, 0.0), 1.0) ** 2

    def attend(self) -> bool:
        """Return whether the level is to be set: once a step, from the beginning of the fade on."""
        if self.left_s > self._fade_s or self._clock() < self._next_s:
            return False
        self._next_s = self._clock() + self.STEP_S
        return True
