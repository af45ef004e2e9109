"""Sound files to play around the head.  file -> mono -> the engine's sample rate."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.io.files.sample_rate import at_rate, loop_at_rate
from synth.io.files.wav_head import opened
from synth.parameters.errors import InputError

LONGEST_S = 600
_RATES_HZ = 1000, 768_000
_LOUDEST = 1000.0  # 60 dB above full scale: no sound, but numbers of something else
_BLOCK_FRAMES = 1 << 16
_CANCELLED = 0.01  # of the energy that is left of channels that have nothing to do with each other
_MOST_SAMPLES = 60_000_000  # of all channels that are kept: 600 s at 100 khz; a small file of silence may claim any number
_Take = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
_UNREADABLE = (OSError, RuntimeError, TypeError)  # soundfile's own are RuntimeErrors, and TypeErrors for files without a head


def read_sound(path: str | Path, sample_rate: float, is_loop: bool = False) -> npt.NDArray[np.float32]:
    """Return a sound file as one channel, the mean of all; its level is left as it is.

    Where the channels cancel each other, as one that was turned over does, it is the loudest of them instead.

    Parameters
    ----------
    path : any format that libsndfile reads.
    sample_rate : of the result, hertz; taken to the nearest whole one.
    is_loop : it begins anew at its end: what is made of it has no seam that it did not have.

    Returns
    -------
    (frames,) float32.

    Raises
    ------
    InputError
        If it is no sound file, empty, longer than `LONGEST_S` or 60 million samples, or holds what is no number.
    """
    mono = _Mono()
    samples, rate = _read(Path(path), mono.take)
    if (loudest := mono.instead) is not None:
        samples, rate = _read(Path(path), lambda block: block[:, loudest].copy())
    return loop_at_rate(samples, rate, round(sample_rate)) if is_loop else at_rate(samples, rate, round(sample_rate))


def read_channels(path: str | Path) -> tuple[npt.NDArray[np.float32], int]:
    """Return a sound file as it is: (frames, channels) float32, and its sample rate in hertz.

    Raises
    ------
    InputError
        As `read_sound` does.
    """
    return _read(Path(path), np.copy)


class _Mono:
    """The mean of all channels, and whether that leaves anything of them."""

    def __init__(self) -> None:
        self._energy = 0.0
        self._energies: npt.NDArray[np.float64] = np.zeros(1)

    def take(self, block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the mean of a block (frames, channels)."""
        mono: npt.NDArray[np.float32] = block.mean(axis=1)
        self._energy += float(np.square(mono, dtype=np.float64).sum())
        self._energies = self._energies + np.square(block, dtype=np.float64).sum(axis=0)
        return mono

    @property
    def instead(self) -> int | None:
        """The channel that is to be taken instead; None: the mean is as loud as that of channels without relation can be."""
        cancels = self._energy < _CANCELLED * self._energies.mean() / len(self._energies)
        return int(self._energies.argmax()) if cancels else None


def _read(path: Path, take: _Take) -> tuple[npt.NDArray[np.float32], int]:
    """Return what is taken of a file's channels, and its sample rate."""
    if not os.path.isfile(path):  # false for a name that cannot be one, too
        raise InputError(f"{path}: there is no such sound file")
    import soundfile

    try:
        with ExitStack() as stack:
            file = stack.enter_context(soundfile.SoundFile(opened(path, stack)))
            return _blocks(path, file, take), file.samplerate
    except _UNREADABLE as error:
        why = getattr(error, "error_string", "") or getattr(error, "strerror", "") or str(error)
        raise InputError(f"{path}: cannot be read as sound: {why}") from None


def _blocks(path: Path, file: Any, take: _Take) -> npt.NDArray[np.float32]:
    if not _RATES_HZ[0] <= file.samplerate <= _RATES_HZ[1]:
        raise InputError(f"{path}: its sample rate is {file.samplerate} hz; allowed: {_RATES_HZ[0]} .. {_RATES_HZ[1]}")
    parts: list[npt.NDArray[np.float32]] = []
    frames = kept = 0  # counted: a head may claim anything
    while len(block := file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
        if not np.abs(block).max() <= _LOUDEST:
            raise InputError(
                f"{path}: near {frames / file.samplerate:.1f} s is {_strange(block)}; samples must be numbers around -1 .. 1"
            )
        parts.append(take(block))
        frames, kept = frames + len(block), kept + parts[-1].size
        if kept > _MOST_SAMPLES:
            raise InputError(
                f"{path}: holds more than {_MOST_SAMPLES / 1e6:g} million samples, at {file.samplerate} hz;"
                " convert it to a lower rate, or cut out what is to be heard"
            )
        if frames > LONGEST_S * file.samplerate:
            raise InputError(f"{path}: is longer than {LONGEST_S} s; cut out what is to be heard")
    if not parts:
        raise InputError(f"{path}: holds no samples")
    return np.concatenate(parts)


def _strange(block: npt.NDArray[np.float32]) -> str:
    return f"{block[~(np.abs(block) <= _LOUDEST)][0]:g}"
