"""A stream's backlog: frames that were pushed long before they act, offline.  blocks by frame -> a few at a time."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synth.control.frame_numbers import NEVER
from synth.control.stream.frames import Vectors

Send = Callable[[npt.NDArray[np.void], Vectors], int]


@dataclass
class _Block:
    """Frames that were pushed together, by the frame at which they act."""

    frames: npt.NDArray[np.int64]
    heads: npt.NDArray[np.void]
    vectors: Vectors
    at: int = 0


class Backlog:
    """Frames that wait on the Python side until the quantum has room for them."""

    def __init__(self) -> None:
        self._order = itertools.count()
        self._blocks: list[tuple[int, int, _Block]] = []

    def __len__(self) -> int:
        return sum(len(block.frames) - block.at for *_, block in self._blocks)

    @property
    def next_frame(self) -> int:
        """At which the first acts."""
        return self._blocks[0][0] if self._blocks else NEVER

    def add(self, heads: npt.NDArray[np.void], vectors: Vectors) -> None:
        """Let frames wait; of those that act at one frame the later ones come later."""
        if len(heads):
            order = np.argsort(heads["frame"], kind="stable")
            block = _Block(heads["frame"][order], heads[order], np.ascontiguousarray(vectors[order]))
            self._put(block, next(self._order))

    def _put(self, block: _Block, number: int) -> None:
        heapq.heappush(self._blocks, (int(block.frames[block.at]), number, block))

    def give(self, stop: int, room: int, send: Send) -> None:
        """Send at most `room` frames of those that act before frame `stop`, as many as one block has."""
        _, number, block = heapq.heappop(self._blocks)
        until = min(stop, self._blocks[0][0] + 1 if self._blocks else NEVER)
        begin, block.at = block.at, min(block.at + room, int(np.searchsorted(block.frames, until)))
        send(block.heads[begin : block.at], block.vectors[begin : block.at])
        if block.at < len(block.frames):
            self._put(block, number)

    def clear(self) -> None:
        """Forget all of them."""
        self._blocks = []
