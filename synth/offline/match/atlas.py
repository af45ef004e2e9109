"""The atlas: what each trigger sounds like all over its search space.  random positions -> statistics, kept in the cache folder.

Measured once on a machine, and anew when a trigger or what it stands on changes. A recording's nearest points say which trigger
it may be and where a search begins: rate, centroid, decay and slope are all among the statistics.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.analysis.classes import reference
from synth.analysis.distance import Measured
from synth.offline.match.evaluation import Progress, on_all_cores, statistics_of
from synth.offline.match.search_space import SearchSpace
from synth.offline.measured_table import keep, kept, path_of
from synth.offline.render import ShouldStop

POINTS = 96
_FOLDER = "match"


@dataclass(frozen=True)
class Atlas:
    """Measured points of one trigger: positions (points, n) in 0..1, and the statistics of each; empty where it is silent."""

    positions: npt.NDArray[np.float64]
    statistics: tuple[Measured, ...]


def atlas_of(search: SearchSpace, progress: Progress, should_stop: ShouldStop) -> Atlas:
    """Return a trigger's atlas, measured now if it is not in the cache."""
    positions, names = _positions(search), tuple(reference().spread)
    path = _path(search)
    if (known := kept(path, (POINTS, len(names)))) is not None:
        return Atlas(positions, tuple(_named(names, row) for row in known))
    rows = []

    def statistics(number: int) -> dict[str, float]:
        return statistics_of(search.preset_at(positions[number]), number, should_stop)

    for found in on_all_cores(statistics, range(POINTS)):
        rows.append([found.get(name, np.nan) for name in names])
        progress(1 / POINTS)
    table = np.array(rows, np.float32)
    if path is not None:
        _keep(path, table)
    return Atlas(positions, tuple(_named(names, row) for row in table))


def is_kept(search: SearchSpace) -> bool:
    """Return whether a trigger's atlas need not be measured."""
    path = _path(search)
    return path is not None and path.exists()


def _positions(search: SearchSpace) -> npt.NDArray[np.float64]:
    """Return the default, and random points; at every other one the trigger is played as usual."""
    default = search.space.to_unit(search.space.default)
    positions = np.random.default_rng(0).uniform(size=(POINTS, default.size))
    is_played = np.array([".gesture." in path for path in search.space.paths])
    positions[0] = default
    positions[1::2, is_played] = default[is_played]
    return positions


def _named(names: tuple[str, ...], row: npt.NDArray[Any]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, row, strict=True) if np.isfinite(value)}


# ---- the cache


def _path(search: SearchSpace) -> Path | None:
    """Return where a trigger's atlas is kept; None: nowhere."""
    measured_of = f"{search.space.hash} {search.space.default.tobytes().hex()}"
    return path_of(_FOLDER, search.trigger, measured_of, [search.trigger])


def _keep(path: Path, table: npt.NDArray[np.float32]) -> None:
    """Write an atlas in the place of the trigger's older ones."""
    with contextlib.suppress(OSError):
        for older in _older(path):
            older.unlink()
    keep(path, table)


def _older(path: Path) -> Iterator[Path]:
    stem = path.stem.rpartition("-")[0]
    return (other for other in path.parent.glob(f"{stem}-*.npy") if other.stem.rpartition("-")[0] == stem)
