"""What all questions to somebody with headphones have in common: a stage, wishes, time that passes, what breaks a trial off.

Silence that is called for, a device that is lost and the end break a trial off; it is played again from its beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

import synth
from synth.cli.exploring.stage import FADE_S
from synth.cli.exploring.wishes import Wishes
from synth.explore.hold import SILENCE_S, SOUND_S
from synth.explore.trial import Trial

_LOOK_S = 0.02
_AHEAD_S = 0.25  # so long before it is due the fade is sent, to its exact frame


@dataclass(frozen=True)
class Timing:
    """How long a trial is: of sound, and of the silence after it, in seconds."""

    sound_s: float = SOUND_S
    silence_s: float = SILENCE_S


USUAL = Timing()


@dataclass(frozen=True)
class Question:
    """What is asked just now, for displays.

    Attributes
    ----------
    kind : "hold", "duel" or "knob". part : of a duel which sound plays, 0 or 1; None: it waits for the answer.
    place : of a knob where it stands, 0..1. steps : of a knob how many sounds it has.
    """

    kind: str = "hold"
    part: int | None = None
    place: float = 0.0
    steps: int = 0


HOLD = Question()


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
        """Play a trial's sound; return the frame at which it begins."""

    def begin_one(self, preset: synth.Preset, seed: int) -> int:
        """Play one of several sounds of a trial; return the frame at which it begins."""

    def fade(self, at: int | None = None) -> None:
        """Fade to silence from a frame on; None: now."""

    def clear(self) -> None:
        """End what sounds."""

    def hold(self, start: int, stop: int) -> npt.NDArray[np.float64] | None:
        """Return the hold at 50 Hz; None while some of it is not known."""


class Asking:
    """A person who is asked.

    Parameters
    ----------
    stage : plays. wishes : what the person says.
    attend : lets so many seconds pass at most, and brings wishes in; False: it is to end.
    say : told in one line what the person has to know.

    Attributes
    ----------
    question : what is asked just now.
    heard : which of a trial's sounds was heard last: of a duel 0 or 1, of a knob its place.
    disliked : those that were said to be unpleasant; it outlasts that the trial is broken off.
    """

    def __init__(
        self,
        stage: Plays,
        wishes: Wishes,
        attend: Callable[[float], bool],
        say: Callable[[str], object] = lambda text: None,
        timing: Timing = USUAL,
    ) -> None:
        self.stage, self.wishes, self.say, self.timing = stage, wishes, say, timing
        self._attend = attend
        self.question = HOLD
        self.begin()

    def begin(self) -> None:
        """Begin a trial, about which nothing was said yet."""
        self.wishes.begin()
        self.heard: int | None = None
        self.disliked: set[int] = set()

    def hear_dislike(self) -> bool:
        """Take in whether what was heard last is unpleasant; whether anything is."""
        if self.wishes.take_dislike() and self.heard is not None:
            self.disliked.add(self.heard)
        return bool(self.disliked)

    def frames(self, seconds: float) -> int:
        """Return how many frames so many seconds are."""
        return round(seconds * self.stage.sample_rate)

    def goes_on(self) -> bool:
        """Let a moment pass; whether the session goes on."""
        return self._attend(_LOOK_S) and not self.wishes.is_over

    def is_broken_off(self) -> bool:
        """Let a moment pass; whether the trial that plays is over without an answer."""
        if not self.goes_on():
            return True
        if self.wishes.take_silence():
            self.stage.clear()
            self.say("silence; p goes on, with this sound from its beginning")
            return True
        return not self.stage.is_playing

    def fade_out(self) -> None:
        """Fade, and wait until that is over; silence that is called for meanwhile comes at once."""
        self.stage.fade()
        end = self.stage.frame + self.frames(FADE_S)
        while self.stage.is_playing and self.stage.frame < end:
            self._attend(_LOOK_S)
            if self.wishes.take_silence():
                self.stage.clear()

    def played(self, start: int, seconds: float) -> PlayedSound:
        """Return the sound that began at a frame and lasts so long."""
        return PlayedSound(self.stage, start, start + self.frames(seconds), self.frames(FADE_S), self.frames(_AHEAD_S))


class PlayedSound:
    """A sound that plays: faded before its end, and cleared at it.

    Attributes
    ----------
    start, stop : its first frame, and the first after it.
    """

    def __init__(self, stage: Plays, start: int, stop: int, fade_frames: int, ahead_frames: int) -> None:
        self._stage, self.start, self.stop = stage, start, stop
        self._fade_frames, self._ahead_frames = fade_frames, ahead_frames
        self._is_fading = self._is_clear = False

    def attend(self) -> None:
        """Do what is due; called every few hundredths of a second."""
        now = self._stage.frame
        if not self._is_fading and now >= self.stop - self._fade_frames - self._ahead_frames:
            self._is_fading = True
            self._stage.fade(self.stop - self._fade_frames)
        if not self._is_clear and now >= self.stop:
            self._is_clear = True
            self._stage.clear()

    def break_off(self) -> int | None:
        """Fade now; return the frame from which on it is not as it was. None: it fades already."""
        if self._is_fading:
            return None
        self._is_fading = True
        last = max(self._stage.frame, self.start + 1)
        self.stop = last + self._fade_frames
        self._stage.fade()
        return last
