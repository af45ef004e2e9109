"""The channel that is measured, and its windows.  channels -> the louder one -> 48 kHz -> up to three windows of 6 s.

A mixture of two ears would comb, so one ear is taken. Windows far below the loudest are passed over: they are pauses.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import RATE_HZ

WINDOW_S, WINDOWS = 6.0, 3
_MOST_TRIED = 9
_QUIETEST = 0.1  # of the loudest window's RMS
_ONE_S = 1.3 * WINDOW_S  # a sound so short is one window


def as_channels(audio: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Return audio (frames,) or (frames, channels) as (frames, channels)."""
    samples = np.asarray(audio, np.float32)
    return samples[:, None] if samples.ndim == 1 else samples


def louder_channel(channels: npt.NDArray[np.float32], sample_rate: float) -> npt.NDArray[np.float32]:
    """Return the channel with the most power, without its mean, at 48 kHz.

    Parameters
    ----------
    channels : (frames, channels).
    sample_rate : hertz; taken to the nearest whole one.
    """
    power = np.square(channels, dtype=float).mean(axis=0)
    sound = np.ascontiguousarray(channels[:, int(power.argmax())])
    if round(sample_rate) != RATE_HZ:
        from scipy.signal import resample_poly

        common = math.gcd(round(sample_rate), RATE_HZ)
        sound = resample_poly(sound, RATE_HZ // common, round(sample_rate) // common).astype(np.float32)
    centred: npt.NDArray[np.float32] = sound - np.float32(sound.mean(dtype=float))
    return centred


def windows(sound: npt.NDArray[np.float32]) -> Iterator[npt.NDArray[np.float32]]:
    """Yield windows spread over a sound at 48 kHz, the whole of a short one."""
    frames = int(WINDOW_S * RATE_HZ)
    if len(sound) <= int(_ONE_S * RATE_HZ):
        yield sound
        return
    starts = np.linspace(0, len(sound) - frames, max(WINDOWS, min(_MOST_TRIED, len(sound) // frames))).astype(int)
    found = [sound[start : start + frames] for start in starts]
    level = np.array([math.sqrt(np.square(window, dtype=float).mean()) for window in found])
    loud = np.flatnonzero(level > _QUIETEST * level.max())
    for index in np.unique(np.linspace(0, len(loud) - 1, WINDOWS).astype(int)):
        yield found[loud[index]]
