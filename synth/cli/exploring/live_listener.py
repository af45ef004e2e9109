"""Somebody with headphones, as the loop asks whoever hears.  trial -> sound, fade, silence -> hold, dislike; or the end.

What was broken off (silence called for, a device that was lost, a hold that is not known) is played again from its beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from synth.cli.exploring.stage import FADE_S
from synth.cli.exploring.wishes import Wishes
from synth.explore.hold import RATE_HZ, SILENCE_S, SOUND_S
from synth.explore.session import Answer
from synth.explore.trial import Trial

_LOOK_S = 0.02
_AHEAD_S = 0.25  # so long before it is due the fade is sent, to its exact frame
_LONGEST_WAIT_S = 5.0  # beyond a trial's end, for the hold of its last moment: more than any latency


@dataclass(frozen=True)
class Timing:
    """How long a trial is: of sound, and of the silence after it, in seconds."""

    sound_s: float = SOUND_S
    silence_s: float = SILENCE_S


USUAL = Timing()


class Plays(Protocol):
    """What a trial is played on; see `synth.cli.exploring.stage.Stage`."""

    sample_rate: float

    @property
    def frame(self) -> int:
        """The first frame that is not rendered yet."""

    @property
    def is_playing(self) -> bool:
        """Whether there is a device."""

    def begin(self, trial: Trial, seconds: float) -> int:
        """Play a sound; return the frame at which it begins."""

    def fade(self, at: int | None = None) -> None:
        """Fade to silence from a frame on; None: now."""

    def clear(self) -> None:
        """End what sounds."""

    def hold(self, start: int, stop: int) -> npt.NDArray[np.float64] | None:
        """Return the hold at 50 Hz; None while some of it is not known."""


class LiveListener:
    """Asks a person.

    Parameters
    ----------
    stage : plays. wishes : what the person says by keys.
    attend : lets so many seconds pass at most, and brings keys in; False: it is to end.
    say : told in one line what the person has to know.

    Attributes
    ----------
    is_waiting : whether nothing plays, for a pause or for want of a device.
    """

    def __init__(
        self,
        stage: Plays,
        wishes: Wishes,
        attend: Callable[[float], bool],
        say: Callable[[str], object] = lambda text: None,
        timing: Timing = USUAL,
    ) -> None:
        self._stage, self._wishes, self._attend, self._say, self._timing = stage, wishes, attend, say, timing
        self.is_waiting = False

    def hear(self, trial: Trial) -> Answer | None:
        """Play a trial until it is answered; None: the person ends the session."""
        while self._is_ready():
            if answer := self._once(trial):
                return answer
        self._fade_out()
        return None

    def _fade_out(self) -> None:
        """Fade, and wait until that is over."""
        self._stage.fade()
        end = self._stage.frame + round(FADE_S * self._stage.sample_rate)
        while self._stage.is_playing and self._stage.frame < end:
            self._attend(_LOOK_S)

    def _goes_on(self) -> bool:
        """Let a moment pass; whether the session goes on."""
        return self._attend(_LOOK_S) and not self._wishes.is_over

    def _is_ready(self) -> bool:
        """Wait while it is paused, or there is no device; whether the session goes on."""
        while self._wishes.is_paused or not self._stage.is_playing:
            self.is_waiting = True
            if not self._goes_on():
                return False
        self.is_waiting = False
        return self._goes_on()

    def _once(self, trial: Trial) -> Answer | None:
        """Play it once; None: it was broken off."""
        stage, timing, rate = self._stage, self._timing, self._stage.sample_rate
        self._wishes.begin()
        start = stage.begin(trial, timing.sound_s)
        stop, silence = start + round(timing.sound_s * rate), round(timing.silence_s * rate)
        whole = round((timing.sound_s + timing.silence_s) * RATE_HZ)
        last, end = start + round((timing.sound_s + timing.silence_s) * rate), stop + silence
        is_fading = is_clear = is_disliked = False
        hold: npt.NDArray[np.float64] | None = None
        while hold is None:
            if not self._goes_on():
                return None
            if self._wishes.take_silence():
                stage.clear()
                self._say("silence; p goes on, with this sound from its beginning")
                return None
            if not stage.is_playing:
                return None
            if self._wishes.take_dislike():
                is_disliked = True
                if not is_fading:
                    is_fading, last = True, max(stage.frame, start + 1)
                    stop = last + round(FADE_S * rate)
                    end = stop + silence
                    stage.fade()
            now = stage.frame
            if not is_fading and now >= stop - round((FADE_S + _AHEAD_S) * rate):
                is_fading = True
                stage.fade(stop - round(FADE_S * rate))
            if not is_clear and now >= stop:
                is_clear = True
                stage.clear()
            if now >= end:
                hold = stage.hold(start, last)
                if hold is None and now > end + round(_LONGEST_WAIT_S * rate):
                    self._say("of this sound not all is known that you said; it comes again")
                    return None
        rest = np.zeros(max(whole - len(hold), 0))  # of a sound that was ended: nothing tingled after it
        return Answer(np.concatenate([hold, rest])[:whole], is_disliked)
