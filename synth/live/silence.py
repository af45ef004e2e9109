"""Silence: what a listener asks for by mute and by the sleep timer.  mute, timer -> the master's fade."""

from __future__ import annotations

from typing import Any

from synth.engine.commands import MUTE_S
from synth.engine.engine import Engine
from synth.live.sleep_timer import SleepTimer
from synth.parameters.tables import SLEEP


class Silence:
    """Fades an engine to silence and back; one thread asks.

    Parameters
    ----------
    engine : whose master fades.
    live : its `fade` is kept, so that a device which comes back is no louder.
    timer : at its end the session ends; one that is asked for later leaves it muted.

    Attributes
    ----------
    is_muted : whether it is to be silent.
    """

    def __init__(self, engine: Engine, live: Any, timer: SleepTimer | None = None) -> None:
        self._engine, self._live = engine, live
        self._timer, self._is_the_end = timer, timer is not None
        self.is_muted = False

    def mute(self) -> None:
        """Fade to silence, or back."""
        self.is_muted = not self.is_muted
        self._fade(MUTE_S)

    def sleep(self, seconds: float) -> None:
        """Fall silent in so many seconds, 0 .. 1e6, with a long fade; 0: no timer any more. It takes the place of the one before.

        Raises
        ------
        InputError
            If it is out of range.
        """
        self._timer = SleepTimer(seconds) if SLEEP.number(seconds, "sleep") else None
        self._is_the_end = False
        self._fade(SleepTimer.STEP_S)

    def fade_out(self, seconds: float) -> None:
        """Fade to silence in so many seconds, 0 .. 1e6; mute brings the sound back.

        Raises
        ------
        InputError
            If it is out of range.
        """
        ramp_s = SLEEP.number(seconds, "fade_out")
        self.is_muted = True
        self._fade(max(ramp_s, MUTE_S))

    @property
    def left_s(self) -> float | None:
        """Seconds until silence; None: there is no timer."""
        return self._timer.left_s if self._timer else None

    def attend(self) -> bool:
        """Let the timer fade; return whether the session is to end."""
        if self._timer is None:
            return False
        if self._timer.attend():
            self._fade(self._timer.STEP_S)
        if self._timer.left_s > 0 or self._is_the_end:
            return self._timer.left_s <= 0
        self._timer, self.is_muted = None, True
        self._fade(MUTE_S)
        return False

    def _fade(self, ramp_s: float) -> None:
        """Bring the level to where mute and timer want it."""
        self._live.fade = 0.0 if self.is_muted else self._timer.share if self._timer else 1.0
        self._engine.set_master(ramp_s=ramp_s, fade=self._live.fade)
