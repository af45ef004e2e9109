"""A hold: how strongly it tingles, 0..1 at 50 Hz -> a score with its variance.  hold -> lag cut off -> mean (graded) or arcsin.

A key that is only up or down gives a share of time; its arcsine square root has the same spread wherever it lies (Anscombe 1948),
and is scaled so that 0 and 1 stay what they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from synth.parameters.errors import InputError, shown

RATE_HZ = 50
SOUND_S, SILENCE_S = 17.0, 3.0
HEAD_S = 1.0
"""What comes this soon after the lag is not counted: it takes a while to settle."""
USUAL_LAG_S = 1.1
Hold = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """What a trial says: `value` 0..1, and whether the hold knew only 0 and 1."""

    value: float
    is_button: bool


def checked_hold(given: object, *, is_one: bool = False, of_s: float | None = None) -> Hold:
    """Return a hold (n,) at 50 Hz, or one number as an array of one.

    Parameters
    ----------
    is_one : whether it has to be one number, as of a duel or a knob. of_s : how long the sound was; None: not looked at.

    Raises
    ------
    InputError
        If it holds what is no number from 0 to 1, or nothing, or is under half as long as the sound or over twice.
    """
    needed = "one number 0 .. 1" if is_one else f"numbers 0 .. 1 at {RATE_HZ} Hz, or one number"
    try:
        hold = np.atleast_1d(np.asarray(given))
        if hold.dtype.kind not in "iuf":  # neither words nor truth values
            raise TypeError
        hold = hold.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"hold = {shown(given)}; needed: {needed}") from None
    is_wrong = hold.ndim != 1 or not hold.size or not np.isfinite(hold).all() or hold.min() < 0 or hold.max() > 1
    if is_wrong or (is_one and hold.size > 1):
        raise InputError(f"hold = {shown(given)}; needed: {needed}")
    if of_s is not None and hold.size > 1 and not 0.5 * of_s <= hold.size / RATE_HZ <= 2 * of_s:
        seconds = f"{hold.size / RATE_HZ:g} s at {RATE_HZ} Hz"
        raise InputError(f"hold: {hold.size} numbers are {seconds}; needed: {of_s / 2:g} .. {2 * of_s:g} s, or one number")
    return hold


def score_of(hold: Hold, lag_s: float = USUAL_LAG_S, sound_s: float = SOUND_S) -> Score:
    """Return what a hold says of a sound that lasted for `sound_s`, heard by somebody who answers `lag_s` later."""
    if hold.size == 1:
        return Score(float(hold[0]), is_button=False)
    first, last = round((lag_s + HEAD_S) * RATE_HZ), round((sound_s + lag_s) * RATE_HZ)
    counted = hold[min(first, hold.size - 1) : max(last, first + 1)]
    mean = float(counted.mean())
    if is_button(hold):
        return Score(2 / math.pi * math.asin(math.sqrt(mean)), is_button=True)
    return Score(mean, is_button=False)


def held(hold: Hold) -> float:
    """Return the mean hold or the share of time of a sound, as blind pairs compare it: neither lag nor answerer is known."""
    score = score_of(hold, USUAL_LAG_S)
    return hold_of(score.value, score.is_button)


def is_button(hold: Hold) -> bool:
    """Return whether a hold knows only up and down."""
    return bool(np.isin(hold, (0.0, 1.0)).all())


def hold_of(value: float, is_button: bool) -> float:
    """Return the share or mean of a hold of which this is the score."""
    value = min(max(value, 0.0), 1.0)
    return math.sin(math.pi / 2 * value) ** 2 if is_button else value
