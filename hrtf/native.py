"""Native ears: a set's tables laid out for the kernels at one sample rate.

Table -> cache-line records, filters resampled, delays in frames -> one EARS record
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hrtf.basis import SAMPLE_RATE
from hrtf.delay import DELAY_TAPS, LEAD, fractional_filters
from hrtf.records import CORNER, EARS, FILTER_BLOCK, HISTORY, K_MAX, RATES_HZ, TAPS_MAX, TRIANGLE
from hrtf.table import DISTANCES, FARTHEST_M, NEAREST_M, Table
from synth.units import QUANTUM


def base_delay_frames(table: Table, sample_rate: float) -> int:
    """Return the constant delay of the head's centre: the greatest lead of an ear, and the delay filter's own."""
    return LEAD + max(0, math.ceil(-float(table.delays_s.min()) * sample_rate))


def native(table: Table, sample_rate: float) -> tuple[npt.NDArray[np.void], list[npt.NDArray[np.generic]]]:
    """Return one EARS record, and the arrays that must live as long as it.

    Raises
    ------
    ValueError
        Sample rate outside 32000 .. 192000 Hz, or delays longer than a source's line.
    """
    low, high = RATES_HZ
    if not low <= sample_rate <= high:
        raise ValueError(f"sample_rate must be {low} to {high} Hz, got {sample_rate:g}")
    base = base_delay_frames(table, sample_rate)
    frames = (table.delays_s * sample_rate + base).astype(np.float32)
    past = -(-(int(frames.max()) + DELAY_TAPS + 1) // QUANTUM) * QUANTUM
    if past > HISTORY:
        raise ValueError(f"delays of {frames.max() / sample_rate * 1e3:.2f} ms are longer than a source's line")
    filters = resampled(table.basis, sample_rate)
    kept = [
        aligned(_corners(table, frames)),
        aligned(_triangles(table)),
        aligned(table.cells),
        aligned(table.steps),
        aligned(np.ascontiguousarray(filters[:, ::-1])),
        aligned(fractional_filters(sample_rate)),
    ]
    record = np.zeros(1, EARS)
    for name, array in zip(("corners", "triangles", "cells", "steps", "filters", "fractions"), kept, strict=True):
        record[name] = array.ctypes.data
    radius = float(table.radius_m)
    record["triangle_count"], record["distances"] = len(table.triangles), DISTANCES
    record["stored_ears"], record["taps"] = table.gains.shape[2], filters.shape[1]
    record["base_delay_frames"], record["history_frames"] = base, past
    record["sample_rate"], record["radius_m"], record["nearest_m"] = sample_rate, radius, NEAREST_M
    record["log_nearest"] = math.log(NEAREST_M)
    record["per_log_step"] = (DISTANCES - 1) / math.log((FARTHEST_M - radius) / NEAREST_M)
    return record, kept


def aligned(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Return a copy that starts on a cache line."""
    spare = np.empty(values.nbytes + 64, np.uint8)
    start = -spare.ctypes.data % 64
    copy = spare[start : start + values.nbytes].view(values.dtype).reshape(values.shape)
    copy[...] = values
    result: npt.NDArray[np.generic] = copy
    return result


def _corners(table: Table, frames: npt.NDArray[np.float32]) -> npt.NDArray[np.generic]:
    line = np.dtype(
        {
            "names": ["gain", "delay", "codes"],
            "formats": ["f4", "f4", ("i2", (K_MAX,))],
            "offsets": [0, 4, 8],
            "itemsize": CORNER,
        }
    )
    found = np.zeros(frames.shape, line)
    found["gain"], found["delay"], found["codes"] = table.gains, frames, table.codes
    return found


def _triangles(table: Table) -> npt.NDArray[np.generic]:
    corners = np.swapaxes(table.vertices.astype(float)[table.triangles], 1, 2)
    found = np.zeros((len(table.triangles), TRIANGLE // 4), np.float32)
    found[:, :9] = np.linalg.inv(corners).reshape(-1, 9)
    words = found.view(np.int32)
    words[:, 9:12], words[:, 12:15] = table.triangles, table.neighbours
    return found


def resampled(filters: npt.NDArray[np.float32], sample_rate: float) -> npt.NDArray[np.float32]:
    """Return filters at another sample rate: the same transfer function up to the lower of the two bands.

    Each tap becomes a windowed sinc; the length grows with the rate, to a multiple of 96.

    Parameters
    ----------
    filters : float32 (K, taps) at 48 kHz
    """
    if sample_rate == SAMPLE_RATE:
        return filters
    taps = filters.shape[1]
    ratio = sample_rate / SAMPLE_RATE
    count = min(TAPS_MAX, FILTER_BLOCK * math.ceil(taps * ratio / FILTER_BLOCK))
    return np.asarray(filters @ _resampling(taps, count, ratio), np.float32)


def _resampling(taps: int, count: int, ratio: float) -> npt.NDArray[np.float64]:
    """Return the matrix (taps, count) that moves a causal response to another rate.

    Least squares on the transfer function below nine tenths of the lower band, so that nothing has to ring before zero.
    """
    top = 0.5 * min(1.0, ratio) * 0.95  # in cycles per frame at 48 kHz
    frequency = (np.arange(1024) + 0.5) / 1024 * 0.5 * max(1.0, ratio)
    inside = frequency < top
    wanted = np.exp(-2j * np.pi * np.outer(frequency, np.arange(taps)))
    wanted[~inside] = 0
    ours = np.exp(-2j * np.pi * np.outer(frequency / ratio, np.arange(count)))
    used = frequency <= 0.5 * ratio
    importance = np.where(inside, 1.0, 1e-2)[used, None]
    left, right = ours[used] * importance, wanted[used] * importance
    gram = (left.conj().T @ left).real + 1e-6 * used.sum() * np.eye(count)
    found: npt.NDArray[np.float64] = np.linalg.solve(gram, (left.conj().T @ right).real).T
    return found
