"""What is said of a listener: the sound that is recommended, and the hold that is expected of any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

import synth
from synth.explore.history import History
from synth.explore.hold import hold_of
from synth.explore.macros import grid, preset_at, titled
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


def best_of(history: History, index: int, preset: synth.Preset, macros: Sequence[str], origin: str) -> Best:
    """Return the sound at a row of the grid as what is recommended; `origin` goes into its preset's description."""
    hold, interval = expected_hold(history.model, index, history.is_button)
    vector = grid(len(macros))[index]
    said = ", ".join(f"{name} {at:g}" for name, at in zip(macros, vector, strict=True))
    title = f"{preset.title or preset.name}, as one listener likes it"
    return Best(vector, hold, interval, titled(preset_at(preset, macros, vector), title, f"{origin}: {said}."))
