"""A preset's sounds all over its macros, measured.  grid position -> preset -> render -> numbers, kept in the cache folder.

A position renders the same samples every time, so what was measured once is found again: in this session, and in the next one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

import synth
from synth.explore.macros import STEPS, USUAL, grid, grid_index, preset_at
from synth.offline.measured_table import keep, kept, path_of
from synth.preset.library import dump

RATE_HZ = 48000
HEARD_S = 6.0
"""How much of a sound is measured."""
_KEPT_EACH = 64  # sounds: whoever stops it loses no more
Floats = npt.NDArray[np.float64]
Measure = Callable[[npt.NDArray[np.float32], float], Floats]
Progress = Callable[[float], None]


class Sounds:
    """What is measured of a preset's sounds.

    Parameters
    ----------
    preset : as it usually is. names : of its macros. seed : of every render.
    measure : (frames, 2), hertz -> (columns,). tag : names the measure, and its version, in the cache.
    columns : how many numbers it gives.
    """

    def __init__(
        self, preset: synth.Preset, names: Sequence[str], measure: Measure, tag: str, columns: int, *, seed: int = 0
    ) -> None:
        self._preset, self._names, self._measure, self._seed = preset, tuple(names), measure, seed
        self._path = _cache_path(preset, self._names, tag, seed)
        shape = len(grid(len(self._names))), columns
        known = kept(self._path, shape)
        self._table = np.full(shape, np.nan, np.float32) if known is None else known

    def __len__(self) -> int:
        return len(self._table)

    def rows(self, index: npt.ArrayLike, progress: Progress = lambda share: None) -> Floats:
        """Return what the sounds at rows of the grid are like, (len(index), columns); measured now on all cores if need be.

        `progress` is told of each share of the work; the shares add up to 1.
        """
        index = np.asarray(index, int)
        missing = [int(i) for i in np.unique(index) if np.isnan(self._table[i]).all()]
        if missing:
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                for count, (i, row) in enumerate(zip(missing, pool.map(self._row, missing), strict=True), 1):
                    self._table[i] = row
                    progress(1 / len(missing))
                    if count % _KEPT_EACH == 0 or count == len(missing):
                        keep(self._path, self._table)
        return np.asarray(self._table[index], float)

    def nodes(self, progress: Progress = lambda share: None) -> Floats:
        """Return what the sounds at the ends and middles of all macros are like, (3 ** macros, columns)."""
        return self.rows(node_index(len(self._names)), progress)

    def _row(self, index: int) -> Floats:
        position = grid(len(self._names))[index]
        audio = synth.render(preset_at(self._preset, self._names, position), seconds=HEARD_S, seed=self._seed, fade_out_s=0.05)
        return self._measure(audio, RATE_HZ)


def node_index(size: int) -> npt.NDArray[np.int64]:
    """Return the grid rows of every combination of 0, 0.5 and 1."""
    axis = np.array([0.0, USUAL, 1.0])
    return grid_index(np.stack(np.meshgrid(*[axis] * size, indexing="ij"), axis=-1).reshape(-1, size))


def between_nodes(rows: Floats, size: int) -> Floats:
    """Return rows (3 ** size, columns) at the nodes, interpolated to the whole grid, (9 ** size, columns)."""
    found = rows.reshape((3,) * size + (-1,))
    share = np.linspace(0, 2, STEPS + 1)
    below = np.minimum(share.astype(int), 1)
    part = share - below
    for axis in range(size):
        low, high = np.take(found, below, axis), np.take(found, below + 1, axis)
        weight = part.reshape([-1 if each == axis else 1 for each in range(size + 1)])
        found = low * (1 - weight) + high * weight
    return found.reshape(-1, rows.shape[1])


def _cache_path(preset: synth.Preset, names: Sequence[str], tag: str, seed: int) -> Path | None:
    """Return where it is kept; None: nowhere."""
    ends = [dump(preset_at(preset, names, np.full(len(names), end))) for end in (0.0, 1.0)]
    measured_of = f"{tag} {names} {seed} {HEARD_S} {dump(preset)}{''.join(ends)}"
    return path_of("explore", preset.name[:40], measured_of, sorted({layer.trigger for layer in preset.layers}))


def render_all(presets: Iterable[synth.Preset], measure: Measure, seed: int, seconds: float) -> Iterable[Floats]:
    """Yield what presets are like in their order, rendered on all cores."""

    def row(preset: synth.Preset) -> Floats:
        return measure(synth.render(preset, seconds=seconds, seed=seed, fade_out_s=0.05), RATE_HZ)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(row, presets)
