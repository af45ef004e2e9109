"""The engine's Python face: layers, notes and changes go in as events, blocks of samples come out.

add | strike | release | set -> events -> ring -> `process` (compiled, without the GIL) -> (frames, 2)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.frame_numbers import frame_of
from synth.control.midi.input import push_midi
from synth.control.midi.packets import GONE
from synth.control.stream.contract import contract_of
from synth.control.stream.memory import Definition
from synth.control.stream.record import STREAMS
from synth.control.stream.stream import Stream
from synth.control.stream.target import Target
from synth.engine.addresses import chosen, targets_of
from synth.engine.arguments import FORGET, master_numbers, master_slot, note_numbers, numbers_of, port_of, switch, t60_of
from synth.engine.cues import Cues
from synth.engine.kernels import state as memory
from synth.engine.layer import Input, Layer
from synth.engine.layer_factory import checked_cues, made_layers, name_beside, spec_of
from synth.engine.preset import Preset
from synth.engine.renderer import Renderer, locked
from synth.parameters.errors import InputError, unknown
from synth.parameters.tables import MASTER_PARAMETERS, NOTE_PARAMETERS, RAMP, VELOCITY


def _no_room(name: str) -> InputError:
    return InputError(f"no room for stream '{name}': an engine hears at most {STREAMS} at once; close one, and render a quantum")


@dataclass(frozen=True)
class Note:
    """A struck note; the handle for `release` and `set_note`."""

    layer: Layer
    id: int


class Engine(Renderer):
    """The instrument: renders layers of triggers around a head.

    Parameters
    ----------
    sample_rate : hertz, 32000 to 192000.
    ears : name of a built-in set, path of a `.sofa` file, or a loaded `hrtf.Ears`.
    seed : whole number; the same seed gives the same performance, byte for byte.
    arena_bytes : room for the voices of all layers.

    Raises
    ------
    InputError, hrtf.EarsError
        If a rate or the ears cannot be used.
    """

    # ---- layers

    @locked
    def add(
        self,
        trigger: str,
        *,
        name: str | None = None,
        gesture: Mapping[str, Any] | None = None,
        motion: Mapping[str, Any] | None = None,
        input: Input | None = None,
        at: int | None = None,
        **values: Any,
    ) -> Layer:
        """Add a layer.

        Parameters
        ----------
        trigger : a trigger's name.
        name : the layer's own, for its random streams; defaults to the trigger's, numbered if there are several.
        gesture, motion : `kind` and that kind's parameters; nothing plays or moves the layer without.
        input : what the trigger hears, for one that does: a live channel or a sound; nothing without.
        at : absolute frame from which it is there; None: now.
        values : the trigger's parameters, azimuth_deg, elevation_deg, distance_m, level_db.

        Raises
        ------
        InputError
            If a name or a value is wrong, or there is no room for another layer.
        """
        frame_of(at)
        free = self._free_indices
        if not free:
            raise InputError(f"no room for layer '{name or trigger}': an engine holds at most {memory.MAX_LAYERS} layers")
        own = name_beside(name or trigger, {layer.name for layer in self.layers})
        preset = Preset(own, (spec_of(own, trigger, gesture, motion, values),))
        [(layer, stored)] = made_layers(preset, {own: input} if input else {}, free, self._ids)
        self.install(layer, stored)
        self._send(memory.ADD, layer, at=at)
        return layer

    @property
    def _free_indices(self) -> list[int]:
        return [index for index in range(memory.MAX_LAYERS) if index not in self._layers]

    @locked
    def remove(self, layer: Layer, at: int | None = None, *, tails: bool = False) -> None:
        """Fade a layer out in 30 ms, or with `tails` let what sounds end by itself, and forget it."""
        self._check(layer)
        frame_of(at)
        self._leaving.add(layer.index)
        self._send(memory.REMOVE, layer, value=float(tails), at=at)

    def _check(self, layer: Layer) -> None:
        if self._layers.get(layer.index) is not layer or layer.index in self._leaving:
            raise InputError(f"layer '{layer.name}' is not part of this engine (any more)")

    # ---- playing

    def strike(self, layer: Layer, velocity: float = 0.7, at: int | None = None, pitch: float = 0.0) -> Note:
        """Start a note.

        Parameters
        ----------
        layer : which layer sounds.
        velocity : 0..1.
        at : absolute frame; None, or one already rendered: the first frame not yet rendered.
        pitch : transposition in semitones, -60..60.
        """
        self._check(layer)
        velocity = VELOCITY.number(velocity, "strike")
        pitch = NOTE_PARAMETERS["pitch"].number(pitch, "strike")
        note = Note(layer, next(self._ids))
        self._send(memory.STRIKE, layer, note.id, value=velocity, pitch=pitch, at=at)
        return note

    def release(self, note: Note, at: int | None = None) -> None:
        """End a note; one that has ended already stays as it is."""
        self._check(note.layer)
        self._send(memory.RELEASE, note.layer, note.id, at=at)

    def set(self, layer: Layer, *, at: int | None = None, ramp_s: float | None = None, **values: Any) -> None:
        """Change a layer's parameters, place, level, gesture or motion.

        Parameters
        ----------
        layer : which layer.
        at : absolute frame at which the change begins; None: the first not yet rendered.
        ramp_s : how long it takes; None: each parameter's own smoothing.
        values : by name; `gesture` and `motion` take a mapping of that kind's parameters.

        Raises
        ------
        InputError
            If a name or a value is wrong; nothing is changed then.
        """
        self._set(layer, memory.BY_PYTHON, at, ramp_s, values)

    def _set(self, layer: Layer, owner: int, at: int | None, ramp_s: float | None, values: Mapping[str, Any]) -> None:
        self._check(layer)
        self._change(numbers_of(layer, values), layer, owner, at, self._ramp(ramp_s))

    def _change(
        self, numbers: Iterable[tuple[int, float]], layer: Layer | None, owner: int, at: int | None, ramp_frames: int
    ) -> None:
        """Send numbers by slot, checked before, to a layer or the master."""
        kind = memory.MASTER if layer is None else memory.SET
        for slot, number in numbers:
            self._send(kind, layer, owner, slot=slot, value=number, ramp_frames=ramp_frames, at=at)

    def set_note(self, note: Note, *, at: int | None = None, ramp_s: float | None = None, **values: float) -> None:
        """Change a note's own pitch, bend (semitones), pressure or timbre (0..1)."""
        self._check(note.layer)
        ramp_frames = self._ramp(ramp_s)
        for slot, number in note_numbers(values):
            self._send(memory.NOTE, note.layer, note.id, slot=slot, value=number, ramp_frames=ramp_frames, at=at)

    def set_master(self, *, at: int | None = None, ramp_s: float | None = None, **values: float) -> None:
        """Change the master's level_db, fade (0..1) or room_db."""
        self._change(master_numbers(values), None, memory.BY_PYTHON, at, self._ramp(ramp_s))

    def set_room(self, t60_s: float, at: int | None = None) -> None:
        """Put the head into a small room whose sound dies away (60 dB) in 0.08 to 0.6 s; 0: none."""
        self._send(memory.TUNE_ROOM, value=t60_of(t60_s), at=at)

    def panic(self) -> None:
        """Fade out everything that sounds, in 5 ms, and pause every gesture."""
        self._send(memory.PANIC)

    def pause(self, is_on: bool | None = None, at: int | None = None) -> None:
        """Let no gesture play, so that only hands do, or let all go on; None: the other of the two."""
        self._send(memory.PAUSE, value=switch(is_on), at=at)

    def hold(self, is_on: bool | None = None, at: int | None = None) -> None:
        """Stop every glide where it is, or let all go on; None: the other of the two."""
        self._send(memory.HOLD, value=switch(is_on), at=at)

    def freeze(self, is_on: bool | None = None, at: int | None = None) -> None:
        """Let what sounds go on as it is: no glide, motion, cue or stream changes it; None: the other of the two."""
        self._send(memory.FREEZE, value=switch(is_on), at=at)

    def tap(self, at: int | None = None) -> None:
        """Tap a beat: from the second one on rhythmic gestures follow, the first layer's at the beat, others in their ratio."""
        self._send(memory.TAP, at=at)

    @locked
    def morph(self, scene: Mapping[str, Mapping[str, Any]], over_s: float | None = None) -> None:
        """Glide to a scene: values by layer's name and path, and the master's under "master".

        A glide that is held is forgotten. Discrete values change at once.

        Raises
        ------
        InputError
            If a name or a value is wrong; nothing is changed then.
        """
        by_name = {layer.name: layer for layer in self.layers}
        ramp_frames, changes = self._ramp(over_s), []
        for name, values in scene.items():
            if name != "master" and name not in by_name:
                raise unknown("layer", name, by_name, "scene")
            layer = None if name == "master" else by_name[name]
            changes.append((master_numbers(values) if layer is None else numbers_of(layer, values), layer))
        self._send(memory.HOLD, value=FORGET)
        for numbers, layer in changes:
            self._change(numbers, layer, memory.BY_PYTHON, None, ramp_frames)

    @locked
    def load(
        self, preset: Any, *, tails: bool = False, inputs: Mapping[str, Input] | None = None, glides: bool | None = None
    ) -> dict[str, Layer]:
        """Play a preset instead of what is there; return its layers by name.

        What is there fades out, or with `tails` ends by itself. Gestures and the preset's cues play from here on.

        Parameters
        ----------
        preset : see `synth.load_preset`.
        tails : whether what sounds ends by itself.
        inputs : the sound files that its layers play, read (`synth.inputs_of`), or anything else that is to be heard instead.
        glides : whether the level of the whole glides to the preset's; None: if there is something that would jump.

        Raises
        ------
        InputError
            If something of the preset is wrong, or there is no room for it; what is there plays on then.
        """
        t60_s = t60_of(preset.room.get("t60_s", 0.0))
        room_db = preset.room.get("level_db", MASTER_PARAMETERS[memory.ROOM_LEVEL].default)
        master = {"level_db": preset.level_db, "room_db": room_db}
        whole = master_numbers(master)
        made = made_layers(preset, inputs or {}, self._free_indices, self._ids)
        added = {spec.name: layer for spec, (layer, _) in zip(preset.layers, made, strict=True)}
        cues = checked_cues(preset, added)
        leaving = self.layers
        glides = bool(leaving) if glides is None else glides  # a first note would be too loud
        self.install_all(made)  # compiles their triggers; from here on nothing fails
        if self._state["is_paused"][0] == memory.PANICKED:
            self.pause(False)  # whoever calls a preset after a panic wants to hear it
        for layer in leaving:
            self.remove(layer, tails=tails)
        self._send(memory.TUNE_ROOM, value=t60_s)
        self._master_preset_values |= master
        self._change(whole, None, memory.BY_CUE, None, -1 if glides else 0)
        for layer, _ in made:
            self._send(memory.ADD, layer)
        self._cues = Cues(cues, self.frame, self.sample_rate)
        return added

    def _send_cues(self, stop: int) -> None:
        """Send what the preset's cues change before frame `stop`."""
        for layer, frame, over_s, values in self._cues.before(stop):
            if layer in self.layers:
                self._set(layer, memory.BY_CUE, frame, over_s, values)

    # ---- MIDI

    def push_midi(self, port: int, data: bytes, at: int | None = None) -> None:
        """Hand raw MIDI bytes of a port to the engine, which plays them by the table of bindings; one thread a port."""
        buffer = np.frombuffer(data, np.uint8)
        push_midi(self.midi_address, port_of(port), frame_of(at), buffer.ctypes.data, len(buffer))

    def unplug_midi(self, port: int, at: int | None = None) -> None:
        """Release what a port holds: it is gone."""
        push_midi(self.midi_address, port_of(port), frame_of(at), 0, GONE)

    def map(self, bindings: npt.NDArray[np.void], notes_a_beat: float = 0.0) -> npt.NDArray[np.void]:
        """Play MIDI by another table of BINDING records; return them as they lie in the engine's memory.

        Parameters
        ----------
        bindings : at most `mapping.BINDINGS`.
        notes_a_beat : how a MIDI clock plays rhythmic gestures; 0: it is not followed.
        """
        state = self._state[0]
        spare = 1 - int(state["bindings_at"])
        state["bindings"][spare][: len(bindings)] = bindings
        state["bindings_count"][spare] = len(bindings)
        state["follows_clock"] = notes_a_beat
        if self._is_live:
            self._send(memory.MAP, value=float(spare))
        else:
            state["bindings_at"] = spare  # at once: bytes are decoded before a quantum's events happen
        written: npt.NDArray[np.void] = state["bindings"][spare][: len(bindings)]
        return written

    def asked(self) -> list[tuple[int, int]]:
        """Return what bindings asked for since the last call: index of the binding, number of its key or program."""
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
        if len(self._streams) == STREAMS:
            raise _no_room(name)
        return self.take_stream(Stream(name, targets, agreed, self.sample_rate, lambda: self.frame, shared))

    def targets(self, name: str, paths: Sequence[str] | None = None) -> list[Target]:
        """Return what a stream's paths stand for; None: every number of the layers there are, then the master's."""
        known = targets_of(self.layers, self._values, self._master_preset_values)
        return chosen(known, list(known) if paths is None else list(paths), f"stream '{name}'")

    @locked
    def take_stream(self, stream: Stream) -> Stream:
        """Let the quantum listen to a stream."""
        index = next((i for i in range(STREAMS) if i not in self._streams), None)
        if index is None:
            raise _no_room(stream.name)
        stream.go_live(self._is_live)
        self._streams[index] = stream
        self._arena.tables["streams"][0][index] = stream.address
        if self._event_log:
            self._event_log.stream(stream.definition)
        return stream

    def stream_again(self, definition: Definition) -> Stream:
        """Return a stream to which what a journal kept of another is to happen again."""
        return self.take_stream(Stream.replayed(definition, self.sample_rate))

    def release_override(self, layer: Layer | None = None, path: str | None = None, at: int | None = None) -> None:
        """Let go of what a hand, or `set`, has taken from a stream: it glides back to what the stream says.

        Parameters
        ----------
        layer : whose; None: everything, the master too, or with `path` one of the master's.
        path : which of its parameters; None: all.
        at : absolute frame; None: now.
        """
        if layer is None:
            slot, index = (-1, memory.ON_ALL) if path is None else (master_slot(path), memory.ON_MASTER)
            self._send(memory.RELEASE_OVERRIDE, slot=slot, at=at, index=index)
        else:
            self._check(layer)
            self._send(memory.RELEASE_OVERRIDE, layer, slot=-1 if path is None else layer.slot(path)[0], at=at)

    # ---- events

    def _ramp(self, ramp_s: float | None) -> int:
        return -1 if ramp_s is None else round(RAMP.number(ramp_s) * self.sample_rate)
