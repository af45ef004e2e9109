"""Delays: the travel time that a minimum-phase response lacks, fitted below 1.5 kHz, and the fractional-delay filter.

wanted low-frequency spectrum, response as projected on the basis -> delay per direction, distance and ear
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FIT_HZ = np.arange(200.0, 1500.1, 50.0)
"""Frequencies at which delays are fitted."""
DELAY_TAPS = 8
LEAD = 3
"""Taps of the fractional-delay filter that lie ahead of the delay's whole part."""
PHASES = 256
"""Steps of the filter table within one frame; the filter is interpolated between them."""
_FLAT_HZ = 16000.0


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


def fractional_filters(sample_rate: float) -> npt.NDArray[np.float32]:
    """Return the fractional-delay filters, flat up to 16 kHz: row p delays by LEAD + p / PHASES frames.

    Least squares up to 16 kHz (at most 0.8 of half the rate; Laakso et al. 1996, section 3.2), weighted toward low
    frequencies: within 0.02 dB below 4 kHz, 0.2 dB at 16 kHz (48 kHz). Row PHASES - p is row p reversed.

    Returns
    -------
    float32 (PHASES + 1, DELAY_TAPS)
    """
    top = min(_FLAT_HZ, 0.4 * sample_rate)
    frequency = (np.arange(400) + 0.5) / 400 * top
    importance = 1 + (0.5 * top / frequency) ** 2
    taps = np.arange(DELAY_TAPS)
    wanted = LEAD + np.arange(PHASES // 2 + 1) / PHASES
    turn = 2 * np.pi * frequency / sample_rate
    gram = (importance * np.cos(np.subtract.outer(taps, taps)[..., None] * turn)).mean(axis=-1)
    right = (importance * np.cos(np.subtract.outer(taps, wanted)[..., None] * turn)).mean(axis=-1)
    half = np.linalg.solve(gram + 1e-10 * np.eye(DELAY_TAPS), right).T
    half /= half.sum(axis=1, keepdims=True)
    return np.ascontiguousarray(np.concatenate([half, half[-2::-1, ::-1]])).astype(np.float32)
