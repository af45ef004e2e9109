"""A duel: two sounds, one after the other; which tingles more?  trial -> 0 for the first, 1 for the second, 0.5 for neither.

A sound that is unpleasant loses; after both are, nothing more is asked.
"""

from __future__ import annotations

import numpy as np

from synth.cli.exploring.asking import Asking, Question
from synth.explore.session import Answer
from synth.explore.trial import PAUSE_S, Trial, each_s

_NEITHER = 0.5


def ask_duel(asking: Asking, trial: Trial) -> Answer | None:
    """Play both, and wait for the answer, which may come as soon as the second sounds; None: it was broken off."""
    disliked = [False, False]
    choice: float | None = None
    for part, preset in enumerate(trial.presets):
        asking.question = Question("duel", part)
        sound = asking.played(asking.stage.begin_one(preset, trial.seed), each_s(asking.timing.sound_s, 2))
        while asking.stage.frame < sound.stop + asking.frames(PAUSE_S):
            if asking.is_broken_off():
                return None
            disliked[part] |= asking.wishes.take_dislike()
            said = _said(asking)
            choice = choice if said is None or not part else said
            if disliked[part] or choice is not None:
                sound.break_off()
            sound.attend()
    if any(disliked):
        return Answer(np.array([_NEITHER if all(disliked) else float(disliked[0])]), disliked=True)
    asking.question = Question("duel")
    while choice is None:
        if asking.is_broken_off():
            return None
        choice = _said(asking)
    return Answer(np.array([choice]))


def _said(asking: Asking) -> float | None:
    """Return what was chosen since the last call; None: nothing."""
    said = _NEITHER if asking.wishes.take_taken() else None
    for turn in asking.wishes.take_turns():
        said = float(turn.by > 0 if turn.to is None else round(turn.to))
    return said
