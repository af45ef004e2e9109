"""The matcher.  a recording's statistics -> likeliest triggers -> a search in each -> the best again with other seeds -> matches.

A sound of chance is another one with every seed, so each generation is rendered with seeds of its own: what wins wins on average.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from synth.analysis.classes import apart
from synth.analysis.distance import Measured
from synth.analysis.measure import texture_of
from synth.engine.preset import Preset
from synth.offline.match.atlas import POINTS, atlas_of, is_kept
from synth.offline.match.cma_es import CmaEs
from synth.offline.match.evaluation import Progress, on_all_cores, statistics_of
from synth.offline.match.search_space import SearchSpace
from synth.offline.render import ShouldStop
from synth.parameters.errors import InputError, unknown
from synth.trigger import TRIGGERS

BEST = 3
FITS = 0.75
"""A match farther than this is none: two sounds of whatever kind are about 1 apart."""
_FIRST, _LAST = 3, 16  # generations in each of the best triggers, then in the best of all
_POINTS, _STEP = 10, 0.15
_RETRIED, _FINALISTS, _FINAL_SEEDS = 6, 4, 3
_SILENT = 5.0  # the distance of what cannot be measured
_SEEDS_APART = 1 << 20  # seeds of the atlas are small numbers

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Match:
    """A preset that sounds like the recording.

    Attributes
    ----------
    trigger : its only layer's.
    preset : to play, render or save.
    distance : from the recording: about 1 for two sounds of whatever kind, under 0.4 for twins; the mean of three seeds.
    """

    trigger: str
    preset: Preset
    distance: float

    @property
    def fits(self) -> bool:
        """Whether it is a likeness at all."""
        return self.distance <= FITS


def match(
    audio: npt.ArrayLike,
    sample_rate: float,
    trigger: str | None = None,
    *,
    seed: int = 0,
    progress: Callable[[float], None] = lambda share: None,
    should_stop: ShouldStop = lambda: False,
) -> list[Match]:
    """Find which trigger, with which parameters, makes a recorded sound.

    The first call on a machine measures every trigger all over its parameters, for a few minutes, and keeps that in the cache.

    Parameters
    ----------
    audio : (frames,), or (frames, channels), of which the louder ear counts; best 6 s or more of one kind of sound.
    sample_rate : hertz.
    trigger : the only one to try; None: all.
    seed : of the search.
    progress : told of each part of the work that is done; the parts add up to 1.
    should_stop : asked now and then; if true, the search ends with a KeyboardInterrupt.

    Returns
    -------
    The best matches, one a trigger, the nearest first: three, or one if the trigger is given. None may fit: see `Match.fits`.

    Raises
    ------
    InputError
        If the sound is too short, silent or holds what is no number, or there is no such trigger.
    """
    return match_texture(texture_of(audio, sample_rate), trigger, seed=seed, progress=progress, should_stop=should_stop)


def match_texture(
    target: Measured, trigger: str | None, *, seed: int, progress: Callable[[float], None], should_stop: ShouldStop
) -> list[Match]:
    """Find what `match` finds, for a sound of which `texture_of` has been taken."""
    if not target:
        raise InputError("the recording is silent: there is nothing to match")
    if trigger is not None and trigger not in TRIGGERS:
        raise unknown("trigger", trigger, TRIGGERS)
    names = [trigger] if trigger else [name for name in TRIGGERS if not TRIGGERS[name].hears]
    return _Search(target, seed, progress, should_stop).run([SearchSpace(name) for name in names])


@dataclass
class _Candidate:
    """A trigger that it may be: all points that were tried (loss, position), and the search that goes on from the best."""

    search: SearchSpace
    tried: list[tuple[float, Vector]]
    descent: CmaEs

    @property
    def best(self) -> float:
        """The lowest loss so far."""
        return min(loss for loss, _ in self.tried)


def _nearest(tried: Sequence[tuple[float, Vector]], count: int) -> list[Vector]:
    return [position for _, position in sorted(tried, key=lambda item: item[0])[:count]]


class _Search:
    def __init__(self, target: Measured, seed: int, progress: Progress, should_stop: ShouldStop) -> None:
        self._target, self._seed, self._progress, self._should_stop = target, seed, progress, should_stop
        self._evaluations = 0

    def run(self, searches: Sequence[SearchSpace]) -> list[Match]:
        count = min(BEST, len(searches))
        unknown_points = POINTS * sum(not is_kept(search) for search in searches)
        generations = (_FIRST * count + _LAST) * _POINTS
        self._work = unknown_points + count * (_RETRIED + _FINAL_SEEDS * _FINALISTS) + generations
        placed = [(search, self._placed(search)) for search in searches]
        placed = sorted(placed, key=lambda item: np.mean(sorted(loss for loss, _ in item[1])[:3]))[:count]
        candidates = self._retried(placed)
        self._descend(candidates, _FIRST)
        self._descend([min(candidates, key=lambda candidate: candidate.best)], _LAST)
        return sorted(self._finals(candidates), key=lambda found: found.distance)

    def _placed(self, search: SearchSpace) -> list[tuple[float, Vector]]:
        """Return the points of a trigger's atlas with their distances."""

        def told(share: float) -> None:
            self._progress(share * POINTS / self._work)

        atlas = atlas_of(search, told, self._should_stop)
        return [(self._loss(own), position) for own, position in zip(atlas.statistics, atlas.positions, strict=True)]

    def _retried(self, placed: Sequence[tuple[SearchSpace, list[tuple[float, Vector]]]]) -> list[_Candidate]:
        """Try the nearest points of each once more: one of a hundred is near by chance; the search begins at the best."""
        searches = [search for search, _ in placed]
        found = self._tried(searches, [_nearest(tried, _RETRIED) for _, tried in placed])
        return [
            _Candidate(search, tried, CmaEs(_nearest(tried, 1)[0], _STEP, self._seed, _POINTS))
            for search, tried in zip(searches, found, strict=True)
        ]

    def _descend(self, candidates: Sequence[_Candidate], generations: int) -> None:
        for _ in range(generations):
            found = self._tried([each.search for each in candidates], [list(each.descent.ask()) for each in candidates])
            for candidate, tried in zip(candidates, found, strict=True):
                candidate.tried += tried
                candidate.descent.tell([loss for loss, _ in tried])

    def _finals(self, candidates: Sequence[_Candidate]) -> list[Match]:
        """Return the best point of each by the mean of other seeds."""
        found = []
        for candidate in candidates:
            points = [*_nearest(candidate.tried, _FINALISTS - 1), candidate.descent.mean]
            [tried] = self._tried([candidate.search], [[position for position in points for _ in range(_FINAL_SEEDS)]])
            means = np.array([loss for loss, _ in tried]).reshape(len(points), _FINAL_SEEDS).mean(axis=1)
            preset = candidate.search.preset_at(points[int(means.argmin())])
            found.append(Match(candidate.search.trigger, replace(preset, title=""), float(means.min())))
        return found

    def _tried(self, searches: Sequence[SearchSpace], positions: Sequence[Sequence[Vector]]) -> list[list[tuple[float, Vector]]]:
        """Return the loss of each position, search by search; every evaluation has a seed of its own."""
        points = [(search, position) for search, own in zip(searches, positions, strict=True) for position in own]
        first = self._seed + _SEEDS_APART + self._evaluations
        self._evaluations += len(points)

        def loss(number: int) -> float:
            search, position = points[number]
            return self._loss(statistics_of(search.preset_at(position), first + number, self._should_stop))

        losses = []
        for found in on_all_cores(loss, range(len(points))):
            losses.append(found)
            self._progress(1 / self._work)
        left = iter(losses)
        return [[(next(left), position) for position in own] for own in positions]

    def _loss(self, statistics: Measured) -> float:
        distance = apart(statistics, self._target) if statistics else math.inf
        return distance if math.isfinite(distance) else _SILENT
