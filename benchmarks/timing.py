"""Interleaved timing for benchmarks: contenders take turns, so that a busy machine slows them alike.

turns of every contender -> one time per turn -> median, 20th percentile and ratio with its spread

On a shared machine a mean says more about the neighbours than about the code. The median is reported with the 20th percentile
(what the code does when it is left alone), and a ratio is taken turn by turn between times measured within the same moment.
Nothing here asserts anything: a benchmark prints its table and ends with exit code 0.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class PeerMissing(RuntimeError):  # noqa: N818 - it is no error: the benchmark says so in one line and goes on
    """A contender is not installed, or does not do what it should; the message is one line."""


class Timing(NamedTuple):
    """Times of one contender over all turns, in seconds per unit of work."""

    median_s: float
    low_s: float  # 20th percentile
    high_s: float  # 80th percentile


class Ratio(NamedTuple):
    """How many times faster one contender is than another, from the turns taken pairwise."""

    median: float
    low: float  # 20th percentile
    high: float  # 80th percentile


class Line(NamedTuple):
    """Cost as a straight line over the number of sources, in the unit of the times it was fitted to."""

    fixed: float
    per_source: float


def interleave(
    contenders: Mapping[str, Callable[[], float | tuple[float, ...]]], turns: int, warm_up: int = 2
) -> dict[str, np.ndarray]:
    """Let the contenders take turns and return each one's times.

    Parameters
    ----------
    contenders
        Name -> function that does its work once and returns its own seconds per unit of work (or several such figures, taken
        apart), so that it may leave preparation out.
    turns
        Turns that count.
    warm_up
        Turns before those, which compile and fill caches and are thrown away.

    Returns
    -------
    dict
        Name -> (turns,) or (turns, figures) float64 seconds.
    """
    times: dict[str, list[float | tuple[float, ...]]] = {name: [] for name in contenders}
    for _ in range(warm_up + turns):
        for name, contender in contenders.items():
            times[name].append(contender())
    return {name: np.asarray(seconds[warm_up:], float) for name, seconds in times.items()}


def timing(times: np.ndarray) -> Timing:
    """Return the median and the 20th and 80th percentile of a contender's times."""
    low, median, high = np.percentile(times, (20, 50, 80))
    return Timing(float(median), float(low), float(high))


def ratio(slower: np.ndarray, faster: np.ndarray) -> Ratio:
    """Return how many times `faster` beats `slower`, turn by turn."""
    low, median, high = np.percentile(slower / faster, (20, 50, 80))
    return Ratio(float(median), float(low), float(high))


def fit(sources: list[int], times: list[float]) -> Line:
    """Fit `fixed + per_source * sources`, each point weighted by its own size (least squares of the relative error)."""
    slope, fixed = np.polyfit(sources, times, 1, w=1 / np.asarray(times)) if len(sources) > 1 else (np.nan, np.nan)
    return Line(float(fixed), float(slope))


def machine() -> str:
    """Return the processor's name and the Python version in one line."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, Python {platform.python_version()}"


def tell(found: dict[str, Any], show: Callable[[dict[str, Any]], None], as_json: bool) -> None:
    """Print what a benchmark found: with `show`, or as JSON."""
    if as_json:
        print(json.dumps(found, indent=2))
    else:
        show(found)
