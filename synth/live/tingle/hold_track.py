"""The hold of a stretch of sound, for whoever learns from it.  engine, alignment -> frames from .. to -> hold at 50 Hz, gaps.

track = HoldTrack(engine, alignment_frames=alignment.frames(engine.sample_rate))
stretch = track.between(start, stop)     # frames of the sound, as rendered
stretch.values, stretch.gaps
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synth.engine.engine import Engine
from synth.engine.hold_history import RATE_HZ, sampled
from synth.parameters.errors import InputError

NOT_YET = "not yet heard"


@dataclass(frozen=True)
class Gap:
    """A part of a stretch of which nothing is known: frames of the sound from `start` up to `stop`, and why."""

    start: int
    stop: int
    why: str


@dataclass(frozen=True, eq=False)
class HoldStretch:
    """The hold that belongs to a stretch of sound.

    Attributes
    ----------
    start, stop : absolute frames of the sound, as rendered.
    rate_hz : 50.
    values : (n,) float32, 0..1, the k-th at `start` plus k / 50 s: what the listener said while he heard that; what was said last
        counts until something else is. NaN within a gap. The listener's own reaction time is still in it.
    gaps : of what nothing is known, in order.
    """

    start: int
    stop: int
    rate_hz: float
    values: npt.NDArray[np.float32]
    gaps: tuple[Gap, ...]

    @property
    def mean(self) -> float:
        """The mean of what is known, NaN if nothing is."""
        known = self.values[~np.isnan(self.values)]
        return float(known.mean()) if len(known) else float("nan")


class HoldTrack:
    """Reads holds off an engine, moved to the sound that they answer; any thread may ask.

    Parameters
    ----------
    engine : which is attended to by whoever plays it (`Live` does).
    alignment_frames : how much later than a frame is rendered its answer takes effect, or what returns that, for a device may be
        lost and another one found; offline, where a simulated listener answers at once, 0.
    """

    def __init__(self, engine: Engine, alignment_frames: int | Callable[[], int] = 0) -> None:
        self._engine = engine
        self._alignment = alignment_frames if callable(alignment_frames) else lambda: alignment_frames
        self._lost: list[tuple[int, int | None, str]] = []
        self._lock = threading.Lock()

    def lose(self, why: str, at: int | None = None) -> None:
        """Say that nothing is known of the hold from a frame on (None: now): its sender stalls, or is gone."""
        with self._lock:
            if not self._lost or self._lost[-1][1] is not None:
                self._lost.append((self._engine.frame if at is None else at, None, why))

    def find(self, at: int | None = None) -> None:
        """Say that the hold is known again."""
        with self._lock:
            if self._lost and self._lost[-1][1] is None:
                start, _, why = self._lost[-1]
                self._lost[-1] = start, self._engine.frame if at is None else at, why

    def between(self, start: int, stop: int) -> HoldStretch:
        """Return the hold for what was rendered from frame `start` up to `stop`.

        Raises
        ------
        InputError
            If the two are no stretch.
        """
        if not 0 <= start < stop:
            raise InputError(f"hold between frames {start} and {stop}; it must be 0 <= start < stop")
        self._engine.attend()
        offset = self._alignment()
        known_to = self._engine.frame - offset
        frames = start + np.arange(0, stop - start, self._engine.sample_rate / RATE_HZ)
        values = sampled(self._engine.holds.steps, frames + offset).copy()
        gaps = tuple(gap for gap in self._gaps(offset, known_to) if gap.start < stop and gap.stop > start)
        gaps = tuple(Gap(max(gap.start, start), min(gap.stop, stop), gap.why) for gap in gaps)
        for gap in gaps:
            values[(frames >= gap.start) & (frames < gap.stop)] = np.nan
        return HoldStretch(start, stop, RATE_HZ, values, gaps)

    def _gaps(self, offset: int, known_to: int) -> list[Gap]:
        """Return all gaps, as frames of the sound."""
        with self._lock:
            lost = [(begin, known_to + offset if end is None else end, why) for begin, end, why in self._lost]
        gaps = [Gap(begin - offset, end - offset, why) for begin, end, why in lost if end > begin]
        return [*gaps, Gap(known_to, 1 << 62, NOT_YET)]
