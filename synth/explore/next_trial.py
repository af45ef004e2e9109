"""What is asked next.  what is known, what may be played -> kind of trial, row of the grid; what is left out is never played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from synth.explore.bans import nothing_left
from synth.explore.history import History
from synth.explore.policy import POLICIES, Mask
from synth.explore.questions import duel_of, knob_of, question
from synth.explore.schedule import kind_of_trial, pair_of

_SEVERAL = {"duel": duel_of, "knob": knob_of}


class Asked(NamedTuple):
    """A trial to come: its kind, its row of the grid, all rows of a duel or a knob, of a pair its number and side."""

    kind: str
    row: int
    rows: Sequence[int] = ()
    pair: int = -1
    side: str = ""


def next_trial(history: History, usual: int, seed: int, policy: str, questions: str) -> Asked:
    """Return what is asked next.

    Raises
    ------
    InputError
        `NothingLeftError`, if everything is left out.
    """
    allowed, model, number = ~history.banned, history.model, history.next_number
    if not allowed.any():
        raise nothing_left()
    if is_comparing(history, usual) and (pair := pair_of(seed, history.pairs)) is not None:
        return Asked("pair", usual if pair[1] == "usual" else int(history.incumbent or 0), (), *pair)
    kind = kind_of_trial(seed, number)
    if kind == "sham":
        return Asked("sham", usual)
    rng = np.random.default_rng([seed, number])
    if kind == "repeat" and (row := _repeated(history, allowed, rng)) is not None:
        return Asked("repeat", row)
    asked = question(model, seed, number) if questions == "auto" else "trial"
    if asked != "trial" and (rows := _SEVERAL[asked](model, allowed, usual, rng)):
        return Asked(asked, rows[0], rows)
    return Asked("trial", POLICIES[policy](model, allowed, usual, rng))


def is_comparing(history: History, usual: int) -> bool:
    """Return whether blind pairs can go on: something other than the usual was found, and both may still be played."""
    found = history.incumbent
    return found is not None and found != usual and not history.banned[[found, usual]].any()


def _repeated(history: History, allowed: Mask, rng: np.random.Generator) -> int | None:
    """Return one of the better half of what was played; None if nothing that was played may be."""
    played = history.model.played[allowed[history.model.played]]
    if not len(played):
        return None
    mean, _ = history.model.predict(played)
    return int(rng.choice(played[mean >= np.median(mean)]))
