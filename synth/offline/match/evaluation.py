"""One evaluation: a preset played with a seed, and what its texture is.  preset, seed -> render -> statistics.

Kernels run without Python's lock, so that threads share the cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TypeVar

import numpy as np

from synth.analysis.channel import WINDOW_S
from synth.analysis.measure import texture_of
from synth.engine.preset import Preset
from synth.offline.job import job_of
from synth.offline.render import blocks

RATE_HZ = 48000
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Progress = Callable[[float], None]
"""Told of each part of the work that is done, a share of the whole."""
ShouldStop = Callable[[], bool]


def statistics_of(preset: Preset, seed: int, should_stop: ShouldStop = lambda: False) -> dict[str, float]:
    """Return the texture statistics of a preset's first six seconds; empty if it is silent."""
    job = job_of(preset, seconds=WINDOW_S, seed=seed, sample_rate=RATE_HZ)
    return texture_of(np.concatenate(list(blocks(job, should_stop))), RATE_HZ)


def on_all_cores(work: Callable[[Asked], Answer], asked: Iterable[Asked]) -> Iterator[Answer]:
    """Yield the answers in the order of what was asked."""
    with ThreadPoolExecutor(cpu_count()) as pool:
        yield from pool.map(work, asked)
