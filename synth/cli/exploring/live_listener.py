"""Somebody with headphones, as the loop asks whoever hears.  trial -> one question after the other until it is answered.

What was broken off (silence called for, a device that was lost, a hold that is not known) is played again from its beginning.
"""

from __future__ import annotations

from collections.abc import Callable

from synth.cli.exploring.asked_duel import ask_duel
from synth.cli.exploring.asked_hold import ask_hold
from synth.cli.exploring.asked_knob import ask_knob
from synth.cli.exploring.asking import Asking
from synth.explore.session import Answer
from synth.explore.trial import Trial

_COMPARING: dict[str, Callable[[Asking, Trial], Answer | None]] = {"duel": ask_duel, "knob": ask_knob}


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
        ask = _COMPARING.get(trial.kind, ask_hold)
        while self._is_ready():
            self._asking.wishes.begin()
            if answer := ask(self._asking, trial):
                return answer
        self._asking.fade_out()
        return None

    def _is_ready(self) -> bool:
        """Wait while it is paused, or there is no device; whether the session goes on."""
        asking = self._asking
        while asking.wishes.is_paused or not asking.stage.is_playing:
            self.is_waiting = True
            if not asking.goes_on():
                return False
        self.is_waiting = False
        return asking.goes_on()
