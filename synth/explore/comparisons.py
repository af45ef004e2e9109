"""What comparisons say, as numbers that a Gaussian process takes.  winner, loser, noise -> probit -> difference, variance.

Whoever compares sounds chooses the better one as often as a normal distribution says (Thurstone 1927). At the mode each choice is
worth a difference with a variance (Laplace's approximation; Rasmussen and Williams 2006, section 3.4); a few rounds find it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NOISES = (0.03, 0.06, 0.1, 0.15, 0.22, 0.3, 0.45)
_USUAL_NOISE, _SPREAD = 0.2, 0.7  # before anything was chosen: the middle, and the sd of its logarithm
_SHARP = 1.0  # a choice is worth more than a hold while its noise is below so much of a hold's: both cost the same time
_FEWEST = 6


@dataclass(frozen=True)
class Comparison:
    """One sound, a row of the grid, was found to tingle more than another."""

    winner: int
    loser: int


def differences(apart: Floats, noise: float) -> tuple[Floats, Floats]:
    """Return what choices are worth as measured differences (n,), with variances (n,), if differences `apart` are thought."""
    scale = math.sqrt(2) * noise
    z = np.clip(apart / scale, -6, 6)
    slope = _inverse_mills(z)
    bend = np.maximum(slope * (slope + z), 1e-4)
    return apart + scale * slope / bend, scale**2 / bend


def likely_noise(apart: Floats, sd: Floats) -> float:
    """Return the noise of somebody's choices, from how far the chosen (n,) were thought above the others, and how surely.

    Sounds of which little is known say little about whoever compares them: their doubt is added to the noise.
    """
    logs = [-0.5 * (math.log(noise / _USUAL_NOISE) / _SPREAD) ** 2 for noise in NOISES]
    for number, noise in enumerate(NOISES):
        logs[number] += float(np.log(np.maximum(_below(apart / np.sqrt(2 * noise**2 + np.square(sd))), 1e-9)).sum())
    return NOISES[int(np.argmax(logs))]


def is_sharp(noise: float, hold_noise: float, count: int) -> bool:
    """Return whether comparing tells more in the same time than holding does."""
    return count >= _FEWEST and noise < _SHARP * hold_noise


def along_line(rows: Sequence[int], chosen: int) -> list[Comparison]:
    """Return what it says that a knob was left at one of the rows along a line: above all that are not next to it."""
    return [Comparison(rows[chosen], row) for place, row in enumerate(rows) if abs(place - chosen) > 1]


def _below(z: Floats) -> Floats:
    """Return the share of a normal distribution below z."""
    from scipy.special import ndtr

    found: Floats = ndtr(z)
    return found


def _inverse_mills(z: Floats) -> Floats:
    found: Floats = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) / np.maximum(_below(z), 1e-12)
    return found
