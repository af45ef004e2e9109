"""Which sound to play next.  what is known of the listener, what may be played -> a row of the grid.

explore  half upper bound; else where nothing is known but its neighbours are liked, or what may be best, again. Never farther
         than two steps a macro from what is liked
sobol    evenly over everything
ei       the expected improvement over the best mean so far
prior    what the prior likes, in its order

All recommend alike: the highest expected response among what was played, never the best single trial.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from synth.explore.bans import nothing_left
from synth.explore.macros import STEPS, grid_index
from synth.explore.response_model import ResponseModel

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
REACH = 0.26
"""How far a macro may lie from that of a liked sound: two steps."""
_BOUND = 2.5  # standard deviations above the mean; chosen on the bench, on listeners that its figures do not hold
_SHARES = (0.5, 0.8)  # of the trials: up to the first a bound, up to the second novelty, then a replay


def recommended(model: ResponseModel, allowed: Mask) -> int | None:
    """Return the row of the highest expected response among those that were played; None if there is none."""
    played = model.played
    played = played[allowed[played]]
    if not len(played):
        return None
    return int(played[np.argmax(model.predict(played)[0])])


def within_reach(model: ResponseModel, usual: int) -> Mask:
    """Return which rows lie within reach of what is liked: the usual sound, and what is expected to be as good or better."""
    played = model.played
    liked = [usual]
    if len(played):
        mean, _ = model.predict(np.append(played, usual))
        liked += [int(i) for i in played[mean[:-1] >= min(mean[-1], float(np.median(mean)))]]
    near = np.zeros((STEPS + 1,) * model.grid.shape[1], bool)
    near.flat[liked] = True
    for _ in range(round(REACH * STEPS)):
        _widen(near)
    return near.ravel()


def _widen(near: Mask) -> None:
    """Add what lies a step to either side along any macro."""
    for axis in range(near.ndim):
        along = np.moveaxis(near, axis, 0)
        before = along.copy()
        along[1:] |= before[:-1]
        along[:-1] |= before[1:]


def candidates_of(model: ResponseModel, allowed: Mask, usual: int) -> npt.NDArray[np.int64]:
    """Return which rows may be played next: those within reach; if all of these are left out, the nearest that are not.

    Raises
    ------
    InputError
        `NothingLeftError`, if everything is left out.
    """
    if not allowed.any():
        raise nothing_left()
    near = within_reach(model, usual).reshape((STEPS + 1,) * model.grid.shape[1])
    while not (allowed & near.ravel()).any():
        _widen(near)
    return np.flatnonzero(allowed & near.ravel())


def explore(model: ResponseModel, allowed: Mask, usual: int, rng: np.random.Generator) -> int:
    """Return the next sound of the policy of this name."""
    candidates = candidates_of(model, allowed, usual)
    mean, sd = model.predict(candidates)
    played = model.played
    draw = rng.uniform()
    if len(played) < 4 or draw < _SHARES[0]:
        return int(candidates[np.argmax(mean + _BOUND * sd)])
    if draw < _SHARES[1]:
        return int(candidates[np.argmax(_novelty(model, candidates, played, mean, sd))])
    best = recommended(model, allowed)
    return int(candidates[np.argmax(mean)]) if best is None else _replay(model, allowed, best)


def _novelty(
    model: ResponseModel, candidates: npt.NDArray[np.int64], played: npt.NDArray[np.int64], mean: Floats, sd: Floats
) -> Floats:
    """Return how new a sound is: its distance to what was played, the more the likelier it is liked."""
    far = np.linalg.norm(model.grid[candidates][:, None] - model.grid[played], axis=-1).min(1)
    floor = np.quantile(mean, 0.5)
    return np.asarray(far * (0.5 + np.clip((mean + sd - floor) / 0.3, 0, 1)))


def _replay(model: ResponseModel, allowed: Mask, best: int) -> int:
    """Return the best so far, or the one that may yet be better and is least sure."""
    played = model.played[allowed[model.played]]
    mean, sd = model.predict(played)
    return int(played[np.argmax(mean + sd)]) if len(played) > 1 else best


def expected_improvement(model: ResponseModel, allowed: Mask, usual: int, rng: np.random.Generator) -> int:
    """Return where the expected improvement is highest; four even ones come first."""
    if len(model.played) < 4:
        return sobol(model, allowed, usual, rng)
    candidates = _every(allowed)
    best = float(model.predict(model.played)[0].max())
    mean, sd = model.predict(candidates)
    z = (mean - best) / sd
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    below = 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))
    return int(candidates[np.argmax(sd * (z * below + density))])


def sobol(model: ResponseModel, allowed: Mask, usual: int, rng: np.random.Generator) -> int:
    """Return the next of an even spread over everything; the nearest that is allowed."""
    points = _sequence(model.grid.shape[1], sobol_seed(rng))
    for number in range(len(model.observations), len(points)):
        index = int(grid_index(np.round(points[number] * STEPS) / STEPS))
        if allowed[index]:
            return index
    return int(rng.choice(_every(allowed)))


def _every(allowed: Mask) -> npt.NDArray[np.int64]:
    """Return all rows that may be played; raises `NothingLeftError` if there is none."""
    if not allowed.any():
        raise nothing_left()
    return np.flatnonzero(allowed)


def sobol_seed(rng: np.random.Generator) -> int:
    """Return the seed of the sequence: that of the session, the same at every trial."""
    seeds = rng.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
    return int(seeds[0] if isinstance(seeds, (list, tuple)) else seeds)


_SEQUENCES: dict[tuple[int, int], Floats] = {}


def _sequence(size: int, seed: int) -> Floats:
    from scipy.stats import qmc

    if (size, seed) not in _SEQUENCES:
        if len(_SEQUENCES) > 256:
            _SEQUENCES.clear()
        _SEQUENCES[size, seed] = qmc.Sobol(size, rng=np.random.default_rng(seed)).random(1024)
    return _SEQUENCES[size, seed]


def prior(model: ResponseModel, allowed: Mask, usual: int, rng: np.random.Generator) -> int:
    """Return what the prior likes best and was not yet played; once all were, the best of them again."""
    new = _every(allowed)
    new = new[~np.isin(new, model.played)]
    if not len(new):
        return int(recommended(model, allowed) or 0)
    return int(new[np.argmax(model.trend[new])])


Policy = Callable[[ResponseModel, Mask, int, np.random.Generator], int]
LEARNING = ("explore", "ei")
"""Policies that ask by what was learnt."""
POLICIES: dict[str, Policy] = {"explore": explore, "sobol": sobol, "ei": expected_improvement, "prior": prior}
