"""Export: a preset or a take into sound files, told as it goes.  measure -> mix -> stems."""

from __future__ import annotations

import itertools
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from synth.cli.options import RenderOptions
from synth.cli.progress import Progress, loaded_ears, note
from synth.engine.compiling import ready
from synth.io.files.append_file import free_path
from synth.io.files.sound_writer import Writer
from synth.offline.job import Job, job_of
from synth.offline.midi_player import remarks
from synth.offline.render import Rendered, ShouldStop, levelled, save, save_replay
from synth.offline.stems import stems_of
from synth.take.reader import load_take

_CLOSE_LU = 0.3
_LIMITED_DB = -0.01
_SILENT_DB = -119.0
_TOO_LARGE = "{}: would be larger than 4 GiB, which a .wav cannot hold; writing '{}'"


@dataclass(frozen=True)
class Written:
    """A file that was written: where, how long, the highest sample, the integrated loudness, how much faster than it lasts."""

    path: str
    seconds: float
    peak_db: float | None
    lufs: float | None
    speed: float

    def __str__(self) -> str:
        peak = "silent" if self.peak_db is None else f"peak {self.peak_db:.1f} dBFS"
        loudness = "" if self.lufs is None else f", {self.lufs:.1f} LUFS"
        return f"{self.path}: {_clock(self.seconds)}, {peak}{loudness}, {self.speed:.3g} times as fast as it lasts"


def _clock(seconds: float) -> str:
    """Return a length as people write it: 0.3 s, 9.5 s, 1:30, 8:00:00."""
    if seconds < 59.95:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    hours = f"{whole // 3600}:{whole // 60 % 60:02d}" if whole >= 3600 else f"{whole // 60}"
    return f"{hours}:{whole % 60:02d}"


def _written(path: Path, rendered: Rendered, sample_rate: float, took_s: float) -> Written:
    seconds = rendered.frames / sample_rate
    peak_db = rendered.peak_db if rendered.peak_db > _SILENT_DB else None
    lufs = rendered.lufs if math.isfinite(rendered.lufs) else None
    return Written(str(path), seconds, peak_db, lufs, seconds / max(took_s, 1e-9))


def export(options: RenderOptions, should_stop: ShouldStop = lambda: False) -> list[Written]:
    """Render a preset into a file, and each layer into one of its own if asked; returns what was written.

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
        text=options.text,
        text_file=options.text_file,
        sets=options.sets,
        midi=options.midi,
        stream=options.stream,
        notify=note,
        where="--set",
    )
    writer = _writer(job, options.output or free_path(f"{job.preset.name}.wav"))
    job = replace(job, ears=loaded_ears(job.ears))
    files = [(job, writer)]
    if options.stems:
        paths = _stem_paths(files[0][1].path, stems_of(job, should_stop))
        files += [(stem, _writer(stem, path)) for path, stem in paths.items()]
    if deaf := [layer.name for layer in job.preset.layers if "channel" in layer.sound]:
        note(f"silent here, for there is no live input in a render: {', '.join(deaf)}; sound = {{ file = ... }} plays a file")
    for remark in remarks(job) if job.midi else ():
        note(remark)
    ready(layer.trigger for layer in job.preset.layers)
    gain_db = _gain_db(job, options.loudness_lufs, should_stop) if options.loudness_lufs is not None else job.gain_db
    done: list[Rendered] = []
    written: list[Written] = []
    for part, writer in files:
        part = replace(part, gain_db=gain_db)
        if done:  # a stem lasts as long as the mix
            part = replace(part, seconds=done[0].frames / job.sample_rate, least_frames=None)
        begin_s = time.monotonic()
        with Progress(writer.path.name, part.frames) as progress:
            done.append(save(part, writer, progress, should_stop))
        written.append(_written(writer.path, done[-1], job.sample_rate, time.monotonic() - begin_s))
    if options.loudness_lufs is not None and (said := _missed(done[0].lufs, options.loudness_lufs)):
        note(said)
    if options.stems and min(each.limiter_db for each in done) < _LIMITED_DB:
        note("the limiter acted: where it did, the stems, each of which passes it by itself, do not add up to the mix")
    for each in written:
        note(str(each))
    return written


def _writer(job: Job, output: Path) -> Writer:
    """Return what writes a render into a file, tried out."""
    writer = Writer(output, job.sample_rate, job.frames, job.preset.title or job.preset.name, f"seed {job.seed}")
    if writer.path != output:
        note(_TOO_LARGE.format(output, writer.path))
    return writer


def _gain_db(job: Job, loudness_lufs: float, should_stop: ShouldStop) -> float:
    with Progress("measuring", job.frames) as progress:
        return levelled(job, loudness_lufs, progress, should_stop).gain_db


def _missed(reached_lufs: float, wanted_lufs: float) -> str:
    """Return what is said of a loudness that was not reached."""
    is_close = abs(reached_lufs - wanted_lufs) < _CLOSE_LU
    return "" if is_close else f"{reached_lufs:.1f} LUFS instead of {wanted_lufs:g}: the limiter held it back"


def export_take(
    path: Path, output: Path | None = None, ears: str | None = None, should_stop: ShouldStop = lambda: False
) -> Written:
    """Render a take into a file, as it was heard; returns what was written.

    Parameters
    ----------
    path : a `.take`.
    output : see `export`; None: the take's name, .wav, in the folder at hand.
    ears : the `.sofa` file that it was recorded with; None: the built-in set of its name.
    should_stop : asked between blocks.

    Raises
    ------
    InputError, hrtf.EarsError
        If something cannot be used or written.
    """
    take = load_take(path)
    output = output or free_path(f"{take.path.stem}.wav")
    writer = Writer(output, take.sample_rate, take.frames, take.path.stem, f"take {take.path.name}")
    if writer.path != output:
        note(_TOO_LARGE.format(output, writer.path))
    for warning in take.warnings:
        note(warning)
    heard = None if ears is None else loaded_ears(ears)
    begin_s = time.monotonic()
    with Progress(writer.path.name, take.frames) as progress:
        rendered = save_replay(take, writer, heard, progress, should_stop)
    written = _written(writer.path, rendered, take.sample_rate, time.monotonic() - begin_s)
    note(str(written))
    return written


def _stem_paths(path: Path, stems: Mapping[str, Job]) -> dict[Path, Job]:
    """Return each stem's file: the layer's name before the suffix, without what folders dislike, numbered if two are alike."""
    found: dict[Path, Job] = {}
    for layer, stem in stems.items():
        plain = re.sub(r"[^\w-]+", "_", layer)
        candidates = itertools.chain([plain], (f"{plain}-{number}" for number in itertools.count(2)))
        paths = (path.with_name(f"{path.stem}.{candidate}{path.suffix}") for candidate in candidates)
        found[next(part for part in paths if part not in found)] = stem
    return found
