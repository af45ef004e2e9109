"""Offline rendering: a preset or a take to an array or a file.  preset -> engine -> blocks from frame 0 -> fades.

The engine's latency is dropped. `loudness_lufs` renders twice: the first time far below the limiter, only to measure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import hrtf
from synth.dsp.loudness import Loudness
from synth.engine.engine import Engine
from synth.engine.preset import Preset
from synth.io.files.sound_writer import Writer
from synth.offline.job import Job, job_of
from synth.offline.midi_player import MidiPlayer
from synth.offline.stems import stems_of
from synth.offline.stream_player import StreamPlayer
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter
from synth.rt.records import Samples
from synth.rt.units import QUANTUM
from synth.take.reader import Take, load_take
from synth.take.reader import replay as replayed

_LOUDNESS = Parameter("loudness_lufs", -60, -5, -23)
_BLOCK_FRAMES = 1 << 15  # whole quanta, so that no repetition of a cue falls between two blocks
_NOTHING = 1e-5  # -100 dBFS
_HEADROOM_DB = 40.0  # by which the first of two passes stays below the limiter


Progress = Callable[[int], None]
"""Told of each block's frames."""


def quiet(done: float) -> None:
    """Tell nobody of what is done."""


class Watch:
    """What is noticed of a render as it passes.

    Attributes
    ----------
    frames : how many there were. peak : the highest sample, 0..1.
    """

    def __init__(self) -> None:
        self.frames, self.peak, self._gain = 0, 0.0, 1.0

    def see(self, engine: Engine, block: Samples) -> None:
        """Take note of a block that an engine has just rendered."""
        self.frames += len(block)
        self.peak = max(self.peak, float(np.abs(block).max(initial=0.0)))
        self._gain = min(self._gain, float(engine.meters["gain"].min(initial=1.0)))

    @property
    def limiter_db(self) -> float:
        """How far the limiter turned down at most, 0 or less."""
        return 20 * math.log10(max(self._gain, 1e-6))


@dataclass(frozen=True)
class Rendered:
    """What came out: how many frames, the highest sample and the integrated loudness, and how far the limiter turned down."""

    frames: int
    peak_db: float
    lufs: float
    limiter_db: float


ShouldStop = Callable[[], bool]
"""Asked once a block; if true, the render ends with a KeyboardInterrupt."""


def never() -> bool:
    """Go on to the end."""
    return False


def blocks(job: Job, should_stop: ShouldStop = never, watch: Watch | None = None) -> Iterator[Samples]:
    """Yield a render block by block, float32 (frames, 2), in constant memory: `job.frames`, or fewer if it may end earlier."""
    watch = watch or Watch()
    engine = Engine(job.sample_rate, job.ears, job.seed)
    engine.set_master(ramp_s=0, trim_db=job.gain_db)
    model = StreamPlayer(engine, job.stream) if job.stream else None
    process: Callable[[int], Samples] = engine.process
    if job.midi:
        process = MidiPlayer(engine, job, job.midi, model.aim if model else lambda: None).process
    else:
        engine.load(job.preset, inputs=job.inputs)
        if model:
            model.aim()
    todo, skip = job.frames, engine.latency_frames
    quiet_from = None if job.least_frames is None else job.least_frames + skip
    while todo:
        frames = min(_BLOCK_FRAMES, todo + skip)
        block = process(frames)[skip:]
        if should_stop():  # from here on everything is compiled
            raise KeyboardInterrupt
        skip = max(0, skip - frames)
        block = _faded(block, job.frames - todo, job)
        todo -= len(block)
        watch.see(engine, block)
        yield block
        if quiet_from is not None and engine.frame > quiet_from + _BLOCK_FRAMES and _is_over(engine, block):
            return


def _is_over(engine: Engine, block: Samples) -> bool:
    """Whether nothing sounds any more, and nothing has within the whole block: no voice, no room."""
    return not engine.counters["sounding"] and bool(np.abs(block).max(initial=0.0) < _NOTHING)


def _faded(block: Samples, at: int, job: Job) -> Samples:
    """Return a block that begins at frame `at` of a file, with its share of the fades."""
    begin, end = job.fade_in_s * job.sample_rate, job.fade_out_s * job.sample_rate
    if at >= begin and at + len(block) <= job.frames - end:
        return block
    frame, gain = np.arange(at, at + len(block)), np.ones(len(block))
    if begin:
        gain = np.minimum(gain, frame / begin)
    if end:
        gain = np.minimum(gain, np.maximum(job.frames - min(QUANTUM, job.frames // 8) - frame, 0) / end)
    return block * gain.astype(np.float32)[:, None]


def levelled(job: Job, loudness_lufs: float, progress: Progress = quiet, should_stop: ShouldStop = never) -> Job:
    """Return a job whose gain brings it to an integrated loudness; renders it once, far below the limiter, to measure.

    Raises
    ------
    InputError
        If the loudness is out of range, or the job silent or shorter than 0.4 s.
    """
    target_lufs = _LOUDNESS.number(loudness_lufs)
    loudness = Loudness(job.sample_rate, _HEADROOM_DB)
    for block in blocks(replace(job, gain_db=-_HEADROOM_DB), should_stop):
        loudness.add(block)
        progress(len(block))
    if not math.isfinite(loudness.integrated_lufs):
        raise InputError(f"loudness_lufs = {target_lufs:g}: nothing to measure; it is silent or shorter than 0.4 s")
    return replace(job, gain_db=target_lufs - loudness.integrated_lufs)


def render(
    preset: str | Path | Preset,
    seconds: float | None = None,
    seed: int = 0,
    sample_rate: float = 48000,
    ears: Any = "ku100",
    *,
    stems: bool = False,
    fade_in_s: float | None = None,
    fade_out_s: float | None = None,
    loudness_lufs: float | None = None,
    text: str | None = None,
    sets: Sequence[str] = (),
    values: Mapping[str, Any] | npt.ArrayLike | None = None,
    midi: str | Path | None = None,
    stream: str | Path | None = None,
) -> Any:
    """Render a preset.

    Parameters
    ----------
    preset : a preset's name, a path to a `.toml`, a trigger's name, or a `Preset`.
    seconds : how long; None: 10, or as long as the MIDI file and until its last notes have died away.
    seed : the same seed gives the same samples.
    sample_rate : hertz, 32000 to 192000.
    ears : name of a built-in set, path of a `.sofa` file, or loaded `hrtf.Ears`.
    stems : also render each layer alone.
    fade_in_s, fade_out_s : seconds; None: a short one against clicks.
    loudness_lufs : integrated loudness to reach, -60 to -5 LUFS (renders twice); None: as the preset is.
    text : what its layers that speak say, once; None: what the preset has them say.
    sets : changes of the preset, "LAYER.PARAMETER=VALUE".
    values : changes of the preset as numbers, choices by name: {"LAYER.PARAMETER": value}; or a whole vector (n,) in the order
        of `synth.space(preset)`.
    midi : a Standard MIDI File that plays the preset through its mapping; if it has notes, the preset's gestures are paused.
    stream : a file of frames that drives the preset's parameters, as `synth.io.files.frame_file` reads it; "-": lines on stdin.

    Returns
    -------
    (frames, 2) float32, left and right ear; with `stems` a dict: "mix", each layer's name, and "PRESET.LAYER" of presets that
    the MIDI file calls -> such an array.

    Raises
    ------
    InputError, hrtf.EarsError
        One line saying what cannot be used.
    """
    job = job_of(
        preset,
        seconds=seconds,
        seed=seed,
        sample_rate=sample_rate,
        ears=ears,
        fade_in_s=fade_in_s,
        fade_out_s=fade_out_s,
        text=text,
        sets=sets,
        values=values,
        midi=midi,
        stream=stream,
    )
    if loudness_lufs is not None:
        job = levelled(job, loudness_lufs)
    parts = stems_of(job) if stems else {}
    mix = _whole(job)
    parts = {name: replace(part, seconds=len(mix) / job.sample_rate, least_frames=None) for name, part in parts.items()}
    return {"mix": mix} | {name: _whole(part) for name, part in parts.items()} if stems else mix


def _whole(job: Job) -> Samples:
    out, at = np.empty((job.frames, 2), np.float32), 0
    for block in blocks(job):
        out[at : at + len(block)] = block
        at += len(block)
    return out[:at]


def replay(path: str | Path, ears: Any = None) -> Samples:
    """Render a take again: the bytes that were heard, on the machine and by the versions that recorded it.

    Parameters
    ----------
    path : a `.take` file.
    ears : path of a `.sofa` file, or loaded `hrtf.Ears`, if it was recorded with such; None: the built-in set of its name.

    Returns
    -------
    (frames, 2) float32, left and right ear, from the performance's frame 0.

    Raises
    ------
    InputError, hrtf.EarsError
        One line saying what cannot be used.
    """
    take = load_take(path)
    out, at = np.empty((take.frames, 2), np.float32), 0
    for block in replayed(take, _loaded(ears)):
        out[at : at + len(block)] = block
        at += len(block)
    return out[:at]


def _loaded(ears: Any) -> Any:
    return hrtf.load(ears) if isinstance(ears, str | Path) else ears


def save(job: Job, writer: Writer, progress: Progress = quiet, should_stop: ShouldStop = never) -> Rendered:
    """Render into a file, complete or not at all; returns what came out.

    Raises
    ------
    InputError
        If the file cannot be written.
    synth.io.files.sound_writer.Stopped
        If it should; says under which name the beginning was kept.
    """
    loudness, watch = Loudness(job.sample_rate), Watch()
    with writer:
        for block in blocks(job, should_stop, watch):
            writer.write(block)
            loudness.add(block)
            progress(len(block))
    return Rendered(watch.frames, 20 * math.log10(max(watch.peak, 1e-6)), loudness.integrated_lufs, watch.limiter_db)


def save_replay(
    take: Take, writer: Writer, ears: Any = None, progress: Progress = quiet, should_stop: ShouldStop = never
) -> Rendered:
    """Render a take into a file, as `save` does a job."""
    loudness, frames, peak = Loudness(take.sample_rate), 0, 0.0
    with writer:
        for block in replayed(take, _loaded(ears)):
            if should_stop():
                raise KeyboardInterrupt
            writer.write(block)
            loudness.add(block)
            frames, peak = frames + len(block), max(peak, float(np.abs(block).max(initial=0.0)))
            progress(len(block))
        if not writer.written:
            raise InputError(f"take '{take.path}' ends before its first sound")
    return Rendered(frames, 20 * math.log10(max(peak, 1e-6)), loudness.integrated_lufs, 0.0)
