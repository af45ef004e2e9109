"""A job: all that determines a render.  preset + MIDI file + stream + seconds + seed + sample rate + ears + fades, checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy.typing as npt

from synth.engine.arguments import seed_of
from synth.engine.engine_state import SAMPLE_RATE
from synth.engine.layer import Input
from synth.engine.preset import Preset, Scene
from synth.io.files.frame_file import StreamFile, read_stream_file
from synth.io.files.midi_file import MidiFile, read_midi_file
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER
from synth.preset.assignments import with_numbers, with_values
from synth.preset.default_midi import mapping_of
from synth.preset.inputs import inputs_of
from synth.preset.library import load_preset
from synth.preset.space import space
from synth.preset.texts import seconds_of, with_text
from synth.trigger import TRIGGERS

DEFAULT_SECONDS = 10.0
FADE_IN_S, FADE_OUT_S = 0.02, 0.5
"""Unless told otherwise: too short to be noticed, too long to click. A file's first note begins by itself, without a fade."""
_LONGEST_FADE_S = 86400
_SECONDS = Parameter("seconds", 0.001, 1e6, DEFAULT_SECONDS, "s")


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
    gain_db : of the whole, before the limiter, beside every level that the preset, hands or a stream give it.
    inputs : what layers that play a file hear, as `synth.preset.inputs.inputs_of` reads it.
    midi : plays the preset.
    stem : which layer alone this is of all that is played, `preset` but its part of the one that is meant; None: everything.
    stream : drives the preset's parameters.
    least_frames : from here on it may end as soon as it is silent: hands have played, and `seconds` is the longest that a last
        note may sound; None: it lasts for `seconds`.
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
    least_frames: int | None = None

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
    text: str | None = None,
    text_file: str | Path | None = None,
    sets: Sequence[str] = (),
    values: Mapping[str, Any] | npt.ArrayLike | None = None,
    midi: str | Path | None = None,
    stream: str | Path | None = None,
    notify: Callable[[str], None] = lambda _: None,
    where: str = "sets",
) -> Job:
    """Return the checked job of a render; see `render` for the parameters.

    `notify` is told of lines of a stream left out; `where` is what an error calls `sets`.
    """
    found = preset if isinstance(preset, Preset) else load_preset(preset)
    found = with_text(found, text, text_file)
    found = with_values(found, sets, where) if sets else found
    found = found if values is None else with_numbers(found, values)
    played = None if midi is None else read_midi_file(midi)
    driven = None if stream is None else read_stream_file(stream, space(found), notify)
    sample_rate = SAMPLE_RATE.number(sample_rate)
    least_frames = None
    inputs = inputs_of(found, sample_rate)
    if seconds is None and (text or text_file):
        seconds = min(max(seconds_of(inputs), DEFAULT_SECONDS), _SECONDS.high)
    if seconds is None:
        least_s, tail_s = _span(found, played, driven)
        seconds = max(least_s + tail_s, _SECONDS.low)
        least_frames = math.ceil(least_s * sample_rate) if tail_s else None
    seconds = _SECONDS.number(seconds, str(played.path) if played else "")
    fade_in = 0.0 if played and played.has_notes else FADE_IN_S
    fades = [
        min(short, share * seconds) if given is None else Parameter(name, 0, _LONGEST_FADE_S, 0, "s").number(given)
        for name, given, short, share in (("fade_in_s", fade_in_s, fade_in, 0.1), ("fade_out_s", fade_out_s, FADE_OUT_S, 0.25))
    ]
    if sum(fades) > seconds * (1 + 1e-9):
        raise InputError(f"fade_in_s + fade_out_s = {sum(fades):g} s is longer than the whole; allowed: at most {seconds:g} s")
    return Job(
        found,
        seconds,
        seed_of(seed),
        sample_rate,
        ears,
        fade_in_s=fades[0],
        fade_out_s=fades[1],
        inputs=inputs,
        midi=played,
        stream=driven,
        least_frames=least_frames,
    )


def _span(preset: Preset, midi: MidiFile | None, stream: StreamFile | None) -> tuple[float, float]:
    """Return how long a render is that is not told, and how long a last note may sound after that if hands play."""
    if not stream and (midi is None or midi.is_empty):
        return DEFAULT_SECONDS, 0.0
    has_hands = bool(midi and midi.has_notes) or bool(stream and stream.calls)
    tail_s = max(float(TRIGGERS[layer.trigger].tail_s) for layer in preset.layers) if has_hands else 0.0
    return max(midi.seconds if midi else 0.0, stream.seconds if stream else 0.0), tail_s


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
