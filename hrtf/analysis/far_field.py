"""The far field: what a measurement says about every direction, made comparable.

responses -> spectra at every direction, gaps filled -> equalised magnitudes, low frequencies timed from the head's centre
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hrtf.analysis import basis, delay_fit, equalise
from hrtf.analysis.mesh import areas
from hrtf.analysis.sofa import Measured

Floats = npt.NDArray[np.float64]


def far_field(measured: Measured, radius_m: float, ears: int) -> tuple[Floats, Floats, npt.NDArray[np.complex128]]:
    """Return directions (V, 3), equalised magnitudes (V, E, 513) and low-frequency spectra at FIT_HZ (V, E, F).

    The low-frequency spectra are timed from the head's centre: their delays average to zero over the sphere.
    """
    spectra = _spectra(measured, basis.FREQUENCIES_HZ)[:, :ears]
    low = _spectra(measured, delay_fit.FIT_HZ)[:, :ears]
    vertices = measured.directions
    lag = delay_fit.fit(low.reshape(-1, low.shape[-1]), np.ones((1, low.shape[-1]), complex)).reshape(low.shape[:2])
    level = np.log(np.maximum(np.abs(spectra), 1e-6))
    extra, nearest, mean = equalise.low_directions(vertices)
    if len(extra):
        rest = low * np.exp(2j * np.pi * delay_fit.FIT_HZ * lag[..., None])
        fill = nearest + mean
        vertices = np.concatenate([vertices, extra])
        level = np.concatenate([level, np.tensordot(fill, level, 1)])
        lag = np.concatenate([lag, fill @ lag])
        rest = np.concatenate([rest, np.tensordot(fill, rest, 1)])
        low = rest * np.exp(-2j * np.pi * delay_fit.FIT_HZ * lag[..., None])
    shares = areas(vertices)
    low = low * np.exp(2j * np.pi * delay_fit.FIT_HZ * (shares @ lag).mean())
    highest = 0.47 * measured.sample_rate
    angles = ear_angles(vertices, ears)
    return vertices, equalise.equalised(np.exp(level), angles, shares, radius_m, measured.distance_m, highest), low


def is_mirrored(measured: Measured) -> bool:
    """Whether every direction's right ear is its mirror image's left ear, to the bit."""
    keys = {tuple(key): index for index, key in enumerate(np.round(measured.directions, 4) + 0.0)}
    mirror = [keys.get(tuple(key), -1) for key in np.round(measured.directions * [1, -1, 1], 4) + 0.0]
    if min(mirror) < 0:
        return False
    same = np.array_equal(measured.responses[:, 0], measured.responses[mirror, 1])
    return same and np.array_equal(measured.delays_s[:, 0], measured.delays_s[mirror, 1])


def ear_angles(vertices: Floats, ears: int) -> Floats:
    """Return the angle between each direction and each ear in radians, shape (V, ears)."""
    side = np.clip(vertices[:, 1:2], -1, 1)
    found: Floats = np.arccos(np.concatenate([side, -side], axis=1)[:, :ears])
    return found


def _spectra(measured: Measured, frequency_hz: npt.NDArray[np.floating]) -> npt.NDArray[np.complex128]:
    """Return the measurement's spectra at any frequencies, delays included; (M, 2, F)."""
    times = np.arange(measured.responses.shape[2]) / measured.sample_rate
    spectra = measured.responses @ np.exp(-2j * np.pi * np.outer(times, frequency_hz))
    result: npt.NDArray[np.complex128] = spectra * np.exp(-2j * np.pi * measured.delays_s[..., None] * frequency_hz)
    return result
