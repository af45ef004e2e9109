"""The matcher.  a recording's statistics -> likeliest triggers -> a search in each, losers dropped -> matches.

A sound of chance is another one with every seed, so everything is rendered with a seed of its own, and what is best is tried
with several. It ends early when nothing comes nearer. Work is counted in renders, never in seconds: the same seed finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from synth.analysis.distance import Measured
from synth.analysis.measure import texture_of
from synth.engine.preset import Preset
from synth.offline.match.atlas import POINTS, atlas_of, is_kept
from synth.offline.match.candidate import Candidate, Target
from synth.offline.match.evaluation import Progress, on_all_cores, statistics_of
from synth.offline.match.search_space import SearchSpace
from synth.offline.render import ShouldStop, never, quiet
from synth.parameters.errors import InputError, unknown
from synth.trigger import TRIGGERS

BEST = 3
FITS = 0.75
"""A match farther than this is none: two sounds of whatever kind are about 1 apart."""
_ROUNDS = ((3, 3), (2, 3))  # how many triggers, and how many rounds in each of them
_LEGS, _LEG_ROUNDS = 6, 4  # in the best of all and its rivals; each leg ends with a trial
_BATCH = 10  # renders in a round
_TRIED, _TRIAL_SEEDS = 3, 3  # in a trial: the best points, each with so many seeds
_FINALISTS, _FINAL_SEEDS = 2, 4
_RIVAL = 1.25  # times the distance of the best: what is nearer than that may be the right one still
_SEEDS_APART = 1 << 20  # seeds of the atlas are small numbers


@dataclass(frozen=True)
class Match:
    """A preset that sounds like the recording.

    Attributes
    ----------
    trigger : its only layer's.
    preset : to play, render or save.
    distance : from the recording: about 1 for two sounds of whatever kind, under 0.4 for twins; the mean of four seeds.
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
    progress: Callable[[float], None] = quiet,
    should_stop: ShouldStop = never,
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
    return _Search(Target(target), seed, progress, should_stop).run([SearchSpace(name) for name in names])


class _Search:
    def __init__(self, target: Target, seed: int, progress: Progress, should_stop: ShouldStop) -> None:
        self._target, self._seed, self._progress, self._should_stop = target, seed, progress, should_stop
        self._evaluations, self._told = 0, 0.0

    def run(self, searches: Sequence[SearchSpace]) -> list[Match]:
        self._work = self._most_work(searches)
        candidates = sorted((self._placed(search) for search in searches), key=lambda each: each.nearness)[:BEST]
        left = candidates
        for count, rounds in _ROUNDS:
            left = sorted(left, key=lambda each: each.expected)[:count]
            self._explore(left, rounds)
        for each in candidates:
            self._try(each)
        self._refine(candidates)
        found = [self._final(each) for each in candidates]
        self._tell(1 - self._told)
        return sorted(found, key=lambda each: each.distance)

    def _most_work(self, searches: Sequence[SearchSpace]) -> int:
        """Return how many renders it takes at most."""
        places = min(BEST, len(searches))
        trial, final = _TRIED * _TRIAL_SEEDS, _FINALISTS * _FINAL_SEEDS
        explored = sum(min(count, places) * rounds for count, rounds in _ROUNDS) + _LEGS * _LEG_ROUNDS
        unmeasured = POINTS * sum(not is_kept(search) for search in searches)
        return unmeasured + explored * _BATCH + (places + _LEGS) * trial + places * final

    def _placed(self, search: SearchSpace) -> Candidate:
        """Return a trigger with the points of its atlas."""
        atlas = atlas_of(search, lambda share: self._tell(share * POINTS / self._work), self._should_stop)
        candidate = Candidate(search, self._target, self._seed)
        candidate.add(atlas.positions, atlas.statistics)
        return candidate

    def _explore(self, candidates: Sequence[Candidate], rounds: int) -> None:
        for _ in range(rounds):
            self._render([(each, position) for each in candidates for position in each.proposed(_BATCH)])

    def _try(self, candidate: Candidate) -> None:
        """Render the best points with several seeds."""
        self._render([(candidate, position) for position in candidate.best(_TRIED) for _ in range(_TRIAL_SEEDS)])
        candidate.note_trial()

    def _refine(self, candidates: Sequence[Candidate]) -> None:
        """Spend the legs on the best; once it is at rest, those that are left on what may still come as near."""
        for _ in range(_LEGS):
            best = min(each.distance for each in candidates)
            rivals = [each for each in candidates if not each.is_at_rest and each.distance <= _RIVAL * best]
            if not rivals:
                return
            candidate = min(rivals, key=lambda each: each.distance)
            self._explore([candidate], _LEG_ROUNDS)
            self._try(candidate)

    def _final(self, candidate: Candidate) -> Match:
        """Return the best of a trigger; its distance is of renders that did not choose it from many."""
        points = candidate.finalists(_FINALISTS)
        first = candidate.count
        self._render([(candidate, position) for position in points for _ in range(_FINAL_SEEDS)])
        number = min(range(len(points)), key=lambda number: candidate.mean_at(points[number]))
        last = candidate.losses[first:].reshape(len(points), _FINAL_SEEDS)[number]
        preset = replace(candidate.search.preset_at(points[number]), title="")
        return Match(candidate.search.trigger, preset, float(last.mean()))

    def _render(self, points: Sequence[tuple[Candidate, npt.NDArray[np.float64]]]) -> None:
        """Add renders of positions to their triggers; each has a seed of its own."""
        first = self._seed + _SEEDS_APART + self._evaluations
        self._evaluations += len(points)

        def statistics(number: int) -> Measured:
            candidate, position = points[number]
            return statistics_of(candidate.search.preset_at(position), first + number, self._should_stop)

        for (candidate, position), found in zip(points, on_all_cores(statistics, range(len(points))), strict=True):
            candidate.add(position[None], [found])
            self._tell(1 / self._work)

    def _tell(self, share: float) -> None:
        self._told += share
        self._progress(share)
