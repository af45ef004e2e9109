"""What kind of trial comes when.  seed, number -> one sham and one repeat in ten, at drawn places; pairs in drawn order.

It depends on nothing but the seed: neither listener nor model can guess it, and a session that is opened again goes on with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from synth.explore.verdict import PAIRS

_BLOCK = 10
_FIRST = 2  # nothing is repeated, and no noise comes, before something was heard
_OF_KINDS, _OF_PAIRS = 101, 102  # streams of the seed


def kind_of_trial(seed: int, number: int) -> str:
    """Return the kind of a trial outside pairs: "trial", "repeat" or "sham"."""
    block, place = divmod(number, _BLOCK)
    rng = np.random.default_rng([seed, _OF_KINDS, block])
    sham, repeat = rng.choice(np.arange(_FIRST, _BLOCK), 2, replace=False)
    return "sham" if place == sham else "repeat" if place == repeat else "trial"


def pair_of(seed: int, told: Mapping[int, Collection[str]]) -> tuple[int, str] | None:
    """Return which pair and which side of it comes next, given the sides that were told of each pair; None: all were."""
    for pair in range(PAIRS):
        sides = ["best", "usual"]
        if np.random.default_rng([seed, _OF_PAIRS, pair]).uniform() < 0.5:
            sides.reverse()
        for side in sides:
            if side not in told.get(pair, ()):
                return pair, side
    return None
