"""The far field: what a measurement says about every direction, made comparable.

responses -> levels, holes filled -> equalised -> minimum phase -> delays -> low frequencies timed from the head's centre
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.analysis.basis import FREQUENCIES_HZ, minimum_phase
from hrtf.analysis.delay_fit import FIT_HZ, correlation, peak
from hrtf.analysis.equalise import equalised
from hrtf.analysis.fill import drawn_from, filled_directions, holeness
from hrtf.analysis.lags import HIGH_HZ, at, cleaned, low_lags, of_both_ears, onset_lags, sphere_lags
from hrtf.analysis.mesh import areas
from hrtf.analysis.rigid import pressure
from hrtf.analysis.sofa import Measured

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complexfloating]

_FARTHEST_M = 20.0
_HEADS = (0.7, 1.4)  # of a set's delays to the sphere's


@dataclass(frozen=True)
class FarField:
    """V directions, the measured ones first, for E ears.

    Attributes
    ----------
    vertices : float64 (V, 3)
    shares : float64 (V,), area shares
    spectrum : complex64 (V, E, 513), equalised minimum-phase spectra at FREQUENCIES_HZ
    lags : float64 (V, E), delays beside them in seconds; all together arrive on average when the head's centre would
    low : complex (V, E, F), low-frequency spectra at FIT_HZ, delays included
    distance_m : float
    """

    vertices: Floats
    shares: Floats
    spectrum: npt.NDArray[np.complex64]
    lags: Floats
    low: Complexes
    distance_m: float


def far_field(measured: Measured, radius_m: float, ears: int) -> FarField:
    """Return the far field of a measurement; `radius_m` is the sphere for bass, holes and a head's geometry."""
    distance_m = min(measured.distance_m, _FARTHEST_M)
    extra = filled_directions(measured.directions)
    draw = drawn_from(measured.directions, extra)
    vertices = np.concatenate([measured.directions, extra])
    shares, angles = areas(vertices), ear_angles(vertices, 2)
    level = np.log(np.maximum(np.abs(_spectra(measured, FREQUENCIES_HZ.astype(np.float64))), 1e-6))
    if len(extra):
        level = np.concatenate(
            [level, _drawn_level(level, draw, holeness(measured.directions, extra), shares, angles, distance_m, radius_m)]
        )
    magnitude = equalised(np.exp(level), angles, shares, radius_m, distance_m, 0.47 * measured.sample_rate)
    twin = minimum_phase(magnitude.astype(np.float32))
    lags, low = _delays(measured, twin, angles, draw, radius_m, distance_m)
    own = peak(correlation(at(twin, FIT_HZ), np.ones(len(FIT_HZ))).reshape(-1, len(FIT_HZ)), FIT_HZ, 0.0, 0.5e-3)
    middle = float((shares @ (lags + own.reshape(lags.shape))[:, :ears]).mean())
    low = low * np.exp(2j * np.pi * FIT_HZ * middle)
    return FarField(vertices, shares, twin[:, :ears], lags[:, :ears] - middle, low[:, :ears], distance_m)


def _drawn_level(
    level: Floats, draw: Floats, hole: Floats, shares: Floats, angles: Floats, distance_m: float, radius_m: float
) -> Floats:
    """Return levels (N, 2, 513) of filled directions: drawn between those around, and from a sphere's in holes."""
    count = len(level)
    grid = np.linspace(0, np.pi, 181)
    sphere = between(np.log(np.abs(pressure([distance_m], grid, FREQUENCIES_HZ, radius_m)[0])).T, angles)
    share = shares[:count] / shares[:count].sum()
    mean = np.einsum("v,vef->f", share, level - sphere[:count]) / 2
    modelled = sphere[count:] + mean + np.tensordot(draw, level - sphere[:count] - mean, 1)
    among = np.tensordot(draw / draw.sum(axis=1, keepdims=True), level, 1)
    found: Floats = among + hole[:, None, None] * (modelled - among)
    return found


def _delays(
    measured: Measured, twin: Complexes, angles: Floats, draw: Floats, radius_m: float, distance_m: float
) -> tuple[Floats, Complexes]:
    """Return delays beside the minimum-phase twins (V, 2) and low-frequency spectra (V, 2, F)."""
    count = len(measured.directions)
    sphere = np.interp(angles, *sphere_lags(radius_m, distance_m))
    onset, own = onset_lags(_spectra(measured, HIGH_HZ), at(twin[:count], HIGH_HZ), sphere[:count], measured.directions)
    low = _spectra(measured, FIT_HZ) * np.exp(2j * np.pi * FIT_HZ * own[..., None])
    near = at(twin, FIT_HZ)
    lags, trust, common = low_lags(low, near[:count], onset, angles[:count])
    lags = of_both_ears(low, near[:count], lags, onset, trust)
    low = cleaned(low, near[:count], lags, trust, common)
    if len(draw):
        size, middle = np.polyfit(sphere[:count].ravel(), lags.ravel(), 1)
        head = np.clip(size, *_HEADS) * sphere + middle
        filled = head[count:] + draw @ (lags - head[:count])
        lags = np.concatenate([lags, filled])
        low = np.concatenate([low, near[count:] * np.exp(-2j * np.pi * FIT_HZ * filled[..., None])])
    return lags, low


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


def between(grid_values: npt.NDArray[Any], angles: Floats) -> npt.NDArray[Any]:
    """Return values given at even angles 0..pi, shape (G, ...), at other angles (V, E) -> (V, E, ...)."""
    position = angles / np.pi * (len(grid_values) - 1)
    low = np.minimum(position.astype(int), len(grid_values) - 2)
    share = (position - low).astype(grid_values.real.dtype).reshape(*angles.shape, *[1] * (grid_values.ndim - 1))
    found: npt.NDArray[Any] = grid_values[low] * (1 - share) + grid_values[low + 1] * share
    return found


def _spectra(measured: Measured, frequency_hz: npt.NDArray[np.floating]) -> Complexes:
    """Return the measurement's spectra at any frequencies, delays included; (M, 2, F)."""
    turns = np.outer(np.arange(measured.responses.shape[2]) / measured.sample_rate, frequency_hz)
    responses = measured.responses.astype(np.float32)
    real, imaginary = (responses @ wave(2 * np.pi * turns).astype(np.float32) for wave in (np.cos, np.sin))
    found: Complexes = (real - 1j * imaginary) * np.exp(-2j * np.pi * measured.delays_s[..., None] * frequency_hz)
    return found
