"""Table: what a set of ears holds, made from a measured far field or from the rigid sphere.

far field x distance variation, minimum phase -> basis + weights + delays at every direction and distance
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hrtf.analysis import basis, delay_fit
from hrtf.analysis.delay_fit import FIT_HZ, correlation, refined
from hrtf.analysis.far_field import between, ear_angles, far_field, is_mirrored
from hrtf.analysis.lags import at
from hrtf.analysis.mesh import lateral_rings, mesh
from hrtf.analysis.rigid import distance_variation, pressure
from hrtf.analysis.sofa import Measured
from hrtf.kernels.records import CHANNELS, TAPS
from hrtf.table import DISTANCES, FARTHEST_M, NEAREST_M, Floats, Table

Complexes = npt.NDArray[np.complex64]
Progress = Callable[[float], object]
"""Told the share of a build done since the last call; all together 1."""

_ROWS = 256  # directions handled at once
_BASIS_DIRECTIONS = 320  # enough to find the basis of any set
_ALIKE = 4  # neighbouring distances whose responses are weighed alike
_NEAR_S = 0.2e-3  # the delays of a table lie within this of the far field's and the sphere's together
_SHARES = (0.15, 0.15, 0.6, 0.1)  # of a build's time: far field, basis, weights, delays and mesh


@dataclass(frozen=True)
class _Rows:
    """Spectra at A directions, D distances and E ears, made when they are needed: far ones times what the distance changes.

    Attributes
    ----------
    far : complex64 (A, E, 513), minimum phase
    change : complex64 (G, D, 513) at even angles, or (A, D, 513) if `angles` is None; minimum phase
    angles : (A, E), None: `change` is given at the directions themselves
    low : complex (A, D, E, F), wanted at FIT_HZ, delays included
    lags : (A, D, E), about where the delays lie
    """

    far: Complexes
    change: Complexes
    angles: Floats | None
    low: Complexes
    lags: Floats

    def at(self, frequency_hz: Floats) -> _Rows:
        """Return the same at other frequencies."""
        return replace(self, far=at(self.far, frequency_hz), change=at(self.change, frequency_hz))

    def spectra(self, rows: npt.NDArray[np.intp]) -> Complexes:
        """Return (rows, E, D, F)."""
        if self.angles is None:
            return self.far[rows][:, :, None] * self.change[rows][:, None]
        found: Complexes = between(self.change, self.angles[rows])
        found *= self.far[rows][:, :, None]
        return found


def distances_m(radius_m: float) -> Floats:
    """Return the DISTANCES distances from the centre, evenly spaced in log(distance - radius)."""
    return radius_m + np.geomspace(NEAREST_M, FARTHEST_M - radius_m, DISTANCES)


def of_sphere(radius_m: float, progress: Progress = lambda _: None) -> Table:
    """Return the table of a rigid sphere with ears at +-90 degrees."""
    vertices, places = lateral_rings(), distances_m(radius_m)
    angles, ring = np.unique(np.round(ear_angles(vertices, 1)[:, 0], 9), return_inverse=True)
    field = np.abs(pressure(places, angles, basis.FREQUENCIES_HZ, radius_m)).transpose(2, 0, 1)
    twin = basis.minimum_phase(field.astype(np.float32))
    low = pressure(places, angles, FIT_HZ, radius_m).transpose(2, 0, 1)[:, :, None].astype(np.complex64)
    lags = _lags_of(low[:, :, 0], twin)[..., None]
    progress(_SHARES[0])
    far = np.ones((len(angles), 1, len(basis.FREQUENCIES_HZ)), np.complex64)
    return _assembled(vertices, _Rows(far, twin, None, low, lags), radius_m, np.ones(len(angles)), ring.ravel(), progress)


def of_measured(measured: Measured, radius_m: float, progress: Progress = lambda _: None) -> Table:
    """Return the table of a measured far-field set; `radius_m` is the sphere for distance and bass."""
    ears = 1 if is_mirrored(measured) else 2
    field = far_field(measured, radius_m, ears)
    angles = ear_angles(field.vertices, ears)
    grid, places = np.linspace(0, np.pi, 361), distances_m(radius_m)
    size = np.abs(distance_variation(places, grid, basis.FREQUENCIES_HZ, radius_m, field.distance_m)).transpose(2, 0, 1)
    change = basis.minimum_phase(size.astype(np.float32))
    early = distance_variation(places, grid, FIT_HZ, radius_m, field.distance_m).transpose(2, 0, 1)
    low = (field.low[:, None] * between(early, angles).transpose(0, 2, 1, 3)).astype(np.complex64)
    lags = field.lags[:, None] + between(_lags_of(early, change), angles).transpose(0, 2, 1)
    progress(_SHARES[0])
    return _assembled(field.vertices, _Rows(field.spectrum, change, angles, low, lags), radius_m, field.shares, None, progress)


def _lags_of(low: npt.NDArray[np.complexfloating], twin: Complexes) -> Floats:
    """Return the delays of spectra (A, D, F) beside their minimum-phase twins (A, D, 513)."""
    cross = correlation(low, at(twin, FIT_HZ)).reshape(-1, len(FIT_HZ))
    return delay_fit.peak(cross, FIT_HZ, 0.0, 0.001).reshape(low.shape[:2])


def _assembled(
    vertices: Floats,
    rows: _Rows,
    radius_m: float,
    shares: Floats,
    ring: npt.NDArray[np.intp] | None,
    progress: Progress,
) -> Table:
    """Return the table; `ring` maps vertices to directions, None: they are the same."""
    count, distances, ears = rows.lags.shape
    filters = _basis(rows, shares)
    progress(_SHARES[1])
    found = np.empty((count, distances, ears, CHANNELS), np.float32)
    drawn = rows.at(basis.FIT_HZ)
    for start in range(0, count, _ROWS):
        part = np.arange(start, min(start + _ROWS, count))
        target = drawn.spectra(part)
        solved = basis.weights(target.reshape(-1, _ALIKE, target.shape[-1]), filters)
        found[part] = solved.reshape(len(part), ears, distances, -1).transpose(0, 2, 1, 3)
        progress(_SHARES[2] * len(part) / count)
    rendered = np.asarray(found @ basis.transfer(filters, FIT_HZ), np.complex64)
    cross = correlation(rows.low, rendered).reshape(-1, len(FIT_HZ))
    lags = refined(cross, FIT_HZ, rows.lags.ravel(), _NEAR_S).reshape(rows.lags.shape)
    if ring is None:
        lags += _interaural_correction(vertices, rows.low, rendered, lags)
    steps = (np.abs(found) / np.abs(found).max(axis=3, keepdims=True)).max(axis=(0, 1, 2)) / 32767
    gains = (np.abs(found) / (steps * 32767)).max(axis=3)
    codes = np.rint(found / (gains[..., None] * steps)).astype(np.int16)
    pick = np.arange(count) if ring is None else ring
    chart = mesh(vertices)
    progress(_SHARES[3])
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


def _basis(rows: _Rows, shares: Floats) -> npt.NDArray[np.float32]:
    """Return the filters, found from directions spread over the set."""
    count, distances, ears = rows.lags.shape
    some = np.unique(np.linspace(0, count - 1, min(count, _BASIS_DIRECTIONS)).round().astype(np.intp))
    taps = [basis.truncated(rows.spectra(part)).reshape(-1, TAPS) for part in np.array_split(some, max(1, len(some) // 64))]
    return basis.components(np.concatenate(taps), np.repeat(shares[some], distances * ears))


def _interaural_correction(vertices: Floats, low: Complexes, rendered: Complexes, lags: Floats) -> Floats:
    """Return what to add to the delays of both ears so that their difference below 1.5 kHz is the wanted one.

    Each ear's delay was fitted by itself; the peak of the correlation between the ears weighs frequencies otherwise. Shapes
    (V, D, E, F) and (V, D, E). A direction without a mirror image in a one-eared set is left alone.
    """
    if low.shape[2] == 2:
        pairs = [(low[:, :, ear], rendered[:, :, ear], lags[:, :, ear]) for ear in (0, 1)]
        error = _excess(*pairs)
        return np.stack([-error, error], axis=2) / 2
    mirror = np.argmax(vertices @ (vertices * [1, -1, 1]).T, axis=0)
    near = np.einsum("vi,vi->v", vertices[mirror], vertices * [1, -1, 1]) > np.cos(np.radians(0.3))
    error = _excess(
        (low[:, :, 0], rendered[:, :, 0], lags[:, :, 0]), (low[mirror, :, 0], rendered[mirror, :, 0], lags[mirror, :, 0])
    )
    result: Floats = np.where(near[:, None], -error / 2, 0.0)[..., None]
    return result


def _excess(left: tuple[Complexes, Complexes, Floats], right: tuple[Complexes, Complexes, Floats]) -> Floats:
    """Return by how much too late the left ear is against the right one: (wanted, rendered, delays) of each, (V, D, ...)."""
    wanted, rendered = (correlation(left[index], right[index]).reshape(-1, len(FIT_HZ)) for index in (0, 1))
    apart = (left[2] - right[2]).ravel()
    reached = apart + delay_fit.peak(rendered, FIT_HZ, 0.0, 2 * _NEAR_S)
    found: Floats = (reached - refined(wanted, FIT_HZ, reached, _NEAR_S)).reshape(left[2].shape)
    return found
