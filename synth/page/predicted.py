"""The ears' table, small: neighbouring distances predict each other, and what is left is cut into planes of bytes.  Exact.

corners (direction, distance, ear, 64 bytes) -> 26 columns of whole numbers -> linear prediction from up to 4 farther distances,
in whole numbers too -> residuals, zigzag -> planes: the low bytes of a column together, then the higher ones

A browser can unpack gzip and nothing stronger; of these planes gzip makes half of what it makes of the table. The residual of a
code is a few steps of 32768: near-field filters change smoothly with distance. `decode.js` does the way back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.kernels.records import CORNER, K_MAX

COLUMNS = ((4,) * 2) + ((2,) * K_MAX)
"""Bytes of each column of a corner: gain and delay as the bits of an f4, then the codes."""
TAPS = 4
"""Distances that predict the next one: 3 give 1.655 MB of ku100's codes, 4 1.637, 6 1.632 (gzip)."""
SHIFT = 12
"""Coefficients are whole numbers over 4096."""

Numbers = npt.NDArray[np.int64]


def columns_of(corners: npt.NDArray[np.uint8]) -> list[Numbers]:
    """Return the columns of corners (V, D, E, CORNER) as signed whole numbers (V, D, E), or raise if there is more in them."""
    found, at = [], 0
    for size in COLUMNS:
        found.append(np.ascontiguousarray(corners[..., at : at + size]).view(f"<i{size}")[..., 0].astype(np.int64))
        at += size
    assert at <= CORNER
    assert not corners[..., at:].any(), "a corner's padding is not empty"
    return found


def coefficients(column: Numbers, distance: int) -> npt.NDArray[np.int32]:
    """Return by what farther distances, the nearest first, predict this one; the last distance is the first to be known."""
    known = [column[:, distance + step].ravel().astype(float) for step in range(1, TAPS + 1) if distance + step < column.shape[1]]
    found = np.zeros(TAPS, np.int32)
    if known:
        solved = np.linalg.lstsq(np.stack(known, 1), column[:, distance].ravel().astype(float), rcond=None)[0]
        found[: len(known)] = np.round(solved * (1 << SHIFT))
    return found


def predicted(column: Numbers, distance: int, taps: npt.NDArray[np.int32]) -> Numbers:
    """Return what farther distances say of this one (V, E)."""
    total = np.full(column[:, distance].shape, 1 << (SHIFT - 1), np.int64)
    for step, tap in enumerate(taps.tolist(), 1):
        if distance + step < column.shape[1]:
            total += tap * column[:, distance + step]
    return total >> SHIFT


def packed(corners: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int32], bytes]:
    """Return the coefficients (columns, D, TAPS) and the planes of corners (V, D, E, CORNER)."""
    distances = corners.shape[1]
    taps, planes = np.zeros((len(COLUMNS), distances, TAPS), np.int32), []
    for index, (size, column) in enumerate(zip(COLUMNS, columns_of(corners), strict=True)):
        residuals = np.zeros_like(column)
        for distance in range(distances):
            taps[index, distance] = coefficients(column, distance)
            residuals[:, distance] = column[:, distance] - predicted(column, distance, taps[index, distance])
        planes += _planes(residuals, size)
    return taps, b"".join(planes)


def _planes(residuals: Numbers, size: int) -> list[bytes]:
    """Return the bytes of residuals, wrapped to their size and zigzag: planes (D, E, V), the lowest byte first."""
    bits = 8 * size
    wrapped = (residuals + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))
    folded: Any = (wrapped << 1) ^ (wrapped >> 63)
    return [((folded >> (8 * byte)) & 255).astype(np.uint8).transpose(1, 2, 0).tobytes() for byte in range(size)]
