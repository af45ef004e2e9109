"""Measure a sound.  channels -> loudness, black, IACC, ILD | louder ear -> windows -> texture, spectrum, events -> mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import CENTRES_HZ
from synth.analysis.binaural import binaural
from synth.analysis.black import black
from synth.analysis.channel import as_channels, louder_channel, windows
from synth.analysis.envelope import envelopes
from synth.analysis.events import events
from synth.analysis.loudness import integrated_lufs
from synth.analysis.readable import peaks, spectral
from synth.analysis.spectrum import bandwidth_hz, mean_power
from synth.analysis.statistics import texture
from synth.parameters.errors import InputError

SHORTEST_S = 0.1
_QUIETEST = 1e-9  # RMS, re full scale: silence has no texture


def measure(audio: npt.ArrayLike, sample_rate: float) -> dict[str, float]:
    """Say what a sound is like, as numbers.

    Parameters
    ----------
    audio : (frames,), or (frames, channels) with the left and the right ear first; at least 0.1 s, better 6 s or more.
    sample_rate : hertz.

    Returns
    -------
    By name, NaN where it cannot be measured:

    - `L.HZ`, `cv.HZ`, `skew.HZ`, `kurt.HZ`, `r.REGION.LAG`, `m.REGION.HZ`: texture (see `synth.analysis.statistics`), of the
      louder ear, as the mean of up to three windows of 6 s;
    - `x.NAME`: spectrum, events and regularity in plain units, of the same windows;
    - `loudness_lufs`, `black_75_pct`, `black_90_pct`, `iacc`, `ild_mean_db`, `ild_sd_db`, `ild_max_db`: of the whole.

    Silence has a loudness of -inf, all its time black, and no texture.

    Raises
    ------
    InputError
        If it is too short or holds what is no number.
    """
    channels = _checked(audio, sample_rate)
    whole = black(channels, sample_rate) | binaural(channels, sample_rate)
    return _texture(channels, sample_rate) | {"loudness_lufs": integrated_lufs(channels, sample_rate)} | whole


def texture_of(audio: npt.ArrayLike, sample_rate: float) -> dict[str, float]:
    """Return of what `measure` returns the texture and the `x.` statistics alone; nothing of silence.

    Raises
    ------
    InputError
        As `measure` does.
    """
    return _texture(_checked(audio, sample_rate), sample_rate)


def _texture(channels: npt.NDArray[np.float32], sample_rate: float) -> dict[str, float]:
    return mean_of(row for window in windows(louder_channel(channels, sample_rate)) if (row := _of_window(window)))


def _checked(audio: npt.ArrayLike, sample_rate: float) -> npt.NDArray[np.float32]:
    channels = as_channels(audio)
    if channels.ndim != 2 or len(channels) < SHORTEST_S * sample_rate:
        raise InputError(f"audio of shape {channels.shape}; needed: (frames,) or (frames, channels), {SHORTEST_S:g} s or longer")
    if not np.isfinite(channels).all():
        raise InputError("audio holds what is no number")
    return channels


def _of_window(window: npt.NDArray[np.float32]) -> dict[str, float]:
    """Return what a window at 48 kHz is like; nothing of silence."""
    sound = window - np.float32(window.mean(dtype=float))
    rms = math.sqrt(np.square(sound, dtype=float).mean())
    if not rms > _QUIETEST:
        return {}
    sound /= np.float32(rms)
    power = mean_power(sound)
    top_hz = bandwidth_hz(power)
    envelope, of_bands = envelopes(sound)
    return texture(envelope, of_bands, top_hz) | spectral(power, top_hz) | peaks(sound) | events(envelope[top_hz > CENTRES_HZ])


def mean_of(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of what was measured on several sounds or seeds, of each name over those that have it."""
    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    values = {name: [row[name] for row in rows if not math.isnan(row.get(name, math.nan))] for name in names}
    return {name: float(np.mean(found)) if found else math.nan for name, found in values.items()}
