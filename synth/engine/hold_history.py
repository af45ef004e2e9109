"""The history of the hold: how strongly it tingled, as the listener said.  responses -> frame and amount of each change -> steps.

A hold stands as it is until it is changed. Frames are those at which a change took effect; what the listener heard then is older
by what `synth.live.tingle.alignment` says.
"""

from __future__ import annotations

import threading
from array import array
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.engine.kernels.event_record import APPLIED, MASTER
from synth.engine.kernels.state import TINGLE

RATE_HZ = 50.0
"""How often a hold is sampled: a reaction takes a second, and 20 ms are far below what hands can say."""
MOST = 1 << 20
"""Changes that are kept: of a controller that sends 100 a second those of the last three hours."""
Steps = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""Frames in order, and the amount from each on, (k,) both; it is 0 before the first."""


class HoldHistory:
    """Keeps the changes of the hold, at least the newest `most`; any thread may read."""

    def __init__(self, most: int = MOST) -> None:
        self._frames, self._amounts = array("q"), array("f")
        self._most = most
        self._forgotten = 0
        self._lock = threading.Lock()

    def take_in(self, responses: npt.NDArray[np.void]) -> None:
        """Take in what RESPONSE records say of the hold."""
        frames, amounts = steps_in(responses["event"][responses["kind"] == APPLIED])
        with self._lock:
            self._frames.extend(frames.tolist())
            self._amounts.extend(amounts.tolist())
            if len(self._frames) > 2 * self._most:
                gone = len(self._frames) - self._most
                del self._frames[:gone], self._amounts[:gone]
                self._forgotten += gone

    @property
    def steps(self) -> Steps:
        """The changes so far."""
        with self._lock:
            return np.array(self._frames, np.int64), np.array(self._amounts, np.float32)

    def after(self, count: int) -> tuple[list[tuple[int, float]], int]:
        """Return frame and amount of what came after the first so many changes, and how many have come by now."""
        with self._lock:
            begin = max(count - self._forgotten, 0)
            new = list(zip(self._frames[begin:], self._amounts[begin:], strict=True))
            return new, self._forgotten + len(self._frames)


def steps_in(events: Any) -> Steps:
    """Return what EVENT records that took effect, in order, say of the hold."""
    own = events[(events["kind"] == MASTER) & (events["slot"] == TINGLE)]
    return own["frame"].astype(np.int64), own["value"].astype(np.float32)


def sampled(steps: Steps, frames: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return the hold at some frames, (k,) 0..1: what was said last at or before each."""
    at, amounts = steps
    return np.concatenate([np.zeros(1, np.float32), amounts])[np.searchsorted(at, frames, side="right")]
