"""Direction mesh: directions on the unit sphere joined into triangles, with a table of cells to start the search from.

directions -> convex hull -> outward triangles + neighbours -> octahedral cells
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hrtf.kernels.records import CELLS


@dataclass(frozen=True)
class Mesh:
    """Triangles over the sphere.

    Attributes
    ----------
    vertices : float64 (V, 3), unit vectors: x front, y left, z up
    triangles : int32 (T, 3), indices of vertices
    neighbours : int32 (T, 3), the triangle across the edge opposite to each vertex
    cells : int32 (CELLS, CELLS), the triangle at each cell's centre in the octahedral map
    """

    vertices: npt.NDArray[np.float64]
    triangles: npt.NDArray[np.int32]
    neighbours: npt.NDArray[np.int32]
    cells: npt.NDArray[np.int32]

    def inverses(self) -> npt.NDArray[np.float64]:
        """Return (T, 3, 3): matrices from a direction to its weights on the three vertices, before normalisation."""
        return np.linalg.inv(np.swapaxes(self.vertices[self.triangles], 1, 2)).astype(np.float64)


def mesh(vertices: npt.ArrayLike) -> Mesh:
    """Triangulate directions on the sphere (convex hull of the unit vectors).

    Parameters
    ----------
    vertices : array (V, 3)
        Distinct unit vectors that do not all lie in one half-space.
    """
    from scipy.spatial import ConvexHull

    points = np.asarray(vertices, float)
    triangles = ConvexHull(points).simplices.astype(np.int32)
    corners = points[triangles]
    inward = np.linalg.det(corners) < 0
    triangles[inward] = triangles[inward][:, ::-1]
    volume = np.linalg.det(points[triangles])
    if len(np.unique(triangles)) < len(points) or volume.min() < 1e-9:
        raise ValueError("directions must be distinct and surround the head")
    neighbours = _neighbours(triangles)
    bare = Mesh(points, triangles, neighbours, np.zeros((CELLS, CELLS), np.int32))
    return Mesh(points, triangles, neighbours, _cells(bare))


def _neighbours(triangles: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    edges = np.sort(np.concatenate([triangles[:, [1, 2]], triangles[:, [2, 0]], triangles[:, [0, 1]]]), axis=1)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    count = len(triangles)
    found = np.empty(3 * count, np.int32)
    first, second = order[0::2], order[1::2]
    found[first], found[second] = second % count, first % count
    return np.ascontiguousarray(found.reshape(3, count).T)


def octahedral_directions() -> npt.NDArray[np.float64]:
    """Return the unit vectors of the cells' centres, shape (CELLS, CELLS, 3); the look-up in `place` is its inverse."""
    line = (np.arange(CELLS) + 0.5) / CELLS * 2 - 1
    first, second = np.meshgrid(line, line, indexing="ij")
    up = 1 - abs(first) - abs(second)
    x = np.where(up >= 0, first, (1 - abs(second)) * np.sign(first))
    y = np.where(up >= 0, second, (1 - abs(first)) * np.sign(second))
    points = np.stack([x, y, up], axis=-1)
    result: npt.NDArray[np.float64] = points / np.linalg.norm(points, axis=-1, keepdims=True)
    return result


def _cells(chart: Mesh) -> npt.NDArray[np.int32]:
    """Return a triangle at or next to each cell's centre: the search walks on from there."""
    from scipy.spatial import cKDTree

    centres = chart.vertices[chart.triangles].sum(axis=1)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    directions = octahedral_directions().reshape(-1, 3)
    near = np.asarray(cKDTree(centres).query(directions, k=min(12, len(centres)))[1])
    weights = np.einsum("nkij,nj->nki", chart.inverses()[near], directions).min(axis=2)
    best = near[np.arange(len(directions)), np.argmax(weights, axis=1)]
    found: npt.NDArray[np.int32] = best.astype(np.int32).reshape(CELLS, CELLS)
    return found


def areas(vertices: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the share of the sphere around each direction (Voronoi), shape (V,), adding up to 1."""
    from scipy.spatial import SphericalVoronoi

    shares = np.asarray(SphericalVoronoi(vertices).calculate_areas(), float) / (4 * math.pi)
    result: npt.NDArray[np.float64] = shares / shares.sum()
    return result


def lateral_rings(near_deg: float = 1.0, wide_deg: float = 4.0) -> npt.NDArray[np.float64]:
    """Return directions in rings around the axis through the ears: the mesh of the sphere set's left ear, shape (V, 3).

    Rings lie `near_deg` apart within 15 degrees of the axis on the ear's side and within 30 on the other, where waves from all
    around the head meet, and at most `wide_deg` elsewhere. Points lie along a ring so that an edge strays little from it.
    """
    facing, behind = np.arange(near_deg, 15 + near_deg / 2, near_deg), np.arange(near_deg, 30 + near_deg / 2, near_deg)
    middle = np.linspace(facing[-1], 180 - behind[-1], 1 + math.ceil((180 - behind[-1] - facing[-1]) / wide_deg))[1:-1]
    angles = np.radians(np.concatenate([facing, middle, 180 - behind[::-1]]))
    points = [np.array([[0.0, 1.0, 0.0]])]
    for index, angle in enumerate(angles):
        stray = np.radians((0.1 if angle < np.pi / 2 else 0.02) * near_deg)  # allowed at an edge's middle
        step = np.clip(np.sqrt(8 * stray * abs(np.tan(angle))), np.radians(near_deg), np.radians(wide_deg))
        count = max(6, round(2 * np.pi * np.sin(angle) / step))
        turn = (np.arange(count) + 0.5 * (index % 2)) * 2 * np.pi / count
        ring = np.full(count, np.cos(angle))
        points.append(np.stack([np.sin(angle) * np.cos(turn), ring, np.sin(angle) * np.sin(turn)], axis=1))
    points.append(np.array([[0.0, -1.0, 0.0]]))
    return np.concatenate(points)
