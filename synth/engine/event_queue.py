"""The event queue: events on their way to the quantum.  send -> now | waiting, by frame -> ring, if it has room.

What is to act at once (a panic, a release, a level) goes before all that is scheduled, and has room of its own in the quantum's
heap: however much is scheduled, it acts in the next quantum.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque

import numpy as np
import numpy.typing as npt

from synth.control.frame_numbers import NEVER
from synth.engine.event import Event
from synth.engine.kernels import events
from synth.engine.kernels.event_record import EVENT, HEAP, RING
from synth.rt.rings import load_read

_FOR_GESTURES = 1024  # of the heap, kept free
_FOR_NOW = 4096  # further, by what is scheduled


class EventQueue:
    """Keeps what the ring has no room for yet, so that nothing is dropped; any thread may send.

    Parameters
    ----------
    state : the engine's STATE array.
    """

    def __init__(self, state: npt.NDArray[np.void]) -> None:
        self._state = state
        self._order = itertools.count()
        self._now: deque[Event] = deque()
        self._waiting: list[tuple[int, int, Event]] = []
        self.renew_lock()

    def renew_lock(self) -> None:
        """Forget who holds it: in a forked process nobody does."""
        self._lock = threading.Lock()  # many Python threads may play; the ring has one writer

    def send(self, *events: Event) -> None:
        """Take in events; nobody else's come between them."""
        with self._lock:
            for event in events:
                if event.frame < 0:
                    self._now.append(event)
                else:
                    heapq.heappush(self._waiting, (event.frame, next(self._order), event))

    def forget(self, layer: int, generation: int) -> None:
        """Drop what waits for a layer that has ended."""
        with self._lock:
            self._waiting = [item for item in self._waiting if (item[2].layer, item[2].generation) != (layer, generation)]
            heapq.heapify(self._waiting)

    @property
    def next_frame(self) -> int:
        """The frame of the first event that is still waiting."""
        with self._lock:
            if self._now:
                return self._now[0].frame
            return self._waiting[0][0] if self._waiting else NEVER

    def deliver(self, stop: int = NEVER) -> None:
        """Move what is due before frame `stop` into the ring, as far as ring and heap have room."""
        with self._lock:
            batch = self._batch(stop)
            if batch:
                records = np.array(batch, EVENT)
                events.push(self._state.ctypes.data, records.ctypes.data, len(batch))

    def _batch(self, stop: int) -> list[Event]:
        ring = self._state["events"]
        queued = int(ring["written"][0]) - int(load_read(ring.ctypes.data))
        room = HEAP - _FOR_GESTURES - int(self._state["heap_count"][0]) - queued
        batch: list[Event] = []
        while self._now and len(batch) < min(RING - queued, room):
            batch.append(self._now.popleft())
        while self._waiting and self._waiting[0][0] < stop and len(batch) < min(RING - queued, room - _FOR_NOW):
            batch.append(heapq.heappop(self._waiting)[2])
        return batch
