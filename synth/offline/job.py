"""A job: all that determines a render.  preset + MIDI file + stream + seconds + seed + sample rate + ears + fades, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from synth.control.midi.mapping import ControlBinding
from synth.engine.layer import Input
from synth.engine.preset import Preset, Scene
from synth.engine.renderer import SAMPLE_RATES
from synth.io.files.frame_file import StreamFile, read_stream_file
from synth.io.files.midi_file import MidiFile, read_midi_file
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER
from synth.preset.assignments import with_values
from synth.preset.default_midi import mapping_of
from synth.preset.inputs import inputs_of
from synth.preset.library import load_preset
from synth.preset.schema import MASTER_LEVEL
from synth.preset.space import space
from synth.trigger import TRIGGERS

DEFAULT_SECONDS = 10.0
FADE_IN_S, FADE_OUT_S = 0.02, 0.5
"""Unless told otherwise: too short to be noticed, too long to click. A file's first note begins by itself, without a fade."""
_LONGEST_FADE_S = 86400
_SECONDS = Parameter("seconds", 0.001, 1e6, DEFAULT_SECONDS, "s")
_SAMPLE_RATE = Parameter("sample_rate", *SAMPLE_RATES, 48000, "hz")


@dataclass(frozen=True)
class Stem:
    """One layer of one preset, alone; None: no layer of any."""

    preset: Preset
    layer: str | None

    def of(self, preset: Preset) -> Preset:
        """Return what is heard of a preset."""
        return _alone(preset, self.layer if preset == self.preset else None)


@dataclass(frozen=True)
class Job:
    """All that determines a render.

    Attributes
    ----------
    preset : what is played.
    seconds : how long.
    seed, sample_rate, ears : as for `Engine`.
    fade_in_s, fade_out_s : straight fades, within `seconds`; the last frames are silent.
    gain_db : added to the preset's level, before the limiter.
    inputs : what layers that play a file hear, as `synth.preset.inputs.inputs_of` reads it.
    midi : plays the preset.
    stem : which layer alone this is of all that is played, `preset` but its part of the one that is meant; None: everything.
    stream : drives the preset's parameters.
    """

    preset: Preset
    seconds: float = DEFAULT_SECONDS
    seed: int = 0
    sample_rate: float = 48000
    ears: Any = "ku100"
    fade_in_s: float = FADE_IN_S
    fade_out_s: float = FADE_OUT_S
    gain_db: float = 0.0
    inputs: Mapping[str, Input] = field(default_factory=dict)
    midi: MidiFile | None = None
    stem: Stem | None = None
    stream: StreamFile | None = None

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return max(1, round(self.seconds * self.sample_rate))


def job_of(
    preset: str | Path | Preset,
    *,
    seconds: float | None = None,
    seed: int = 0,
    sample_rate: float = 48000,
    ears: Any = "ku100",
    fade_in_s: float | None = None,
    fade_out_s: float | None = None,
    sets: Sequence[str] = (),
    midi: str | Path | None = None,
    stream: str | Path | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Job:
    """Return the checked job of a render; see `render` for the parameters. `notify` is told of lines of a stream left out."""
    found = preset if isinstance(preset, Preset) else load_preset(preset)
    found = with_values(found, sets) if sets else found
    played = None if midi is None else read_midi_file(midi)
    driven = None if stream is None else read_stream_file(stream, space(found), notify)
    if seconds is None:
        tail_s = _tail_s(found) if driven and driven.acts else 0.0
        seconds = max(driven.seconds + tail_s if driven else 0.0, _seconds(found, played) if played or not driven else 0.0)
    seconds, sample_rate = _SECONDS.number(seconds), _SAMPLE_RATE.number(sample_rate)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or abs(int(seed)) >= 1 << 63:
        raise InputError(f"seed = {seed!r}; it must be a whole number of at most 63 bits")
    fade_in = 0.0 if played and played.has_notes else FADE_IN_S
    fades = [
        min(short, share * seconds) if given is None else Parameter(name, 0, _LONGEST_FADE_S, 0, "s").number(given)
        for name, given, short, share in (("fade_in_s", fade_in_s, fade_in, 0.1), ("fade_out_s", fade_out_s, FADE_OUT_S, 0.25))
    ]
    if sum(fades) > seconds * (1 + 1e-9):
        raise InputError(f"fade_in_s + fade_out_s = {sum(fades):g} s is longer than the whole; allowed: at most {seconds:g} s")
    inputs = inputs_of(found, sample_rate)
    return Job(found, seconds, int(seed), sample_rate, ears, fades[0], fades[1], inputs=inputs, midi=played, stream=driven)


def _seconds(preset: Preset, midi: MidiFile | None) -> float:
    """Return how long a render is that is not told: as long as its MIDI file, and if hands play, as the last note may sound."""
    if midi is None:
        return DEFAULT_SECONDS
    tail_s = _tail_s(preset) if midi.has_notes else 0.0
    return _SECONDS.number(max(midi.seconds + tail_s, _SECONDS.low), str(midi.path))


def _tail_s(preset: Preset) -> float:
    """Return how long a last note may sound."""
    return max(float(TRIGGERS[layer.trigger].tail_s) for layer in preset.layers)


def _alone(preset: Preset, name: str | None) -> Preset:
    """Return a preset with one of its layers, or none, and what concerns it: hands play it as they do in the mix."""
    mapping, own = mapping_of(preset), (name, MASTER)
    midi = replace(
        mapping,
        notes=tuple(note for note in mapping.notes if note.layer == name),
        controls=tuple(control for control in mapping.controls if control.layer in own),
        is_complete=True,
    )
    return replace(
        preset,
        layers=tuple(layer for layer in preset.layers if layer.name == name),
        cues=tuple(cue for cue in preset.cues if cue.layer == name),
        scenes=tuple(replace(scene, values=_only(scene, own)) for scene in preset.scenes),
        midi=midi,
    )


def _only(scene: Scene, names: Sequence[str | None]) -> dict[str, Any]:
    return {name: values for name, values in scene.values.items() if name in names}


def louder(preset: Preset, gain_db: float) -> Preset:
    """Return a preset whose level, and every level that hands or scenes give to the whole, is higher by so much."""
    if not gain_db:
        return preset
    mapping = mapping_of(preset)
    controls = tuple(_louder_control(control, gain_db) for control in mapping.controls)
    return replace(
        preset,
        level_db=_raised(preset.level_db, gain_db),
        midi=replace(mapping, controls=controls, is_complete=True),
        scenes=tuple(replace(scene, values=_louder_values(scene, gain_db)) for scene in preset.scenes),
    )


def _raised(level_db: float, gain_db: float) -> float:
    return MASTER_LEVEL.number(min(max(level_db + gain_db, MASTER_LEVEL.low), MASTER_LEVEL.high))


def _louder_control(control: ControlBinding, gain_db: float) -> ControlBinding:
    if (control.layer, control.path) != (MASTER, MASTER_LEVEL.name):
        return control
    return replace(control, low=control.low + gain_db, high=control.high + gain_db)


def _louder_values(scene: Scene, gain_db: float) -> dict[str, Any]:
    values = dict(scene.values)
    if MASTER_LEVEL.name in values.get(MASTER, {}):
        values[MASTER] = {**values[MASTER], MASTER_LEVEL.name: _raised(values[MASTER][MASTER_LEVEL.name], gain_db)}
    return values
