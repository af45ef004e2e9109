"""Loudness after ITU-R BS.1770-5.  K-weighting -> energy of 100 ms pieces -> 400 ms blocks -> two gates -> LUFS.

The weighting is the standard's two filters (a shelf for the head, a high-pass) as bilinear transforms of the analogue prototypes
that give its table of coefficients at 48 kHz, so that it holds at every sample rate.
"""

from __future__ import annotations

import math
from array import array

import numpy as np
import numpy.typing as npt

from synth.rt import kernel

_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
_OFFSET_DB = -0.691  # a 997 Hz sine at full scale in one channel reads -3.01 LUFS
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, -10.0
_PIECES_PER_S, _PIECES_PER_BLOCK = 10, 4

METER = np.dtype(
    [
        ("coefficients", "f8", (2, 5)),  # of each filter: b0 b1 b2 a1 a2
        ("memory", "f8", (2, 2, 2)),  # ear, filter, state
        ("sum", "f8"),  # of squares in the piece under way
        ("done", "i8"),  # frames of it
        ("piece_frames", "i8"),
    ],
    align=True,
)


@kernel
def weigh(meter, samples, energies):
    """Take in samples; returns how many pieces they completed, their mean squares (summed over the ears) in `energies`.

    Parameters
    ----------
    meter : a METER record.
    samples : f4 (frames, 2).
    energies : f8, room for every piece that may end, written.
    """
    ended = 0
    for n in range(samples.shape[0]):
        for ear in range(2):
            x = float(samples[n, ear])
            for section in range(2):
                c, m = meter.coefficients[section], meter.memory[ear, section]
                y = c[0] * x + m[0]
                m[0] = c[1] * x - c[3] * y + m[1]
                m[1] = c[2] * x - c[4] * y
                x = y
            meter.sum += x * x
        meter.done += 1
        if meter.done == meter.piece_frames:
            energies[ended] = meter.sum / meter.piece_frames
            ended += 1
            meter.sum = 0.0
            meter.done = 0
    return ended


def k_weighting(sample_rate: float) -> npt.NDArray[np.float64]:
    """Return the two filters' coefficients: (2, 5), each b0 b1 b2 a1 a2 (BS.1770-5 annex 1, tables 1 and 2 at 48 kHz)."""
    k = math.tan(math.pi * _SHELF_HZ / sample_rate)
    high = 10 ** (_SHELF_DB / 20)
    middle = high**0.4996667741545416
    norm = 1 + k / _SHELF_Q + k * k
    shelf = [
        (high + middle * k / _SHELF_Q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - middle * k / _SHELF_Q + k * k) / norm,
        2 * (k * k - 1) / norm,
        (1 - k / _SHELF_Q + k * k) / norm,
    ]
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate)
    norm = 1 + k / _HIGH_PASS_Q + k * k
    return np.array([shelf, [1, -2, 1, 2 * (k * k - 1) / norm, (1 - k / _HIGH_PASS_Q + k * k) / norm]])


class Loudness:
    """Integrated loudness of what streams by; keeps eight bytes for each tenth of a second.

    Parameters
    ----------
    sample_rate : hertz.
    gain_db : what the samples are short of: added to the reading, and before the gates.
    """

    def __init__(self, sample_rate: float, gain_db: float = 0.0) -> None:
        self._meter = np.zeros(1, METER)
        self._meter["coefficients"] = k_weighting(sample_rate)
        self._meter["piece_frames"] = round(sample_rate / _PIECES_PER_S)
        self._power = 10 ** (gain_db / 10)
        self._pieces = array("d")

    def add(self, samples: npt.NDArray[np.float32]) -> None:
        """Take in the next (frames, 2) samples."""
        energies = np.empty(len(samples) // int(self._meter["piece_frames"][0]) + 1)
        ended = weigh(self._meter[0], np.ascontiguousarray(samples, np.float32), energies)
        self._pieces.frombytes((energies[:ended] * self._power).tobytes())

    @property
    def integrated_lufs(self) -> float:
        """The loudness so far; -inf where nothing passes the gates, as in silence or less than 0.4 s."""
        pieces = np.array(self._pieces)
        if len(pieces) < _PIECES_PER_BLOCK:
            return -math.inf
        blocks = np.convolve(pieces, np.full(_PIECES_PER_BLOCK, 1 / _PIECES_PER_BLOCK), "valid")
        blocks = blocks[blocks > _power(_ABSOLUTE_GATE_LUFS)]
        if not len(blocks):
            return -math.inf
        blocks = blocks[blocks > blocks.mean() * 10 ** (_RELATIVE_GATE_LU / 10)]
        return _OFFSET_DB + 10 * math.log10(blocks.mean())


def _power(loudness_lufs: float) -> float:
    return float(10 ** ((loudness_lufs - _OFFSET_DB) / 10))
