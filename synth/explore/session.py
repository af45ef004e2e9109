"""A session: trials one after the other until the time is over, then blind pairs.  explorer, listener -> answers -> verdict.

Half an hour at most, pairs included; it advises rest when answers fall, and ends when it is told to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from synth.explore.bans import NothingLeftError
from synth.explore.explorer import Explorer
from synth.explore.history import TRIAL_S, History
from synth.explore.hold import SILENCE_S, checked_hold
from synth.explore.trial import Trial
from synth.explore.verdict import PAIRS, Verdict
from synth.parameters.errors import InputError

LONGEST_MIN = 30.0
PAIRS_MIN = 2 * PAIRS * TRIAL_S / 60
DEFAULT_MIN = LONGEST_MIN - PAIRS_MIN
_RATE_HZ = 48000
_RECENT, _FALLEN = 8, 0.15  # trials, and of the hold: chosen


class Answer(NamedTuple):
    """What somebody answered to a trial: hold (n,) at 50 Hz, and whether it was unpleasant."""

    hold: npt.NDArray[np.float64]
    disliked: bool = False


class Hears(Protocol):
    """Whoever can be asked: somebody with headphones, or a simulated listener."""

    def hear(self, trial: Trial) -> Answer | None:
        """Return what was answered; None: no answer will come any more."""


class Simulated:
    """A listener of the kind `listen(audio, sample_rate) -> hold at 50 Hz`, who is played rendered trials.

    Parameters
    ----------
    listener : any object with `listen`; an attribute `disliked` says whether the last sound was unpleasant.
    """

    def __init__(self, listener: Any) -> None:
        if not callable(getattr(listener, "listen", None)):
            raise InputError(f"{type(listener).__name__} has no listen(audio, sample_rate)")
        self._listener = listener

    def hear(self, trial: Trial) -> Answer:
        """Render, listen."""
        if len(trial.vectors):
            chosen = np.array([self._compared(trial)])
            return Answer(chosen, self._is_disliked())
        silence = np.zeros((round(SILENCE_S * _RATE_HZ), 2), np.float32)
        hold = self._listener.listen(np.concatenate([trial.render(_RATE_HZ), silence]), _RATE_HZ)
        hold = checked_hold(hold, of_s=trial.seconds)
        return Answer(hold, self._is_disliked())

    def _is_disliked(self) -> bool:
        return bool(getattr(self._listener, "disliked", False))

    def _compared(self, trial: Trial) -> float:
        """Return which of a duel's sounds it was, or where along a knob's."""
        sounds = trial.render_each(_RATE_HZ)
        if trial.kind == "duel":
            return float(self._listener.compare(*sounds, _RATE_HZ))
        return float(self._listener.turn_knob(sounds, _RATE_HZ)) / max(len(sounds) - 1, 1)


@dataclass(frozen=True)
class Report:
    """How a session went: trials answered, whether it came to its end, the verdict, and what is advised ("" for nothing)."""

    trials: int
    is_over: bool
    verdict: Verdict
    advice: str


def run_session(
    explorer: Explorer,
    listener: Hears,
    minutes: float = DEFAULT_MIN,
    *,
    has_pairs: bool = True,
    after: Callable[[Trial, Answer], object] = lambda trial, answer: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Ask until the time is over, then verify.

    Parameters
    ----------
    minutes : of exploring, 1 or more; with the pairs after it 30 at most.
    has_pairs : whether blind pairs follow.
    after : told of each answer. should_stop : asked before each trial.

    Raises
    ------
    InputError
        If it would last for more than half an hour.
    """
    count = trials_of(minutes, has_pairs)
    asked = 0

    def ask(count: int) -> bool:
        nonlocal asked
        for _ in range(count):
            if should_stop():
                return False
            trial = explorer.ask()
            answer = listener.hear(trial)
            if answer is None:
                return False
            explorer.tell(trial, answer.hold, answer.disliked, is_timed=True)
            asked += 1
            after(trial, answer)
        return True

    def compare() -> bool:
        while explorer.pairs_left:  # they end early when one of both is disliked
            if not ask(1):
                return False
        return True

    try:
        left = explorer.pairs_left
        is_over = compare() if left else ask(count)
        if is_over and has_pairs and not left:
            explorer.verify()
            is_over = compare()
    except NothingLeftError as error:
        return Report(asked, True, explorer.verdict, str(error))
    return Report(asked, is_over, explorer.verdict, rest_advice(explorer.history))


def trials_of(minutes: float, has_pairs: bool = True) -> int:
    """Return how many trials so many minutes of exploring are.

    Raises
    ------
    InputError
        If with the pairs after them it would last for more than half an hour.
    """
    longest = LONGEST_MIN - PAIRS_MIN * has_pairs
    if not 1 <= minutes <= longest + 1e-9:
        raise InputError(f"minutes = {minutes:g}; allowed: 1 .. {longest:.4g}: a session lasts for half an hour at most")
    return max(int(minutes * 60 / TRIAL_S), 1)


def rest_advice(history: History) -> str:
    """Return what to say when the answers of a session have fallen; "" if they have not."""
    own = [each for each in history.model.observations if each.session == history.session]
    if len(own) < 2 * _RECENT:
        return ""
    expected, _ = history.model.predict([each.index for each in own])
    above = np.array([each.value for each in own]) - expected
    fallen = float(above[:_RECENT].mean() - above[-_RECENT:].mean())
    if fallen < _FALLEN:
        return ""
    return f"answers have fallen by {fallen:.2f} of the hold since the session began: rest, and come back another day"
