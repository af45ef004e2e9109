"""A sound cut into frames.  samples -> whole frames of so many seconds -> mean power of each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import Floats


def frames_of(samples: npt.NDArray[np.float32], sample_rate: float, frame_s: float) -> npt.NDArray[np.float32]:
    """Return the whole frames of samples (frames, ...), (count, length, ...); all of a sound that is shorter than one."""
    length = min(max(1, round(frame_s * sample_rate)), len(samples))
    count = len(samples) // length
    return samples[: count * length].reshape(count, length, *samples.shape[1:])


def frame_power(channels: npt.NDArray[np.float32], sample_rate: float, frame_s: float) -> Floats:
    """Return the mean power of each whole frame of (frames, channels), averaged over the channels."""
    cut = frames_of(channels, sample_rate, frame_s)
    power: Floats = np.square(cut, dtype=float).reshape(len(cut), -1).mean(axis=1)
    return power
