"""How late somebody answers.  holds around begins and ends of sounds -> likelihood of each lag on a grid -> the best.

A sound that begins can be answered only after the lag, and one that has ended is answered until it has passed. Before it the hold
is what it is in silence; then it goes to where the sound brings it, or back. For each lag of a 50 ms grid both edges are fitted,
and the squared rest says how likely it is: the profile likelihood, with all levels and speeds fitted anew for each lag. Before
anything was heard a lag is lognormal, 1.1 s in the median, nine of ten between 0.5 and 2.5 s: tingles answer the sound of 0.75 to
1.5 s ago (Terashima, Tada and Kondo 2024).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from synth.explore.hold import RATE_HZ, USUAL_LAG_S, Hold

STEP_S = 0.05
GRID_S = np.arange(0.2, 3.0001, STEP_S)
_SPREAD = 0.49  # of the logarithm: nine of ten between 0.5 and 2.5 s
_WINDOW_S = 6.0
_EDGES = 8
_MOVED = 0.1  # a hold that moves by less says nothing of the lag
_TIMES_S = (0.15, 0.2, 0.28, 0.4, 0.56, 0.8, 1.1, 1.6, 2.2, 3.0)  # constants of how an answer sets in


class LagEstimate:
    """A listener's lag, from edge to edge.

    Attributes
    ----------
    lag_s : the likeliest so far. edges : how many were of use.
    """

    def __init__(self) -> None:
        prior = -0.5 * np.square(np.log(GRID_S / USUAL_LAG_S) / _SPREAD)
        self._log_prior = prior
        self._begins, self._ends = _Edges(), _Edges()
        self._lag_s, self._due = USUAL_LAG_S, _EDGES

    @property
    def lag_s(self) -> float:
        """The likeliest lag; looked for anew after every few edges."""
        if self.edges >= self._due:
            self._lag_s, self._due = float(GRID_S[np.argmax(self.log_posterior)]), self.edges + _EDGES
        return self._lag_s

    @property
    def edges(self) -> int:
        """How many edges were of use."""
        return self._begins.count + self._ends.count

    @property
    def log_posterior(self) -> np.ndarray:
        """The logarithm of how likely each lag of `GRID_S` is, less a constant."""
        found: np.ndarray = self._log_prior + self._begins.log_likelihood() + self._ends.log_likelihood()
        return found

    def add(self, hold: Hold, sound_s: float) -> None:
        """Learn from a trial: its hold from the begin of the sound on, which lasted for `sound_s`."""
        frames = round(_WINDOW_S * RATE_HZ)
        self._begins.add(hold[:frames])
        end = hold[round(sound_s * RATE_HZ) :]
        if end.size and end[0] > _MOVED:
            self._ends.add(1 - end / max(float(end[: round(0.3 * RATE_HZ)].mean()), 1e-9))


class _Edges:
    """Mean of answers to one kind of edge, all of which begin at 0 and go up."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = np.zeros(0)
        self._squares = 0.0

    def add(self, rise: Hold) -> None:
        if rise.size < RATE_HZ or np.ptp(rise) < _MOVED:
            return
        frames = rise.size if not self.count else min(self._sum.size, rise.size)
        self._sum = (self._sum[:frames] if self.count else np.zeros(frames)) + rise[:frames]
        self.count += 1

    def log_likelihood(self) -> np.ndarray:
        """Return how well each lag explains the mean answer, levels and speed fitted."""
        if self.count < 2:
            return np.zeros(len(GRID_S))
        mean = self._sum / self.count
        rest = _rests(mean)
        freedom = max(mean.size / (RATE_HZ * _correlated_s(self.count)), 4.0)
        found: np.ndarray = -0.5 * freedom * np.log(rest / rest.min())
        return found


def _correlated_s(count: int) -> float:
    return 0.3 / math.sqrt(count)


def _rests(mean: np.ndarray) -> np.ndarray:
    """Return of each lag the least squared rest of a level and a rise that begins there, over the speeds of a rise."""
    explained = np.square(_bases(mean.size) @ mean).sum(axis=-1).max(axis=-1)
    rests: np.ndarray = np.maximum(mean @ mean - explained, 0.0) + 1e-6
    return rests


@lru_cache(maxsize=8)
def _bases(frames: int) -> np.ndarray:
    """Return orthonormal functions (lags, speeds, 2, frames) that span a level and a rise."""
    since = np.maximum(np.arange(frames) / RATE_HZ - GRID_S[:, None], 0.0)
    rise = 1 - np.exp(-since[:, None] / np.array(_TIMES_S)[:, None])
    rise = rise - rise.mean(axis=-1, keepdims=True)
    rise /= np.linalg.norm(rise, axis=-1, keepdims=True) + 1e-12
    level = np.full_like(rise, frames**-0.5)
    return np.stack([level, rise], axis=-2)
