"""Delays: the travel time that a minimum-phase response lacks, fitted below 1.5 kHz.

wanted low-frequency spectrum, response as rendered, where the delay may lie -> delay per direction, distance and ear
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FIT_HZ = np.arange(200.0, 1500.1, 50.0)
"""Frequencies at which delays are fitted."""

_ROWS = 8192
_STEP_S = 4e-5  # of the search; Newton's way from there is sure below 1.5 kHz


def correlation(wanted: npt.NDArray[Any], rendered: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the normalised cross-spectrum of rows (N, F): how alike two spectra are is its sum once the delay is taken out."""
    cross = np.asarray(wanted) * np.conj(rendered)
    found: npt.NDArray[Any] = cross / np.maximum(np.abs(cross).sum(axis=-1, keepdims=True), 1e-30)
    return found


def peak(cross: npt.NDArray[Any], frequency_hz: Floats, centre_s: npt.ArrayLike, reach_s: float) -> Floats:
    """Return where the correlation is greatest within a reach of a centre, in seconds.

    Parameters
    ----------
    cross : complex (N, F), see `correlation`
    frequency_hz : (F,)
    centre_s : (N,) or a number
    reach_s : float
    """
    centre = np.broadcast_to(np.asarray(centre_s, float), (len(cross),))
    offsets = np.arange(-reach_s, reach_s + 1e-9, min(_STEP_S, 0.1 / float(frequency_hz[-1])))
    steering = np.exp(2j * np.pi * np.outer(frequency_hz, offsets))
    found = np.empty(len(cross))
    for start in range(0, len(cross), _ROWS):
        rows = slice(start, start + _ROWS)
        turned = cross[rows] * turning(centre[rows], frequency_hz)
        found[rows] = centre[rows] + offsets[np.argmax((turned @ steering).real, axis=1)]
    return refined(cross, frequency_hz, found, 2 * float(offsets[1] - offsets[0]), 4)


def refined(cross: npt.NDArray[Any], frequency_hz: Floats, near_s: Floats, reach_s: float, rounds: int = 3) -> Floats:
    """Return the peak of the correlation next to `near_s` (N,), by Newton on its derivative; no farther than the reach."""
    omega = 2 * np.pi * frequency_hz
    found = np.array(near_s, float)
    for start in range(0, len(cross), _ROWS):
        rows = slice(start, start + _ROWS)
        part, first = cross[rows], found[rows].copy()
        for _ in range(rounds):
            turned = part * turning(found[rows], frequency_hz)
            slope = -(turned.imag @ omega)
            bend = np.minimum(-(turned.real @ omega**2), -1e-3)
            found[rows] = np.clip(found[rows] - slope / bend, first - reach_s, first + reach_s)
    return found


def turning(delay_s: Floats, frequency_hz: Floats) -> npt.NDArray[np.complex128]:
    """Return exp(2 pi i f t) of delays (N,) at evenly spaced frequencies (F,), shape (N, F): powers of one turn."""
    found = np.empty((len(delay_s), len(frequency_hz)), complex)
    found[:, 0] = np.exp(2j * np.pi * frequency_hz[0] * delay_s)
    found[:, 1:] = np.exp(2j * np.pi * (frequency_hz[1] - frequency_hz[0]) * delay_s)[:, None]
    return np.multiply.accumulate(found, axis=1, out=found)


def interaural(left: npt.NDArray[np.complexfloating], right: npt.NDArray[np.complexfloating]) -> Floats:
    """Return by how much the left ear lags the right below 1.5 kHz, in seconds; spectra (N, F) at FIT_HZ -> (N,)."""
    return peak(correlation(left, right), FIT_HZ, 0.0, 0.004)
