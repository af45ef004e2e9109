"""Export: a preset or a take into sound files, told as it goes.  measure -> mix -> stems."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from synth.cli.options import RenderOptions
from synth.cli.progress import Progress, loaded_ears, note
from synth.io.files.sound_writer import Writer
from synth.offline.job import Job, job_of
from synth.offline.midi_player import remarks
from synth.offline.render import ShouldStop, levelled, save, save_replay
from synth.offline.stems import stems_of
from synth.take.reader import load_take

_CLOSE_LU = 0.3
_TOO_LARGE = "{}: would be larger than 4 GiB, which a .wav cannot hold; writing '{}'"


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
    writer = _writer(job, options.output)
    job = replace(job, ears=loaded_ears(job.ears))
    files = [(job, writer)]
    if options.stems:
        paths = _stem_paths(files[0][1].path, stems_of(job, should_stop))
        files += [(stem, _writer(stem, path)) for path, stem in paths.items()]
    if deaf := [layer.name for layer in job.preset.layers if "channel" in layer.sound]:
        note(f"silent here, for there is no live input in a render: {', '.join(deaf)}; sound = {{ file = ... }} plays a file")
    for remark in remarks(job) if job.midi else ():
        note(remark)
    gain_db = _gain_db(job, options.loudness_lufs, should_stop) if options.loudness_lufs is not None else job.gain_db
    reached_lufs = []
    for part, writer in files:
        with Progress(writer.path.name, job.frames) as progress:
            reached_lufs.append(save(replace(part, gain_db=gain_db), writer, progress, should_stop))
    if options.loudness_lufs is not None:
        note(_reached(reached_lufs[0], options.loudness_lufs))
    if options.stems:
        note("each stem passes the limiter by itself: where it acts on the mix, the stems do not add up to it")
    return [writer.path for _, writer in files]


def _writer(job: Job, output: Path) -> Writer:
    """Return what writes a render into a file, tried out."""
    writer = Writer(output, job.sample_rate, job.frames, job.preset.title or job.preset.name, f"seed {job.seed}")
    if writer.path != output:
        note(_TOO_LARGE.format(output, writer.path))
    return writer


def _gain_db(job: Job, loudness_lufs: float, should_stop: ShouldStop) -> float:
    with Progress("measuring", job.frames) as progress:
        return levelled(job, loudness_lufs, progress, should_stop).gain_db


def _reached(reached_lufs: float, wanted_lufs: float) -> str:
    is_close = abs(reached_lufs - wanted_lufs) < _CLOSE_LU
    held_back = "" if is_close else f" instead of {wanted_lufs:g}: the limiter held it back"
    return f"loudness: reached {reached_lufs:.1f} LUFS{held_back}"


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
    writer = Writer(output, take.sample_rate, take.frames, take.path.stem, f"take {take.path.name}")
    if writer.path != output:
        note(_TOO_LARGE.format(output, writer.path))
    for warning in take.warnings:
        note(warning)
    heard = None if ears is None else loaded_ears(ears)
    with Progress(writer.path.name, take.frames) as progress:
        save_replay(take, writer, heard, progress, should_stop)
    return writer.path


def _stem_paths(path: Path, stems: Mapping[str, Job]) -> dict[Path, Job]:
    """Return each stem's file: the layer's name before the suffix, without what folders dislike, numbered if two are alike."""
    found: dict[Path, Job] = {}
    for layer, stem in stems.items():
        plain = re.sub(r"[^\w-]+", "_", layer)
        candidates = itertools.chain([plain], (f"{plain}-{number}" for number in itertools.count(2)))
        paths = (path.with_name(f"{path.stem}.{candidate}{path.suffix}") for candidate in candidates)
        found[next(part for part in paths if part not in found)] = stem
    return found
