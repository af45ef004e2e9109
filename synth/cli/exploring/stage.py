"""The stage: a trial's sound on the engine that plays live, between fades; and its hold.  trial -> frames -> hold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from synth.cli.exploring.sham import sham_inputs, sham_preset
from synth.engine.arguments import seed_of
from synth.engine.kernels.state import TINGLE
from synth.engine.layer import Input
from synth.engine.preset import Preset
from synth.explore.trial import Trial
from synth.live.live import Live
from synth.live.session import Session
from synth.live.tingle.hold_track import HoldTrack

FADE_S = 0.3  # chosen: as long as the ramps of the noise


class Stage:
    """Plays trials on a session's engine, which is kept at silence between them by the master's fade.

    Parameters
    ----------
    session : changes presets as a performer does. live : where it plays. track : the hold, moved to the sound that it answers.
    """

    def __init__(self, session: Session, live: Live, track: HoldTrack) -> None:
        self._session, self._live, self._engine, self._track = session, live, live.engine, track
        self.sample_rate = self._engine.sample_rate
        live.fade = 0.0  # a device that comes back begins in silence, too

    @property
    def frame(self) -> int:
        """The first frame that is not rendered yet."""
        return self._engine.frame

    @property
    def is_playing(self) -> bool:
        """Whether there is a device."""
        return self._live.is_playing

    @property
    def amount(self) -> float:
        """How strongly it tingles now, 0..1, whoever says it."""
        return float(self._engine.state["master"][TINGLE]["target"])

    def begin(self, trial: Trial, seconds: float) -> int:
        """Play a trial's sound from its beginning; return the frame at which it comes out of silence."""
        if trial.kind == "sham":
            return self._begin(sham_preset(), trial.seed, sham_inputs(seconds, self.sample_rate, trial.seed))
        return self._begin(trial.preset, trial.seed)

    def begin_one(self, preset: Preset, seed: int) -> int:
        """Play one of several sounds of a trial, as notes of the one before end by themselves; return the frame."""
        return self._begin(preset, seed)

    def _begin(self, preset: Preset, seed: int, inputs: Mapping[str, Input] | None = None) -> int:
        self._engine.seed = seed_of(seed)
        self._session.play(preset, inputs)
        start = self._engine.frame + self._live.event_latency_frames
        self._engine.set_master(at=start, ramp_s=FADE_S, fade=1.0)
        return start

    def fade(self, at: int | None = None) -> None:
        """Fade to silence from a frame on; None: now."""
        self._engine.set_master(at=at, ramp_s=FADE_S, fade=0.0)

    def clear(self) -> None:
        """End what sounds, in 15 ms: after a fade, so that nothing of it is heard in the next trial; or at once."""
        self._engine.panic()
        self._engine.set_master(ramp_s=FADE_S, fade=0.0)

    def hold(self, start: int, stop: int) -> npt.NDArray[np.float64] | None:
        """Return the hold that answers frames from `start` up to `stop`, 0..1 at 50 Hz; None while some of it is not known."""
        stretch = self._track.between(start, stop)
        return None if stretch.gaps else stretch.values.astype(float)
