"""How one listener answers: prior, what they held, how it drifts -> expected hold for a sound never played, with an interval.

trials -> less what the session, its length and repetition do -> mean of each sound, noise from repeats -> Gaussian process
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from synth.explore.comparisons import Comparison, differences, likely_noise
from synth.explore.gaussian_process import Posterior, Scales, better_scales, covariance, posterior
from synth.explore.macros import grid

Floats = npt.NDArray[np.float64]
NOISE_SD, _NOISE_TRUST = 0.17, 8.0  # chosen: what a trial's mean is worth until repeats say otherwise
FINE_SD = 0.16  # of narrow peaks; chosen on the bench
CHOICE_NOISE = 0.2  # until choices say otherwise
_NEARBY, _FORGOTTEN_S, _REMEMBERED = 0.2, 240.0, 60  # how alike sounds tire each other, for how long, how many of them
_EFFECT_SD = (0.08, 0.1, 0.15)  # before anything is known: of a session's level, its slope, what repetition takes
_ROUNDS, _CHOICE_ROUNDS = 2, 3
_FEWEST, _FEW, _MANY, _EACH = 5, 16, 100, 4  # sounds: all scales are looked for at every trial, one, one in four trials


@dataclass(frozen=True)
class Observation:
    """What was answered to one sound.

    Attributes
    ----------
    index : the sound's row of the grid. value : the score, 0..1. at_s : of listening, from the first session on.
    session : its number. within_s : of listening, from its session's begin.
    """

    index: int
    value: float
    at_s: float
    session: int = 0
    within_s: float = 0.0


class ResponseModel:
    """A listener, learnt trial by trial.

    Parameters
    ----------
    size : how many macros.
    trend : returns (9 ** size,), what the population is expected to answer over the grid, less its constant; it is called when
        something is to be predicted, for finding it takes a while. None: nothing is known.
    constant : what is expected of any sound.
    """

    def __init__(self, size: int, trend: Callable[[], Floats] | None = None, constant: float = 0.3) -> None:
        self.grid = grid(size)
        self._trend = trend or (lambda: np.zeros(len(self.grid)))
        self.constant = constant
        self.observations: list[Observation] = []
        self._tired: list[float] = []
        self.comparisons: list[Comparison] = []
        self.noise_sd, self.choice_noise = NOISE_SD, CHOICE_NOISE
        self._scales = Scales((0.4,) * size, fine=FINE_SD, trend_sd=0.5 if trend is not None else 0.0)
        self._turn, self._effects = 0, np.zeros(0)
        self._known: tuple[Floats, Floats] | None = None

    @cached_property
    def trend(self) -> Floats:
        """What the population is expected to answer over the grid, less its constant."""
        return np.asarray(self._trend(), float)

    @property
    def played(self) -> npt.NDArray[np.int64]:
        """The rows of the grid that have been heard, each once."""
        compared = [index for each in self.comparisons for index in (each.winner, each.loser)]
        return np.unique([*(each.index for each in self.observations), *compared]).astype(np.int64)

    def add(self, observation: Observation) -> None:
        """Learn from a trial."""
        self._tired.append(exposure(self.grid, self.observations, observation.index, observation.at_s))
        self.observations.append(observation)
        self._known = None
        self._turn += 1

    def compare(self, comparisons: Sequence[Comparison]) -> None:
        """Learn from comparisons of sounds."""
        self.comparisons += comparisons
        self._known = None

    def predict(self, index: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return the expected score (n,) of sounds at rows of the grid, and the standard deviation (n,) of that mean."""
        rows = np.asarray(index, int)
        if self._known is None:
            self._known = self._learnt().at(self.grid, self.trend) if self.observations else self._before()
        return self._known[0][rows], self._known[1][rows]

    def values(self) -> Floats:
        """Return what was answered, less what the session, its length and repetition did to it: (observations,)."""
        self.predict([])
        return np.array([each.value for each in self.observations]) - self._effects

    # ---- within

    def _before(self) -> tuple[Floats, Floats]:
        """Return what is expected before anything was heard."""
        scales = self._scales
        own = scales.signal**2 + scales.fine**2 + scales.constant_sd**2 + np.square(scales.trend_sd * self.trend)
        return self.constant + self.trend, np.sqrt(own)

    def _learnt(self) -> Posterior:
        values = np.array([each.value for each in self.observations])
        rows = np.array([each.index for each in self.observations])
        sounds, of_sound, counts = np.unique(rows, return_inverse=True, return_counts=True)
        design = self._design()
        effects = np.zeros(len(values))
        for turn in range(_ROUNDS):
            cleared = values - effects
            means = np.bincount(of_sound, cleared) / counts
            self.noise_sd = self._noise(cleared - means[of_sound], len(values) - len(sounds))
            points, trend = self.grid[sounds], self.trend[sounds]
            variances = self.noise_sd**2 / counts
            if turn == 0:
                self._look_for_scales(points, trend, means, variances)
                of_points = covariance(points, trend, points, trend, self._scales)
            known = posterior(points, trend, means, variances, self._scales, self.constant, of_points=of_points)
            if turn < _ROUNDS - 1:
                expected = (means - variances * known.weights)[of_sound]  # the posterior mean where it was observed
                effects = design @ _ridge(design, values - expected, self.noise_sd, self._effect_sd)
        self._effects = effects
        return self._compared(known, sounds, means, variances)

    def _look_for_scales(self, points: Floats, trend: Floats, means: Floats, variances: Floats) -> None:
        axes = points.shape[1] + 1
        each = _EACH if len(points) > _MANY else 1
        if len(points) < _FEWEST or self._turn % each:
            return
        turn = self._turn // each % axes
        todo = range(axes) if len(points) <= _FEW else range(turn, turn + 1)
        self._scales = better_scales(points, trend, means, variances, self._scales, self.constant, todo)

    def _compared(self, known: Posterior, sounds: npt.NDArray[np.int64], means: Floats, variances: Floats) -> Posterior:
        """Return what is known when choices count, too."""
        if not self.comparisons:
            return known
        winners, losers = (np.array([getattr(each, side) for each in self.comparisons]) for side in ("winner", "loser"))
        rows = np.unique(np.concatenate([sounds, winners, losers]))
        mean, sd = known.at(self.grid[rows], self.trend[rows])
        place = {int(row): number for number, row in enumerate(rows)}
        one, other = ([place[int(row)] for row in side] for side in (winners, losers))
        self.choice_noise = likely_noise(mean[one] - mean[other], np.hypot(sd[one], sd[other]))
        seen = np.zeros((len(sounds) + len(winners), len(rows)))
        seen[np.arange(len(sounds)), [place[int(row)] for row in sounds]] = 1
        choices = np.arange(len(winners)) + len(sounds)
        seen[choices, one], seen[choices, other] = 1, -1
        for _ in range(_CHOICE_ROUNDS):
            apart, widths = differences(mean[one] - mean[other], self.choice_noise)
            values, noises = np.concatenate([means, apart]), np.concatenate([variances, widths])
            points, trend = self.grid[rows], self.trend[rows]
            known = posterior(points, trend, values, noises, self._scales, self.constant, seen)
            mean = known.at(points, trend)[0]
        return known

    def _noise(self, residual: Floats, freedom: int) -> float:
        """Return the sd of a trial: from repeats, and from what was expected as long as there are few."""
        squares = float(np.square(residual).sum()) + _NOISE_TRUST * NOISE_SD**2
        return float(np.sqrt(squares / (freedom + _NOISE_TRUST)))

    def _design(self) -> Floats:
        """Return what may move answers beside the sound: each session's level, its length, what was heard before."""
        sessions = np.array([each.session for each in self.observations])
        own = (sessions[:, None] == np.arange(sessions.max() + 1)).astype(float)
        within = np.array([each.within_s for each in self.observations]) / 1200.0
        self._effect_sd = np.array([_EFFECT_SD[0]] * own.shape[1] + list(_EFFECT_SD[1:]))
        return np.column_stack([own, within - 0.5, self._tired])


def exposure(grid_points: Floats, before: Sequence[Observation], index: int, at_s: float) -> float:
    """Return how much of the like of a sound was heard shortly before a time, among the newest of what was heard."""
    recent = before[-_REMEMBERED:]
    if not recent:
        return 0.0
    apart = np.square(grid_points[[each.index for each in recent]] - grid_points[index]).sum(1)
    since = at_s - np.array([each.at_s for each in recent])
    return float((np.exp(-np.maximum(since, 0) / _FORGOTTEN_S) * np.exp(-apart / (2 * _NEARBY**2))).sum())


def _ridge(design: Floats, residual: Floats, noise_sd: float, effect_sd: Floats) -> Floats:
    ridge = np.diag((noise_sd / effect_sd) ** 2)
    return np.asarray(np.linalg.solve(design.T @ design + ridge, design.T @ residual), float)


def observations_of(index: Sequence[int], values: Sequence[float], trial_s: float = 20.0) -> list[Observation]:
    """Return trials that follow each other in one session."""
    return [
        Observation(int(i), float(value), at_s=n * trial_s, within_s=n * trial_s)
        for n, (i, value) in enumerate(zip(index, values, strict=True))
    ]
