"""Sound files to play around the head.  file -> mono -> the engine's sample rate."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.io.files.wav_head import opened
from synth.parameters.errors import InputError

LONGEST_S = 600
_RATES_HZ = 1000, 768_000
_LOUDEST = 1000.0  # 60 dB above full scale: no sound, but numbers of something else
_BLOCK_FRAMES = 1 << 16
_LOBES = 32  # of the filter on either side: flat to 0.86 of the lower Nyquist frequency, 90 dB down from 1.04 on
_CUTOFF = 0.95
_KAISER_BETA = 9.0
_CANCELLED = 0.01  # of the energy that is left of channels that have nothing to do with each other
_FLAT = 0.92  # of the lower Nyquist frequency: up to there a loop is as it was, at it nothing is left
_SHORT_LOOP, _EXACT = 1 << 16, 1e-5  # frames; deviation of the pitch
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
        If it is no sound file, empty, longer than `LONGEST_S`, or holds what is no number.
    """
    mono = _Mono()
    samples, rate = _read(Path(path), mono.take)
    if (loudest := mono.instead) is not None:
        samples, rate = _read(Path(path), lambda block: block[:, loudest].copy())
    ratio = Fraction(round(sample_rate), rate)
    return _converted_loop(samples, ratio) if is_loop else _converted(samples, ratio)


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


def _converted_loop(samples: npt.NDArray[np.float32], ratio: Fraction) -> npt.NDArray[np.float32]:
    """Return a loop at another rate, by its spectrum: it has one, as it is periodic.

    It has a whole number of samples, so a short one goes round several times, as often as brings its pitch near enough.
    """
    if ratio == 1:
        return samples
    from scipy.fft import irfft, rfft

    rounds = max(1, min(_SHORT_LOOP // len(samples), 1000))
    errors = [(abs(round(n * len(samples) * ratio) / (n * len(samples) * ratio) - 1), n) for n in range(1, rounds + 1)]
    count = next((n for error, n in errors if error < _EXACT), min(errors)[1])
    looped = np.tile(samples, count)
    length = max(round(len(looped) * ratio), 1)
    spectrum = rfft(looped)
    kept = min(len(looped), length) // 2 + 1
    place = np.linspace(0.0, 1.0, kept)
    edge = np.clip((1.0 - place) / (1.0 - _FLAT), 0.0, 1.0)
    whole = np.zeros(length // 2 + 1, np.complex64)
    whole[:kept] = spectrum[:kept] * (0.5 - 0.5 * np.cos(np.pi * edge)).astype(np.float32)
    converted: npt.NDArray[np.float32] = irfft(whole, length).astype(np.float32) * np.float32(length / len(looped))
    return converted
