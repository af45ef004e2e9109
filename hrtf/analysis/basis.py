"""Basis: every response of a set, at every direction and distance, as a mix of a few fixed minimum-phase responses.

magnitudes -> minimum phase -> mean and principal components -> weights that minimise the relative spectral error
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hrtf.kernels.records import CHANNELS, SAMPLE_RATE, TAPS

FFT = 1024
FREQUENCIES_HZ = np.fft.rfftfreq(FFT, 1 / SAMPLE_RATE)
"""The bins on which magnitudes are given while building, shape (513,)."""

Floats = npt.NDArray[np.float32]
Complexes = npt.NDArray[np.complex64]

_ROWS = 8192  # responses handled at once
_FADE = 16  # taps over which a truncated response is faded
_FIT_HZ = np.concatenate([np.geomspace(60.0, 2800.0, 34), np.arange(3000.0, 20000.0, 187.5)])
_OCTAVES = np.log2(_FIT_HZ)
_DENSITY = np.sqrt(np.gradient(_OCTAVES))  # every octave counts the same
_AROUND = np.exp(-0.5 * ((_OCTAVES[:, None] - _OCTAVES) / 0.3) ** 2) * _DENSITY[:, None] ** 2
_AROUND /= _AROUND.sum(axis=0)  # the mean power within about a third of an octave
_FREE_PHASE = np.clip(_OCTAVES - np.log2(1500.0), 0, 1).astype(np.float32)
_PHASE_ROUNDS = 3


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
    """Return the weights of the basis that come nearest to minimum-phase spectra.

    Least squares of the error relative to the level around each frequency. Above 1.5 kHz the wanted phase then gives way, in a
    few rounds, to the phase that the basis reaches best (magnitude least squares), since delays are judged below it.

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
    tones = transfer(basis, _FIT_HZ).astype(np.complex64)
    columns = np.concatenate([tones.real, tones.imag], axis=1)  # (C, 2F)
    found = np.empty((len(spectrum), CHANNELS), np.float32)
    for start in range(0, len(spectrum), _ROWS):
        part = spectrum[start : start + _ROWS]
        target = part[:, low] * (1 - share) + part[:, low + 1] * share
        size = np.abs(target)
        importance = (_DENSITY / np.sqrt(size**2 @ _AROUND)).astype(np.float32)
        doubled = np.concatenate([importance, importance], axis=1)
        scaled = columns * doubled[:, None, :]  # (n, C, 2F)
        normal = (scaled @ np.swapaxes(scaled, 1, 2)).astype(float)
        normal += (1e-5 * np.trace(normal, axis1=1, axis2=2) / CHANNELS)[:, None, None] * np.eye(CHANNELS)
        inverse = np.linalg.inv(normal)
        goal = target
        for _ in range(1 + _PHASE_ROUNDS):
            wanted = np.concatenate([goal.real, goal.imag], axis=1) * doubled
            solved = (inverse @ (scaled @ wanted[..., None]))[..., 0].astype(np.float32)
            reached = solved @ tones
            turned = (1 - _FREE_PHASE) * target + _FREE_PHASE * size * reached / np.maximum(np.abs(reached), 1e-9)
            goal = (size * turned / np.maximum(np.abs(turned), 1e-9)).astype(np.complex64)
        found[start : start + _ROWS] = solved
    return found
