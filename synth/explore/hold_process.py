"""A hold as a process of two states: how soon it sets in, how soon it lets go, and what moves that.

holds, covariates of each trial -> 10 Hz steps in which it was off, or on -> two logistic regressions -> hazards

Onset and offset have hazards of their own (discrete time at 10 Hz; iteratively reweighted least squares, a ridge). What drifts
within a session and what repetition takes show up as coefficients of time and of exposure, beside that of the sound itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synth.explore.hold import RATE_HZ, Hold
from synth.parameters.errors import InputError

Floats = npt.NDArray[np.float64]
STEP_HZ = 10
_EACH = RATE_HZ // STEP_HZ
_HELD = 0.25  # a graded hold counts as on above this
_RIDGE, _ROUNDS, _STEADY = 1.0, 30, 1e-8


@dataclass(frozen=True)
class HoldProcess:
    """Hazards of a listener's holds.

    Attributes
    ----------
    onset, offset : (1 + covariates,), log odds of setting in, and of letting go, in a step of 0.1 s: a constant, then one each.
    steps : how many steps they were fitted on: off and on.
    """

    onset: Floats
    offset: Floats
    steps: tuple[int, int]

    def rates_hz(self, covariates: npt.ArrayLike) -> tuple[float, float]:
        """Return how often a second it sets in while off, and lets go while on, at covariates (covariates,)."""
        row = np.concatenate([[1.0], np.asarray(covariates, float)])
        onset, offset = (float(STEP_HZ * _logistic(row @ each)) for each in (self.onset, self.offset))
        return onset, offset

    def share(self, covariates: npt.ArrayLike) -> float:
        """Return the share of time for which it is held in the long run."""
        onset, offset = self.rates_hz(covariates)
        return onset / (onset + offset)


def fitted_process(holds: Sequence[Hold], covariates: npt.ArrayLike, lag_s: float, sound_s: float) -> HoldProcess:
    """Return the process of holds at 50 Hz, each from the begin of its sound on.

    Parameters
    ----------
    holds : of trials. covariates : (trials, covariates), best of mean 0 and spread 1. lag_s : before it nothing is counted.
    sound_s : how long each sound lasted.

    Raises
    ------
    InputError
        If there are not as many rows of covariates as holds, or no hold is as long as a step.
    """
    table = np.asarray(covariates, float)
    if table.ndim != 2 or len(table) != len(holds):
        raise InputError(f"covariates of shape {table.shape}; needed: ({len(holds)}, covariates), a row for each hold")
    rows, was, now = [], [], []
    for hold, own in zip(holds, table, strict=True):
        heard = hold[round(lag_s * RATE_HZ) : round((sound_s + lag_s) * RATE_HZ)]
        state = heard[: len(heard) // _EACH * _EACH].reshape(-1, _EACH).mean(axis=1) > _HELD
        rows.append(np.repeat(own[None], max(len(state) - 1, 0), axis=0))
        was.append(state[:-1])
        now.append(state[1:])
    design = np.column_stack([np.ones(sum(map(len, rows))), np.concatenate(rows)]) if rows else np.empty((0, 1))
    if not len(design):
        raise InputError("no hold lasts for two steps of 0.1 s after the lag")
    before, after = np.concatenate(was), np.concatenate(now)
    onset = logistic_regression(design[~before], after[~before])
    offset = logistic_regression(design[before], ~after[before])
    return HoldProcess(onset, offset, (int((~before).sum()), int(before.sum())))


def logistic_regression(design: Floats, happened: npt.NDArray[np.bool_]) -> Floats:
    """Return the coefficients of a logistic regression; the first column of the design is a constant, which has no ridge."""
    size = design.shape[1]
    coefficients = np.zeros(size)
    ridge = np.diag([1e-3] + [_RIDGE] * (size - 1))
    for _ in range(_ROUNDS):
        chance = _logistic(design @ coefficients)
        weight = np.maximum(chance * (1 - chance), 1e-6)
        gradient = design.T @ (happened - chance) - ridge @ coefficients
        step = np.linalg.solve(design.T @ (design * weight[:, None]) + ridge, gradient)
        coefficients = coefficients + np.clip(step, -2, 2)
        if np.abs(step).max() < _STEADY:
            break
    return coefficients


def _logistic(odds: npt.ArrayLike) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
    return found
