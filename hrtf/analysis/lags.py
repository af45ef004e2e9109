"""Lags: how late each ear hears each direction, beside its minimum-phase twin: near the onset and a head's geometry.

spectra, minimum-phase twins -> broadband delay near the sphere's -> delay below 1.5 kHz near it, as far as it can be trusted
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hrtf.analysis.basis import FREQUENCIES_HZ, minimum_phase
from hrtf.analysis.delay_fit import FIT_HZ, correlation, peak, turning
from hrtf.analysis.rigid import pressure

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complexfloating]

HIGH_HZ = np.arange(1000.0, 6000.1, 100.0)
"""Frequencies that tell the onset."""

_ONSET_S, _REACH_S = 0.45e-3, 0.35e-3  # of the onset about the sphere's, and of the low frequencies' delay about that
_SEARCH_S = 1.5e-3
_OWN_S = 0.25e-3  # beyond this one measurement is early or late at both ears by its own clock
_NEAR_S = (0.10e-3, 0.25e-3)  # within the first the low frequencies are trusted, beyond the second not at all
_APART_S = 0.1e-3  # by which the ears' difference may stray from those around, beside the sphere's: waves meet behind the head
_AROUND = 9
_ALIKE = (0.80, 0.95)  # likewise, how alike response and delayed twin are
_TOGETHER = (0.3, 0.5)  # likewise, how alike the ears are once their delay is taken out; those of noise are 0.2 alike
_HELD_DB = (-24.0, -12.0)  # likewise, a frequency's level beside the strongest
_ROUNDS = 3


def sphere_lags(radius_m: float, distance_m: float) -> tuple[Floats, Floats]:
    """Return angles (181,) and the delays of a rigid sphere's ear there beside its twin: the same at low and high frequencies."""
    grid = np.linspace(0, np.pi, 181)
    twin = minimum_phase(np.abs(pressure([distance_m], grid, FREQUENCIES_HZ, radius_m)[0]).T.astype(np.float32))
    cross = correlation(pressure([distance_m], grid, FIT_HZ, radius_m)[0].T, at(twin, FIT_HZ))
    return grid, peak(cross, FIT_HZ, 0.0, 0.001)


def at(spectrum: Complexes, frequency_hz: Floats) -> Complexes:
    """Return spectra given at FREQUENCIES_HZ, drawn straight between the bins, at other frequencies; (..., 513) -> (..., F)."""
    position = frequency_hz / FREQUENCIES_HZ[1]
    low = np.minimum(position.astype(int), len(FREQUENCIES_HZ) - 2)
    share = (position - low).astype(spectrum.real.dtype)
    found: Complexes = spectrum[..., low] * (1 - share) + spectrum[..., low + 1] * share
    return found


def onset_lags(high: Complexes, twin: Complexes, sphere: Floats, directions: Floats) -> tuple[Floats, Floats]:
    """Return broadband delays (M, E), and what of them is one measurement's own and no head's, (M, 1).

    Parameters
    ----------
    high, twin : (M, E, F) at HIGH_HZ: the measurement, zero at its middle onset, and its minimum-phase twin
    sphere : (M, E), the sphere's delays
    directions : (M, 3)
    """
    shape = sphere.shape
    cross = high * np.conj(twin)
    flat = (cross / np.maximum(np.abs(cross), 1e-30)).reshape(-1, len(HIGH_HZ)) / len(HIGH_HZ)
    first = peak(flat, HIGH_HZ, 0.0, _SEARCH_S).reshape(shape)  # finds where the head's centre is in time
    centre = np.median(first - sphere)
    own = np.median(first - sphere, axis=1, keepdims=True) - centre
    own = np.where(np.abs(own) > _OWN_S, own, 0.0)
    found = peak(flat, HIGH_HZ, (sphere + centre + own).ravel(), _ONSET_S).reshape(shape) - own
    beside = found - sphere
    apart = beside[:, 0] - beside[:, 1]
    around = np.median(apart[_neighbours(directions)], axis=1)
    apart = np.clip(apart, around - _APART_S, around + _APART_S)
    is_left = sphere[:, 0] < sphere[:, 1]  # the nearer ear is sure
    left = np.where(is_left, beside[:, 0], beside[:, 1] + apart)
    return sphere + np.stack([left, np.where(is_left, left - apart, beside[:, 1])], axis=1), own


def low_lags(low: Complexes, twin: Complexes, onset: Floats, angles: Floats) -> tuple[Floats, Floats, Complexes]:
    """Return delays below 1.5 kHz (M, E), how far they can be trusted (M, E), and the phase common to all responses (F,).

    Where a response below 1.5 kHz is no delayed twin of itself, for the bass is noise or comes from elsewhere, its delay is the
    onset's, and what those that can be trusted have beside theirs toward the ear and away from it.

    Parameters
    ----------
    low, twin : (M, E, F) at FIT_HZ
    onset : (M, E), broadband delays
    angles : (M, E), between direction and ear
    """
    cross = correlation(low, twin).reshape(-1, len(FIT_HZ))
    expected = found = onset.ravel()
    trust = np.ones(len(expected))
    common = _phase((cross * turning(expected, FIT_HZ)).sum(axis=0))
    side = np.stack([np.ones(len(expected)), np.cos(angles.ravel())], axis=1)
    for _ in range(_ROUNDS):
        straight = cross * np.conj(common)
        found = peak(straight, FIT_HZ, expected, _REACH_S)
        turned = straight * turning(found, FIT_HZ)
        alike = _between(turned.sum(axis=1).real, *_ALIKE)
        trust = alike * (1 - _between(np.abs(found - expected), *_NEAR_S))
        shift = np.linalg.lstsq(trust[:, None] * side, trust * (found - onset.ravel()), rcond=None)[0]
        expected = onset.ravel() + side @ shift
        common = _phase(common * (trust[:, None] * turned).sum(axis=0)) if trust.any() else common
    lag = expected + trust * (found - expected)
    return lag.reshape(onset.shape), trust.reshape(onset.shape), common


def of_both_ears(low: Complexes, twin: Complexes, lag: Floats, onset: Floats, trust: Floats) -> Floats:
    """Return delays (M, 2) whose difference is what both ears tell below 1.5 kHz, where one of them alone is not trusted.

    What comes late turns the phase of each ear's minimum-phase twin, at the ears each its own way; between the ears, where loud
    frequencies count most, the peak of the correlation hardly moves.

    Parameters
    ----------
    low, twin : (M, 2, F) at FIT_HZ
    lag, onset, trust : (M, 2)
    """
    apart = lag[:, 0] - lag[:, 1]
    cross = correlation(low[:, 0], low[:, 1])
    first = onset[:, 0] - onset[:, 1]
    wanted = peak(cross, FIT_HZ, first, _REACH_S)
    rendered = apart + peak(correlation(twin[:, 0], twin[:, 1]), FIT_HZ, 0.0, _REACH_S)
    alike = (cross * turning(wanted, FIT_HZ)).sum(axis=1).real
    sure = _between(alike, *_TOGETHER) * (1 - _between(np.abs(wanted - first), *_NEAR_S))
    change = sure * (1 - trust.min(axis=1)) * np.clip(wanted - rendered, -_NEAR_S[1], _NEAR_S[1]) / 2
    found: Floats = lag + np.stack([change, -change], axis=1)
    return found


def cleaned(low: Complexes, twin: Complexes, lag: Floats, trust: Floats, common: Complexes) -> Complexes:
    """Return low-frequency spectra (M, E, F) of the twin's size: their own phase where it is trusted, the delayed twin's else.

    Frequencies that the whole measurement hardly holds, below a small loudspeaker's range, are noise: not trusted either.
    """
    ratio = np.median(np.abs(low) / np.maximum(np.abs(twin), 1e-30), axis=(0, 1))
    held = _between(20 * np.log10(np.maximum(ratio / ratio.max(), 1e-6)), *_HELD_DB)
    share = trust[..., None] * held
    delayed = twin * np.exp(-2j * np.pi * lag[..., None] * FIT_HZ)
    own = low * np.conj(common)
    own = own / np.maximum(np.abs(own), 1e-30) * np.abs(twin)
    mixed = share * own + (1 - share) * delayed
    found: Complexes = np.abs(twin) * mixed / np.maximum(np.abs(mixed), 1e-30)
    return found


def _phase(spectrum: Complexes) -> Complexes:
    """Return a spectrum of the same phase and size one."""
    size = np.abs(spectrum)
    found: Complexes = np.where(size > 1e-12, spectrum / np.maximum(size, 1e-12), 1)
    return found


def _neighbours(directions: Floats) -> npt.NDArray[np.intp]:
    """Return the indices of each direction and those around it, (M, 9)."""
    from scipy.spatial import cKDTree

    return np.asarray(cKDTree(directions).query(directions, k=min(_AROUND, len(directions)))[1])


def _between(values: Floats, low: float, high: float) -> Floats:
    """Return 0 below `low`, 1 above `high`, smooth between."""
    share = np.clip((values - low) / (high - low), 0, 1)
    found: Floats = share * share * (3 - 2 * share)
    return found
