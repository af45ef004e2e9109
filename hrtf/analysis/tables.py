"""Table: what a set of ears holds, made from a measured far field or from the rigid sphere.

far-field spectra x distance variation -> minimum phase -> basis + weights + delays at every direction and distance
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.analysis import basis, delay_fit
from hrtf.analysis.far_field import ear_angles, far_field, is_mirrored
from hrtf.analysis.mesh import areas, lateral_rings, mesh
from hrtf.analysis.rigid import distance_variation, pressure
from hrtf.analysis.sofa import Measured
from hrtf.table import DISTANCES, FARTHEST_M, NEAREST_M, Floats, Table


def distances_m(radius_m: float) -> Floats:
    """Return the DISTANCES distances from the centre, evenly spaced in log(distance - radius)."""
    return radius_m + np.geomspace(NEAREST_M, FARTHEST_M - radius_m, DISTANCES)


def of_sphere(radius_m: float) -> Table:
    """Return the table of a rigid sphere with ears at +-90 degrees."""
    vertices = lateral_rings()
    angles, ring = np.unique(np.round(ear_angles(vertices, 1)[:, 0], 9), return_inverse=True)
    field = pressure(distances_m(radius_m), angles, basis.FREQUENCIES_HZ, radius_m)
    low = pressure(distances_m(radius_m), angles, delay_fit.FIT_HZ, radius_m)
    magnitude = np.abs(field).transpose(2, 0, 1)[:, :, None]  # (A, D, 1, F)
    return _assembled(vertices, magnitude, low.transpose(2, 0, 1)[:, :, None], radius_m, np.ones(len(angles)), ring)


def of_measured(measured: Measured, radius_m: float) -> Table:
    """Return the table of a measured far-field set; `radius_m` is the sphere for distance and bass."""
    ears = 1 if is_mirrored(measured) else 2
    vertices, magnitude, low = far_field(measured, radius_m, ears)
    angles = ear_angles(vertices, ears)
    grid = np.linspace(0, np.pi, 361)
    places, far = distances_m(radius_m), measured.distance_m
    change = np.abs(distance_variation(places, grid, basis.FREQUENCIES_HZ, radius_m, far)).transpose(2, 0, 1)
    early = distance_variation(places, grid, delay_fit.FIT_HZ, radius_m, far).transpose(2, 0, 1)
    near = between(change.astype(np.float32), angles).transpose(0, 2, 1, 3)
    near *= magnitude[:, None].astype(np.float32)
    return _assembled(vertices, near, low[:, None] * between(early, angles).transpose(0, 2, 1, 3), radius_m, areas(vertices))


def between(grid_values: npt.NDArray[Any], angles: Floats) -> npt.NDArray[Any]:
    """Return values given at even angles 0..pi, shape (G, ...), at other angles (V, E) -> (V, E, ...)."""
    position = angles / np.pi * (len(grid_values) - 1)
    low = np.minimum(position.astype(int), len(grid_values) - 2)
    share = (position - low).astype(grid_values.real.dtype).reshape(*angles.shape, *[1] * (grid_values.ndim - 1))
    result: npt.NDArray[Any] = grid_values[low] * (1 - share) + grid_values[low + 1] * share
    return result


def _assembled(
    vertices: Floats,
    magnitude: npt.NDArray[np.floating],
    low: npt.NDArray[np.complexfloating],
    radius_m: float,
    shares: Floats,
    ring: npt.NDArray[np.intp] | None = None,
) -> Table:
    """Return the table from magnitudes (A, D, E, 513) and low-frequency spectra (A, D, E, F); `ring` maps vertices to A."""
    count, distances, ears = magnitude.shape[:3]
    spectrum = basis.minimum_phase(np.asarray(magnitude, np.float32).reshape(-1, magnitude.shape[-1]))
    filters = basis.components(basis.truncated(spectrum), np.repeat(shares, distances * ears))
    found = basis.weights(spectrum, filters)
    rendered = found @ basis.transfer(filters, delay_fit.FIT_HZ)
    lags = delay_fit.fit(low.reshape(len(rendered), -1), rendered).reshape(count, distances, ears)
    if ring is None:
        lags += _interaural_correction(vertices, low, rendered.reshape(low.shape), lags)
    steps = np.abs(found / np.abs(found).max(axis=1, keepdims=True)).max(axis=0) / 32767
    gains = (np.abs(found) / (steps * 32767)).max(axis=1)
    codes = np.rint(found / (gains[:, None] * steps)).astype(np.int16).reshape(count, distances, ears, -1)
    gains = gains.reshape(count, distances, ears)
    pick = np.arange(count) if ring is None else ring.ravel()
    chart = mesh(vertices)
    return Table(
        filters,
        codes[pick],
        steps.astype(np.float32),
        gains[pick].astype(np.float32),
        lags[pick].astype(np.float32),
        vertices.astype(np.float32),
        chart.triangles,
        chart.neighbours,
        chart.cells,
        np.array(radius_m),
    )


def _interaural_correction(
    vertices: Floats, low: npt.NDArray[np.complexfloating], rendered: npt.NDArray[np.complexfloating], lags: Floats
) -> Floats:
    """Return what to add to the delays of both ears so that their difference below 1.5 kHz is the wanted one.

    Each ear's delay was fitted by itself; the peak of the correlation between the ears weighs frequencies otherwise. Shapes
    (V, D, E, F) and (V, D, E). A direction without a mirror image in a one-eared set is left alone.
    """
    timed = rendered * np.exp(-2j * np.pi * delay_fit.FIT_HZ * lags[..., None])
    if low.shape[2] == 2:
        error = _difference(timed[:, :, 0], timed[:, :, 1]) - _difference(low[:, :, 0], low[:, :, 1])
        return np.stack([-error, error], axis=2) / 2
    mirror = np.argmax(vertices @ (vertices * [1, -1, 1]).T, axis=0)
    near = np.einsum("vi,vi->v", vertices[mirror], vertices * [1, -1, 1]) > np.cos(np.radians(0.3))
    error = _difference(timed[:, :, 0], timed[mirror, :, 0]) - _difference(low[:, :, 0], low[mirror, :, 0])
    result: Floats = np.where(near[:, None], -error / 2, 0.0)[..., None]
    return result


def _difference(left: npt.NDArray[np.complexfloating], right: npt.NDArray[np.complexfloating]) -> Floats:
    """Return by how much the left ear lags; spectra (V, D, F) -> (V, D)."""
    return delay_fit.interaural(left.reshape(-1, left.shape[-1]), right.reshape(-1, left.shape[-1])).reshape(left.shape[:2])
