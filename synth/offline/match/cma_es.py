"""CMA-ES: minimise a noisy function of a vector in 0..1.  ask for points -> their losses -> tell -> mean, step, covariance.

Hansen, The CMA Evolution Strategy: A Tutorial (2016), arXiv 1604.00772: its default weights and rates. A point outside is brought
to the nearest end of the range before it is asked for.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float64]


class CmaEs:
    """A search from one point.

    Parameters
    ----------
    start : (n,) in 0..1.
    step : standard deviation of the first points around it.
    seed : of what is drawn.
    points : how many a generation; None: 4 + 3 ln n.
    """

    def __init__(self, start: npt.ArrayLike, step: float, seed: int, points: int | None = None) -> None:
        self.mean: Vectors = np.array(start, float)
        size = self.mean.size
        self._rng = np.random.default_rng(seed)
        self.points = points or 4 + int(3 * math.log(size))
        weights = np.log((self.points + 1) / 2) - np.log(np.arange(1, self.points // 2 + 1))
        self._weights: Vectors = weights / weights.sum()
        mass = 1 / np.square(self._weights).sum()
        self._mass = mass
        self._step_rate = (mass + 2) / (size + mass + 5)
        self._damping = 1 + 2 * max(0.0, math.sqrt((mass - 1) / (size + 1)) - 1) + self._step_rate
        self._path_rate = (4 + mass / size) / (size + 4 + 2 * mass / size)
        self._one_rate = 2 / ((size + 1.3) ** 2 + mass)
        self._rank_rate = min(1 - self._one_rate, 2 * (mass - 2 + 1 / mass) / ((size + 2) ** 2 + mass))
        self._usual_length = math.sqrt(size) * (1 - 1 / (4 * size) + 1 / (21 * size * size))  # of a normal vector
        self.step = step
        self._step_path, self._path = np.zeros(size), np.zeros(size)
        self._covariance = np.eye(size)
        self._generation = 0

    def ask(self) -> Vectors:
        """Return the next points (points, n), within 0..1."""
        values, self._axes = np.linalg.eigh(self._covariance)
        self._widths = np.sqrt(np.maximum(values, 1e-20))
        drawn = (self._rng.normal(size=(self.points, self.mean.size)) * self._widths) @ self._axes.T
        points: Vectors = np.clip(self.mean + self.step * drawn, 0.0, 1.0)
        self._asked: Vectors = (points - self.mean) / self.step
        return points

    def tell(self, losses: npt.ArrayLike) -> None:
        """Learn from the losses of the points that were asked for last."""
        best = self._asked[np.argsort(np.asarray(losses, float), kind="stable")[: self._weights.size]]
        way = self._weights @ best
        self.mean = np.clip(self.mean + self.step * way, 0.0, 1.0)
        white = self._axes @ ((self._axes.T @ way) / self._widths)
        rate, path_rate, size = self._step_rate, self._path_rate, self.mean.size
        self._generation += 1
        self._step_path = (1 - rate) * self._step_path + math.sqrt(rate * (2 - rate) * self._mass) * white
        length = float(np.linalg.norm(self._step_path))
        usual = self._usual_length * math.sqrt(1 - (1 - rate) ** (2 * self._generation))
        is_steady = length < (1.4 + 2 / (size + 1)) * usual  # while the step grows fast the covariance waits
        self._path = (1 - path_rate) * self._path + is_steady * math.sqrt(path_rate * (2 - path_rate) * self._mass) * way
        lost = (1 - is_steady) * path_rate * (2 - path_rate)
        self._covariance = (
            (1 - self._one_rate - self._rank_rate + self._one_rate * lost) * self._covariance
            + self._one_rate * np.outer(self._path, self._path)
            + self._rank_rate * (best.T * self._weights) @ best
        )
        self.step *= math.exp(rate / self._damping * (length / self._usual_length - 1))
