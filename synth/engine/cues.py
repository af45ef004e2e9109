"""Cues on their way: what a preset changes, and up to when that has been sent.  cues, frames -> changes."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from synth.engine.layer import Layer
from synth.engine.preset import Cue


class Cues:
    """The cues of the preset that plays.

    Parameters
    ----------
    cues : with the layer that each concerns.
    start : absolute frame at which the preset began.
    sample_rate : hertz.
    """

    def __init__(self, cues: Sequence[tuple[Cue, Layer]], start: int, sample_rate: float) -> None:
        self._cues, self._start, self._sample_rate = cues, start, sample_rate
        self._coming = [(cue.frame(0, sample_rate), index, 0) for index, (cue, _) in enumerate(cues)]  # frame, which, repetition
        heapq.heapify(self._coming)

    def before(self, stop: int) -> Iterator[tuple[Layer, int, float | None, Mapping[str, Any]]]:
        """Yield layer, frame, duration and values of what changes before frame `stop` and was not yielded yet, in order."""
        while self._coming and self._coming[0][0] < stop - self._start:
            frame, index, count = self._coming[0]
            cue, layer = self._cues[index]
            if cue.every_s:
                heapq.heapreplace(self._coming, (cue.frame(count + 1, self._sample_rate), index, count + 1))
            else:
                heapq.heappop(self._coming)
            yield layer, self._start + frame, cue.over_s, cue.values
