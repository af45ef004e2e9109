"""`synth measure`: a sound file, preset or trigger beside real recordings.  sound -> numbers -> distance -> table, picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.analysis import comparison
from synth.analysis.classes import reference
from synth.analysis.comparison import Comparison
from synth.analysis.measure import mean_of, measure
from synth.analysis.picture import draw
from synth.cli.progress import Progress
from synth.cli.table import show
from synth.io.files.sound_reader import read_channels
from synth.offline.measured import SECONDS, SEEDS, class_of, performances
from synth.parameters.errors import unknown
from synth.preset.library import known_names, load_preset

_RATE_HZ = 48000
_NEAREST = 5
_WHOLE = ("loudness_lufs", "black_75_pct", "black_90_pct", "iacc", "ild_mean_db", "ild_sd_db", "ild_max_db")
"""What is measured on the whole sound and has no real figure beside it."""
ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class Sound:
    """What was asked for: its first performance, what is measured of all, and the class it stands for ("": not known)."""

    name: str
    audio: npt.NDArray[np.float32]
    sample_rate: float
    measured: dict[str, float]
    stands_for: str


def measured_sound(name: str, seconds: float | None, seed: int, should_stop: ShouldStop) -> Sound:
    """Return a sound file, or some seeds of a preset, measured.

    Raises
    ------
    InputError
        If it is neither, or cannot be read.
    """
    if name not in known_names() and not name.lower().endswith(".toml"):
        return _file(name, seconds)
    preset = load_preset(name)
    renders = performances(preset, seconds or SECONDS, seed, SEEDS, _RATE_HZ, should_stop)
    with Progress(f"measuring {name}", SEEDS) as progress:
        first, rows = _measured(renders, progress)
    return Sound(name, first, _RATE_HZ, mean_of(rows), class_of(preset))


def _measured(
    renders: Iterator[npt.NDArray[np.float32]], progress: Progress
) -> tuple[npt.NDArray[np.float32], list[dict[str, float]]]:
    first, rows = None, []
    for audio in renders:
        first = audio if first is None else first
        rows.append(measure(audio, _RATE_HZ))
        progress(1)
    assert first is not None
    return first, rows


def _file(name: str, seconds: float | None) -> Sound:
    if not Path(name).suffix and not Path(name).exists():
        raise unknown("sound file, preset or trigger", name, known_names())
    audio, sample_rate = read_channels(name)
    audio = audio if seconds is None else audio[: round(seconds * sample_rate)]
    return Sound(name, audio, sample_rate, measure(audio, sample_rate), "")


def compare(sound: Sound, like: str | None, should_stop: ShouldStop) -> Comparison:
    """Compare with a class, another sound, or, if nothing is given, what it stands for or the nearest class."""
    if like is None or like in reference().classes:
        return comparison.with_class(sound.measured, like or sound.stands_for)
    if like not in known_names() and not Path(like).suffix:
        raise unknown("class of sounds", like, reference().classes)
    return comparison.with_sound(sound.measured, like, measured_sound(like, None, 0, should_stop).measured)


def report(
    name: str, like: str | None, picture: Path | None, seconds: float | None, seed: int, should_stop: ShouldStop
) -> tuple[Sound, Comparison]:
    """Measure, compare, and draw if asked."""
    sound = measured_sound(name, seconds, seed, should_stop)
    beside = compare(sound, like, should_stop)
    if picture is not None:
        title = f"{name}: {beside.distance:.2f} from {beside.like.name}{_of_real_ones(beside)}"
        draw(picture, sound.audio, sound.sample_rate, sound.measured, beside.like, title)
    return sound, beside


def facts(sound: Sound, beside: Comparison) -> dict[str, Any]:
    """Return everything as JSON knows it; what cannot be measured is null."""
    like = {key: getattr(beside.like, key) for key in ("name", "recordings", "real_median", "real_p90")}
    found = {
        "sound": sound.name,
        "like": {**like, "distance": beside.distance, "rank": beside.rank, "by_family": dict(beside.families)},
        "nearest": dict(beside.nearest),
        "most_off": [asdict(difference) for difference in beside.off],
        "measured": sound.measured,
    }
    return {key: _json(value) for key, value in found.items()}


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def tell(sound: Sound, beside: Comparison, write: Callable[[str], object]) -> None:
    """Say it for people."""
    rank = f"; number {beside.rank} of {len(beside.nearest)} classes by nearness" if beside.rank else ""
    write(f"{sound.name}: {beside.distance:.2f} from {beside.like.name}{_of_real_ones(beside)}{rank}")
    write("nearest: " + ", ".join(f"{name} {far:.2f}" for name, far in islice(beside.nearest.items(), _NEAREST)))
    write("by family: " + ", ".join(f"{family} {z:.2f}" for family, z in beside.families.items()))
    write("whole: " + ", ".join(f"{name} {sound.measured[name]:.3g}" for name in _WHOLE) + "\n")
    show([_row(difference) for difference in beside.off])


def _row(difference: comparison.Difference) -> dict[str, str]:
    name, values = difference.name.removeprefix("x."), (difference.ours, difference.real, difference.sd)
    return dict(zip(("most off", "ours", "real", "+-"), (name, *(f"{value:.3g}" for value in values)), strict=True)) | {
        "sd apart": f"{difference.z:+.1f}"
    }


def _of_real_ones(beside: Comparison) -> str:
    """Say what real recordings score."""
    kind = beside.like
    if beside.rank is None:
        return " (any two sounds: about 1, twins: under 0.4)"
    if kind.real_median is None:
        return f" ({kind.recordings} recordings: too few to say what real ones score)"
    return f" (real ones: median {kind.real_median:g}, 90 % within {kind.real_p90:g}; {kind.recordings} recordings)"
