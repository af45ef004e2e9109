"""The engine's Python face: layers, notes and changes go in as events, blocks of samples come out.

add | strike | release | set -> events -> ring -> `process` (compiled, without the GIL) -> (frames, 2)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import hrtf
from hrtf import room
from hrtf.records import RATES_HZ
from synth.engine import events, master, memory
from synth.engine.arena import Arena
from synth.engine.layer import LAYER_PARAMETERS, Layer, kind_of, slots_of
from synth.engine.master import MASTER_PARAMETERS, ROOM_T60
from synth.engine.outbox import NEVER, NOW, Outbox
from synth.engine.quantum import process
from synth.errors import InputError, unknown
from synth.gesture import GESTURES
from synth.motion import MOTIONS
from synth.parameter import NOTE_FIELDS, Parameter, numbers
from synth.trigger import TRIGGERS, Trigger
from synth.units import QUANTUM

SAMPLE_RATES = RATES_HZ
_VELOCITY = Parameter("velocity")
_NOTE_PARAMETERS = {
    "pitch": Parameter("pitch", -60, 60, 0, "semitones"),
    "bend": Parameter("bend", -60, 60, 0, "semitones"),
    "pressure": Parameter("pressure"),
    "timbre": Parameter("timbre"),
}
_RAMP = Parameter("ramp_s", 0, 86400, 0, "s")
_CHUNK_FRAMES = 1 << 16
_CUES_AHEAD_S = 2.0  # live


@dataclass(frozen=True)
class Note:
    """A struck note; the handle for `release` and `set_note`."""

    layer: Layer
    id: int


class Engine:
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

    def __init__(
        self, sample_rate: float = 48000, ears: str | hrtf.Ears = "ku100", seed: int = 0, arena_bytes: int = 1 << 27
    ) -> None:
        if not SAMPLE_RATES[0] <= sample_rate <= SAMPLE_RATES[1]:
            raise InputError(f"sample_rate = {sample_rate!r} is out of range; allowed: {SAMPLE_RATES[0]} .. {SAMPLE_RATES[1]} hz")
        self.sample_rate = float(sample_rate)
        self.seed = int(seed)
        self.ears = hrtf.load(ears) if isinstance(ears, str) else ears
        self._arena = Arena(arena_bytes, self.sample_rate, self.ears)
        self._state = self._arena.state
        self._outbox = Outbox(self._state)
        self._layers: dict[int, Layer] = {}
        self._leaving: set[int] = set()  # indices of layers that were removed and still fade
        self._cues: list[tuple[Any, Layer]] = []
        self._cues_from, self._cued_until = 0, 0  # frames: the preset's start, and up to where its cues were sent
        self._ids = itertools.count(1)
        self._is_live = False

    # ---- what can be read

    @property
    def frame(self) -> int:
        """The first frame not yet rendered: a multiple of 64."""
        return int(self._state["frame"][0])

    @property
    def latency_frames(self) -> int:
        """Frames from an event's frame to its sound: limiter look-ahead and the ears' base delay. Constant."""
        return master.LATENCY + int(self._state["dry_delay"][0])

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, in the order in which they were added."""
        return tuple(layer for layer in self._layers.values() if layer.index not in self._leaving)

    @property
    def counters(self) -> dict[str, int]:
        """What has happened so far, and what sounds now."""
        names = (
            "late",
            "dropped_events",
            "dropped_responses",
            "dropped_strikes",
            "stolen",
            "muted",
            "scrubbed",
            "sounding",
            "emitting",
        )
        return {name: int(self._state[name][0]) for name in names}

    @property
    def cycles(self) -> dict[str, int]:
        """Processor cycles spent so far on each part of a quantum."""
        parts = ("control", "kernels", "emitters", "ears", "master")
        return dict(zip(parts, self._state["cycles"][0].tolist(), strict=True))

    # ---- layers

    def add(
        self,
        trigger: str,
        *,
        name: str | None = None,
        gesture: Mapping[str, Any] | None = None,
        motion: Mapping[str, Any] | None = None,
        at: int | None = None,
        **values: Any,
    ) -> Layer:
        """Add a layer.

        Parameters
        ----------
        trigger : a trigger's name.
        name : the layer's own, for its random streams; defaults to the trigger's, numbered if there are several.
        gesture, motion : `kind` and that kind's parameters; nothing plays or moves the layer without.
        at : absolute frame from which it is there; None: now.
        values : the trigger's parameters, azimuth_deg, elevation_deg, distance_m, level_db.

        Raises
        ------
        InputError
            If a name or a value is wrong, or there is no room for another layer.
        """
        kind = TRIGGERS[trigger]
        layer = self._make_layer(kind, self._unique(name or trigger), gesture, motion)
        own = (*kind.parameters, *LAYER_PARAMETERS)
        given = {
            name: float(p.number(value, f"layer '{layer.name}'")) for name, value in values.items() for _, p in [layer.slot(name)]
        }
        stored = [{p.name: p.default_number for p in own} | given]
        for what, table, chosen, asked in (
            ("gesture", GESTURES, layer.gesture, gesture),
            ("motion", MOTIONS, layer.motion, motion),
        ):
            asked = {key: value for key, value in (asked or {}).items() if key != "kind"}
            where = f"layer '{layer.name}': {what}"
            stored.append({f"{what}.{key}": value for key, value in numbers(table[chosen], asked, where).items()})
        self._arena.fill(layer, {path: value for part in stored for path, value in part.items()}, self.seed)
        self._layers[layer.index] = layer
        self._send(memory.ADD, layer, at=at)
        return layer

    def _unique(self, name: str) -> str:
        taken = {layer.name for layer in self.layers}
        return next(n for n in itertools.chain([name], (f"{name} {i}" for i in itertools.count(2))) if n not in taken)

    def _make_layer(self, kind: Trigger, name: str, gesture: Mapping[str, Any] | None, motion: Mapping[str, Any] | None) -> Layer:
        index = next((i for i in range(memory.MAX_LAYERS) if i not in self._layers), None)
        if index is None:
            raise InputError(f"no room for layer '{name}': an engine holds at most {memory.MAX_LAYERS} layers")
        gesture_kind = kind_of(GESTURES, "gesture", gesture, "none", f"layer '{name}'")
        motion_kind = kind_of(MOTIONS, "motion", motion, "still", f"layer '{name}'")
        return Layer(index, next(self._ids), name, kind, gesture_kind, motion_kind, slots_of(kind, gesture_kind, motion_kind))

    def remove(self, layer: Layer, at: int | None = None) -> None:
        """Fade a layer out and forget it."""
        self._check(layer)
        self._leaving.add(layer.index)
        self._send(memory.REMOVE, layer, at=at)

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
        velocity = _VELOCITY.number(velocity, "strike")
        pitch = _NOTE_PARAMETERS["pitch"].number(pitch, "strike")
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
        self._check(layer)
        ramp_frames = self._ramp(ramp_s)
        changes = []
        for path, value in _flat(values):
            slot, parameter = layer.slot(path)
            changes.append((slot, parameter.number(value, f"layer '{layer.name}'")))
        for slot, number in changes:
            self._send(memory.SET, layer, slot=slot, value=number, ramp_frames=ramp_frames, at=at)

    def set_note(self, note: Note, *, at: int | None = None, ramp_s: float | None = None, **values: float) -> None:
        """Change a note's own pitch, bend (semitones), pressure or timbre (0..1)."""
        self._check(note.layer)
        for name, value in values.items():
            if name not in NOTE_FIELDS:
                raise unknown("field of a note", name, NOTE_FIELDS)
            number = _NOTE_PARAMETERS[name].number(value, "set_note")
            slot = NOTE_FIELDS.index(name)
            self._send(memory.NOTE, note.layer, note.id, slot=slot, value=number, ramp_frames=self._ramp(ramp_s), at=at)

    def set_master(self, *, at: int | None = None, ramp_s: float | None = None, **values: float) -> None:
        """Change the master's level_db, fade (0..1) or room_db."""
        by_name = {p.name: (slot, p) for slot, p in enumerate(MASTER_PARAMETERS)}
        for name, value in values.items():
            if name not in by_name:
                raise unknown("master parameter", name, by_name)
            slot, parameter = by_name[name]
            self._send(memory.MASTER, slot=slot, value=parameter.number(value, "master"), ramp_frames=self._ramp(ramp_s), at=at)

    def furnish(self, t60_s: float) -> None:
        """Put the head into a small room whose sound dies away (60 dB) in 0.08 to 0.6 s; 0: none. Not while playing live."""
        if t60_s:
            t60_s = ROOM_T60.number(t60_s, "room")
            room.tune(self._state["room"][0], t60_s, self.sample_rate)
        self._state["room_is_on"] = bool(t60_s)

    def panic(self) -> None:
        """Fade out everything that sounds, in 5 ms, and hold every gesture."""
        self._send(memory.PANIC)

    def load(self, preset: Any) -> dict[str, Layer]:
        """Play a preset instead of what is there: fade out all layers, add the preset's and its cues; return them by name."""
        if len(preset.layers) + len(self._layers) > memory.MAX_LAYERS:
            most = memory.MAX_LAYERS - len(self._layers)
            raise InputError(
                f"preset '{preset.name}' has {len(preset.layers)} layers; there is room for {most} beside what sounds"
            )
        ramp_s = None if self.layers else 0.0  # a glide would let the first notes through at another level
        for layer in self.layers:
            self.remove(layer)
        self.furnish(preset.room.get("t60_s", 0.0))
        room_db = preset.room.get("level_db", MASTER_PARAMETERS[memory.ROOM_LEVEL].default)
        self.set_master(ramp_s=ramp_s, level_db=preset.level_db, room_db=room_db)
        added = {}
        for spec in preset.layers:
            values = {**spec.params, **spec.place, "level_db": spec.level_db}
            added[spec.name] = self.add(spec.trigger, name=spec.name, gesture=spec.gesture, motion=spec.motion, **values)
        self._cues = [(cue, added[cue.layer]) for cue in preset.cues]
        self._cues_from = self._cued_until = self.frame
        return added

    def _send_cues(self, stop: int) -> None:
        """Send what the preset's cues change before frame `stop`."""
        start, stop = self._cued_until - self._cues_from, stop - self._cues_from
        for cue, layer in self._cues:
            if layer in self.layers:
                for frame in cue.frames(start, stop, self.sample_rate):
                    self.set(layer, at=self._cues_from + frame, ramp_s=cue.over_s, **cue.values)
        self._cued_until = max(self._cued_until, self._cues_from + stop)

    # ---- events

    def _ramp(self, ramp_s: float | None) -> int:
        return -1 if ramp_s is None else round(_RAMP.number(ramp_s) * self.sample_rate)

    def _send(self, kind: int, layer: Layer | None = None, note: int = 0, *, at: int | None = None, **what: Any) -> None:
        index, generation = (layer.index, layer.generation) if layer else (0, 0)
        self._outbox.send(kind, index, generation, note, frame=NOW if at is None else _whole(at), **what)
        if self._is_live:
            self._outbox.deliver()

    def process(self, frames: int) -> npt.NDArray[np.float32]:
        """Render the next frames; any number at a time gives the same samples.

        Parameters
        ----------
        frames : how many, 0 or more.

        Returns
        -------
        (frames, 2) float32, left and right ear, no sample beyond -1 dBFS.
        """
        if isinstance(frames, bool) or not isinstance(frames, (int, np.integer)) or frames < 0:
            raise InputError(f"frames = {frames!r}; it must be a whole number, 0 or more")
        if self._is_live:
            raise InputError("the engine is playing live: its samples go to the sound device")
        out = np.empty((int(frames), 2), np.float32)
        done = 0
        while done < frames:
            if self._cued_until < self.frame + _CHUNK_FRAMES // 2 + QUANTUM:
                self._send_cues(self.frame + _CHUNK_FRAMES)
            is_behind = self._deliver(self.frame + _CHUNK_FRAMES)
            count = min(frames - done, QUANTUM if is_behind else _CHUNK_FRAMES // 2)
            process(*self._addresses, 0, 0, out.ctypes.data + done * out.strides[0], count)
            done += count
            self.attend()
        return out

    def _deliver(self, stop: int) -> bool:
        """Hand over what is due before frame `stop`; whether some of it still waits because the heap is full."""
        self._outbox.deliver(stop)
        while self._outbox.next_frame < stop and events.take_in(self._state.ctypes.data):
            self._outbox.deliver(stop)
        return self._outbox.next_frame < stop

    @property
    def _addresses(self) -> tuple[int, int]:
        return self._state.ctypes.data, self._arena.tables.ctypes.data

    def go_live(self) -> tuple[int, int]:
        """Hand the engine to an audio thread: events go to it at once; returns the addresses of its state and tables."""
        self._is_live = True
        self.attend()
        return self._addresses

    def leave_live(self) -> None:
        """Take the engine back, after the audio thread has ended."""
        self._is_live = False

    def attend(self) -> None:
        """Hand over events that had no room before and take back what ended layers had; to be called now and then while live."""
        if self._is_live:
            self._send_cues(self.frame + round(_CUES_AHEAD_S * self.sample_rate))
            self._outbox.deliver()
        ring = self._state["responses"][0]
        ring["read"] = ring["written"]
        for index in [index for index in self._leaving if self._arena.has_ended(index)]:
            self._outbox.forget(index, self._layers.pop(index).generation)
            self._arena.free(index)
            self._leaving.remove(index)

    # ---- snapshots

    def snapshot(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return a copy of everything that sounds; events not yet handed over are not part of it."""
        return self._arena.snapshot()

    def restore(self, snapshot: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]) -> None:
        """Go back to a snapshot of this engine, taken with the layers it has now."""
        self._arena.restore(snapshot)


def _whole(at: Any) -> int:
    if isinstance(at, bool) or not isinstance(at, (int, np.integer)) or not 0 <= at < NEVER:
        raise InputError(f"at = {at!r}; it must be an absolute frame, a whole number of 0 or more, or None for now")
    return int(at)


def _flat(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Yield each path and value; the mappings `gesture` and `motion` become paths with a dot."""
    for name, value in values.items():
        if name in ("gesture", "motion"):
            if not isinstance(value, Mapping):
                raise InputError(f"{name} = {value!r}; it must be a table of the {name}'s parameters")
            yield from ((f"{name}.{key}", each) for key, each in value.items())
        else:
            yield name, value
