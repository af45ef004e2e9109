"""Cues on their way: what a preset changes, and up to when that has been sent.  cues, frames -> changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from synth.engine.layer import Layer


class Cues:
    """The cues of the preset that plays.

    Parameters
    ----------
    cues : with the layer that each concerns.
    start : absolute frame at which the preset began.
    sample_rate : hertz.
    """

    def __init__(self, cues: Sequence[tuple[Any, Layer]], start: int, sample_rate: float) -> None:
        self._cues, self._start, self._sample_rate = cues, start, sample_rate
        self._until = start

    def before(self, stop: int) -> Iterator[tuple[Layer, int, float | None, Mapping[str, Any]]]:
        """Yield layer, frame, duration and values of what changes before frame `stop` and was not yielded yet."""
        begin = self._until - self._start
        self._until = max(self._until, stop)
        for cue, layer in self._cues:
            for frame in cue.frames(begin, self._until - self._start, self._sample_rate):
                yield layer, self._start + frame, cue.over_s, cue.values
