"""Rigid sphere: the pressure a point source makes on a hard ball, and how it changes with distance.

place -> series of spherical Hankel ratios -> pressure at the ear relative to the free field at the centre
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from synth.rt.units import SPEED_OF_SOUND_M_S

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_TERM_FLOOR = 1e-8  # terms below this are left out
_LOWEST_HZ = 1.0  # 0 Hz is computed here: the series divides by the wave number


def pressure(distance_m: npt.ArrayLike, angle_rad: npt.ArrayLike, frequency_hz: npt.ArrayLike, radius_m: float) -> Complexes:
    """Return the pressure on a rigid sphere relative to the free field at its centre.

    The series of Duda and Martens (1998), evaluated by ratios h_m / h_(m-1) of neighbouring spherical Hankel functions, so
    that nothing overflows down to 5 mm from the surface. Time runs as exp(+i w t); the travel time to the centre is left out.

    Parameters
    ----------
    distance_m : array (R,)
        Distances from the centre, at least `radius_m` + 5 mm for full accuracy.
    angle_rad : array (T,)
        Angle between the source and the point on the sphere, 0 (facing) to pi.
    frequency_hz : array (F,)
        Frequencies; 0 is taken as 1 Hz.
    radius_m : float
        Radius of the sphere.

    Returns
    -------
    complex array (R, F, T)
    """
    distance, angle = np.atleast_1d(np.asarray(distance_m, float)), np.atleast_1d(np.asarray(angle_rad, float))
    frequency = np.maximum(np.atleast_1d(np.asarray(frequency_hz, float)), _LOWEST_HZ)
    if distance.min() <= radius_m:
        raise ValueError(f"distance_m must exceed the sphere's radius {radius_m} m, got {distance.min()}")
    wave = 2 * np.pi * frequency[None, :] / SPEED_OF_SOUND_M_S * radius_m  # mu = k a
    ratio = distance[:, None] / radius_m  # rho
    terms = _term_count(float(ratio.min()), float(wave.max()))
    coefficients = _coefficients(wave, ratio, terms)
    rows, waves = coefficients.reshape(terms, -1).T, _legendre(np.cos(angle), terms)
    series = rows.real @ waves + 1j * (rows.imag @ waves)
    scale = -(ratio / wave) * np.exp(-1j * wave * ratio)
    found: Complexes = np.conj(scale[..., None] * series.reshape(len(distance), len(frequency), len(angle)))
    return found


def _term_count(ratio: float, wave: float) -> int:
    """Terms needed: past the wave number they fall as ratio**-m."""
    return int(wave + 4 * wave ** (1 / 3) + 10 + math.log(1 / _TERM_FLOOR) / math.log(ratio))


def _coefficients(wave: Floats, ratio: Floats, terms: int) -> Complexes:
    """Return (2m+1) h_m(mu rho) / h'_m(mu) for m < terms, shape (terms, R, F)."""
    far = wave * ratio
    at_surface, at_source = 1 / wave - 1j, 1 / far - 1j  # h_1 / h_0
    quotient = np.exp(1j * wave * (ratio - 1)) / ratio  # h_0(far) / h_0(wave)
    found = np.empty((terms, *far.shape), complex)
    found[0] = quotient / -at_surface
    for m in range(1, terms):
        quotient = quotient * (at_source / at_surface)
        found[m] = (2 * m + 1) * quotient / (1 / at_surface - (m + 1) / wave)
        at_surface = (2 * m + 1) / wave - 1 / at_surface
        at_source = (2 * m + 1) / far - 1 / at_source
    return found


def _legendre(cosine: Floats, terms: int) -> Floats:
    """Return the Legendre polynomials P_0 .. P_(terms-1), shape (terms, T)."""
    found = np.empty((terms, len(cosine)))
    found[0], found[1] = 1.0, cosine
    for m in range(1, terms - 1):
        found[m + 1] = ((2 * m + 1) * cosine * found[m] - m * found[m - 1]) / (m + 1)
    return found


def distance_variation(
    distance_m: npt.ArrayLike, angle_rad: npt.ArrayLike, frequency_hz: npt.ArrayLike, radius_m: float, far_m: float
) -> Complexes:
    """Return what changes when a source comes from `far_m` to `distance_m` (DVF; Kan, Jin and van Schaik 2009).

    Same parameters, conventions and shape as `pressure`; exactly 1 at `far_m`.
    """
    near = pressure(distance_m, angle_rad, frequency_hz, radius_m)
    result: Complexes = near / pressure([far_m], angle_rad, frequency_hz, radius_m)
    return result
