"""Shell: the directions that a set is built from: one distance, none twice, and enough of them around the head.

positions -> farthest distance with enough directions -> distinct directions -> the largest hole among them
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hrtf.errors import EarsError

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

_FEWEST = 12
_MOST = 8000
_NEAREST_M = 0.15
_GAP = 1.05  # distances that differ by more than this begin another shell
_DEEP = 1.1  # a shell reaches this far from its median
_SAME_DEG = 0.3  # directions nearer than this are one
_WIDEST_DEG = 65.0  # a hole wider than this is no head's measurement
_WIDEST_BELOW_DEG = 95.0  # but below, where loudspeakers seldom are, half the sphere may be missing
_BELOW_DEG = -60.0


def shell(points: Floats) -> tuple[Indices, float, list[str]]:
    """Return which positions (M, 3) are taken, their distance in metres, and remarks.

    Raises
    ------
    EarsError
        Too few directions.
    """
    distance = np.linalg.norm(points, axis=1)
    order = np.argsort(distance, kind="stable")
    far = order[distance[order] > _NEAREST_M]
    if len(far) == 0:
        raise EarsError(f"no source farther than {_NEAREST_M} m")
    groups = np.split(far, 1 + np.flatnonzero(distance[far][1:] > _GAP * distance[far][:-1]))
    largest = max(map(len, groups))
    group = [one for one in groups if len(one) >= largest / 4][-1]
    median = float(np.median(distance[group]))
    taken = np.sort(group[np.abs(np.log(distance[group] / median)) < math.log(_DEEP)])
    directions = points[taken] / distance[taken, None]
    taken = taken[distinct(directions)]
    if len(taken) < _FEWEST:
        raise EarsError(f"{len(taken)} directions at {median:.2f} m, at least {_FEWEST} needed")
    others = len(points) - len(group)
    remarks = [f"of several distances {median:.2f} m is taken; {others} measurements at others are left out"] if others else []
    return taken, median, remarks


def distinct(directions: Floats) -> Indices:
    """Return the indices of directions of which no two are the same; those of a set too dense to build are thinned."""
    from scipy.spatial import cKDTree

    apart_deg = _SAME_DEG
    while True:
        reach = 2 * math.sin(math.radians(apart_deg) / 2)
        cells = np.round(directions / (0.5 * reach)).astype(np.int64)  # bounds the pairs, however many measurements there are
        some = np.sort(np.unique(cells, axis=0, return_index=True)[1])
        pairs = cKDTree(directions[some]).query_pairs(reach, output_type="ndarray")
        kept = np.ones(len(some), bool)
        for first, second in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].tolist():  # the first of two comes first
            if kept[first]:
                kept[second] = False
        if kept.sum() <= _MOST:
            found: Indices = some[kept]
            return found
        apart_deg *= 1.2


def even_directions(step_deg: float) -> Floats:
    """Return directions all around in rings, about `step_deg` apart, each with its mirror image; (N, 3)."""
    rings = []
    for elevation in np.radians(np.linspace(-90, 90, 1 + round(180 / step_deg))):
        count = max(1, round(math.cos(elevation) * 360 / step_deg))
        turn = np.arange(count) * 2 * np.pi / count
        flat = math.cos(elevation) if count > 1 else 0.0
        rings.append(np.stack([flat * np.cos(turn), flat * np.sin(turn), np.full(count, math.sin(elevation))], axis=1))
    return np.concatenate(rings)


def nearest_deg(points: Floats, directions: Floats) -> Floats:
    """Return how far each point is from the nearest direction, in degrees."""
    from scipy.spatial import cKDTree

    chord = np.asarray(cKDTree(directions).query(points)[0])
    found: Floats = np.degrees(2 * np.arcsin(np.minimum(chord / 2, 1)))
    return found


def refuse_holes(directions: Floats) -> None:
    """Refuse a set whose directions do not surround the head.

    Raises
    ------
    EarsError
        Says where the largest hole is.
    """
    points = even_directions(3)
    away = nearest_deg(points, directions)
    elevation = np.degrees(np.arcsin(np.clip(points[:, 2], -1, 1)))
    allowed = np.where(elevation < _BELOW_DEG, _WIDEST_BELOW_DEG, _WIDEST_DEG)
    worst = int(np.argmax(away - allowed))
    if away[worst] > allowed[worst]:
        azimuth = math.degrees(math.atan2(points[worst, 1], points[worst, 0])) % 360
        raise EarsError(
            f"no measurement within {away[worst]:.0f} degrees of azimuth {azimuth:.0f}, elevation {elevation[worst]:.0f}: "
            "directions all around the head are needed"
        )
