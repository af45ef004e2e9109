"""What plays an engine by itself: MIDI bytes of ports, frames of streams.  bytes, frames -> rings -> the quantum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.frame_numbers import frame_of
from synth.control.midi.binding import MAPS
from synth.control.midi.input import push_midi
from synth.control.midi.packets import GONE
from synth.control.stream.contract import contract_of
from synth.control.stream.memory import Definition
from synth.control.stream.stream import Stream
from synth.control.stream.target import Target
from synth.engine import event
from synth.engine.addresses import THE_MASTER, Strip, chosen, targets_of
from synth.engine.arguments import port_of
from synth.engine.layer import Layer
from synth.engine.locks import locked
from synth.engine.speaker import Speaker
from synth.parameters.errors import InputError


class ControlInputs(Speaker):
    """A renderer that hears MIDI and streams; the arguments are those of `Engine`."""

    # ---- MIDI

    def push_midi(self, port: int, data: bytes, at: int | None = None) -> None:
        """Hand raw MIDI bytes of a port to the engine, which plays them by the table of bindings."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise InputError(f"MIDI data is of type {type(data).__name__}; it must be bytes")
        buffer = np.frombuffer(data or b"\xfe", np.uint8)  # active sensing: nothing happens
        self._push_midi(port_of(port), frame_of(at), buffer.ctypes.data, len(buffer))

    def unplug_midi(self, port: int, at: int | None = None) -> None:
        """Release what a port holds: it is gone."""
        self._push_midi(port_of(port), frame_of(at), 0, GONE)

    def _push_midi(self, port: int, frame: int, address: int, length: int) -> None:
        self._check_process()
        with self._ports[port]:  # many threads may play; the ring has one writer
            push_midi(self.midi_address, port, frame, address, length)

    @locked
    def map(self, bindings: npt.NDArray[np.void], notes_a_beat: float = 0.0) -> tuple[int, npt.NDArray[np.void]]:
        """Play MIDI by another table of BINDING records; return its number, see `asked`, and where it lies in memory.

        Parameters
        ----------
        bindings : at most `binding.BINDINGS`.
        notes_a_beat : how a MIDI clock plays rhythmic gestures; 0: it is not followed.
        """
        state = self._state[0]
        number = next(self._map_numbers)
        spare = self._spare_map()
        state["bindings"][spare][: len(bindings)] = bindings
        state["bindings_count"][spare], state["bindings_number"][spare] = len(bindings), number
        state["follows_clock"] = notes_a_beat
        if self._is_live:
            self._send(event.use_bindings(spare))
        else:
            state["bindings_at"] = spare  # at once: bytes are decoded before a quantum's events happen
        written: npt.NDArray[np.void] = state["bindings"][spare][: len(bindings)]
        return number, written

    def _spare_map(self) -> int:
        """Return the table that was written longest ago, of those that do not count."""
        counts, numbers = int(self._state["bindings_at"][0]), self._state["bindings_number"][0].tolist()
        return min((table for table in range(MAPS) if table != counts), key=numbers.__getitem__)

    @locked
    def asked(self) -> list[tuple[int, int, int]]:
        """Return what bindings asked for since the last call: number of their map, index in it, number of the key or program."""
        asked, self._asked = self._asked, []
        return asked

    # ---- streams

    @locked
    def stream(self, name: str, paths: Sequence[str] | None = None, *, shared: str | None = None, **contract: Any) -> Stream:
        """Let a model move parameters: make a stream into which it pushes frames.

        Parameters
        ----------
        name : the stream's own.
        paths : what a frame's values are, "LAYER.PARAMETER" or "master.level_db"; None: everything
            of the layers there are and of the master, as in `synth.space(preset)`.
        shared : let another process push the frames instead: the name that it gives to `synth.connect`.
        contract : rate_hz, delay_s, interpolation and the rest of `synth.control.stream.contract.Contract`.

        Raises
        ------
        InputError
            If a path or a number is wrong, a path is given twice, or there is no room for another stream.
        """
        targets, agreed = self.targets(name, paths), contract_of(name, contract)
        self._streams.check_room(name)
        return self.take_stream(Stream(name, targets, agreed, self.sample_rate, lambda: self.frame, shared))

    @locked
    def targets(self, name: str, paths: Sequence[str] | None = None) -> list[Target]:
        """Return what a stream's paths stand for; None: every number of the layers there are, then the master's."""
        known = targets_of(self.layers, self._values | {THE_MASTER.index: self._master_preset_values})
        return chosen(known, list(known) if paths is None else list(paths), f"stream '{name}'")

    @locked
    def take_stream(self, stream: Stream) -> Stream:
        """Let the quantum listen to a stream."""
        self._streams.add(stream)
        if self._event_log:
            self._event_log.stream(stream.definition)
        return stream

    def stream_again(self, definition: Definition) -> Stream:
        """Return a stream to which what a take kept of another is to happen again."""
        return self.take_stream(Stream.replayed(definition, self.sample_rate))

    def release_override(self, layer: Strip | None = None, path: str | None = None, at: int | None = None) -> None:
        """Let go of what a hand, or `set`, has taken from a stream: it glides back to what the stream says.

        Parameters
        ----------
        layer : whose; None: everything, the master too, or with `path` one of the master's.
        path : which of its parameters; None: all.
        at : absolute frame; None: now.
        """
        strip = THE_MASTER if layer is None and path is not None else layer
        slot = -1 if path is None or strip is None else strip.slot(path)[0]
        if isinstance(strip, Layer):
            self._check(strip)
        self._send(event.release_override(strip, slot), at=at)

    give_back = release_override
    """The old name, of this version still."""
