"""Delays: the travel time that a minimum-phase response lacks, fitted below 1.5 kHz.

wanted low-frequency spectrum, response as projected on the basis -> delay per direction, distance and ear
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FIT_HZ = np.arange(200.0, 1500.1, 50.0)
"""Frequencies at which delays are fitted."""


def fit(wanted: npt.NDArray[Any], rendered: npt.NDArray[Any]) -> Floats:
    """Return the delays that bring one spectrum onto another, in seconds.

    The delay at the peak of the cross-correlation of the two below 1.5 kHz.

    Parameters
    ----------
    wanted, rendered : complex (N, F), spectra at FIT_HZ

    Returns
    -------
    float64 (N,), in seconds: `rendered` delayed by it is nearest to `wanted`
    """
    cross = np.asarray(wanted) * np.conj(rendered)
    cross = cross / np.abs(cross).sum(axis=1, keepdims=True)
    omega = 2 * np.pi * FIT_HZ
    coarse = np.arange(-0.004, 0.004, 4e-5)
    steering = np.exp(1j * np.outer(omega, coarse))
    found = np.empty(len(cross))
    for start in range(0, len(cross), 8192):
        part = cross[start : start + 8192]
        found[start : start + 8192] = coarse[np.argmax((part @ steering).real, axis=1)]
    for _ in range(6):  # Newton on the derivative of the correlation
        turned = cross * np.exp(1j * found[:, None] * omega)
        slope = -(turned.imag * omega).sum(axis=1)
        bend = np.minimum(-(turned.real * omega**2).sum(axis=1), -1e-3)
        found -= np.clip(slope / bend, -4e-5, 4e-5)
    return found


def interaural(left: npt.NDArray[np.complexfloating], right: npt.NDArray[np.complexfloating]) -> Floats:
    """Return by how much the left ear lags the right below 1.5 kHz, in seconds; spectra (N, F) at FIT_HZ -> (N,)."""
    return fit(left, right)
