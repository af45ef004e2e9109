"""The atlas: what each trigger sounds like all over its search space.  random positions -> statistics, kept in the cache folder.

Measured once on a machine, and anew when a trigger or what it stands on changes. A recording's nearest points say which trigger
it may be and where a search begins: rate, centroid, decay and slope are all among the statistics.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.analysis.classes import reference
from synth.analysis.distance import Measured
from synth.io.files.whole_file import write_whole
from synth.offline.match.evaluation import Progress, on_all_cores, statistics_of
from synth.offline.match.search_space import SearchSpace
from synth.offline.render import ShouldStop
from synth.rt.cache import SOURCES_HASH
from synth.rt.folders import cache_root, private
from synth.trigger import TRIGGERS

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
    if path is not None and (kept := _kept(path, (POINTS, len(names)))) is not None:
        return Atlas(positions, tuple(_named(names, row) for row in kept))
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
    """Return where a trigger's atlas is kept; None: nowhere. Its name says what it was measured of."""
    render = TRIGGERS[search.trigger].render
    digest = hashlib.sha256(f"{SOURCES_HASH} {search.space.hash} {search.space.default.tobytes().hex()}".encode())
    digest.update(Path(inspect.getfile(getattr(render, "py_func", render))).read_bytes())
    try:
        folder = private(private(cache_root(), mend=True) / _FOLDER)
    except OSError:
        return None
    return folder / f"{search.trigger}-{digest.hexdigest()[:16]}.npy"


def _kept(path: Path, shape: tuple[int, int]) -> npt.NDArray[np.float32] | None:
    try:
        table: npt.NDArray[np.float32] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return table if table.shape == shape else None


def _keep(path: Path, table: npt.NDArray[np.float32]) -> None:
    """Write an atlas in one piece, in the place of the trigger's older ones."""
    with contextlib.suppress(OSError):
        for older in _older(path):
            older.unlink()
        content = io.BytesIO()
        np.save(content, table)
        write_whole(path, content.getvalue())


def _older(path: Path) -> Iterator[Path]:
    stem = path.stem.rpartition("-")[0]
    return (other for other in path.parent.glob(f"{stem}-*.npy") if other.stem.rpartition("-")[0] == stem)
