"""What the audio thread counts, as numbers for people.  LIVE record, engine's counters -> Stats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synth.io.audio.audio_block import LOADS

_CELLS_A_BLOCK = 200  # of the histogram: half a per cent each


@dataclass(frozen=True)
class Stats:
    """What was counted since the start.

    Attributes
    ----------
    callbacks, frames : of the audio thread.
    smallest_block, largest_block : frames that the host asked for at once.
    underruns : said by the host. gaps : jumps of its clock. lost_frames : that it went through without asking.
    overruns : callbacks that took longer than their block lasts.
    late_events : that came after their frame and took effect at once. dropped_events : for which there was no room.
    load_mean, load_p999 : share of a block's time that its callback took, on average and for all but one of a thousand.
    """

    callbacks: int
    frames: int
    smallest_block: int
    largest_block: int
    underruns: int
    gaps: int
    lost_frames: int
    overruns: int
    late_events: int
    dropped_events: int
    load_mean: float
    load_p999: float


def stats_of(live: Any, counters: Mapping[str, int]) -> Stats:
    """Return the counters of a LIVE record and of the engine that it plays."""
    loads = live["loads"].astype(float)
    shares = (np.arange(LOADS) + 0.5) / _CELLS_A_BLOCK
    total = max(loads.sum(), 1.0)
    return Stats(
        callbacks=int(live["callbacks"]),
        frames=int(live["frames"]),
        smallest_block=int(live["smallest"]),
        largest_block=int(live["largest"]),
        underruns=int(live["underflows"]),
        gaps=int(live["clock"]["gaps"]),
        lost_frames=int(live["lost_frames"]),
        overruns=int(live["overruns"]),
        late_events=counters["late"],
        dropped_events=counters["dropped_events"],
        load_mean=float((loads * shares).sum() / total),
        load_p999=float(shares[min(int(np.searchsorted(np.cumsum(loads), 0.999 * total)), LOADS - 1)]),
    )
