"""Export: a preset or a take into sound files, told as it goes.  measure -> mix -> stems."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from synth.cli.options import RenderOptions
from synth.cli.progress import Progress, note
from synth.io.files.sound_writer import path_for, try_out
from synth.offline.job import Job, job_of
from synth.offline.midi_player import remarks
from synth.offline.render import ShouldStop, levelled, save, save_replay
from synth.offline.stems import stems_of
from synth.preset.inputs import live_layers
from synth.rt import cache
from synth.take.reader import load_take

_CLOSE_LU = 0.3


def export(options: RenderOptions, should_stop: ShouldStop = lambda: False) -> list[Path]:
    """Render a preset into a file, and each layer into one of its own if asked; returns the files.

    Parameters
    ----------
    options : a stem is NAME.LAYER.SUFFIX beside the mix, or NAME.PRESET_LAYER.SUFFIX of a preset that the MIDI file calls; the
        gain that reaches a loudness holds for the stems too.
    should_stop : asked between blocks.

    Raises
    ------
    InputError
        If something cannot be used or written; complete files stay.
    """
    job = job_of(
        str(options.preset),
        seconds=options.seconds,
        seed=options.seed,
        sample_rate=options.sample_rate,
        ears=options.ears,
        fade_in_s=options.fade_in_s,
        fade_out_s=options.fade_out_s,
        sets=options.sets,
        midi=options.midi,
        stream=options.stream,
        notify=note,
    )
    path, lufs = _checked_path(options.output, job.frames, job.sample_rate), options.loudness_lufs
    parts = _stem_paths(path, stems_of(job, should_stop)) if options.stems else {}
    for part in parts:
        path_for(part, job.frames)
    if deaf := live_layers(job.preset):
        note(f"silent here, for there is no live input in a render: {', '.join(deaf)}; sound = {{ file = ... }} plays a file")
    for remark in remarks(job):
        note(remark)
    if lufs is not None:
        with Progress("measuring", job.frames) as progress:
            job = levelled(job, lufs, progress, should_stop)
    reached_lufs = _save(job, path, should_stop)
    if lufs is not None:
        held_back = "" if abs(reached_lufs - lufs) < _CLOSE_LU else f" instead of {lufs:g}: the limiter held it back"
        note(f"loudness: reached {reached_lufs:.1f} LUFS{held_back}")
    for part, stem in parts.items():
        _save(replace(stem, gain_db=job.gain_db), part, should_stop)
    if parts:
        note("each stem passes the limiter by itself: where it acts on the mix, the stems do not add up to it")
    return [path, *parts]


def _save(job: Job, path: Path, should_stop: ShouldStop) -> float:
    with Progress(path.name, job.frames) as progress:
        return save(job, path, progress, should_stop)


def export_take(path: Path, output: Path, ears: str | None = None, should_stop: ShouldStop = lambda: False) -> Path:
    """Render a take into a file, as it was heard; returns the file.

    Parameters
    ----------
    path : a `.take`.
    output : see `export`.
    ears : the `.sofa` file that it was recorded with; None: the built-in set of its name.
    should_stop : asked between blocks.

    Raises
    ------
    InputError, hrtf.EarsError
        If something cannot be used or written.
    """
    take = load_take(path)
    written = _checked_path(output, take.frames, take.sample_rate)
    for warning in take.warnings:
        note(warning)
    _note_if_cold()
    with Progress(written.name, take.frames) as progress:
        save_replay(take, written, ears, progress, should_stop)
    return written


def _checked_path(output: Path, frames: int, sample_rate: float) -> Path:
    """Return where the file goes, tried out."""
    path = path_for(output, frames)
    if path != output:
        note(f"{output}: would be larger than 4 GiB, which a .wav cannot hold; writing '{path}'")
    try_out(path, sample_rate)
    return path


def _note_if_cold() -> None:
    if cache.is_cold():
        note("compiling kernels for this machine, once; this takes half a minute")


def _stem_paths(path: Path, stems: Mapping[str, Job]) -> dict[Path, Job]:
    """Return each stem's file: the layer's name before the suffix, without what folders dislike, numbered if two are alike."""
    found: dict[Path, Job] = {}
    for layer, stem in stems.items():
        plain = re.sub(r"[^\w-]+", "_", layer)
        candidates = itertools.chain([plain], (f"{plain}-{number}" for number in itertools.count(2)))
        paths = (path.with_name(f"{path.stem}.{candidate}{path.suffix}") for candidate in candidates)
        found[next(part for part in paths if part not in found)] = stem
    return found
