"""Equalisation: a measured set made flat on average over all directions, with its bass filled in.

spectra -> diffuse-field average removed -> bass of a rigid sphere -> magnitudes
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hrtf.analysis.basis import FREQUENCIES_HZ
from hrtf.analysis.rigid import pressure

Floats = npt.NDArray[np.float64]

_TRUSTED_HZ = (150.0, 350.0)  # below the first the sphere alone, above the second the measurement alone
_HIGHEST_HZ = 20000.0  # the average is not followed further: loudspeakers end there


def diffuse_field(magnitude: Floats, shares: Floats) -> Floats:
    """Return the root mean power over directions and ears; (V, E, F) and area shares (V,) -> (F,)."""
    found: Floats = np.sqrt(np.einsum("v,vef->f", shares, magnitude**2) / magnitude.shape[1])
    return found


def equalised(
    magnitude: Floats, angle_rad: Floats, shares: Floats, radius_m: float, distance_m: float, highest_hz: float
) -> Floats:
    """Return magnitudes flat in the diffuse field, with the bass of a rigid sphere.

    Parameters
    ----------
    magnitude : (V, E, 513) at FREQUENCIES_HZ
    angle_rad : (V, E), between direction and ear
    shares : (V,), area shares
    radius_m, distance_m : float
        Head radius and distance of the measurement, for the bass.
    highest_hz : float
        Highest frequency that the measurement holds; above, its value there is kept.

    Returns
    -------
    float64 (V, E, 513)
    """
    last = int(np.searchsorted(FREQUENCIES_HZ, min(highest_hz, _HIGHEST_HZ)))
    average = diffuse_field(magnitude, shares)
    average[last:] = average[last]
    level = 20 * np.log10(np.maximum(magnitude / average, 1e-4))
    top = int(np.searchsorted(FREQUENCIES_HZ, highest_hz))
    level[..., top:] = level[..., top - 1 : top]
    low, high = _TRUSTED_HZ
    trust = np.clip(np.log(np.maximum(FREQUENCIES_HZ, 1) / low) / np.log(high / low), 0, 1)
    bass = int(np.searchsorted(FREQUENCIES_HZ, high)) + 1
    grid = np.linspace(0, np.pi, 181)
    sphere = 20 * np.log10(np.abs(pressure([distance_m], grid, FREQUENCIES_HZ[:bass], radius_m)[0]))
    for index in range(bass):
        model = np.interp(angle_rad, grid, sphere[index])
        level[..., index] = trust[index] * level[..., index] + (1 - trust[index]) * model
    found: Floats = 10 ** (level / 20)
    average = diffuse_field(found, shares)
    average[last:] = average[last]
    return found / average
