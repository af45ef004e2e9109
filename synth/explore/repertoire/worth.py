"""What a listener would hold for any sound, by its numbers.  trials -> numbers -> Gaussian process -> expectation."""

from __future__ import annotations

import numpy as np

from synth.explore.expected import numbers_over_grid
from synth.explore.explorer import Explorer
from synth.explore.gaussian_process import Scales, posterior
from synth.explore.repertoire.archive import Floats
from synth.explore.repertoire.illuminate import Worth

_SCALE = 6.0  # spreads of the numbers together over which a likeness is heard: chosen
_SIGNAL = 0.25


def worth_of(explorer: Explorer) -> Worth:
    """Return what an explorer's listener is expected to hold for sounds, given as numbers less those of the usual sound.

    Before anything was heard all sounds are worth the same.
    """
    model = explorer.history.model
    if not model.observations:
        return lambda numbers: (np.full(len(numbers), model.constant), np.full(len(numbers), _SIGNAL))
    rows, of_row, counts = np.unique([each.index for each in model.observations], return_inverse=True, return_counts=True)
    values = np.bincount(of_row, model.values()) / counts
    points = numbers_over_grid(explorer.preset, explorer.macros)[rows] / _SCALE
    flat = np.zeros(len(points))
    scales = Scales((1.0,) * points.shape[1], _SIGNAL, trend_sd=0.0)
    known = posterior(points, flat, values, model.noise_sd**2 / counts, scales, model.constant)

    def worth(numbers: Floats) -> tuple[Floats, Floats]:
        return known.at(numbers / _SCALE, np.zeros(len(numbers)))

    return worth
