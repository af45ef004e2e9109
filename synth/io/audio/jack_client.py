"""The JACK client: ports, connections, and a process callback that is compiled code.  engine <-> JACK, without Python between.

MIDI reaches the engine inside the callback, each message at its own frame. Python opens, connects, polls and closes.
"""

from __future__ import annotations

import ctypes
import threading
from itertools import cycle

import numpy as np
import numpy.typing as npt

from synth.io.audio import jack_ports
from synth.io.audio import libjack as c
from synth.io.audio.jack_callback import FUNCTIONS, JACK, MAX_INPUTS
from synth.io.audio.libjack import ELSEWHERE, LatencyRange, libjack
from synth.parameters.errors import InputError

_LEAVE_S = 2.0  # less than a tape lasts
_LEAVING: list[Client] = []  # what their callbacks look at must stay
SYSTEM = "system"
"""As a name to connect to: the sound card's own ports, whatever they are called."""


class Client:
    """One client of a JACK server, made by `open_client`; it plays from `activate` until `close`.

    Attributes
    ----------
    name : as the server knows it.
    sample_rate : hertz, the server's.
    record : the callback's JACK record; its counters may be read at any time.
    """

    def __init__(self, handle: int, live: npt.NDArray[np.void], inputs: int) -> None:
        self._jack, self._handle, self._live = libjack(), handle, live
        self.name = str(self._jack.get_client_name(handle).decode())
        self.sample_rate = int(self._jack.get_sample_rate(handle))
        self.record = np.zeros(1, JACK)
        self._midi_pattern: str | None = None
        self._midi_sources: set[str] = set()
        live["inputs"] = inputs
        self._fill(inputs)
        self._listen()

    def _fill(self, inputs: int) -> None:
        record = self.record
        record["live"], record["client"] = self._live.ctypes.data, self._handle
        record["partings"] = 1  # the first block lets go of what was held when an earlier server died
        for name in FUNCTIONS:
            record[name] = self._jack.address(name)
        record["outputs"][0] = [self._port(f"out_{ear}", c.AUDIO, c.IS_OUTPUT) for ear in ("left", "right")]
        record["midi_in"] = self._port("midi_in", c.MIDI, c.IS_INPUT)
        record["inputs"][0, :inputs] = [self._port(f"in_{index + 1}", c.AUDIO, c.IS_INPUT) for index in range(inputs)]

    def _port(self, name: str, kind: bytes, flags: int) -> int:
        port = self._jack.port_register(self._handle, name.encode(), kind, flags, 0)
        if not port:
            raise InputError(f"JACK refuses the port {self.name}:{name}; it may have run out of ports (jackd --port-max)")
        return int(port)

    def _listen(self) -> None:
        functions, address = self._jack.callbacks, self.record.ctypes.data
        self._jack.set_process_callback(self._handle, functions["process"].address, address)
        self._jack.set_xrun_callback(self._handle, functions["xrun"].address, address)
        self._jack.on_shutdown(self._handle, functions["shutdown"].address, address)

    # ---- what it is

    @property
    def buffer_frames(self) -> int:
        """Frames of a block, as they are now; 0 once there is no server."""
        return int(self._jack.get_buffer_size(self._handle)) if self._is_there else 0

    @property
    def is_realtime(self) -> bool:
        """Whether JACK calls with real-time priority."""
        return self._is_there and bool(self._jack.is_realtime(self._handle))

    @property
    def is_shut_down(self) -> bool:
        """Whether the server has died, or has thrown this client out; nothing is left but to close it."""
        return bool(self.record["is_shut_down"][0])

    @property
    def _is_there(self) -> bool:
        """Whether libjack may be asked; some of its functions end the process when they are asked after `close`."""
        return self._handle != 0 and not self.is_shut_down

    @property
    def delay_frames(self) -> int:
        """Frames from a MIDI message's own to the one at which it acts: 0, or 64 once a block was not whole quanta."""
        return int(self.record["delay_frames"][0])

    @property
    def latency_s(self) -> float:
        """From a block's callback to its first frame at the sound card's plug, as the server knows it; 0 while not connected."""
        span = LatencyRange()
        if self._is_there:
            self._jack.port_get_latency_range(int(self.record["outputs"][0, 0]), c.PLAYBACK_LATENCY, ctypes.byref(span))
        return float(span.most / self.sample_rate)

    def time_s(self) -> float:
        """Return now, on the clock by which the callback ticks; it goes on when the server has died."""
        return float(self._jack.get_time() * 1e-6)

    # ---- playing

    def activate(self) -> None:
        """Let JACK call; the LIVE record must be complete.

        Raises
        ------
        InputError
            If the server refuses.
        """
        if self._jack.activate(self._handle) != 0:
            raise InputError(f"JACK does not start the client {self.name}; is the server still running? {ELSEWHERE}")

    def close(self) -> None:
        """Stop playing and leave the server, dead or alive; once is enough, twice does no harm.

        One that does not answer, as after this process was stopped for seconds, is waited for only a moment: it is left later,
        and hears silence until then.
        """
        handle, self._handle = self._handle, 0
        if handle:
            self.record["is_leaving"] = 1
            leaving = threading.Thread(target=self._jack.client_close, args=(handle,), name="synth leaves JACK", daemon=True)
            leaving.start()
            leaving.join(_LEAVE_S)
            if leaving.is_alive():
                _LEAVING.append(self)

    # ---- connections

    def connect_outputs(self, to: str = SYSTEM) -> list[str]:
        """Connect both ears to playback ports, left to the first; both go to one port if there is only one.

        Parameters
        ----------
        to : "system": the sound card's; else a part of the ports' names.

        Returns
        -------
        list of str : the ports that are now fed.

        Raises
        ------
        InputError
            If there is no such port, or the server refuses the connection.
        """
        ports = self._audio_ports(to, c.IS_INPUT)[:2]
        for ear, port in zip(("left", "right"), cycle(ports), strict=False):
            self._wire(f"{self.name}:out_{ear}", port)
        return ports

    def connect_inputs(self, source: str = SYSTEM) -> list[str]:
        """Connect capture ports to `in_1`, `in_2`, one to all of them if there is only one; as `connect_outputs`."""
        ports = self._audio_ports(source, c.IS_OUTPUT)[: int(self._live["inputs"][0])]
        for index, port in zip(range(int(self._live["inputs"][0])), cycle(ports), strict=False):
            self._wire(port, f"{self.name}:in_{index + 1}")
        return ports

    def _audio_ports(self, pattern: str, flags: int) -> list[str]:
        found = self._others(c.AUDIO, flags | c.IS_PHYSICAL) if pattern == SYSTEM else self._others(c.AUDIO, flags, pattern)
        if not found:
            known = ", ".join(self._others(c.AUDIO, flags)) or "none"
            raise InputError(f"no JACK port matches '{pattern}'; there are: {known}")
        return found

    def connect_midi(self, pattern: str = "") -> list[str]:
        """Listen to every MIDI source whose name holds `pattern`, those to come too; return those that are there."""
        self._midi_pattern = pattern
        return self.connect_new_midi()[0]

    def connect_new_midi(self) -> tuple[list[str], list[str]]:
        """Connect MIDI sources that came since the last call; to be called about once a second.

        What one that went still held is released, for all sources that share the port.

        Returns
        -------
        (list of str, list of str) : sources that came, and that went.
        """
        if self._midi_pattern is None:
            return [], []
        there = self._others(c.MIDI, c.IS_OUTPUT, self._midi_pattern)
        came = [port for port in there if port not in self._midi_sources and self._connect(port, f"{self.name}:midi_in")]
        went = sorted(self._midi_sources - set(there))
        self._midi_sources = (self._midi_sources - set(went)) | set(came)
        if went:
            self.record["partings"] += 1
        return came, went

    def _others(self, kind: bytes, flags: int, pattern: str = "") -> list[str]:
        """Return the names of other clients' ports that hold `pattern`."""
        found = jack_ports.listed(self._handle, kind, flags) if self._is_there else []
        own = f"{self.name}:"
        return [port for port in found if not port.startswith(own) and jack_ports.matches(self._handle, port, pattern)]

    def _wire(self, source: str, destination: str) -> None:
        if not self._connect(source, destination):
            raise InputError(f"JACK does not connect {source} to {destination}; it may restrict connections (jackd -a)")

    def _connect(self, source: str, destination: str) -> bool:
        return self._jack.connect(self._handle, source.encode(), destination.encode()) in (0, c.ALREADY_CONNECTED)


def open_client(live: npt.NDArray[np.void], sample_rate: float, inputs: int = 0, name: str = "synth") -> Client:
    """Become a client of the running JACK server (`JACK_DEFAULT_SERVER` names it), not yet playing.

    Parameters
    ----------
    live : (1,) LIVE record that the callback serves; its `inputs` is set here. It must live until the client is closed.
    sample_rate : the engine's, in hertz.
    inputs : input channels, 0 to 2.
    name : the client's; the server makes it unique.

    Raises
    ------
    InputError
        If libjack is missing, no server runs, or it runs at another rate; says what to do.
    """
    if inputs not in range(MAX_INPUTS + 1):
        raise InputError(f"inputs = {inputs}; JACK's client has 0 to {MAX_INPUTS}")
    jack, status = libjack(), ctypes.c_int()
    handle = jack.client_open(name.encode(), c.NO_START_SERVER, ctypes.byref(status))
    if not handle:
        reason = "no JACK server runs" if status.value & c.SERVER_FAILED else f"JACK refuses a client (status {status.value:#x})"
        raise InputError(f"{reason}; start one: jackd -d alsa, or run under pw-jack where PipeWire plays; {ELSEWHERE}")
    rate = int(jack.get_sample_rate(handle))
    if rate != sample_rate:
        jack.client_close(handle)
        raise InputError(f"JACK runs at {rate} Hz and the engine at {sample_rate:g} Hz; --sample-rate {rate} makes them agree")
    try:
        return Client(handle, live, inputs)
    except InputError:
        jack.client_close(handle)
        raise
