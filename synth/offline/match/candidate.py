"""A trigger that it may be, and its renders.  positions, statistics -> losses, model -> what to try next, what was best.

The model is made anew when something was added. Points that were tried with several seeds are judged by their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from synth.analysis.classes import reference
from synth.analysis.distance import Measured, weighted
from synth.offline.match.proposals import proposed
from synth.offline.match.search_space import SearchSpace
from synth.offline.match.texture_model import TextureModel

_SILENT = 5.0  # the distance of silence, as far as two sounds can lie apart
_PLACED_BY = 3  # nearest points of its atlas
_GAIN = 0.95  # a trial that leaves as much of the distance as this has won nothing
_DRY = 2  # trials that win nothing

Array = npt.NDArray[np.float64]


class Target:
    """What is to be matched: statistics -> weighted differences from it, whose squares add up to a squared distance."""

    def __init__(self, statistics: Measured) -> None:
        self._statistics, self._spread = statistics, reference().spread
        known = np.isfinite(weighted(statistics, statistics, self._spread))
        self._silent: Array = np.where(known, _SILENT / np.sqrt(max(known.sum(), 1)), np.nan)

    def differences(self, statistics: Measured) -> Array:
        """Return the differences of a render, (n,); NaN where nothing can be compared. Silence is far from everything."""
        return np.array(weighted(statistics, self._statistics, self._spread)) if statistics else self._silent


class Candidate:
    """All renders of a trigger: positions (points, n), differences (points, m), losses (points,)."""

    def __init__(self, search: SearchSpace, target: Target, seed: int) -> None:
        self.search, self._target = search, target
        self._rng = np.random.default_rng(seed)
        self.positions = np.empty((0, len(search.space)))
        self._differences: list[Array] = []
        self.losses: Array = np.empty(0)
        self._model: TextureModel | None = None
        self._trials: dict[bytes, list[int]] = {}
        self._bests: list[float] = []  # the distance after each trial

    @property
    def count(self) -> int:
        """How many renders there are."""
        return len(self.losses)

    def add(self, positions: Array, statistics: Sequence[Measured]) -> None:
        """Add renders."""
        found = [self._target.differences(each) for each in statistics]
        for number, position in enumerate(positions, self.count):
            self._trials.setdefault(position.tobytes(), []).append(number)
        self.positions = np.concatenate([self.positions, positions])
        self._differences += found
        self.losses = np.concatenate([self.losses, [_loss(each) for each in found]])
        self._model = None

    @property
    def nearness(self) -> float:
        """How far its nearest points lie."""
        return float(np.sort(self.losses)[:_PLACED_BY].mean())

    # ---- the model

    @property
    def model(self) -> TextureModel:
        """What is expected where nothing was tried."""
        if self._model is None:
            self._model = TextureModel(self.search.features(self.positions), np.array(self._differences))
        return self._model

    def _expected(self) -> Array:
        return self.model.predict(self.search.features(self.positions))[0]

    @property
    def expected(self) -> float:
        """The least distance that the model expects at a point that was tried."""
        return float(self._expected().min())

    def proposed(self, count: int) -> list[Array]:
        """Return positions to try next."""
        return proposed(self.search, self.model, self.positions, self.losses, count, self._rng)

    def best(self, count: int) -> list[Array]:
        """Return the points that are best by the model, no two the same."""
        found: dict[bytes, Array] = {}
        for number in np.argsort(self._expected(), kind="stable"):
            found.setdefault(self.positions[number].tobytes(), self.positions[number])
            if len(found) == count:
                break
        return list(found.values())

    # ---- points that were tried with several seeds

    def finalists(self, count: int) -> list[Array]:
        """Return the best of the points that were tried with several seeds, by their mean."""
        return [self.positions[numbers[0]] for numbers in self._ranked()[:count]]

    def _ranked(self) -> list[list[int]]:
        several = [numbers for numbers in self._trials.values() if len(numbers) > 1]
        return sorted(several, key=lambda numbers: float(self.losses[numbers].mean()))

    def mean_at(self, position: Array) -> float:
        """Return the mean loss over the seeds of a point."""
        return float(self.losses[self._trials[position.tobytes()]].mean())

    @property
    def distance(self) -> float:
        """How far the best of them lies, in the mean of its seeds."""
        return float(self.losses[self._ranked()[0]].mean())

    def note_trial(self) -> None:
        """Note that points have been tried with several seeds once more."""
        self._bests.append(self.distance)

    @property
    def is_at_rest(self) -> bool:
        """Whether the last trial won nothing and it is as near as its own seeds are to each other, or two won nothing."""
        wins = [after < _GAIN * before for before, after in pairwise(self._bests)][-_DRY:]
        if not wins or wins[-1]:
            return False
        return (len(wins) == _DRY and not any(wins)) or self.distance <= self.between_seeds

    @property
    def between_seeds(self) -> float:
        """How far the seeds of the best of them lie from each other, in the mean."""
        renders = [self._differences[number] for number in self._ranked()[0]]
        return float(np.mean([_loss(one - other) for one, other in combinations(renders, 2)]))


def _loss(differences: Array) -> float:
    return float(np.sqrt(np.nansum(np.square(differences))))
