"""A duel: two sounds, one after the other; which tingles more?  trial -> 0 for the first, 1 for the second, 0.5 for neither.

A sound that is unpleasant loses; after both are, nothing more is asked.
"""

from __future__ import annotations

import numpy as np

from synth.cli.exploring.asking import Asking, Question
from synth.explore.session import Answer
from synth.explore.trial import PAUSE_S, Trial, each_s

_NEITHER = 0.5
_HEARD_S = 1.0  # so much of the second sound is heard before an answer counts: a key that was pressed twice is none


def ask_duel(asking: Asking, trial: Trial) -> Answer | None:
    """Play both, and wait for the answer, which may come while the second sounds; None: it was broken off."""
    choice: float | None = None
    for part, preset in enumerate(trial.presets):
        if part in asking.disliked:  # before it was broken off
            continue
        asking.question, asking.heard = Question("duel", part), part
        sound = asking.played(asking.stage.begin_one(preset, trial.seed), each_s(asking.timing.sound_s, 2))
        while asking.stage.frame < sound.stop + asking.frames(PAUSE_S):
            if asking.is_broken_off():
                return None
            asking.hear_dislike()
            said = _said(asking)
            if part and asking.stage.frame >= sound.start + asking.frames(_HEARD_S):
                choice = choice if said is None else said
            if part in asking.disliked or choice is not None:
                sound.break_off()
            sound.attend()
    asking.question = Question("duel")
    while choice is None and not asking.hear_dislike():
        if asking.is_broken_off():
            return None
        choice = _said(asking)
    return unpleasant(asking, trial) if asking.disliked else Answer(np.array([choice]))


def unpleasant(asking: Asking, trial: Trial) -> Answer | None:
    """Return the answer to a duel of which something is unpleasant; None: the other sound has to be heard first."""
    if asking.disliked == {0} and asking.heard == 0:
        return None
    return Answer(np.array([_NEITHER if len(asking.disliked) > 1 else float(0 in asking.disliked)]), disliked=True)


def _said(asking: Asking) -> float | None:
    """Return what was chosen since the last call; None: nothing."""
    said = _NEITHER if asking.wishes.take_taken() else None
    for turn in asking.wishes.take_turns():
        place = _NEITHER + turn.by if turn.to is None else turn.to
        said = _NEITHER if place == _NEITHER else float(place > _NEITHER)
    return said
