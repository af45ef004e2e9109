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
FIT_HZ = np.concatenate([np.geomspace(60.0, 2800.0, 34), np.arange(3000.0, 20000.0, 187.5)])
"""Frequencies at which weights are fitted: as dense as a third of an octave needs."""

_OCTAVES = np.log2(FIT_HZ)
_POWER_DENSITY = np.gradient(_OCTAVES).astype(np.float32)  # every octave counts the same
_AROUND = np.exp(-0.5 * ((_OCTAVES[:, None] - _OCTAVES) / 0.3) ** 2) * _POWER_DENSITY[:, None]
_AROUND = (_AROUND / _AROUND.sum(axis=0)).astype(np.float32)  # the mean power within about a third of an octave
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


def weights(target: Complexes, basis: Floats) -> Floats:
    """Return the weights of the basis that come nearest to minimum-phase spectra.

    Least squares of the error relative to the level around each frequency, the mean of a row. Above 1.5 kHz the wanted phase
    then gives way, in a few rounds, to the phase that the basis reaches best (magnitude least squares), since delays are
    judged below it.

    Parameters
    ----------
    target : complex64 (N, R, F), full-length minimum-phase spectra at FIT_HZ; the R of a row are of much the same shape
    basis : float32 (CHANNELS, TAPS)

    Returns
    -------
    float32 (N, R, CHANNELS)
    """
    tones = transfer(basis, FIT_HZ).astype(np.complex64)  # (C, F)
    rows, columns = np.triu_indices(CHANNELS)
    pairs = np.ascontiguousarray((tones[rows] * np.conj(tones[columns])).real.T)  # (F, C (C + 1) / 2)
    parts = np.ascontiguousarray(np.concatenate([tones.real, tones.imag], axis=1).T)  # (2 F, C)
    found = np.empty((*target.shape[:2], CHANNELS), np.float32)
    step = max(1, _ROWS // (4 * target.shape[1]))
    for start in range(0, len(target), step):
        part = target[start : start + step]
        power = part.real**2 + part.imag**2
        level = (power / power.mean(axis=2, keepdims=True)).mean(axis=1)
        importance = _POWER_DENSITY / (level @ _AROUND)
        upper = importance @ pairs
        normal = np.empty((len(part), CHANNELS, CHANNELS))
        normal[:, rows, columns] = upper
        normal[:, columns, rows] = upper
        normal += (1e-5 * np.trace(normal, axis1=1, axis2=2) / CHANNELS)[:, None, None] * np.eye(CHANNELS)
        inverse = np.linalg.inv(normal).astype(np.float32)
        size, goal = np.sqrt(power), part
        doubled = np.concatenate([importance, importance], axis=1)[:, None]
        for turn in range(1 + _PHASE_ROUNDS):
            wanted = (np.concatenate([goal.real, goal.imag], axis=2) * doubled) @ parts
            solved = wanted @ inverse  # symmetric
            if turn < _PHASE_ROUNDS:
                reached = solved @ tones
                turned = part + _FREE_PHASE * (_sized(reached, size) - part)
                goal = _sized(turned, size)
        found[start : start + step] = solved
    return found


def _sized(spectrum: Complexes, size: Floats) -> Complexes:
    """Return a spectrum with its phase and another size."""
    found: Complexes = spectrum * (size / np.sqrt(np.maximum(spectrum.real**2 + spectrum.imag**2, 1e-18)))
    return found
