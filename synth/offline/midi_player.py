"""The MIDI player: a MIDI file plays an engine, offline.  packets -> ports -> bindings, as when played live -> blocks.

What a key, button or program asks for beyond the quantum (a scene, a preset) happens at the start of the next one. So an
engine is led quantum by quantum while something is played, and any block size gives the same samples.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from synth.control.commands import COMMANDS, LAYER, Call
from synth.control.frame_numbers import NEVER
from synth.control.midi.decoder import WAIT_S
from synth.control.midi.mapping import Source
from synth.control.midi.packets import BYTES, PACKETS
from synth.engine.commands import MUTE_S, EngineCommands
from synth.engine.engine import Engine
from synth.engine.layer import Input
from synth.engine.layer_switches import LayerSwitches
from synth.engine.midi_map import MidiMap, MidiMaps
from synth.engine.preset import Preset
from synth.io.files.midi_file import MidiFile
from synth.offline.job import Job
from synth.parameters.errors import InputError
from synth.preset.default_midi import mapping_of
from synth.preset.inputs import inputs_of
from synth.preset.library import load_preset, preset_names
from synth.rt.records import Samples
from synth.rt.units import QUANTUM

_STATUSES = {"note": 9, "program": 12}


def remarks(job: Job) -> list[str]:
    """Return what is to be said before a MIDI file is played, a line each."""
    midi = job.midi
    if midi is None:
        return []
    said = [f"'{midi.path}': {remark}" for remark in midi.remarks]
    if midi.is_empty:
        return [*said, f"'{midi.path}' is empty: the preset plays by itself, for {job.seconds:g} s"]
    if not midi.has_notes:
        return [*said, f"'{midi.path}' has no note: the preset plays by itself"]
    said.append(f"'{midi.path}' has notes: the preset's own gestures are paused")
    mapping = mapping_of(job.preset)
    sources = [note.source for note in mapping.notes] + [action.source for action in mapping.actions]
    if not any(_comes_from(source, packet.data, midi.ports[packet.port]) for source in sources for packet in midi.packets):
        said.append(f"none of its keys strikes a layer of {job.preset.name}: it may be silent")
    return said


def _comes_from(source: Source, data: bytes, port: str) -> bool:
    """Return whether a source is the key or the program that a message came from."""
    is_kind = data[0] >> 4 == _STATUSES.get(source.kind) and source.low <= data[1] <= source.high
    return is_kind and source.channel in (0, (data[0] & 15) + 1) and source.port.lower() in port.lower()


class MidiPlayer:
    """Plays a score's preset and its MIDI file on an engine that has not played yet.

    Gestures play on only if the file strikes no key. What is held when it ends is released. `loaded` is called for each preset.

    Attributes
    ----------
    preset : what plays now.
    called : the presets that the file has called so far, each once.
    effects : what does each command of `synth.control.commands` that a MIDI file can ask for, by name.

    Raises
    ------
    InputError
        If the preset cannot be played.
    """

    def __init__(self, engine: Engine, job: Job, midi: MidiFile, loaded: Callable[[], object] = lambda: None) -> None:
        self._engine, self._job, self._midi, self._loaded = engine, job, midi, loaded
        self._coming = self._packets()
        self._next = next(self._coming, None)
        self._busy_until = 0
        self._echo_frames = math.ceil(WAIT_S * engine.sample_rate) + QUANTUM  # the first half of a 14-bit controller waits
        self.called: list[Preset] = []
        self._midi_maps = MidiMaps()
        self._end: int | None = midi.frame(midi.units, engine.sample_rate)
        self._is_muted = False
        self._layer_switches = LayerSwitches(engine)
        self.effects: dict[str, Callable[..., object]] = EngineCommands(engine).effects | {
            "scene": self._go_to,
            "preset": self._change,
            "next": lambda: self._change(self._neighbour(1)),
            "previous": lambda: self._change(self._neighbour(-1)),
            "save": lambda: None,  # for the ears of a performer
            "mute": self._mute,
            "mute_layer": lambda name: self._switch(self._layer_switches.mute, name),
            "solo_layer": lambda name: self._switch(self._layer_switches.solo, name),
        }
        if midi.has_notes:
            engine.pause(True)  # before the layers come, so that not even their first notes sound
        self._play(job.preset, job.inputs)

    def process(self, frames: int) -> Samples:
        """Render the next frames; see `Engine.process`."""
        engine, done, parts = self._engine, 0, [np.empty((0, 2), np.float32)]
        while done < frames:
            is_busy = self._feed()
            ahead = engine.frame - engine.frames_out  # rendered already
            stop = engine.frame + QUANTUM if is_busy else self._next_frame // QUANTUM * QUANTUM
            count = min(frames - done, ahead + stop - engine.frame)
            parts.append(engine.process(count))
            done += count
            self._answer()
        return np.concatenate(parts)

    # ---- what is played

    def _packets(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield frame, port and bytes."""
        for packet in self._midi.packets:
            yield self._midi.frame(packet.units, self._engine.sample_rate), packet.port, packet.data

    @property
    def _next_frame(self) -> int:
        """When something comes next."""
        end = NEVER if self._end is None else self._end
        return end if self._next is None else min(end, self._next[0])

    def _feed(self) -> bool:
        """Hand over what comes within the next quantum; whether that quantum, or what it may still ask for, is to be watched."""
        engine, stop = self._engine, self._engine.frame + QUANTUM
        together: dict[tuple[int, int], bytearray] = {}
        while self._next and self._next[0] < stop:
            frame, port, data = self._next
            together.setdefault((port, frame), bytearray()).extend(data)
            self._next = next(self._coming, None)
        packets = [0] * (1 + max(self._midi.ports, default=0))
        for (port, frame), message in together.items():
            packets[port] += -(-len(message) // BYTES)
            engine.push_midi(port, bytes(message), frame)
        if max(packets) > PACKETS:
            raise self._failure(f"more than {PACKETS} messages at once")
        if self._end is not None and self._end < stop:
            for port in self._midi.ports:
                engine.unplug_midi(port, self._end)
            self._end = None
            self._busy_until = stop
        if together:
            self._busy_until = stop + self._echo_frames
        return engine.frame < self._busy_until

    # ---- what it asks for

    def _answer(self) -> None:
        """Do what the quantum asked for."""
        for action in self._midi_maps.actions(self._engine):
            try:
                Call(COMMANDS[action.do], action.name or None).do(self.effects)
            except InputError as error:
                raise self._failure(str(error)) from None
        if self._engine.state["dropped_events"]:
            raise self._failure("more notes and changes at once than the engine holds")

    def _failure(self, what: str) -> InputError:
        return InputError(f"{self._midi.path}: at {self._engine.frame / self._engine.sample_rate:.3f} s: {what}")

    def _play(self, preset: Preset, inputs: Mapping[str, Input], glides: bool = False) -> None:
        self.preset = preset
        layers = self._engine.load(self.preset, tails=True, inputs=inputs, glides=glides)  # in a stem too, with nothing there
        mapping = mapping_of(self.preset)
        self._midi_maps.add(MidiMap(self._engine, mapping, layers, self._midi.ports))
        self._switched = {action.name for action in mapping.actions if COMMANDS[action.do].argument is LAYER}
        self._layer_switches.begin(layers, self._switched)  # a stem is silent while another layer is soloed
        self._loaded()

    def _go_to(self, name: str) -> None:
        scene = next((scene for scene in self.preset.scenes if scene.name == name), None)
        if scene is None:
            return  # of the preset before, whose program came at the same time
        self._engine.morph(scene.values, scene.over_s or None)

    def _mute(self) -> None:
        self._is_muted = not self._is_muted
        self._engine.set_master(ramp_s=MUTE_S, fade=float(not self._is_muted))

    def _switch(self, switch: Callable[[str], None], name: str) -> None:
        if name in self._switched:  # else it is of the preset before
            switch(name)

    def _change(self, name: str) -> None:
        called = load_preset(name)
        if called not in self.called:
            self.called.append(called)
        preset = self._job.stem.of(called) if self._job.stem else called
        self._play(preset, inputs_of(preset, self._engine.sample_rate), glides=True)

    def _neighbour(self, step: int) -> str:
        """Return the preset so many further in the list, as when played live."""
        names = preset_names()
        at = names.index(self.preset.name) if self.preset.name in names else -min(step, 0)
        return names[(at + step) % len(names)]
