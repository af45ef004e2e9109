"""Sound files to play around the head.  file -> mono -> the engine's sample rate."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.parameters.errors import InputError

LONGEST_S = 600
_RATES_HZ = 1000, 768_000
_LOUDEST = 1000.0  # 60 dB above full scale: no sound, but numbers of something else
_BLOCK_FRAMES = 1 << 16
_LOBES = 32  # of the filter on either side: flat to 0.86 of the lower Nyquist frequency, 90 dB down from 1.04 on
_CUTOFF = 0.95
_KAISER_BETA = 9.0
_Take = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
_UNREADABLE = (OSError, RuntimeError, TypeError)  # soundfile's own are RuntimeErrors, and TypeErrors for files without a head


def read_sound(path: str | Path, sample_rate: float) -> npt.NDArray[np.float32]:
    """Return a sound file as one channel, the mean of all; its level is left as it is.

    Parameters
    ----------
    path : any format that libsndfile reads.
    sample_rate : of the result, hertz; taken to the nearest whole one.

    Returns
    -------
    (frames,) float32.

    Raises
    ------
    InputError
        If it is no sound file, empty, longer than `LONGEST_S`, or holds what is no number.
    """
    samples, rate = _read(Path(path), _mean)
    return _converted(samples, Fraction(round(sample_rate), rate))


def read_channels(path: str | Path) -> tuple[npt.NDArray[np.float32], int]:
    """Return a sound file as it is: (frames, channels) float32, and its sample rate in hertz.

    Raises
    ------
    InputError
        As `read_sound` does.
    """
    return _read(Path(path), np.copy)


def _mean(block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    mono: npt.NDArray[np.float32] = block.mean(axis=1)
    return mono


def _read(path: Path, take: _Take) -> tuple[npt.NDArray[np.float32], int]:
    """Return what is taken of a file's channels, and its sample rate."""
    if not os.path.isfile(path):  # false for a name that cannot be one, too
        raise InputError(f"{path}: there is no such sound file")
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            return _blocks(path, file, take), file.samplerate
    except _UNREADABLE as error:
        why = getattr(error, "error_string", "") or getattr(error, "strerror", "") or str(error)
        raise InputError(f"{path}: cannot be read as sound: {why}") from None


def _blocks(path: Path, file: Any, take: _Take) -> npt.NDArray[np.float32]:
    if not _RATES_HZ[0] <= file.samplerate <= _RATES_HZ[1]:
        raise InputError(f"{path}: its sample rate is {file.samplerate} hz; allowed: {_RATES_HZ[0]} .. {_RATES_HZ[1]}")
    parts: list[npt.NDArray[np.float32]] = []
    frames = 0  # counted: a head may claim anything
    while len(block := file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
        if not np.abs(block).max() <= _LOUDEST:
            raise InputError(
                f"{path}: near {frames / file.samplerate:.1f} s is {_strange(block)}; samples must be numbers around -1 .. 1"
            )
        parts.append(take(block))
        frames += len(block)
        if frames > LONGEST_S * file.samplerate:
            raise InputError(f"{path}: is longer than {LONGEST_S} s; cut out what is to be heard")
    if not parts:
        raise InputError(f"{path}: holds no samples")
    return np.concatenate(parts)


def _strange(block: npt.NDArray[np.float32]) -> str:
    return f"{block[~(np.abs(block) <= _LOUDEST)][0]:g}"


def _converted(samples: npt.NDArray[np.float32], ratio: Fraction) -> npt.NDArray[np.float32]:
    """Return samples at another rate, through a polyphase filter."""
    if ratio == 1:
        return samples
    from scipy.signal import firwin, resample_poly

    up, down = ratio.numerator, ratio.denominator
    most = max(up, down)
    window = firwin(2 * _LOBES * most + 1, _CUTOFF / most, window=("kaiser", _KAISER_BETA)).astype(np.float32)
    converted: npt.NDArray[np.float32] = resample_poly(samples, up, down, window=window)  # type: ignore[call-overload]
    return converted
