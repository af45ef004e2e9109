"""`synth explore bench`: how much a policy finds, heard by simulated listeners.  family x policy -> sessions -> utility.

Every policy meets the same listeners with the same seeds, recommends by the same model, and is measured by the truth:
the utility of the sound it recommends over that of the best sound there is. Losses are counted too.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

import synth
from synth.explore.bans import banned
from synth.explore.explorer import Explorer
from synth.explore.history import TRIAL_S
from synth.explore.hold import SOUND_S
from synth.explore.listeners.family import ears_of, ground_of, listener_of
from synth.explore.listeners.listener import Listener
from synth.explore.listeners.measures import hear
from synth.explore.macros import DEFAULT, grid_index
from synth.explore.trial import Trial, flat_noise

Floats = npt.NDArray[np.float64]
PRESET = "nails_on_glass"
MINUTES = (5, 10, 20)
_SHAM_HEARD_S = 4.0


@dataclass(frozen=True)
class Run:
    """What is run: a family's listener of a number, by a policy.

    Attributes
    ----------
    sessions : how many, of `minutes` of exploring each. has_prior : whether it begins with the shipped prior.
    is_verified : whether blind pairs follow the last one.
    """

    family: str
    policy: str
    number: int
    minutes: float = 20.0
    sessions: int = 1
    has_prior: bool = True
    is_verified: bool = False
    questions: str = "hold"
    preset: str = PRESET
    macros: tuple[str, ...] = DEFAULT


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes
    ----------
    shares : of the highest utility, after each of `MINUTES` and at the end. usual : that of the preset as it is.
    on_peak : whether what is recommended lies on the private peak. true_gain : its utility less the usual's.
    lag_error_s : of the estimated lag. verdict : "" if nothing was verified.
    exposures : unbearable sounds that were played; banned_exposures : those in what the second dislike banned.
    banned_dislikes : how many of these it said.
    """

    run: Run
    shares: dict[str, float]
    on_peak: bool
    lag_error_s: float
    verdict: str
    true_gain: float
    exposures: int
    banned_exposures: int
    banned_dislikes: int
    usual: float


@lru_cache(maxsize=8)
def _world(preset: str, macros: tuple[str, ...]) -> tuple[Any, Floats, Floats]:
    """Return a preset's ground, the measures of its whole grid, and those of a sham."""
    ground, measures = ground_of(ears_of(synth.load_preset(preset), macros))
    return ground, measures, hear(flat_noise(_SHAM_HEARD_S, 48000, 0), 48000)


def run(asked: Run) -> Outcome:
    """Run one listener's sessions."""
    ground, measures, sham = _world(asked.preset, asked.macros)
    listener = listener_of(asked.family, asked.number, ground)
    truth = listener.utility(measures)
    prior = "shipped" if asked.has_prior else None
    policy = "prior" if asked.policy == "nothing" else asked.policy
    explorer = Explorer(asked.preset, asked.number, policy, macros=asked.macros, prior=prior, questions=asked.questions)
    shares: dict[str, float] = {}
    trials = 0 if asked.policy == "nothing" else 1 if asked.policy == "prior" else round(asked.minutes * 60 / TRIAL_S)
    unbearable: list[int] = []
    for session in range(asked.sessions if trials else 0):
        if session:
            explorer.begin_session()
            listener.rest()
        for number in range(trials):
            trial = explorer.ask()
            _answer(explorer, listener, trial, measures, sham, unbearable)
            minutes = (number + 1) * TRIAL_S / 60
            if session == 0 and minutes in MINUTES:
                shares[f"{minutes:g} min"] = _share(explorer, truth)
    shares["end"] = _share(explorer, truth)
    best = int(grid_index(explorer.best.vector))
    on_peak = bool(listener.taste.on_peak(measures[[best]])[0] > 0.5) and not listener.kind.is_null
    lag_error_s = abs(explorer.lag_s - listener.lag_s)
    verdict = _verified(explorer, listener, measures, sham, unbearable) if asked.is_verified else ""
    region = _first_ban(explorer)
    banned_exposures = int(np.isin(unbearable, region).sum())
    said = int(np.isin(explorer.history.disliked, region).sum())
    gain = float(truth[best] - truth[explorer.usual])
    return Outcome(
        run=asked,
        shares=shares,
        on_peak=on_peak,
        lag_error_s=lag_error_s,
        verdict=verdict,
        true_gain=gain,
        exposures=len(unbearable),
        banned_exposures=banned_exposures,
        banned_dislikes=said,
        usual=float(truth[explorer.usual] / truth.max()),
    )


def _first_ban(explorer: Explorer) -> npt.NDArray[np.intp]:
    """Return the rows of the grid that the second dislike banned, as they were banned then; none before it."""
    disliked: list[int] = []
    accepted: list[int] = []
    for told in explorer.history.told:
        if told["kind"] in ("trial", "repeat", "pair"):
            (disliked if told.get("disliked") else accepted).append(int(grid_index(told["vector"])))
        if len(disliked) == 2:
            return np.flatnonzero(banned(explorer.history.model.grid, disliked, accepted))
    return np.empty(0, np.intp)


def _verified(explorer: Explorer, listener: Listener, measures: Floats, sham: Floats, unbearable: list[int]) -> str:
    explorer.verify()
    while explorer.pairs_left:
        _answer(explorer, listener, explorer.ask(), measures, sham, unbearable)
    return explorer.verdict.outcome


def _answer(explorer: Explorer, listener: Listener, trial: Trial, measures: Floats, sham: Floats, unbearable: list[int]) -> None:
    """Let a listener hear a trial, of which the first seconds were rendered and measured, and tell the hold."""
    index = int(grid_index(trial.vector))
    heard = sham if trial.kind == "sham" else measures[index]
    if len(trial.vectors):
        sounds = measures[grid_index(trial.vectors)]
        choice = listener.choose(*sounds) if trial.kind == "duel" else listener.turn(sounds) / (len(sounds) - 1)
        unbearable += [int(row) for row in grid_index(trial.vectors) if listener.is_unbearable(measures[row])]
        explorer.tell(trial, float(choice))
        return
    hold = listener.respond(heard, SOUND_S, TRIAL_S)
    if trial.kind != "sham" and bool(listener.is_unbearable(heard)):
        unbearable.append(index)
    explorer.tell(trial, hold, listener.disliked)


def _share(explorer: Explorer, truth: Floats) -> float:
    return float(truth[grid_index(explorer.best.vector)] / truth.max())


def run_all(runs: Sequence[Run], done: Callable[[float], object] = lambda share: None) -> list[Outcome]:
    """Return the outcomes of runs in their order, on all cores; `done` is told of each share of the work."""
    for preset, macros in {(each.preset, each.macros) for each in runs}:
        _world(preset, macros)  # rendered once, here, on all cores
        Explorer(preset, macros=macros).prepare()
    with ProcessPoolExecutor(os.cpu_count() or 1, initializer=_quiet_blas) as pool:
        found = []
        for outcome in pool.map(run, runs, chunksize=1):
            found.append(outcome)
            done(1 / len(runs))
    return found


def _quiet_blas() -> None:
    """One core a process: matrices are small."""
    os.environ["OMP_NUM_THREADS"] = "1"
    warnings.simplefilter("ignore")


def mean_and_interval(values: Iterable[float]) -> tuple[float, float]:
    """Return a mean and the half width of its 95 % interval."""
    found = np.asarray(list(values), float)
    return float(found.mean()), float(1.96 * found.std(ddof=1) / np.sqrt(len(found))) if len(found) > 1 else float("inf")
