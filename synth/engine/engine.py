"""The engine's Python face: layers, notes and changes go in as events, blocks of samples come out.

add | strike | release | set -> events -> ring -> `process` (compiled, without the GIL) -> (frames, 2)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from synth.control.frame_numbers import frame_of
from synth.engine import compiling, event
from synth.engine.addresses import THE_MASTER, Strip, strips_of
from synth.engine.arguments import note_numbers, numbers_of, t60_of, text_of
from synth.engine.control_inputs import ControlInputs
from synth.engine.cues import Cues
from synth.engine.kernels.event_record import BY_CUE, BY_PYTHON, BY_UNDO
from synth.engine.kernels.state import MAX_LAYERS, PANICKED
from synth.engine.layer import Input, Layer, Note
from synth.engine.layer_factory import checked_cues, made_layers, name_beside, spec_of
from synth.engine.locks import locked
from synth.engine.preset import Preset
from synth.engine.speaker import said_by, with_texts
from synth.parameters.errors import InputError, unknown
from synth.parameters.tables import NOTE_PARAMETERS, RAMP, STEP, VELOCITY, VOLUME

_UNDO_S = 0.25


class Engine(ControlInputs):
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

    def add(
        self,
        trigger: str,
        *,
        name: str | None = None,
        gesture: Mapping[str, Any] | None = None,
        motion: Mapping[str, Any] | None = None,
        input: Input | None = None,
        text: str | None = None,
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
        text : what the trigger says, for one that speaks, a phrase a note; None: its own text.
        at : absolute frame from which it is there; None: now.
        values : the trigger's parameters, azimuth_deg, elevation_deg, distance_m, level_db.

        Raises
        ------
        InputError
            If a name or a value is wrong, or there is no room for another layer.
        """
        frame_of(at)
        trigger = text_of(trigger, "trigger")
        name = trigger if name is None else text_of(name, "name")
        compiling.ready([trigger])  # not under the lock: whoever attends to what plays must not wait
        given = input or said_by(trigger, text)
        with self._lock:
            free = self._free_indices
            if not free:
                raise InputError(f"no room for layer '{name}': an engine holds at most {MAX_LAYERS} layers")
            own = name_beside(name, {layer.name for layer in self.layers})
            preset = Preset(own, (spec_of(own, trigger, gesture, motion, values),))
            [(layer, stored)] = made_layers(preset, {own: given} if given else {}, free, self._ids)
            self.install(layer, stored)
            self._send(event.add(layer), at=at)
            return layer

    @property
    def _free_indices(self) -> list[int]:
        return [index for index in range(MAX_LAYERS) if index not in self._layers]

    @locked
    def remove(self, layer: Layer, at: int | None = None, *, tails: bool = False) -> None:
        """Fade a layer out in 30 ms, or with `tails` let what sounds end by itself, and forget it."""
        self._check(layer)
        frame_of(at)
        self._leaving.add(layer.index)
        self._send(event.remove(layer, tails), at=at)

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
        self._send(event.strike(layer, note.id, velocity, pitch), at=at)
        return note

    def release(self, note: Note, at: int | None = None) -> None:
        """End a note; one that has ended already stays as it is."""
        self._check(note.layer)
        self._send(event.release(note.layer, note.id), at=at)

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
        self._set(layer, BY_PYTHON, at, ramp_s, values)

    def _set(self, layer: Layer, owner: int, at: int | None, ramp_s: float | None, values: Mapping[str, Any]) -> None:
        self._check(layer)
        self._change(numbers_of(layer, values), layer, owner, at, self._ramp(ramp_s))

    def _change(self, numbers: Iterable[tuple[int, float]], strip: Strip, owner: int, at: int | None, ramp_frames: int) -> None:
        """Send numbers by slot, checked before, to a layer or the master."""
        for slot, number in numbers:
            self._send(event.set_number(strip, slot, number, ramp_frames, owner), at=at)

    def set_note(self, note: Note, *, at: int | None = None, ramp_s: float | None = None, **values: float) -> None:
        """Change a note's own pitch, bend (semitones), pressure or timbre (0..1)."""
        self._check(note.layer)
        ramp_frames = self._ramp(ramp_s)
        for slot, number in note_numbers(values):
            self._send(event.set_note(note.layer, note.id, slot, number, ramp_frames), at=at)

    def set_master(self, *, at: int | None = None, ramp_s: float | None = None, **values: float) -> None:
        """Change the master's level_db, soften_db, room_db, fade (0..1), volume_db, or trim_db, a gain that no preset sets.

        `volume_db` is the listener's own: no preset, scene, model or program moves it.
        """
        self._change(numbers_of(THE_MASTER, values), THE_MASTER, BY_PYTHON, at, self._ramp(ramp_s))

    def turn(self, step_db: float, at: int | None = None) -> None:
        """Turn the listener's volume up or down by a step, -24 .. 24 dB; of steps in quick succession each counts."""
        self._send(event.step_master(THE_MASTER.slot(VOLUME.name)[0], STEP.number(step_db, "volume")), at=at)

    def mute(self, layer: Layer, is_on: bool = True, at: int | None = None) -> None:
        """Let a layer fall silent in 50 ms while it plays on, or be heard again."""
        self._check(layer)
        self._send(event.make_audible(layer, not is_on), at=at)

    def set_room(self, t60_s: float, at: int | None = None) -> None:
        """Put the head into a small room whose sound dies away (60 dB) in 0.08 to 0.6 s; 0: none."""
        self._send(event.set_room(t60_of(t60_s)), at=at)

    furnish = set_room  # the old name, of this version still

    @locked
    def undo(self) -> None:
        """Let what a hand (MIDI, a key, `set`, `set_master`, `morph`) changed last glide back to what it was, again: further.

        A controller's whole move is one change, so is a scene. What streams, cues and gestures change is not undone, nor what has
        not taken effect yet, nor what belonged to another preset. A number that was a stream's is the stream's again.
        """
        self.attend()
        numbers = self._changes.pop({(strip.index, strip.generation): strip for strip in strips_of(self.layers).values()})
        for strip, slot, before, was_streamed in numbers:
            self._change([(slot, before)], strip, BY_UNDO, None, self._ramp(_UNDO_S))
            if was_streamed:
                self._send(event.release_override(strip, slot))

    def panic(self) -> None:
        """Fade out everything that sounds, in 15 ms, and pause every gesture."""
        self._send(event.panic())

    def pause(self, is_on: bool | None = None, at: int | None = None) -> None:
        """Let no gesture play, so that only hands do, or let all go on; None: the other of the two."""
        self._send(event.pause(is_on), at=at)

    def hold(self, is_on: bool | None = None, at: int | None = None) -> None:
        """Stop every glide where it is, or let all go on; None: the other of the two."""
        self._send(event.hold(is_on), at=at)

    def freeze(self, is_on: bool | None = None, at: int | None = None) -> None:
        """Let what sounds go on as it is: no glide, motion, cue or stream changes it; None: the other of the two."""
        self._send(event.freeze(is_on), at=at)

    def tap(self, at: int | None = None) -> None:
        """Tap a beat: from the second one on rhythmic gestures follow, the first layer's at the beat, others in their ratio."""
        self._send(event.tap(), at=at)

    @locked
    def morph(self, scene: Mapping[str, Mapping[str, Any]], over_s: float | None = None) -> None:
        """Glide to a scene: values by layer's name and path, and the master's under "master".

        A glide that is held is forgotten. Discrete values change at once.

        Raises
        ------
        InputError
            If a name or a value is wrong; nothing is changed then.
        """
        strips, ramp_frames = strips_of(self.layers), self._ramp(over_s)
        for name in scene:
            if name not in strips:
                raise unknown("layer", name, strips, "scene")
        changes = [(numbers_of(strips[name], values), strips[name]) for name, values in scene.items()]
        self._send(event.forget_held())
        for numbers, strip in changes:
            self._change(numbers, strip, BY_PYTHON, None, ramp_frames)

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
        compiling.ready(layer.trigger for layer in preset.layers)  # not under the lock, as in `add`
        given = with_texts(preset, inputs or {})
        with self._lock:
            return self._load(preset, tails, given, glides)

    def _load(self, preset: Any, tails: bool, inputs: Mapping[str, Input], glides: bool | None) -> dict[str, Layer]:
        t60_s = t60_of(preset.room.get("t60_s", 0.0))
        master = preset.master
        whole = numbers_of(THE_MASTER, master)
        made = made_layers(preset, inputs, self._free_indices, self._ids)
        added = {spec.name: layer for spec, (layer, _) in zip(preset.layers, made, strict=True)}
        cues = checked_cues(preset, added)
        leaving = self.layers
        glides = bool(leaving) if glides is None else glides  # a first note would be too loud
        self.install_all(made)  # from here on nothing fails
        if self._state["is_paused"][0] == PANICKED:
            self.pause(False)  # whoever calls a preset after a panic wants to hear it
        for layer in leaving:
            self.remove(layer, tails=tails)
        self._send(event.set_room(t60_s, glides))
        self._master_preset_values |= master
        self._change(whole, THE_MASTER, BY_CUE, None, -1 if glides else 0)
        for layer, _ in made:
            self._send(event.add(layer))
        self._cues = Cues(cues, self.frame, self.sample_rate)
        self._changes.clear()
        return added

    def hand_over(self) -> None:
        """Put what is to happen at once into the engine's memory, before it renders; raise `InputError` if there is no room."""
        if self._deliver(self.frame + 1):
            raise InputError("more is to happen at once than an engine's memory has room for")

    def _send_cues(self, stop: int) -> None:
        """Send what the preset's cues change before frame `stop`."""
        for layer, frame, over_s, values in self._cues.before(stop):
            if layer in self.layers:
                self._set(layer, BY_CUE, frame, over_s, values)

    # ---- events

    def _ramp(self, ramp_s: float | None) -> int:
        return -1 if ramp_s is None else round(RAMP.number(ramp_s) * self.sample_rate)
