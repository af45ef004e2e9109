"""`synth match`: a recording -> the three best triggers with their parameters, told, and the nearest written as a preset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synth.analysis.classes import SoundClass, ranked, reference
from synth.analysis.measure import texture_of
from synth.cli.progress import Progress, note
from synth.cli.table import show
from synth.io.files.sound_reader import read_channels
from synth.io.files.whole_file import write_whole
from synth.offline.match.matcher import FITS, Match, match_texture
from synth.offline.measured import class_of
from synth.parameters.errors import InputError, unknown
from synth.preset.library import dump
from synth.trigger import TRIGGERS


@dataclass(frozen=True)
class Found:
    """What was found: the recording's class distances, the matches nearest first, and the file that was written."""

    recording: Path
    classes: dict[str, float]
    matches: Sequence[Match]
    written: Path | None


def matched(recording: Path, trigger: str | None, output: Path | None, seed: int, should_stop: Callable[[], bool]) -> Found:
    """Search, and write the nearest if asked.

    Raises
    ------
    InputError
        If the recording cannot be used, there is no such trigger, or the preset cannot be written.
    """
    if trigger is not None and trigger not in TRIGGERS:
        raise unknown("trigger", trigger, TRIGGERS, "--trigger")
    if output is not None:
        _check(output)
    audio, sample_rate = read_channels(recording)
    texture = texture_of(audio, sample_rate)
    with Progress(f"matching {recording.name}", 1.0) as progress:
        matches = match_texture(texture, trigger, seed=seed, progress=progress, should_stop=should_stop)
    if output is not None:
        best = matches[0].preset
        text = dump(replace(best, title=f"Like {recording.name}"))
        try:
            write_whole(output, text.encode("utf-8"))
        except OSError as error:
            raise InputError(f"{output}: cannot be written: {error.strerror}") from None
        note(f"{output} written; hear it with: synth play {output}")
    return Found(recording, ranked(texture), matches, output)


def _check(output: Path) -> None:
    """Refuse what cannot be written before minutes are spent on it."""
    if output.suffix.lower() != ".toml":
        raise InputError(f"{output}: a preset's file ends in .toml")
    if not output.absolute().parent.is_dir():
        raise InputError(f"{output}: there is no folder {output.parent}")


def facts(found: Found) -> dict[str, Any]:
    """Return everything as JSON knows it."""
    return {
        "recording": str(found.recording),
        "preset": None if found.written is None else str(found.written),
        "fits": found.matches[0].fits,
        "matches": [_facts(each, found) for each in found.matches],
        "nearest": found.classes,
    }


def _facts(each: Match, found: Found) -> dict[str, Any]:
    kind, layer = _class_of(each), each.preset.layers[0]
    return {
        "trigger": each.trigger,
        "distance": each.distance,
        "stands_for": kind.name,
        "recording_from_class": found.classes[kind.name],
        "real_median": kind.real_median,
        "real_p90": kind.real_p90,
        "params": dict(layer.params),
        "gesture": dict(layer.gesture),
    }


def _class_of(each: Match) -> SoundClass:
    return reference().named(class_of(each.preset))


def tell(found: Found, write: Callable[[str], object]) -> None:
    """Say it for people."""
    nearest = list(found.classes.items())[:3]
    write(f"{found.recording}: nearest kinds of real sounds: " + ", ".join(f"{name} {far:.2f}" for name, far in nearest))
    if not found.matches[0].fits:
        write(f"nothing fits: no trigger comes nearer than {found.matches[0].distance:.2f}, and a likeness is under {FITS:g}")
    write("")
    show([_row(each, found) for each in found.matches])


def _row(each: Match, found: Found) -> dict[str, str]:
    kind = _class_of(each)
    real = "" if kind.real_median is None else f"{kind.real_median:.2f} / {kind.real_p90:.2f}"
    return {
        "trigger": each.trigger,
        "from the recording": f"{each.distance:.2f}",
        "stands for": kind.name,
        "recording from it": f"{found.classes[kind.name]:.2f}",
        "real: median / 90 %": real,
    }
