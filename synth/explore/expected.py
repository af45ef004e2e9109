"""What is expected of a preset's sounds before its listener is known.  preset -> numbers over the grid -> prior -> trend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

import synth
from synth.explore.macros import grid
from synth.explore.prior import load_prior
from synth.explore.sound_numbers import NAMES, raw_numbers, scaled
from synth.explore.sounds import Sounds, between_nodes

Floats = npt.NDArray[np.float64]
SHIPPED = "shipped"
_UNKNOWN = 0.3  # chosen: what is expected of any sound where there is no prior


def quiet(share: float) -> None:
    """Take note of nothing."""


def numbers_over_grid(preset: synth.Preset, names: Sequence[str], progress: Callable[[float], None] = quiet) -> Floats:
    """Return what a preset's sounds are like over the grid, less the usual one: measured at ends and middles, else between."""
    sounds = Sounds(preset, names, raw_numbers, "numbers 1", len(NAMES))
    found = between_nodes(scaled(sounds.nodes(progress)), len(names))
    return np.asarray(found - found[len(found) // 2])


def expected(
    preset: synth.Preset, names: Sequence[str], prior: str | None, progress: Callable[[float], None] = quiet
) -> tuple[Callable[[], Floats] | None, float]:
    """Return what finds what a prior expects over the grid, less a constant, and that constant; None where there is no prior.

    Parameters
    ----------
    prior : "shipped", the path of an `.npz`, or None. progress : told while the preset is measured, at the first call.

    Raises
    ------
    InputError
        If the prior cannot be read.
    """
    if prior is None:
        return None, _UNKNOWN
    fitted = load_prior() if prior == SHIPPED else load_prior(Path(prior))
    return lambda: fitted.at(names, grid(len(names)), numbers_over_grid(preset, names, progress)), fitted.constant
