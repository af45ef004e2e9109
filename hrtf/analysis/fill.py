"""Filling: directions that nobody measured, from those around them and from a rigid sphere.

measured directions -> even directions far from all of them -> level and delay beside the sphere's, fading with the distance
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hrtf.analysis.shell import even_directions, nearest_deg

Floats = npt.NDArray[np.float64]

_STEP_DEG, _FINE_DEG = 11.5, 6.0  # of filled directions, and how far from any measured one they begin; the second beside the head
_BESIDE = 0.8  # sine of the angle from the median plane: 37 degrees about the ears' axis
_AMONG_DEG = 12.0  # up to this measured levels alone are drawn between
_HOLE_DEG = 25.0  # beyond this from any measured direction the sphere says as much as the measurement
_FADE = 0.6  # chord over which what is measured beside the sphere fades: 35 degrees
_MOST = 1200  # directions to draw from


def filled_directions(directions: Floats) -> Floats:
    """Return directions (N, 3) where there are none near, closer together about the ears' axis: delays turn sharply there."""
    fine, coarse = even_directions(_FINE_DEG), even_directions(_STEP_DEG)
    fine = fine[(np.abs(fine[:, 1]) > _BESIDE) & (nearest_deg(fine, directions) > _FINE_DEG)]
    coarse = coarse[(np.abs(coarse[:, 1]) <= _BESIDE) & (nearest_deg(coarse, directions) > _STEP_DEG)]
    return np.concatenate([fine, coarse])


def drawn_from(directions: Floats, points: Floats) -> Floats:
    """Return the matrix (N, M) that draws values at points from values at directions.

    Exact at the directions, fading to zero far from all of them (kriging). The exponential covariance carries no slope outward:
    what differs from ring to ring of a measurement is not made to grow beyond the last.
    """
    step = -(-len(directions) // _MOST)
    some = np.arange(0, len(directions), step)
    known = directions[some]
    covariance = _covariance(known, known) + 1e-6 * np.eye(len(known))
    found = np.zeros((len(points), len(directions)))
    found[:, some] = np.linalg.solve(covariance, _covariance(known, points)).T
    return found


def _covariance(one: Floats, other: Floats) -> Floats:
    found: Floats = np.exp(-np.sqrt(np.maximum(2 - 2 * one @ other.T, 0)) / _FADE)
    return found


def holeness(directions: Floats, points: Floats) -> Floats:
    """Return 0 for points (N,) among measured directions, 1 in a hole, smooth between."""
    share = np.clip((nearest_deg(points, directions) - _AMONG_DEG) / (_HOLE_DEG - _AMONG_DEG), 0, 1)
    found: Floats = share * share * (3 - 2 * share)
    return found


def remark(directions: Floats) -> str | None:
    """Return what to say of the part of the sphere that the set leaves to the model, if there is any."""
    points = even_directions(3)
    empty = nearest_deg(points, directions) > _HOLE_DEG
    if not empty.any():
        return None
    height = np.degrees(np.arcsin(np.clip(points[empty, 2], -1, 1)))
    return (
        f"{100 * empty.mean():.0f} % of all directions, at elevations {height.min():.0f} to {height.max():.0f}, are farther than "
        f"{_HOLE_DEG:.0f} degrees from any measurement: filled in from a rigid sphere"
    )
