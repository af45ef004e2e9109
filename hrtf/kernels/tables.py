"""Native ears: a set's tables laid out for the kernels at one sample rate.

Table -> cache-line records, filters resampled, delays in frames -> one EARS record
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.kernels.fractional_delay import DELAY_TAPS, LEAD, fractional_filters
from hrtf.kernels.records import CORNER, EARS, FILTER_BLOCK, HISTORY, K_MAX, RATES_HZ, SAMPLE_RATE, TAPS_MAX, TRIANGLE
from hrtf.table import DISTANCES, FARTHEST_M, NEAREST_M, Table
from synth.rt.records import CACHE_LINE, aligned_zeros
from synth.rt.units import QUANTUM

_AHEAD = 6
"""Frames by which resampled filters come late: a band-limited response rings before its start."""


def base_delay_frames(table: Table, sample_rate: float) -> int:
    """Return the constant delay of the head's centre: an ear's greatest lead, the delay filter's own, and the resampling's."""
    return _line_delay_frames(table, sample_rate) + (0 if sample_rate == SAMPLE_RATE else _AHEAD)


def _line_delay_frames(table: Table, sample_rate: float) -> int:
    return LEAD + max(0, math.ceil(-float(table.delays_s.min()) * sample_rate))


def native(table: Table, sample_rate: float) -> npt.NDArray[np.void]:
    """Return one EARS record (1,). It lies at the start of the memory that holds its tables, and so keeps them alive.

    Raises
    ------
    ValueError
        Sample rate outside 32000 .. 192000 Hz, or delays longer than a source's line.
    """
    low, high = RATES_HZ
    if not low <= sample_rate <= high:
        raise ValueError(f"sample_rate must be {low} to {high} Hz, got {sample_rate:g}")
    frames = (table.delays_s * sample_rate + _line_delay_frames(table, sample_rate)).astype(np.float32)
    past = -(-(int(frames.max()) + DELAY_TAPS + 1) // QUANTUM) * QUANTUM
    if past > HISTORY:
        raise ValueError(f"delays of {frames.max() / sample_rate * 1e3:.2f} ms are longer than a source's line")
    filters = resampled(table.basis, sample_rate)
    record, addresses = _together(
        {
            "corners": _corners(table, frames),
            "triangles": _triangles(table),
            "cells": table.cells,
            "steps": table.steps,
            "filters": filters[:, ::-1],
            "fractions": fractional_filters(sample_rate),
        }
    )
    for name, address in addresses.items():
        record[name] = address
    radius = float(table.radius_m)
    record["triangle_count"], record["distances"] = len(table.triangles), DISTANCES
    record["stored_ears"], record["taps"] = table.gains.shape[2], filters.shape[1]
    record["base_delay_frames"], record["history_frames"] = base_delay_frames(table, sample_rate), past
    record["sample_rate"], record["radius_m"], record["nearest_m"] = sample_rate, radius, NEAREST_M
    record["log_nearest"] = math.log(NEAREST_M)
    record["per_log_step"] = (DISTANCES - 1) / math.log((FARTHEST_M - radius) / NEAREST_M)
    return record


def _together(tables: dict[str, npt.NDArray[Any]]) -> tuple[npt.NDArray[np.void], dict[str, int]]:
    """Lay a zeroed EARS record and its tables out in one piece of memory, each on a cache line; return it and the addresses."""
    starts, size = {}, _whole_lines(EARS.itemsize)
    for name, table in tables.items():
        starts[name] = size
        size += _whole_lines(table.nbytes)
    memory = aligned_zeros(size, np.uint8)
    for name, table in tables.items():
        memory[starts[name] : starts[name] + table.nbytes].view(table.dtype).reshape(table.shape)[...] = table
    return memory[: EARS.itemsize].view(EARS), {name: memory.ctypes.data + start for name, start in starts.items()}


def _whole_lines(size: int) -> int:
    return -(-size // CACHE_LINE) * CACHE_LINE


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

    Delayed by 6 frames of the new rate; the length grows with the rate, to a multiple of 96.

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
    """Return the matrix (taps, count) that moves a response to another rate: least squares on the transfer function.

    Below 0.95 of the lower band it is kept, above it is held down.
    """
    top = 0.5 * min(1.0, ratio) * 0.95  # in cycles per frame at 48 kHz
    frequency = (np.arange(1024) + 0.5) / 1024 * 0.5 * max(1.0, ratio)
    inside = frequency < top
    wanted = np.exp(-2j * np.pi * np.outer(frequency, np.arange(taps) + _AHEAD / ratio))
    wanted[~inside] = 0
    ours = np.exp(-2j * np.pi * np.outer(frequency / ratio, np.arange(count)))
    used = frequency <= 0.5 * ratio
    importance = np.where(inside, 1.0, 1e-2)[used, None]
    left, right = ours[used] * importance, wanted[used] * importance
    gram = (left.conj().T @ left).real + 1e-6 * used.sum() * np.eye(count)
    found: npt.NDArray[np.float64] = np.linalg.solve(gram, (left.conj().T @ right).real).T
    return found
