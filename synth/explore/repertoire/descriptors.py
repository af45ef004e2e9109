"""Where a sound lies on the map.  numbers -> axes: the first two principal components, or rate by centroid -> place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth.explore.repertoire.archive import Floats
from synth.explore.sound_numbers import NAMES
from synth.parameters.errors import unknown

_ENDS = (1.0, 99.0)  # percentiles of what was seen first: a map's ends
_MARGIN = 0.1
_THINNEST = 1e-3  # of sounds that all lie at one place
KINDS = ("pca", "rate x centroid")
_NAMED = ("log onsets_per_s", "log centroid_hz")


@dataclass(frozen=True)
class Axes:
    """Two directions in the space of sound numbers.

    Attributes
    ----------
    mean : (numbers,). directions : (2, numbers). low, high : (2,), ends of the map. labels : what the axes are called.
    """

    mean: Floats
    directions: Floats
    low: Floats
    high: Floats
    labels: tuple[str, str]

    def places(self, numbers: Floats) -> Floats:
        """Return the places (n, 2) of sounds of numbers (n, numbers)."""
        found: Floats = (numbers - self.mean) @ self.directions.T
        return found


def axes_of(numbers: Floats, kind: str = "pca") -> Axes:
    """Return axes made of sounds (n, numbers) from all over what can be reached.

    Raises
    ------
    InputError
        If there is no such kind of axes.
    """
    if kind not in KINDS:
        raise unknown("axes", kind, KINDS)
    mean = numbers.mean(0)
    if kind == "pca":
        centred = (
            np.repeat(numbers - mean, 2, axis=0) if len(numbers) == 1 else numbers - mean
        )  # two directions even of one sound
        _, _, directions = np.linalg.svd(centred, full_matrices=False)
        directions = directions[:2] * np.sign(directions[:2, np.abs(directions[:2]).argmax(1)].diagonal())[:, None]
        labels = tuple(_label(direction) for direction in directions)
    else:
        directions = np.array([[float(name == each) for each in NAMES] for name in _NAMED])
        labels = _NAMED
    places = (numbers - mean) @ directions.T
    low, high = np.percentile(places, _ENDS, axis=0)
    margin = np.maximum(_MARGIN * (high - low), _THINNEST)
    return Axes(mean, directions, low - margin, high + margin, (labels[0], labels[1]))


def _label(direction: Floats) -> str:
    """Return the numbers of which a direction holds most."""
    most = np.argsort(-np.abs(direction))[:3]
    return ", ".join(f"{'+' if direction[each] > 0 else '-'}{NAMES[each]}" for each in most)
