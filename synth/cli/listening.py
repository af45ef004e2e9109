"""What `synth play` takes in of a listener: consent first, then a folder of its own.  options -> signals, recorder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from synth.cli.options import PlayOptions
from synth.cli.tingle import require_consent
from synth.control.midi.mapping import Mapping, Source
from synth.engine.preset import Preset
from synth.io.files.tingle_folder import SESSION, TAKE, erase, new_session, tingle_folder
from synth.io.files.tingle_folder import Session as KeptSession
from synth.live.live import Live
from synth.live.tingle.alignment import Latency, latencies
from synth.live.tingle.consent import given
from synth.live.tingle.recorder import TingleRecorder
from synth.live.tingle.signal_words import SignalWord, signals_from, with_hold
from synth.parameters.errors import InputError
from synth.preset.default_midi import mapping_of


@dataclass(frozen=True)
class Listening:
    """What of a listener is taken in.

    Attributes
    ----------
    words : the signals that were asked for.
    path : the folder of this session; None: nothing is kept but in a take.
    measured : latencies by device.
    """

    words: tuple[SignalWord, ...] = ()
    path: Path | None = None
    measured: dict[str, Latency] | None = None

    @property
    def control(self) -> Source | None:
        """The controller that says the hold, if one does."""
        return next((word.control for word in self.words if word.control), None)

    def mapping_of(self, preset: Preset) -> Mapping:
        """Return a preset's mapping, with that controller."""
        return with_hold(mapping_of(preset), self.control)

    def take_beside(self, take: Path | None) -> Path | None:
        """Return where the take goes: where it was wished, else into the session's folder."""
        return take or (self.path / TAKE if self.path else None)

    def tidy(self) -> None:
        """Remove the folder of a session that never began: a device or a sender was not there."""
        if self.path and self.path.is_dir() and not (self.path / SESSION).is_file():
            erase(KeptSession(self.path, {}))

    def recorder(
        self, live: Live, preset: Preset, take: Path | None, notify: Callable[[str], None]
    ) -> AbstractContextManager[TingleRecorder] | None:
        """Return what writes the session down; None if nothing is kept."""
        if self.path is None:
            return None
        where = TAKE if take == self.path / TAKE else str(take)
        agreed = given(self.path.parent)
        facts = {"preset": preset.name, "take": where, "consent": agreed.name if agreed else None}
        return TingleRecorder(self.path, live, self.words, notify, self.measured or {}, facts)


def listening_of(options: PlayOptions) -> Listening:
    """Return what the options ask for; nothing is made yet.

    Raises
    ------
    InputError
        If a signal is none, or there is no consent to keep anything.
    """
    words = signals_from(options.signals)
    if not options.is_recorded:
        if opened := [word.kind for word in words if word.control is None]:
            raise InputError(f"--signal {opened[0]}: signals are kept with --tingle only; add it")
        if options.has_consent:
            raise InputError("--consent goes with --tingle: nothing of a listener is kept without")
        return Listening(words)
    folder = require_consent(options.has_consent, options.as_json)
    return Listening(words, None, latencies(folder))


def with_folder(listening: Listening, options: PlayOptions, preset: Preset) -> Listening:
    """Return the same with the session's folder made, if there is to be one: when all else that could be wrong was right."""
    if not options.is_recorded:
        return listening
    return replace(listening, path=new_session(tingle_folder(), preset.name, datetime.now()))
