"""Live: an engine and a sound device.  MIDI sources -> engine -> compiled callback -> headphones; files and counters beside it.

Python never enters the audio thread: it hands over events, moves bytes and reads counters. A device that is lost is opened again
when it is back; what is recorded meanwhile stays.
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np

from synth.engine.engine import Engine
from synth.engine.entry import process_address
from synth.io.audio import device_clock
from synth.io.audio.audio_block import LIVE, play
from synth.io.audio.device import Device, open_device
from synth.io.audio.tape import TapeReader
from synth.live.attendant import Attendant
from synth.live.device_watch import DeviceWatch
from synth.live.midi_sources import MidiSources
from synth.live.readouts import stats_of
from synth.live.recorder import Recorder
from synth.live.status import Stats
from synth.parameters.errors import InputError

_FADE_IN_S, _FADE_OUT_S = 0.5, 0.05
_LOWEST_TONES_S = 0.15  # after a fade, until what the master's high-pass keeps of it has died away
_EMPTY_S = 0.4  # beyond the latency, until a fade to nothing has reached the ears and the lowest tones have died away
_LOOK_S = 0.2
_SWITCH_INTERVAL_S = 0.0002  # at Python's own 5 ms, another busy thread makes controls late (rule 22)
_MARGIN_S = 0.003  # beyond two blocks, from a stamp to its event


def _notify_nobody(text: str) -> None:
    pass


class Live:
    """Plays an engine on a sound device while the `with` block runs; until then nothing is opened.

    Parameters
    ----------
    engine : what is played; `process` is refused meanwhile.
    device : name, part of a name, or number of the output; "jack": the JACK-native client; None: the system's default.
    block_frames : 0: whatever the host likes.
    latency : "low", "high" or seconds, as the host understands it.
    inputs : channels of live input, 0 to 2.
    midi : listen to MIDI sources whose names hold this, "" to all; None: to none.
    is_now : play MIDI as soon as it comes instead of at its stamp plus a constant latency: sooner, and less even.
    record, take : new files for what is heard, and for what was done.
    notify : told in one line what happens: sources that come and go, a device that is lost, what could not be written.

    Attributes
    ----------
    recorder : writes the files; None without, and before the `with` block.
    fade : where the master's fade goes whenever sound begins: 0 while muted.

    Raises
    ------
    InputError
        On entering, if PortAudio, JACK, the device or a file cannot be used, or the engine plays already.
    """

    def __init__(
        self,
        engine: Engine,
        device: str | int | None = None,
        block_frames: int = 0,
        latency: str | float = "low",
        *,
        inputs: int = 0,
        midi: str | None = None,
        is_now: bool = False,
        record: Path | None = None,
        take: Path | None = None,
        notify: Callable[[str], None] = _notify_nobody,
    ) -> None:
        self.engine, self._notify = engine, notify
        self.fade = 1.0
        self.recorder: Recorder | None = None
        self._wanted, self._midi, self._is_now = device, midi, is_now
        self._files, self._inputs = (record, take), inputs
        self._record = np.zeros(1, LIVE)
        self._tape: TapeReader | None = None
        opening = functools.partial(
            open_device,
            self._record,
            engine.sample_rate,
            inputs=inputs,
            block_frames=block_frames,
            latency=latency,
            midi=midi,
        )
        kept = "; what was recorded is safe" if record or take else ""
        self._watch = DeviceWatch(self._record, engine.sample_rate, opening, (self._fade_in, self._fade_away), notify, kept)
        self._sources = MidiSources(engine, None if is_now else self.event_frame, notify)
        self._stack, self._process = ExitStack(), os.getpid()

    # ---- from beginning to end

    def __enter__(self) -> Live:
        self._process = os.getpid()
        with ExitStack() as stack:
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    def _open(self, stack: ExitStack) -> None:
        """Open what is needed; what is open is closed in the opposite order, the device before the files."""
        engine, record = self.engine, self._record
        engine.check_idle()
        record["process"] = process_address()
        self._watch.open(self._wanted)
        stack.callback(self._watch.close)
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        if any(self._files):
            self.recorder = Recorder(engine, record, *self._files, self._inputs, self._notify)
            stack.callback(self.recorder.close)
        stack.callback(engine.attend)
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_INTERVAL_S))
        record["state"], record["tables"] = engine.go_live()
        stack.callback(engine.leave_live)
        stack.callback(self._watch.close)
        record["frames"] = engine.frames_out
        record["midi"] = engine.midi_address
        if engine.frames_out:
            self._fade_away()
        self._watch.start()
        attendant = self._attendant()
        stack.callback(attendant.stop)
        attendant.start()
        if self._midi is not None:
            stack.enter_context(self._sources.ports(self._midi, self.time_s, self.device.is_native_midi))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if os.getpid() != self._process:
            return  # a forked child: what is open is its parent's
        with self._stack:
            self.engine.set_master(ramp_s=_FADE_OUT_S, fade=0)
            if self.is_playing:
                latency_s = self.device.latency_s + self.engine.latency_frames / self.engine.sample_rate
                time.sleep(_FADE_OUT_S + _LOWEST_TONES_S + latency_s)

    def _fade_in(self) -> None:
        self.engine.set_master(ramp_s=0, fade=0)
        self.engine.set_master(ramp_s=_FADE_IN_S, fade=self.fade)

    def _fade_away(self) -> None:
        """Let what is on its way fade, into the files only, so that a device that comes begins in silence."""
        self.engine.set_master(ramp_s=0, fade=0)
        frames = round(_EMPTY_S * self.engine.sample_rate) + self.engine.latency_frames
        nobody = np.empty((frames, 2), np.float32)
        play(self._record[0], 0, nobody.ctypes.data, frames)

    # ---- the session's own thread

    def _attendant(self) -> Attendant:
        attendant = Attendant("synth attendant", self._notify)
        attendant.add(self.engine.attend)
        attendant.add(self._write, _LOOK_S)
        attendant.add(self._watch.look, _LOOK_S)
        attendant.add(self._look_at_devices_midi, _LOOK_S)
        return attendant

    def _write(self) -> None:
        if self.recorder:
            self.engine.attend()  # just before: the take holds no frame whose events it lacks
            self.recorder.tick()

    def _look_at_devices_midi(self) -> None:
        if self.is_playing:
            self._sources.device_changed(*self.device.midi_changes())

    # ---- what can be read

    def tape(self) -> TapeReader:
        """Return what reads what is heard from now on; one has it at a time.

        Raises
        ------
        InputError
            If a recording that began with the session has it.
        """
        if self._files[0]:
            raise InputError(f"what is heard goes into {self._files[0]} already")
        self._tape = self._tape or TapeReader(self._record["played"], 2)
        self._tape.read()  # what came before
        return self._tape

    @property
    def device(self) -> Device:
        """The sound device, or the one that is lost."""
        return self._watch.device

    @property
    def is_playing(self) -> bool:
        """Whether there is a device."""
        return self._watch.is_open

    @property
    def ports(self) -> Mapping[int, str]:
        """Names of the MIDI sources that are there, by number; another mapping whenever one comes or goes."""
        return self._sources.names

    @property
    def stats(self) -> Stats:
        """A snapshot of the counters."""
        return stats_of(self._record[0].copy(), self.engine.counters)

    # ---- when things are heard

    def time_s(self) -> float:
        """Now, on the sound device's clock."""
        return self.device.time_s() if self.is_playing else time.monotonic()

    def frame_at(self, time_s: float) -> int:
        """Return the absolute frame that is rendered at a moment of the device's clock."""
        return max(0, round(float(device_clock.frame_at(self._record["clock"].ctypes.data, time_s))))

    def event_frame(self, time_s: float) -> int:
        """Return the absolute frame at which something that happened at a moment of the device's clock takes effect."""
        return self.frame_at(time_s) + self.event_latency_frames

    def frame_of_now(self) -> int | None:
        """Return the absolute frame at which something that happens now takes effect; None while there is no device."""
        is_known = self.is_playing and int(self._record["callbacks"][0]) > 0
        return self.event_frame(self.time_s()) if is_known else None

    @property
    def event_latency_frames(self) -> int:
        """Frames from a stamp to its event: two blocks and 3 ms, so that a late thread is still in time."""
        return 2 * int(self._record["largest"][0]) + round(_MARGIN_S * self.engine.sample_rate)

    @property
    def output_latency_s(self) -> float:
        """From a frame's number to its sound: the engine's latency, and the device's as the system knows it.

        A wireless headphone's own is not in it: nobody tells; `synth tingle calibrate` measures it.
        """
        return self.device.latency_s + self.engine.latency_frames / self.engine.sample_rate

    @property
    def key_latency_s(self) -> float:
        """From a key of a controller to its sound: until the event acts, the engine's latency, and the device's.

        Of the sources that are there the slower kind counts: what comes through the device itself waits only for its block.
        Played at once (`is_now`) it is the most that it takes, a whole block, if Python is idle.
        """
        if self.device.is_native_midi and self._sources.are_all_the_devices:
            waits = self.device.midi_latency_frames
        else:
            waits = int(self._record["largest"][0]) if self._is_now else self.event_latency_frames
        return (waits + self.engine.latency_frames) / self.engine.sample_rate + self.device.latency_s
