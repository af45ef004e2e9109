"""One evaluation: a preset played with a seed, and what its texture is.  preset, seed -> render -> statistics.

Kernels run without Python's lock, so that threads share the cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from synth.analysis.channel import WINDOW_S
from synth.analysis.measure import texture_of
from synth.engine.compiling import cores
from synth.engine.preset import Preset
from synth.offline.measured import performances
from synth.offline.render import ShouldStop

RATE_HZ = 48000
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Progress = Callable[[float], None]
"""Told of each part of the work that is done, a share of the whole."""


def statistics_of(preset: Preset, seed: int, should_stop: ShouldStop) -> dict[str, float]:
    """Return the texture statistics of a preset's first six seconds; empty if it is silent."""
    (audio,) = performances(preset, WINDOW_S, seed, 1, RATE_HZ, should_stop)
    return texture_of(audio, RATE_HZ)


def on_all_cores(work: Callable[[Asked], Answer], asked: Iterable[Asked]) -> Iterator[Answer]:
    """Yield the answers in the order of what was asked."""
    with ThreadPoolExecutor(cores()) as pool:
        yield from pool.map(work, asked)
