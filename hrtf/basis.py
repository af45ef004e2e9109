"""Basis: every response of a set, at every direction and distance, as a mix of a few fixed minimum-phase responses.

magnitudes -> minimum phase -> mean and principal components -> weights that minimise the relative spectral error
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 48000
"""Rate at which sets are built."""
FFT = 1024
FREQUENCIES_HZ = np.fft.rfftfreq(FFT, 1 / SAMPLE_RATE)
"""The bins on which magnitudes are given while building, shape (513,)."""
TAPS = 96
CHANNELS = 24
"""Fixed filters: the mean and 23 principal components."""

Floats = npt.NDArray[np.float32]
Complexes = npt.NDArray[np.complex64]

_ROWS = 8192  # responses handled at once
_FADE = 16  # taps over which a truncated response is faded
_FIT_HZ = np.geomspace(60.0, 18000.0, 72)  # as dense as third-octave hearing: the same count in each band


def minimum_phase(magnitude: Floats) -> Complexes:
    """Return the minimum-phase spectrum of a magnitude, by the real cepstrum; (N, 513) -> (N, 513) complex."""
    cepstrum = np.fft.irfft(np.log(np.maximum(magnitude, 1e-6)), FFT, axis=-1).astype(np.float32)
    cepstrum[..., 1 : FFT // 2] *= 2
    cepstrum[..., FFT // 2 + 1 :] = 0
    return np.exp(np.fft.rfft(cepstrum, axis=-1)).astype(np.complex64)


def truncated(spectrum: Complexes) -> Floats:
    """Return the first TAPS taps of a spectrum's response, the last ones faded out; (N, 513) -> (N, TAPS)."""
    taps = np.fft.irfft(spectrum, FFT, axis=-1)[..., :TAPS].astype(np.float32)
    taps[..., -_FADE:] *= np.cos(np.linspace(0, np.pi / 2, _FADE + 2)[1:-1]).astype(np.float32) ** 2
    return taps


def transfer(taps: npt.NDArray[np.floating], frequency_hz: npt.NDArray[np.float64]) -> npt.NDArray[np.complex128]:
    """Return the transfer function of responses at 48 kHz; (..., L) and (F,) -> (..., F)."""
    phase = np.exp(-2j * np.pi / SAMPLE_RATE * np.outer(np.arange(taps.shape[-1]), frequency_hz))
    result: npt.NDArray[np.complex128] = taps @ phase
    return result


def components(rows: Floats, shares: npt.NDArray[np.float64]) -> Floats:
    """Return the mean and the first principal components of energy-normalised responses.

    Energy is weighted so that equal errors relative to the mean spectrum, in equal parts of an octave, count the same.

    Parameters
    ----------
    rows : float32 (N, TAPS)
    shares : float64 (N,), how much each row counts

    Returns
    -------
    float32 (CHANNELS, TAPS)
    """
    unit = rows / np.sqrt((rows**2).sum(axis=1, keepdims=True))
    shares = shares / shares.sum()
    mean = shares @ unit
    points = np.geomspace(60.0, 20000.0, 200)
    response = transfer(np.eye(TAPS), points)
    power = sum(
        (shares[start : start + _ROWS] @ np.abs(unit[start : start + _ROWS] @ response) ** 2)
        for start in range(0, len(unit), _ROWS)
    )
    metric = ((response / power) @ np.conj(response.T)).real
    metric += 1e-3 * np.trace(metric) / TAPS * np.eye(TAPS)
    root = np.linalg.cholesky(metric)
    centred = (unit - mean) @ root
    covariance = (centred * shares[:, None]).T @ centred
    _, vectors = np.linalg.eigh(covariance)
    principal = np.linalg.solve(root.T, vectors[:, ::-1][:, : CHANNELS - 1]).T
    principal /= np.linalg.norm(principal, axis=1, keepdims=True)
    return np.concatenate([mean[None], principal]).astype(np.float32)


def weights(spectrum: Complexes, basis: Floats) -> Floats:
    """Return the weights of the basis that come nearest to minimum-phase spectra in relative error.

    Parameters
    ----------
    spectrum : complex64 (N, 513), full-length minimum-phase spectra
    basis : float32 (CHANNELS, TAPS)

    Returns
    -------
    float32 (N, CHANNELS)
    """
    position = _FIT_HZ / FREQUENCIES_HZ[1]
    low, share = position.astype(int), (position % 1).astype(np.float32)
    tones = transfer(basis, _FIT_HZ)
    columns = np.concatenate([tones.real, tones.imag], axis=1).astype(np.float32)  # (C, 2F)
    found = np.empty((len(spectrum), CHANNELS), np.float32)
    for start in range(0, len(spectrum), _ROWS):
        part = spectrum[start : start + _ROWS]
        target = part[:, low] * (1 - share) + part[:, low + 1] * share
        importance = 1 / np.maximum(np.abs(target), 0.5 * _smooth(np.abs(target)))
        doubled = np.concatenate([importance, importance], axis=1)
        scaled = columns * doubled[:, None, :]  # (n, C, 2F)
        normal = (scaled @ np.swapaxes(scaled, 1, 2)).astype(float)
        normal += (1e-5 * np.trace(normal, axis1=1, axis2=2) / CHANNELS)[:, None, None] * np.eye(CHANNELS)
        wanted = np.concatenate([target.real, target.imag], axis=1) * doubled
        right = np.einsum("ncf,nf->nc", scaled, wanted, optimize=True).astype(float)
        found[start : start + _ROWS] = np.linalg.solve(normal, right[..., None])[..., 0]
    return found


def _smooth(magnitude: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return a mean over about half an octave of the fitting frequencies."""
    width = 5
    padded = np.pad(magnitude, ((0, 0), (width // 2, width // 2)), mode="edge")
    result: npt.NDArray[np.floating] = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1).mean(axis=-1)
    return result
