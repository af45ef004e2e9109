"""Fill a map of sounds by small steps from what is liked.  positions -> renders on all cores -> numbers -> archive.

Surrogate-assisted MAP-Elites: where a sound lies comes from its audio, what it is worth from the response model by its numbers.
No listener is asked. Steps are small: what is new is near to something that is known to be good.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

import synth
from synth.explore.repertoire.archive import SIDE, Archive, Floats
from synth.explore.repertoire.descriptors import Axes, axes_of
from synth.explore.sound_numbers import NAMES, raw_numbers, scaled
from synth.parameters.errors import InputError
from synth.preset.assignments import with_numbers

RATE_HZ = 48000
SECONDS = 1.0
_FIRST, _BATCH = 256, 64
_STEP, _MOVED = 0.15, 0.35  # of a parameter's range, and how many parameters move at once
_FAR = 0.2  # one child in five takes a step over a quarter of the range, so that the map's ends are reached
_SILENT = 3e-4  # -70 dBFS: nobody plays it
_HELD = ("level_db", "azimuth_deg", "elevation_deg")

Worth = Callable[[Floats], tuple[Floats, Floats]]
"""From numbers (n, numbers), less those of the usual sound, to what is expected of them, and how surely: (n,), (n,)."""


@dataclass(frozen=True)
class Illumination:
    """What came of it.

    Attributes
    ----------
    archive : the map. axes : what its sides mean. space, usual : what was varied, and of which preset.
    renders_per_s : how many sounds were rendered and measured a second. outside_engine : share of the processors' time that was
        not spent rendering.
    """

    archive: Archive
    axes: Axes
    space: synth.Space
    usual: synth.Preset
    renders_per_s: float
    outside_engine: float

    def preset_at(self, row: int, column: int) -> synth.Preset:
        """Return the preset of a cell.

        Raises
        ------
        InputError
            If nothing fell into it.
        """
        if not self.archive.is_filled[row, column]:
            raise InputError(f"cell ({row}, {column}) is empty")
        values = self.space.mapping(self.space.from_unit(self.archive.solutions[row, column]))
        return with_numbers(self.usual, values)


def searched_space(preset: synth.Preset) -> synth.Space:
    """Return what is varied of a preset: all that changes the sound, but levels, directions and the master."""
    whole = synth.space(preset)
    kept = [path for path in whole.paths if not path.startswith("master.") and path.rpartition(".")[2] not in _HELD]
    return whole.subset(kept)


def illuminate(
    preset: synth.Preset,
    worth: Worth,
    renders: int,
    *,
    seed: int = 0,
    axes: str = "pca",
    side: int = SIDE,
    progress: Callable[[float], object] = lambda share: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Illumination:
    """Fill a map.

    Parameters
    ----------
    preset : where it begins. worth : what a sound is worth, by its numbers.
    renders : how many sounds of one second. seed : of the search. axes : "pca" or "rate x centroid". side : cells along a side.
    progress : told of shares of the work. should_stop : asked between batches; if true, what is there is returned.

    Raises
    ------
    InputError
        If there are no such axes, fewer than one render is asked for, or the preset is silent in its first second.
    """
    if renders < 1:
        raise InputError(f"renders = {renders}; needed: 1 or more")
    space, rng = searched_space(preset), np.random.default_rng(seed)
    usual = space.to_unit(space.default)
    clock = _Clock()
    first = np.vstack([usual, _scattered(usual, min(_FIRST, renders) - 1, rng)])
    numbers = _numbers(preset, space, first, clock)
    if np.isnan(numbers[0]).any():
        raise InputError(f"{preset.name}: its first second is silent; a map of it cannot begin")
    heard = np.isfinite(numbers).all(axis=1)
    first, numbers = first[heard], numbers[heard]
    found_axes = axes_of(numbers, axes)
    archive = Archive(found_axes.low, found_axes.high, len(space), side, int((~heard).sum()))
    archive.put(first, found_axes.places(numbers), *worth(numbers - numbers[0]))
    zero = numbers[0]
    progress(archive.renders / renders)
    while archive.renders < renders and not should_stop():
        count = min(_BATCH, renders - archive.renders)
        floor = float(np.median(archive.quality[archive.is_filled]))
        children = _stepped(archive.parents(count, rng, floor), rng)
        numbers = _numbers(preset, space, children, clock)
        heard = np.isfinite(numbers).all(axis=1)
        archive.renders += int((~heard).sum())
        children, numbers = children[heard], numbers[heard]
        archive.put(children, found_axes.places(numbers), *worth(numbers - zero))
        progress(count / renders)
    return Illumination(archive, found_axes, space, preset, archive.renders / clock.wall_s, clock.outside)


class _Clock:
    """How long it took, and how much of the processors' time went into rendering."""

    def __init__(self) -> None:
        self._begin_s, self.in_engine_s, self.in_all_s = time.perf_counter(), 0.0, 1e-9

    @property
    def wall_s(self) -> float:
        return time.perf_counter() - self._begin_s

    @property
    def outside(self) -> float:
        return max(1 - self.in_engine_s / self.in_all_s, 0.0)


def _scattered(usual: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return positions from near the usual to anywhere, so that the map's ends are known."""
    anywhere = rng.uniform(size=(max(count, 0), usual.size))
    share = rng.uniform(0.1, 1.0, (max(count, 0), 1))
    found: Floats = usual + share * (anywhere - usual)
    return found


def _stepped(parents: Floats, rng: np.random.Generator) -> Floats:
    """Return children: some of their numbers moved a little, a few of them farther."""
    moved = rng.uniform(size=parents.shape) < _MOVED
    width = np.where(rng.uniform(size=(len(parents), 1)) < _FAR, 0.25, _STEP)
    return np.clip(parents + moved * width * rng.normal(size=parents.shape), 0, 1)


def _numbers(preset: synth.Preset, space: synth.Space, units: Floats, clock: _Clock) -> Floats:
    """Return the sound numbers (n, numbers) of positions, rendered on all cores; NaN of silence."""

    def row(unit: Floats) -> tuple[Floats, float, float]:
        begin_s = time.thread_time()
        changed = with_numbers(preset, space.mapping(space.from_unit(unit)))
        before_s = time.thread_time()
        audio = synth.render(changed, seconds=SECONDS, fade_out_s=0.02)
        after_s = time.thread_time()
        is_silent = float(np.abs(audio).max()) < _SILENT
        found = np.full(len(NAMES), np.nan) if is_silent else scaled(raw_numbers(audio, RATE_HZ))
        return found, after_s - before_s, time.thread_time() - begin_s

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        rows = list(pool.map(row, units))
    clock.in_engine_s += sum(each[1] for each in rows)
    clock.in_all_s += sum(each[2] for each in rows)
    return np.array([each[0] for each in rows]).reshape(-1, len(NAMES))


def cells(found: Illumination, count: int, rng: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Yield cells to play next, at most `count`: those that may be best, each far from the others."""
    archive = found.archive
    rows = np.argwhere(archive.is_filled)
    bound = archive.quality[tuple(rows.T)] + archive.spread[tuple(rows.T)] + 1e-6 * rng.normal(size=len(rows))
    chosen: list[np.ndarray] = []
    for at in np.argsort(-bound):
        if len(chosen) < count and all(np.abs(rows[at] - each).max() > 1 for each in chosen):
            chosen.append(rows[at])
            yield int(rows[at][0]), int(rows[at][1])
