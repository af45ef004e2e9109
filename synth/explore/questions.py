"""Which question is asked: hold, duel or knob.  how noisy choices are, how noisy holds are -> kind of trial, its sounds.

Comparing two sounds tells more than holding for each only if the ear is sharp. So a few duels are asked early, the noise of the
choices is estimated, and duels and knobs become half of the trials if it is small, and one in ten if it is not.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from synth.explore.comparisons import is_sharp
from synth.explore.macros import STEPS, grid_index
from synth.explore.policy import Mask, recommended, within_reach
from synth.explore.response_model import ResponseModel

ASKED = ("hold", "auto")
_FIRST, _PROBES, _EACH = 8, 30, 3  # from the first trial on every third is a duel, up to the last: ten or fewer
_KNOB_EACH, _FEWEST_OF_KNOB = 8, 3
_OF_QUESTIONS = 103  # a stream of the seed


def question(model: ResponseModel, seed: int, number: int) -> str:
    """Return what a trial of a number asks: "trial" (a hold), "duel" or "knob"."""
    if number < _FIRST:
        return "trial"
    if number < _PROBES:
        return "duel" if number % _EACH == 0 else "trial"
    draw = np.random.default_rng([seed, _OF_QUESTIONS, number]).uniform()
    if not is_sharp(model.choice_noise, model.noise_sd, len(model.comparisons)):
        return "duel" if draw < 0.1 else "trial"
    if number % _KNOB_EACH == 0:
        return "knob"
    return "duel" if draw < 0.5 else "trial"


def duel_of(model: ResponseModel, allowed: Mask, usual: int, rng: np.random.Generator) -> list[int]:
    """Return two sounds, in drawn order: of all pairs with the best one, that whose better one is expected to be best (EUBO).

    None if there are no two that may be played.
    Lin, Astudillo, Frazier and Bakshy (2022), arXiv 2203.11382.
    """
    best = recommended(model, allowed)
    best = usual if best is None else best
    others = np.flatnonzero(allowed & within_reach(model, usual))
    others = others[others != best]
    if not len(others) or not allowed[best]:
        return []
    mean, sd = model.predict(others)
    own = float(model.predict([best])[0][0])
    z = (mean - own) / sd
    below = 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))
    gain = sd * (z * below + np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi))
    pair = [best, int(others[np.argmax(gain)])]
    return pair if rng.uniform() < 0.5 else pair[::-1]


def knob_of(model: ResponseModel, allowed: Mask, usual: int, rng: np.random.Generator) -> list[int]:
    """Return the sounds along one macro through the best one, those within reach that may be played, in their order.

    None if there are fewer than three: being left at one says nothing of its neighbours.
    """
    best = recommended(model, allowed)
    at = model.grid[usual if best is None else best]
    axis = int(rng.integers(len(at)))
    line = np.repeat(at[None], STEPS + 1, axis=0)
    line[:, axis] = np.arange(STEPS + 1) / STEPS
    rows: npt.NDArray[np.int64] = grid_index(line)
    found = [int(row) for row in rows[(allowed & within_reach(model, usual))[rows]]]
    return found if len(found) >= _FEWEST_OF_KNOB else []
