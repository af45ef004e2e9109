"""A model of what a trigger sounds like: a Gaussian process over what was tried.  position -> distance expected, and how unsure.

Every statistic is modelled, not the distance alone: a render says far more than one number. The kernel is a squared exponential
of one length for all statistics; each parameter is scaled by how much changes with it. Length and noise are those that predict
the points best that are left out, the near ones above all (Rasmussen and Williams 2006, 5.3).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_LENGTHS = (0.7, 1.0, 1.5, 2.0, 3.0)  # of root mean square parameters in 0..1
_NOISES = (0.02, 0.1, 0.3)  # of the variance
_CHANCE_LENGTH = 0.5  # within which points tell of each other how much seeds change
_LEAST_SCALE = 0.2  # of the parameter that changes most
_NEAR = 0.05  # distances below count as this one in the weights


class TextureModel:
    """What is expected at positions that were not tried.

    Parameters
    ----------
    features : (points, m), of the positions tried, as `SearchSpace.features` returns them.
    differences : (points, n), of the statistics from the target, so weighted that their squares add up to a squared distance.
    """

    def __init__(self, features: Array, differences: Array) -> None:
        found = _filled(differences[:, np.isfinite(differences).any(axis=0)])
        weights = 1 / np.maximum(np.linalg.norm(found, axis=1), _NEAR) ** 2
        weights /= weights.sum()
        self._mean: Array = weights @ found
        off = found - self._mean
        self._scale = _scale(features, off, weights)
        self._points: Array = features * self._scale
        self._fit(off, weights)

    def _fit(self, off: Array, weights: Array) -> None:
        apart = _squared_distances(self._points, self._points)
        least = np.inf
        for length in _LENGTHS:
            values, axes = np.linalg.eigh(np.exp(-0.5 * apart / length**2))
            turned = axes.T @ off
            for noise in _NOISES:
                inverse = 1 / (np.maximum(values, 0) + noise)
                by_point = axes @ (inverse[:, None] * turned)
                errors = np.square(by_point / (np.square(axes) @ inverse)[:, None]).sum(axis=1)  # each point left out
                if (error := float(weights @ errors)) < least:
                    least, self._length, self._by_point, self._errors = error, length, by_point, errors
                    self._half = axes * np.sqrt(inverse)
        self._error = least

    def predict(self, features: Array) -> tuple[Array, Array]:
        """Return at each of some positions the distance expected of a render, and 0..1: how little is known there."""
        apart = _squared_distances(features * self._scale, self._points)
        kernel = np.exp(-0.5 * apart / self._length**2)
        mean = self._mean + kernel @ self._by_point
        near = np.exp(-0.5 * apart / _CHANCE_LENGTH**2)
        chance = (near @ self._errors + 0.5 * self._error) / (near.sum(axis=1) + 0.5)  # what seeds add, and what is not modelled
        unknown = np.maximum(1 - np.square(kernel @ self._half).sum(axis=1), 0)
        return np.sqrt(np.square(mean).sum(axis=1) + chance), np.sqrt(unknown)


def _filled(differences: Array) -> Array:
    """Return differences with the mean of the other points where one has none."""
    filled: Array = np.where(np.isfinite(differences), differences, np.nanmean(differences, axis=0))
    return filled


def _scale(features: Array, off: Array, weights: Array) -> Array:
    """Return how much each feature counts: the slope of all statistics along it, of mean square 1."""
    shares = weights * len(weights)
    centred = features - weights @ features
    squares = (centred * shares[:, None]).T @ centred + np.eye(features.shape[1])  # the ridge keeps few points from steep slopes
    slopes = np.linalg.norm(np.linalg.solve(squares, (centred * shares[:, None]).T @ off), axis=1)
    scale = np.maximum(slopes / max(slopes.max(), 1e-9), _LEAST_SCALE)
    scaled: Array = scale / np.sqrt(np.square(scale).mean())
    return scaled


def _squared_distances(one: Array, other: Array) -> Array:
    squares = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1)
    found: Array = np.maximum(squares - 2 * one @ other.T, 0.0)
    return found
