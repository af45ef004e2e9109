"""The history of the hold: how strongly it tingled, as the listener said.  responses -> frame and amount of each change -> steps.

A hold stands as it is until it is changed. Frames are those at which a change took effect; what the listener heard then is older
by what `synth.live.tingle.alignment` says.
"""

from __future__ import annotations

import threading
from collections import deque
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
    """Keeps the changes of the hold; any thread may read."""

    def __init__(self) -> None:
        self._changes: deque[tuple[int, float]] = deque(maxlen=MOST)
        self._count = 0  # of all that ever came
        self._lock = threading.Lock()

    def take_in(self, responses: npt.NDArray[np.void]) -> None:
        """Take in what RESPONSE records say of the hold."""
        frames, amounts = steps_in(responses["event"][responses["kind"] == APPLIED])
        with self._lock:
            self._changes.extend(zip(frames.tolist(), amounts.tolist(), strict=True))
            self._count += len(frames)

    @property
    def steps(self) -> Steps:
        """The changes so far."""
        with self._lock:
            changes = list(self._changes)
        return np.array([frame for frame, _ in changes], np.int64), np.array([amount for _, amount in changes], np.float32)

    def after(self, count: int) -> tuple[list[tuple[int, float]], int]:
        """Return frame and amount of what came after the first so many changes, and how many have come by now."""
        with self._lock:
            new = min(self._count - count, len(self._changes))
            return list(self._changes)[len(self._changes) - new :] if new else [], self._count


def steps_in(events: Any) -> Steps:
    """Return what EVENT records that took effect, in order, say of the hold."""
    own = events[(events["kind"] == MASTER) & (events["slot"] == TINGLE)]
    return own["frame"].astype(np.int64), own["value"].astype(np.float32)


def sampled(steps: Steps, frames: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return the hold at some frames, (k,) 0..1: what was said last at or before each."""
    at, amounts = steps
    return np.concatenate([np.zeros(1, np.float32), amounts])[np.searchsorted(at, frames, side="right")]
