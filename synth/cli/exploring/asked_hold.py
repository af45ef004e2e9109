"""The question of most trials: how strongly does this tingle?  trial -> sound, fade, silence -> hold, dislike.

A sound of whose hold something is not known is played again.
"""

from __future__ import annotations

import numpy as np

from synth.cli.exploring.asking import HOLD, Asking
from synth.explore.hold import RATE_HZ
from synth.explore.session import Answer
from synth.explore.trial import Trial

_LONGEST_WAIT_S = 5.0  # beyond a trial's end, for the hold of its last moment: more than any latency


def ask_hold(asking: Asking, trial: Trial) -> Answer | None:
    """Play a sound once; None: it was broken off."""
    stage, timing = asking.stage, asking.timing
    whole_s = timing.sound_s + timing.silence_s
    asking.question = HOLD
    sound = asking.played(stage.begin(trial, timing.sound_s), timing.sound_s)
    asking.heard, last = 0, sound.start + asking.frames(whole_s)
    while not asking.is_broken_off():
        if asking.hear_dislike():
            last = sound.break_off() or last
        sound.attend()
        end = sound.stop + asking.frames(timing.silence_s)
        if stage.frame < end:
            continue
        hold = stage.hold(sound.start, last)
        if hold is not None:
            rest = np.zeros(max(round(whole_s * RATE_HZ) - len(hold), 0))  # of a sound that was ended: nothing tingled after it
            return Answer(np.concatenate([hold, rest])[: round(whole_s * RATE_HZ)], bool(asking.disliked))
        if stage.frame > end + asking.frames(_LONGEST_WAIT_S):
            asking.say("of this sound not all is known that you said; it comes again")
            return None
    return None


def unpleasant(asking: Asking, trial: Trial) -> Answer:
    """Return the answer to a sound that was broken off and is unpleasant: it is not played again."""
    return Answer(np.zeros(round((asking.timing.sound_s + asking.timing.silence_s) * RATE_HZ)), disliked=True)
