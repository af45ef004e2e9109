"""Lags: how late each ear hears each direction, beside its minimum-phase twin: never far from the onset or from a head's geometry.

spectra, minimum-phase twins -> broadband delay near the sphere's -> delay below 1.5 kHz near it, as far as it can be trusted
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hrtf.analysis import delay_fit
from hrtf.analysis.basis import FREQUENCIES_HZ, minimum_phase
from hrtf.analysis.delay_fit import FIT_HZ, correlation, peak
from hrtf.analysis.rigid import pressure

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complexfloating]

HIGH_HZ = np.arange(1000.0, 6000.1, 100.0)
"""Frequencies that tell the onset."""

_REACH_S = 0.35e-3  # of the onset about the sphere's, and of the low frequencies' delay about that
_OWN_S = 0.1e-3  # by which one direction's sound may be early or late at both ears
_NEAR_S = (0.10e-3, 0.25e-3)  # within the first the low frequencies are trusted, beyond the second not at all
_ALIKE = (0.80, 0.95)  # likewise, how alike response and delayed twin are
_ROUNDS = 3


def sphere_lags(radius_m: float, distance_m: float) -> tuple[Floats, Floats, Floats]:
    """Return angles (181,) and the delays of a rigid sphere's ear there beside its twin: below 1.5 kHz and at the onset."""
    grid = np.linspace(0, np.pi, 181)
    twin = minimum_phase(np.abs(pressure([distance_m], grid, FREQUENCIES_HZ, radius_m)[0]).T.astype(np.float32))
    found = []
    for frequency_hz in (FIT_HZ, HIGH_HZ):
        cross = correlation(pressure([distance_m], grid, frequency_hz, radius_m)[0].T, at(twin, frequency_hz))
        found.append(peak(cross, frequency_hz, 0.0, 0.001))
    return grid, found[0], found[1]


def at(spectrum: Complexes, frequency_hz: Floats) -> Complexes:
    """Return spectra given at FREQUENCIES_HZ, drawn straight between the bins, at other frequencies; (..., 513) -> (..., F)."""
    position = frequency_hz / FREQUENCIES_HZ[1]
    low = np.minimum(position.astype(int), len(FREQUENCIES_HZ) - 2)
    share = (position - low).astype(spectrum.real.dtype)
    found: Complexes = spectrum[..., low] * (1 - share) + spectrum[..., low + 1] * share
    return found


def onset_lags(high: Complexes, twin: Complexes, sphere: Floats) -> tuple[Floats, Floats]:
    """Return broadband delays (M, E), and what of them is each direction's own and no head's, (M, 1).

    Parameters
    ----------
    high, twin : (M, E, F) at HIGH_HZ: the measurement, zero at its middle onset, and its minimum-phase twin
    sphere : (M, E), the sphere's delays there
    """
    shape = high.shape[:2]
    cross = high * np.conj(twin)
    flat = (cross / np.maximum(np.abs(cross), 1e-30)).reshape(-1, len(HIGH_HZ))
    flat /= len(HIGH_HZ)
    early = np.zeros(shape)
    for reach_s in (1.5e-3, _REACH_S):  # once to find where the head's centre is in time, once near the head's geometry
        early = peak(flat, HIGH_HZ, early.ravel(), reach_s).reshape(shape)
        centre = np.median(early - sphere)
        own = np.median(early - sphere, axis=1, keepdims=True) - centre
        own = own - np.clip(own, -_OWN_S, _OWN_S)
        early = sphere + centre + own
    found = peak(flat, HIGH_HZ, early.ravel(), _REACH_S).reshape(shape)
    return found - own, own


def low_lags(low: Complexes, twin: Complexes, onset: Floats, dispersion: Floats) -> tuple[Floats, Floats, Complexes]:
    """Return delays below 1.5 kHz (M, E), how far they can be trusted (M, E), and the phase common to all responses (F,).

    Where a response below 1.5 kHz is no delayed twin of itself, for the bass is noise or comes from elsewhere, its delay is the
    onset's and as much of the sphere's dispersion as this set shows where it can be trusted.

    Parameters
    ----------
    low, twin : (M, E, F) at FIT_HZ
    onset : (M, E), broadband delays
    dispersion : (M, E), by how much the sphere's low frequencies are later than its onset
    """
    shape = onset.shape
    cross = correlation(low, twin).reshape(-1, len(FIT_HZ))
    start, spread = onset.ravel(), dispersion.ravel()
    expected, common = start, np.ones(len(FIT_HZ), complex)
    trust, found = np.ones(len(start)), start
    for _ in range(_ROUNDS):
        straight = cross * np.conj(common)
        found = peak(straight, FIT_HZ, expected, _REACH_S)
        turned = straight * np.exp(2j * np.pi * found[:, None] * FIT_HZ)
        trust = _between(turned.sum(axis=1).real, *_ALIKE) * (1 - _between(np.abs(found - expected), *_NEAR_S))
        design = np.stack([np.ones_like(spread), spread], axis=1) * trust[:, None]
        shift, share = np.linalg.lstsq(design, trust * (found - start), rcond=None)[0] if trust.any() else (0.0, 0.0)
        expected = start + shift + np.clip(share, 0, 1.5) * spread
        mean = (trust[:, None] * turned).sum(axis=0) * common
        common = np.where(np.abs(mean) > 1e-12, mean / np.maximum(np.abs(mean), 1e-12), 1)
    lag = expected + trust * (found - expected)
    return lag.reshape(shape), trust.reshape(shape), common


def cleaned(low: Complexes, twin: Complexes, lag: Floats, trust: Floats, common: Complexes) -> Complexes:
    """Return low-frequency spectra (M, E, F) of the twin's size: their own phase where it is trusted, the delayed twin's else."""
    delayed = twin * np.exp(-2j * np.pi * lag[..., None] * delay_fit.FIT_HZ)
    own = low * np.conj(common)
    own = own / np.maximum(np.abs(own), 1e-30) * np.abs(twin)
    mixed = trust[..., None] * own + (1 - trust[..., None]) * delayed
    found: Complexes = np.abs(twin) * mixed / np.maximum(np.abs(mixed), 1e-30)
    return found


def _between(values: Floats, low: float, high: float) -> Floats:
    """Return 0 below `low`, 1 above `high`, smooth between."""
    share = np.clip((values - low) / (high - low), 0, 1)
    found: Floats = share * share * (3 - 2 * share)
    return found
