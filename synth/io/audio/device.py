"""A sound device as the session sees it, whichever system plays it.  LIVE record -> PortAudio | JACK -> headphones."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from synth.io.thread_priority import AUDIO, HINT, raise_priority
from synth.parameters.errors import InputError

JACK = "jack"
"""As a device's name: the JACK-native client."""


class Device(Protocol):
    """What plays blocks; it is made ready but not started."""

    name: str
    is_native_midi: bool
    """Whether MIDI comes through it, at its own frames."""

    @property
    def latency_s(self) -> float:
        """From a block's callback to its sound, as the system says."""

    @property
    def midi_latency_frames(self) -> int:
        """Frames from the moment of a MIDI message that comes through it to the frame at which it acts."""

    @property
    def is_lost(self) -> bool:
        """Whether it has gone, and nothing is left but to close it."""

    def start(self) -> None:
        """Let it call."""

    def time_s(self) -> float:
        """Return now, on the clock by which its callback ticks."""

    def close(self) -> None:
        """Stop, and give it back; also when it has gone."""

    def priority(self) -> str:
        """Ask for real-time priority; return a hint for people if there is none, or nothing."""

    def midi_changes(self) -> tuple[list[str], list[str]]:
        """Return the names of MIDI sources that came and that went since the last call, for one that plays MIDI itself."""

    @property
    def returns_as(self) -> str | int | None:
        """What to open when it has gone."""


class JackDevice:
    """The JACK-native client."""

    is_native_midi = True

    def __init__(self, live: npt.NDArray[np.void], sample_rate: float, inputs: int, midi: str | None) -> None:
        from synth.io.audio.jack_client import open_client

        self._client = open_client(live, sample_rate, inputs)
        self._midi = midi
        self._found: list[str] = []  # MIDI sources that were there when it began, not told yet
        self.name = f"JACK ({self._client.name})"

    @property
    def latency_s(self) -> float:
        """From a block's callback to its sound."""
        return max(self._client.latency_s, self._client.buffer_frames / self._client.sample_rate)

    @property
    def midi_latency_frames(self) -> int:
        """A block, for JACK hands over with each what came during the one before; and what ours may add."""
        return self._client.buffer_frames + self._client.delay_frames

    @property
    def is_lost(self) -> bool:
        """Whether the server has died."""
        return self._client.is_shut_down

    def start(self) -> None:
        """Play, connected to the sound card if there is one."""
        self._client.activate()
        for connect in (self._client.connect_outputs, self._client.connect_inputs):
            with suppress(InputError):  # a server without a sound card: others may connect
                connect()
        if self._midi is not None:
            self._found = self._client.connect_midi(self._midi)

    def time_s(self) -> float:
        """Return now."""
        return self._client.time_s()

    def close(self) -> None:
        """Leave the server, dead or alive."""
        self._client.close()

    def priority(self) -> str:
        """Return a hint if JACK itself has no real-time priority."""
        return "" if self._client.is_realtime else "JACK runs without real-time priority (jackd -R)"

    def midi_changes(self) -> tuple[list[str], list[str]]:
        """Connect what came; the first time, what was there at the start has come too."""
        came, went = self._client.connect_new_midi()
        found, self._found = self._found, []
        return [*found, *came], went

    @property
    def returns_as(self) -> str:
        """JACK again."""
        return JACK


class PortAudioDevice:
    """A PortAudio stream."""

    is_native_midi = False

    def __init__(
        self,
        live: npt.NDArray[np.void],
        sample_rate: float,
        inputs: int,
        device: str | int | None,
        block_frames: int,
        latency: str | float,
    ) -> None:
        from synth.io.audio.portaudio_callback import callback
        from synth.io.audio.portaudio_stream import open_stream

        self._live = live
        self._function = callback()  # kept alive until the stream is closed
        live["inputs"] = inputs
        live["thread"], live["gettid"] = 0, _gettid()
        stream = open_stream(device, sample_rate, inputs, block_frames, latency, self._function, live.ctypes.data)
        self._stream: Any = stream
        self._wanted = device
        self.name, system = _names(stream)
        self._is_on_jack = "JACK" in system

    @property
    def latency_s(self) -> float:
        """From a block's callback to its sound."""
        return float(np.max(self._stream.latency))

    @property
    def midi_latency_frames(self) -> int:
        """No MIDI comes through it."""
        return 0

    @property
    def is_lost(self) -> bool:
        """Whether the stream has ended by itself."""
        return not self._stream.active

    def start(self) -> None:
        """Let it call."""
        self._stream.start()

    def time_s(self) -> float:
        """Return now."""
        return float(self._stream.time)

    def close(self) -> None:
        """Stop and close; errors of a device that has gone are nobody's business any more."""
        from synth.io.audio import portaudio

        module = portaudio.portaudio()
        has_gone = self.is_lost
        if has_gone and self._is_on_jack:
            portaudio.abandon()  # whatever PortAudio does to a stream of a dead server ends in abort()
            return
        with suppress(module.PortAudioError):
            self._stream.abort() if has_gone else self._stream.stop()
        with suppress(module.PortAudioError):
            self._stream.close()
        if has_gone:
            portaudio.look_again()

    def priority(self) -> str:
        """Give the audio thread real-time priority where the system grants it."""
        thread = int(self._live["thread"][0])
        return "" if not thread or raise_priority(thread, AUDIO) else HINT

    def midi_changes(self) -> tuple[list[str], list[str]]:
        """Nothing: MIDI comes by ports of its own."""
        return [], []

    @property
    def returns_as(self) -> str | int | None:
        """The same device; but PortAudio never finds a JACK server again that it has lost."""
        return JACK if self._is_on_jack else self._wanted


def _gettid() -> int:
    """Return the address of the C function that tells a thread its number, 0 where there is none."""
    try:
        return ctypes.cast(ctypes.CDLL(None).gettid, ctypes.c_void_p).value or 0
    except (AttributeError, OSError, TypeError):
        return 0


def _names(stream: Any) -> tuple[str, str]:
    """Return the names of a stream's device and of the system behind it."""
    from synth.io.audio.portaudio import portaudio

    number = stream.device[1] if isinstance(stream.device, tuple) else stream.device
    device = portaudio().query_devices(number)
    return str(device["name"]), str(portaudio().query_hostapis(device["hostapi"])["name"])


def open_device(
    live: npt.NDArray[np.void],
    sample_rate: float,
    device: str | int | None = None,
    inputs: int = 0,
    block_frames: int = 0,
    latency: str | float = "low",
    midi: str | None = None,
) -> Device:
    """Open a device that calls with a LIVE record; not started.

    Parameters
    ----------
    live : (1,) LIVE record, its `process` set; must live until the device is closed.
    sample_rate : hertz.
    device : "jack": the JACK-native client; else PortAudio's: name, part of a name, or number; None: the system's default.
    inputs : channels of live input.
    block_frames, latency : for PortAudio: frames a block, 0: whatever the host likes; "low", "high" or seconds.
    midi : for JACK: connect MIDI sources whose names hold this; None: none.

    Raises
    ------
    InputError
        If there is no such device, or it cannot play this; says what to do.
    """
    if device == JACK:
        return JackDevice(live, sample_rate, inputs, midi)
    return PortAudioDevice(live, sample_rate, inputs, device, block_frames, latency)
