"""Live: an engine and a sound device.  MIDI ports -> engine -> compiled callback -> headphones; files and counters beside it.

Python never enters the audio thread: it hands over events, moves bytes and reads counters. A device that is lost is opened again
when it is back; what is recorded meanwhile stays.
"""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np

from synth.control.midi.packets import PORTS
from synth.engine.engine import Engine
from synth.engine.entry import process_address
from synth.io.audio import device_clock
from synth.io.audio.audio_block import LIVE
from synth.io.audio.device import Device, open_device
from synth.live.recorder import Recorder
from synth.live.stats import Stats, stats_of
from synth.parameters.errors import InputError

_FADE_IN_S, _FADE_OUT_S = 0.5, 0.05
_ATTEND_S, _LOOK_S, _RETRY_S = 0.01, 0.2, 1.0
_DEAD_S = 2.0  # without a callback
_SWITCH_INTERVAL_S = 0.0002  # at Python's own 5 ms, another busy thread makes controls late (rule 22)
_MARGIN_S = 0.003  # beyond two blocks, from a stamp to its event
_NOTHING = b"\xfe"  # active sensing
_NATIVE_PORT = PORTS - 1  # kept for the device's own MIDI


def _notify_nobody(text: str) -> None:
    pass


class Live:
    """Plays an engine on a sound device while the `with` block runs.

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
    say : told in one line what happens: ports that come and go, a device that is lost, what could not be written.

    Attributes
    ----------
    ports : names of the MIDI sources that are there, by number; replaced whenever one comes or goes.
    fade : where the master's fade goes whenever sound begins: 0 while muted.

    Raises
    ------
    InputError
        If PortAudio, JACK, the device or a file cannot be used.
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
        self.ports: Mapping[int, str] = {}
        self.fade = 1.0
        self._native_midi: list[str] = []
        self._is_now, self._midi = is_now, midi
        self._record = np.zeros(1, LIVE)
        self._record["process"] = process_address()
        self._start_clock()
        self._open = functools.partial(
            open_device,
            self._record,
            engine.sample_rate,
            inputs=inputs,
            block_frames=block_frames,
            latency=latency,
            midi=midi,
        )
        self.device: Device = self._open(device)
        self._is_open = True
        self._next_look_s, self._last_callbacks, self._called_s = 0.0, 0, 0.0
        self._has_priority = False
        self._ended = threading.Event()
        self._attendant = threading.Thread(target=self._attend, name="synth attendant", daemon=True)
        self._files = (record, take, inputs)
        self.recorder: Recorder | None = None
        self._stack = ExitStack()
        self._switch_interval_s = sys.getswitchinterval()

    def _start_clock(self) -> None:
        device_clock.start(self._record["clock"][0], self.engine.sample_rate)
        device_clock.frame_at(self._record["clock"].ctypes.data, 0.0)  # loaded now, not when it is first needed

    # ---- from beginning to end

    def __enter__(self) -> Live:
        record, take, inputs = self._files
        try:
            if record or take:
                self.recorder = Recorder(self.engine, self._record, record, take, inputs, self._notify)
            sys.setswitchinterval(min(self._switch_interval_s, _SWITCH_INTERVAL_S))
            self._record["frames"] = self.engine.frames_out
            self._fade_in()
            self._record["state"], self._record["tables"] = self.engine.go_live()
            self._record["midi"] = self.engine.midi_address
            self._start()
            self._attendant.start()
            self._listen()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.engine.set_master(ramp_s=_FADE_OUT_S, fade=0)
        if self._is_open:
            time.sleep(_FADE_OUT_S + self.device.latency_s + self.engine.latency_frames / self.engine.sample_rate + 0.02)
        self._end()

    def _end(self) -> None:
        self._stack.close()
        self._ended.set()
        if self._attendant.is_alive():
            self._attendant.join()
        if self._is_open:
            self._is_open = False
            self.device.close()
        self.engine.attend()
        if self.recorder:
            self.recorder.close()
        self.engine.leave_live()
        sys.setswitchinterval(self._switch_interval_s)

    def _fade_in(self) -> None:
        self.engine.set_master(ramp_s=0, fade=0)
        self.engine.set_master(ramp_s=_FADE_IN_S, fade=self.fade)

    def _start(self) -> None:
        self._called_s = time.monotonic()
        self.device.start()

    # ---- MIDI

    def _listen(self) -> None:
        """Open the MIDI sources that do not come through the device itself."""
        if self._midi is None:
            return
        from synth.io.midi.ports import Ports

        self.engine.push_midi(0, _NOTHING)  # its kernel is loaded now, not when the first note comes
        native = self.device.is_native_midi
        ports = Ports(
            self._deliver,
            self.time_s,
            self._midi,
            came=self._came,
            gone=self._gone,
            problem=self._notify,
            ports=_NATIVE_PORT,
            jack=not native,
        )
        self._stack.enter_context(ports)

    def _deliver(self, port: int, time_s: float, data: bytes) -> None:
        self.engine.push_midi(port, data, None if self._is_now else self.event_frame(time_s))

    def _came(self, port: int, name: str) -> None:
        self.ports = {**self.ports, port: name}
        self._notify(f"MIDI: {name} is there")

    def _gone(self, port: int) -> None:
        self.engine.unplug_midi(port)
        name = self.ports.get(port, f"port {port}")
        self.ports = {number: name for number, name in self.ports.items() if number != port}
        self._notify(f"MIDI: {name} is gone; its notes were released")

    # ---- the session's own thread

    def _attend(self) -> None:
        while not self._ended.wait(_ATTEND_S):
            try:
                self.engine.attend()
                now_s = time.monotonic()
                if now_s >= self._next_look_s:
                    self._next_look_s = now_s + _LOOK_S
                    self._look(now_s)
            except Exception as error:  # whatever it was, the audio thread plays on and the next turn tries again
                self._notify(f"{type(error).__name__}: {error}")

    def _look(self, now_s: float) -> None:
        """See to the files and the device."""
        if self.recorder:
            self.recorder.tick()
        if not self._is_open:
            self._reopen()
            return
        callbacks = int(self._record["callbacks"][0])
        if callbacks != self._last_callbacks:
            self._last_callbacks, self._called_s = callbacks, now_s
        if self.device.is_lost or now_s - self._called_s > _DEAD_S:
            self._lose()
            return
        if callbacks and not self._has_priority:
            self._has_priority = True
            hint = self.device.priority()
            if hint:
                self._notify(hint)
        self._look_at_native_midi()

    def _look_at_native_midi(self) -> None:
        """Follow the sources that play through the device's own client: they all are its one port."""
        came, went = self.device.midi_changes()
        for name in came:
            self._notify(f"MIDI: {name} is there")
        for name in went:
            self._notify(f"MIDI: {name} is gone; its notes were released")
        if came or went:
            self._native_midi = [name for name in (*self._native_midi, *came) if name not in went]
            others = {number: name for number, name in self.ports.items() if number != _NATIVE_PORT}
            self.ports = others | ({_NATIVE_PORT: ", ".join(self._native_midi)} if self._native_midi else {})

    def _lose(self) -> None:
        self._is_open = False
        kept = "; what was recorded is safe" if self.recorder else ""
        self._notify(f"{self.device.name} is lost{kept}; waiting for it to come back")
        self.device.close()
        self._next_look_s += _RETRY_S

    def _reopen(self) -> None:
        """Try to find the device again; it begins silent and fades in."""
        try:
            self._start_clock()
            self.device = self._open(self.device.returns_as)
        except InputError:
            self._next_look_s += _RETRY_S
            return
        self._fade_in()
        self._is_open, self._has_priority = True, False
        self._start()
        self._notify(f"{self.device.name} is back")

    # ---- what can be read

    def time_s(self) -> float:
        """Now, on the sound device's clock."""
        return self.device.time_s() if self._is_open else time.monotonic()

    @property
    def event_latency_frames(self) -> int:
        """Frames from a stamp to its event: two blocks and 3 ms, so that a late thread is still in time."""
        return 2 * int(self._record["largest"][0]) + round(_MARGIN_S * self.engine.sample_rate)

    @property
    def key_latency_s(self) -> float:
        """From a key of a controller to its sound: until the event acts, the engine's latency, and the device's.

        Of the ports that are there the slower kind counts: what comes through the device itself waits only for its block. Played
        at once (`is_now`) it is the most that it takes, a whole block, if Python is idle.
        """
        if self.device.is_native_midi and not self.ports.keys() - {_NATIVE_PORT}:
            waits = self.device.midi_latency_frames
        else:
            waits = int(self._record["largest"][0]) if self._is_now else self.event_latency_frames
        return (waits + self.engine.latency_frames) / self.engine.sample_rate + self.device.latency_s

    def event_frame(self, time_s: float) -> int:
        """Return the absolute frame at which something that happened at a moment of the device's clock takes effect."""
        return self.frame_at(time_s) + self.event_latency_frames

    def frame_at(self, time_s: float) -> int:
        """Return the absolute frame that is rendered at a moment of the device's clock."""
        return max(0, round(float(device_clock.frame_at(self._record["clock"].ctypes.data, time_s))))

    @property
    def is_playing(self) -> bool:
        """Whether there is a device."""
        return self._is_open

    @property
    def stats(self) -> Stats:
        """A snapshot of the counters."""
        return stats_of(self._record[0].copy(), self.engine.counters)
