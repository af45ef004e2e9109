"""What is said of a listener: the sound that is recommended, and the hold that is expected of any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import synth
from synth.explore.hold import hold_of
from synth.explore.response_model import ResponseModel

_Z95 = 1.96


@dataclass(frozen=True)
class Best:
    """The sound that is recommended.

    Attributes
    ----------
    vector : (macros,). hold : expected of it, 0..1. interval : 95 % of that mean (low, high). preset : to play or save.
    """

    vector: npt.NDArray[np.float64]
    hold: float
    interval: tuple[float, float]
    preset: synth.Preset


def expected_hold(model: ResponseModel, index: int, is_button: bool) -> tuple[float, tuple[float, float]]:
    """Return the hold that is expected of the sound at a row of the grid, and the 95 % interval of that mean."""
    mean, sd = (float(each[0]) for each in model.predict([index]))
    low, middle, high = (hold_of(mean + z * sd, is_button) for z in (-_Z95, 0.0, _Z95))
    return middle, (low, high)
