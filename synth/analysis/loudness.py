"""Integrated loudness after ITU-R BS.1770-5 of a whole sound.  spectrum x K-weighting -> 400 ms blocks -> two gates -> LUFS.

Only the weighting's magnitude is used: its phase shifts energy by milliseconds within blocks of 400.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import Floats

_OFFSET_DB = -0.691
_ABSOLUTE_LUFS, _RELATIVE_LU = -70.0, -10.0
_PIECES_PER_S, _PIECES_PER_BLOCK = 10, 4
_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974, 4.0, 0.7072
_MIDDLE = 0.49967  # of the shelf in dB, its gain at the corner
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.1355, 0.50033


def integrated_lufs(channels: npt.NDArray[np.float32], sample_rate: float) -> float:
    """Return the loudness of (frames, channels), all of weight 1; -inf where nothing passes the gates."""
    from scipy import fft

    piece = round(sample_rate / _PIECES_PER_S)
    count = len(channels) // piece
    if count < _PIECES_PER_BLOCK:
        return -math.inf
    size = fft.next_fast_len(len(channels) + piece, real=True)  # silence after the end, so that it does not meet the beginning
    ears = np.ascontiguousarray(channels.T)
    weighted = fft.irfft(fft.rfft(ears, size) * _gains(size, sample_rate), size)[:, : count * piece]
    energy = np.square(weighted, dtype=float).sum(axis=0).reshape(count, -1).mean(axis=1)
    return _gated(np.convolve(energy, np.full(_PIECES_PER_BLOCK, 1 / _PIECES_PER_BLOCK), "valid"))


def _gated(blocks: Floats) -> float:
    blocks = blocks[blocks > 10 ** ((_ABSOLUTE_LUFS - _OFFSET_DB) / 10)]
    if not len(blocks):
        return -math.inf
    loud = blocks[blocks > blocks.mean() * 10 ** (_RELATIVE_LU / 10)]
    return _OFFSET_DB + 10 * math.log10(loud.mean())


@lru_cache(maxsize=4)
def _gains(size: int, sample_rate: float) -> npt.NDArray[np.float32]:
    return np.sqrt(k_weighting(np.fft.rfftfreq(size, 1 / sample_rate), sample_rate)).astype(np.float32)


def k_weighting(hertz: Floats, sample_rate: float) -> Floats:
    """Return the power gain of the standard's shelf and high-pass at frequencies, as their bilinear transforms have it."""
    x = np.square(np.tan(np.pi * np.minimum(hertz / sample_rate, 0.4999)))  # minus the square of the analogue prototypes' s
    high, k = 10 ** (_SHELF_DB / 20), math.tan(math.pi * _SHELF_HZ / sample_rate)
    q = k / _SHELF_Q
    shelf = (np.square(k**2 - high * x) + high ** (2 * _MIDDLE) * q**2 * x) / (np.square(k**2 - x) + q**2 * x)
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate)
    q = k / _HIGH_PASS_Q
    high_pass = np.square(x) / (np.square(k**2 - x) + q**2 * x) * (1 + q + k**2) ** 2  # its numerator is 1 -2 1 in the standard
    weighting: Floats = shelf * high_pass
    return weighting
