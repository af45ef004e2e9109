"""A knob: sounds along one macro; where does it tingle most?  trial -> where it was left, 0..1.

Whoever listens turns it, hears each place, and says when it stays, within a minute of sound. Where it stands first is drawn, and
counts only after the knob was turned: nobody is led to one place.
"""

from __future__ import annotations

import numpy as np

from synth.cli.exploring.asking import Asking, Question
from synth.cli.exploring.wishes import Turn
from synth.explore.session import Answer
from synth.explore.trial import Trial

_REST_S = 0.2  # so long it stands still before the next place is heard: a quick turn passes over what lies between
_LONGEST_S = 60.0


def ask_knob(asking: Asking, trial: Trial) -> Answer | None:
    """Play where it is turned to until it is left somewhere; None: it was broken off."""
    stage, last = asking.stage, len(trial.presets) - 1
    place = int(np.random.default_rng([trial.seed, trial.number]).integers(last + 1))
    has_turned = is_over = is_taken = False
    begun = turned = stage.frame
    asking.heard = None
    while not asking.is_broken_off():
        asking.question = Question("knob", None, place / last, last + 1)
        turns, is_taken = asking.wishes.take_turns(), asking.wishes.take_taken() or is_taken
        for turn in turns:
            place = turned_to(place, turn, last)
        if turns:
            has_turned, is_taken, turned = True, False, stage.frame
        is_taken = is_taken and has_turned
        if asking.hear_dislike() or (is_taken and (asking.heard == place or is_over)):
            asking.fade_out()
            stage.clear()
            return unpleasant(asking, trial) or Answer(np.array([place / last]))
        if is_over:
            continue
        if asking.heard != place and (asking.heard is None or stage.frame - turned >= asking.frames(_REST_S)):
            stage.begin_one(trial.presets[place], trial.seed)
            asking.heard = place
        if stage.frame - begun > asking.frames(_LONGEST_S):
            is_over = has_turned = True
            asking.fade_out()
            asking.say("that was a minute; leave it where it tingled most")
    return None


def unpleasant(asking: Asking, trial: Trial) -> Answer | None:
    """Return the answer to a knob on which a place is unpleasant; None if none is."""
    if not asking.disliked:
        return None
    return Answer(np.array([asking.disliked.pop() / (len(trial.presets) - 1)]), disliked=True)


def turned_to(place: int, turn: Turn, last: int) -> int:
    """Return the place, 0..last, at which a knob stands after a turn."""
    found = place + turn.by if turn.to is None else round(turn.to * last)
    return min(max(found, 0), last)
