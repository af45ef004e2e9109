"""A knob: sounds along one macro; where does it tingle most?  trial -> where it was left, 0..1.

Whoever listens turns it, hears each place for as long as wished, and says when it stays. Where it stands first is drawn, so that
nobody is led to one place.
"""

from __future__ import annotations

import numpy as np

from synth.cli.exploring.asking import Asking, Question
from synth.cli.exploring.wishes import Turn
from synth.explore.session import Answer
from synth.explore.trial import Trial

_REST_S = 0.2  # so long it stands still before the next place is heard: a quick turn passes over what lies between
_LONGEST_S = 60.0  # without a hand: then it is silent until somebody turns it


def ask_knob(asking: Asking, trial: Trial) -> Answer | None:
    """Play where it is turned to until it is left somewhere; None: it was broken off."""
    stage, last = asking.stage, len(trial.presets) - 1
    place = int(np.random.default_rng([trial.seed, trial.number]).integers(last + 1))
    heard: int | None = None
    is_asleep, turned = False, stage.frame
    while not asking.is_broken_off():
        asking.question = Question("knob", None, place / last, last + 1)
        if turns := asking.wishes.take_turns():
            heard = None if is_asleep else heard
            is_asleep, turned = False, stage.frame
        for turn in turns:
            place = turned_to(place, turn, last)
        is_taken, is_disliked = asking.wishes.take_taken(), asking.wishes.take_dislike()
        if heard == place and (is_taken or is_disliked):
            asking.fade_out()
            stage.clear()
            return Answer(np.array([place / last]), is_disliked)
        rested = stage.frame - turned
        if heard != place and (heard is None or rested >= asking.frames(_REST_S)):
            stage.begin_one(trial.presets[place], trial.seed)
            heard = place
        elif not is_asleep and rested > asking.frames(_LONGEST_S):
            is_asleep = True
            asking.fade_out()
            asking.say("turn it again, or leave it where it tingled most")
    return None


def turned_to(place: int, turn: Turn, last: int) -> int:
    """Return the place, 0..last, at which a knob stands after a turn."""
    found = place + turn.by if turn.to is None else round(turn.to * last)
    return min(max(found, 0), last)
