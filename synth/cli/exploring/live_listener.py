"""Somebody with headphones, as the loop asks whoever hears.  trial -> one question after the other until it is answered.

What was broken off (silence called for, a device that was lost, a hold that is not known) is played again from its beginning, but
not what was said to be unpleasant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from synth.cli.exploring import asked_duel, asked_hold, asked_knob
from synth.cli.exploring.asking import Asking
from synth.explore.session import Answer
from synth.explore.trial import Trial

_Asks = Callable[[Asking, Trial], Answer | None]


class _Question(NamedTuple):
    """How a trial is asked, and what is answered to one that is unpleasant and is not to be played again."""

    ask: _Asks
    unpleasant: _Asks


_HOLD = _Question(asked_hold.ask_hold, asked_hold.unpleasant)
_COMPARING = {
    "duel": _Question(asked_duel.ask_duel, asked_duel.unpleasant),
    "knob": _Question(asked_knob.ask_knob, asked_knob.unpleasant),
}


class LiveListener:
    """Asks a person.

    Parameters
    ----------
    asking : plays, and knows what the person says.

    Attributes
    ----------
    is_waiting : whether nothing plays, for a pause or for want of a device.
    """

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.is_waiting = False

    def hear(self, trial: Trial) -> Answer | None:
        """Play a trial until it is answered; None: the person ends the session."""
        asking, question = self._asking, _COMPARING.get(trial.kind, _HOLD)
        asking.begin()
        while self._is_ready():
            answer = question.unpleasant(asking, trial) if asking.disliked else None
            if answer := answer or question.ask(asking, trial):
                return answer
        asking.fade_out()
        return question.unpleasant(asking, trial) if asking.hear_dislike() else None

    def _is_ready(self) -> bool:
        """Wait while it is paused, or there is no device; whether the session goes on."""
        asking = self._asking
        goes_on = asking.goes_on()
        while goes_on and (asking.wishes.take_silence() or asking.wishes.is_paused or not asking.stage.is_playing):
            self.is_waiting = True
            goes_on = asking.goes_on()
            asking.hear_dislike()
        self.is_waiting = False
        return goes_on
