"""A picture of a sound beside real ones.  samples -> spectrogram, envelope | statistics -> ours over the class's mean and sd."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import CENTRES_HZ, NAMES, RATE_HZ, REGIONS
from synth.analysis.channel import as_channels, louder_channel
from synth.analysis.classes import SoundClass
from synth.analysis.distance import Measured
from synth.analysis.frames import frame_power
from synth.analysis.statistics import LAGS, MODULATIONS_HZ
from synth.parameters.errors import InputError

_SHOWN_S = 8.0
_OURS, _REAL = "#d1495b", "#205080"
_TICKS_HZ = {100: "100", 300: "300", 1000: "1k", 3000: "3k", 10000: "10k"}
_MARGINALS = {"cv": "unsteadiness (log sd / mean)", "skew": "skewness", "kurt": "sparseness (log kurtosis)"}


def draw(
    path: str | Path, audio: npt.ArrayLike, sample_rate: float, measured: Measured, like: SoundClass, title: str, dpi: int = 80
) -> None:
    """Write a picture: what the sound looks like, and its statistics beside a class's.

    Parameters
    ----------
    path : its suffix says the format.
    audio : (frames,) or (frames, channels); its first 8 s are shown.
    measured : what `synth.measure` says of it, or of more of its kind.
    like : the class whose mean and standard deviation are drawn beside.

    Raises
    ------
    InputError
        If matplotlib is missing, or the file cannot be written.
    """
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(2, 4, figsize=(16, 6.4), layout="constrained")
    try:
        figure.suptitle(title)
        _waveform(axes[0, 0], axes[1, 0], louder_channel(as_channels(audio), sample_rate)[: round(_SHOWN_S * RATE_HZ)])
        _of_bands(axes[0, 1], "L", "spectrum, dB of the whole", measured, like)
        for axis, (head, what) in zip((axes[1, 1], axes[0, 2], axes[1, 2]), _MARGINALS.items(), strict=True):
            _of_bands(axis, head, what, measured, like)
        _of_regions(axes[0, 3], "r", LAGS, "correlation of bands so far apart", measured, like)
        _of_regions(axes[1, 3], "m", MODULATIONS_HZ, "modulation (log share) at Hz", measured, like)
        axes[0, 1].legend(loc="lower center", fontsize=8)
        figure.savefig(path, dpi=dpi)
    except (OSError, ValueError) as error:  # of a suffix that it does not know
        raise InputError(f"{path}: the picture cannot be written: {error}") from None
    finally:
        pyplot.close(figure)


def _pyplot() -> Any:
    try:
        import matplotlib
    except ImportError:
        raise InputError("a picture needs matplotlib; install it with: pip install 'synth[pictures]'") from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot


def _waveform(spectrogram: Any, envelope: Any, sound: npt.NDArray[np.float32]) -> None:
    """Draw what the sound is like in time, at a level of its own: RMS -26 dB."""
    sound = sound * (0.05 / (math.sqrt(np.square(sound, dtype=float).mean()) + 1e-12))
    noise = 1e-8 * np.random.default_rng(0).standard_normal(len(sound))  # the logarithm of digital silence is none
    spectrogram.specgram(sound + noise, NFFT=1024, noverlap=512, Fs=RATE_HZ, vmin=-150, vmax=-60, cmap="magma")
    spectrogram.set(ylim=(0, 16000), title="louder ear: spectrogram to 16 kHz")
    power = frame_power(sound[:, None], RATE_HZ, 0.005)
    envelope.plot(np.arange(len(power)) * 0.005, 10 * np.log10(power + 1e-12), color=_OURS, linewidth=0.6)
    envelope.set(ylim=(-110, 0), title="envelope, dB", xlabel="s")


def _of_bands(axis: Any, head: str, title: str, measured: Measured, like: SoundClass) -> None:
    _beside(axis, CENTRES_HZ, [f"{head}.{name}" for name in NAMES], measured, like, "")
    axis.set(title=title, xscale="log")
    axis.set_xticks(list(_TICKS_HZ), list(_TICKS_HZ.values()))
    axis.minorticks_off()


def _of_regions(axis: Any, head: str, steps: Sequence[float], title: str, measured: Measured, like: SoundClass) -> None:
    """Draw three regions of bands next to each other, from low to high."""
    for number, region in enumerate(REGIONS):
        at = np.arange(len(steps)) + number * (len(steps) + 1)
        _beside(axis, at, [f"{head}.{region}.{step}" for step in steps], measured, like, region)
    ticks = [(step + number * (len(steps) + 1), f"{steps[step]:g}") for number in range(3) for step in range(0, len(steps), 2)]
    axis.set_xticks(*zip(*ticks, strict=True), fontsize=7)
    axis.set(title=title)


def _beside(axis: Any, at: npt.ArrayLike, names: list[str], measured: Measured, like: SoundClass, label: str) -> None:
    """Draw ours over the mean of the real ones and one standard deviation to either side."""
    ours, mean, sd = (np.array([table.get(name, math.nan) for name in names]) for table in (measured, like.mean, like.sd))
    axis.fill_between(at, mean - sd, mean + sd, color=_REAL, alpha=0.2, linewidth=0)
    axis.plot(at, mean, color=_REAL, label=f"real: {like.name}")
    axis.plot(at, ours, color=_OURS, marker=".", markersize=4, label="this sound")
    if label and np.isfinite(mean).any():
        where = {"xy": (float(np.asarray(at)[0]), 1), "xycoords": ("data", "axes fraction")}
        axis.annotate(label, **where, xytext=(0, -10), textcoords="offset points")
