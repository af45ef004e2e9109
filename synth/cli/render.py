"""Export: a score or a take into sound files, told as it goes.  measure -> mix -> stems."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from synth.cli.progress import Progress, loaded_ears, note
from synth.io.files.sound_writer import path_for, try_out
from synth.offline.job import Job
from synth.offline.midi_player import remarks
from synth.offline.render import ShouldStop, levelled, save, save_replay
from synth.offline.stems import stems_of
from synth.preset.inputs import live_layers
from synth.rt import cache
from synth.take.reader import load_take

_CLOSE_LU = 0.3


def export(
    job: Job,
    output: Path,
    loudness_lufs: float | None = None,
    stems: bool = False,
    should_stop: ShouldStop = lambda: False,
) -> list[Path]:
    """Render a score into a file, and each layer into one of its own if asked; returns the files.

    Parameters
    ----------
    score : see `synth.offline.render.job_of`.
    output : the mix; a stem is NAME.LAYER.SUFFIX beside it, or NAME.PRESET_LAYER.SUFFIX of a preset that the MIDI file calls.
    loudness_lufs : integrated loudness to reach; the same gain holds for the stems.
    should_stop : asked between blocks.

    Raises
    ------
    InputError
        If something cannot be used or written; complete files stay.
    """
    path = _checked_path(output, job.frames, job.sample_rate)
    job = replace(job, ears=loaded_ears(job.ears))
    _note_if_cold()
    parts = _stem_paths(path, stems_of(job, should_stop)) if stems else {}
    for part in parts:
        path_for(part, job.frames)
    if deaf := live_layers(job.preset):
        note(f"silent here, for there is no live input in a render: {', '.join(deaf)}; sound = {{ file = ... }} plays a file")
    for remark in remarks(job):
        note(remark)
    with Progress("measuring", job.frames) as progress:
        if loudness_lufs is not None:
            job = levelled(job, loudness_lufs, progress, should_stop)
    with Progress(path.name, job.frames) as progress:
        reached_lufs = save(job, path, progress, should_stop)
    if loudness_lufs is not None:
        held_back = (
            "" if abs(reached_lufs - loudness_lufs) < _CLOSE_LU else f" instead of {loudness_lufs:g}: the limiter held it back"
        )
        note(f"loudness: reached {reached_lufs:.1f} LUFS{held_back}")
    for part, stem in parts.items():
        with Progress(part.name, job.frames) as progress:
            save(replace(stem, gain_db=job.gain_db), part, progress, should_stop)
    if parts:
        note("each stem passes the limiter by itself: where it acts on the mix, the stems do not add up to it")
    return [path, *parts]


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
    heard = None if ears is None else loaded_ears(ears)
    _note_if_cold()
    with Progress(written.name, take.frames) as progress:
        save_replay(take, written, heard, progress, should_stop)
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
