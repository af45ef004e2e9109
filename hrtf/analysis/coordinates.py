"""Coordinates: where sources are, seen from the head, whatever axes a file tells it in.

SourcePosition, ListenerPosition, ListenerView, ListenerUp -> metres front, left and up of the head's centre
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hrtf.analysis.sofa_file import Contents
from hrtf.errors import EarsError
from hrtf.table import FARTHEST_M

Floats = npt.NDArray[np.float64]

_SAME = 0.05  # distances that differ by less than this part are the same
_STRAIGHT = 1e-3  # sine of an angle below which two directions are one
_FRONT, _UP = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])


def seen_from_the_head(held: Contents, count: int) -> tuple[Floats, list[str]]:
    """Return the sources' positions in metres (count, 3), x front, y left, z up of the head, and remarks.

    Raises
    ------
    EarsError
        Positions missing, not finite, or axes of the head that are none.
    """
    sources = _vectors(held, "SourcePosition", count)
    if sources is None:
        raise EarsError("no SourcePosition")
    remarks = []
    if not np.abs(sources).any(axis=1).all() and held.kinds["SourcePosition"][0] != "cartesian":
        sources = _vectors(held, "SourcePosition", count, FARTHEST_M)
        remarks.append(f"the file says distance 0: taken as {FARTHEST_M} m")
        assert sources is not None
    head = _vectors(held, "ListenerPosition", count)
    if head is not None and head.any():
        if _spread(sources - head) > _SAME > 0.2 * _SAME > _spread(sources):
            remarks.append("SourcePosition is told from the listener, not from where ListenerPosition puts it")
        else:
            sources = sources - head
    front, up = _vectors(held, "ListenerView", count), _vectors(held, "ListenerUp", count, like="ListenerView")
    if front is None or not np.abs(front).any():
        front = np.broadcast_to(_FRONT, (count, 3))
    up = np.broadcast_to(_UP, (count, 3)) if up is None else up
    if not _apart(front, up):
        plain = held.arrays.get("ListenerUp", _UP)  # some files tell the view in degrees and the way up in metres
        up = np.broadcast_to(np.atleast_2d(plain), (count, 3))
        if not _apart(front, up):
            raise EarsError("ListenerView and ListenerUp point the same way or nowhere, expected two directions at right angles")
    front = front / np.linalg.norm(front, axis=1, keepdims=True)
    left = np.cross(up, front)
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    axes = np.stack([front, left, np.cross(front, left)], axis=1)
    return np.einsum("maj,mj->ma", axes, sources), remarks


def _vectors(held: Contents, name: str, count: int, distance_m: float = 0.0, like: str = "") -> Floats | None:
    """Return positions as x, y, z; `like` names the variable whose attributes hold for one that has none."""
    if name not in held.arrays:
        return None
    given = np.atleast_2d(held.arrays[name])
    if given.ndim != 2 or given.shape[1] != 3 or len(given) not in (1, count):
        raise EarsError(f"{name} has shape {held.arrays[name].shape}, expected (1, 3) or ({count}, 3)")
    if not np.isfinite(given).all() or np.abs(given).max() > 1e9:
        raise EarsError(f"{name} holds NaN, infinity or numbers beyond 1e9")
    values = np.broadcast_to(given, (count, 3))
    own, other = held.kinds[name], held.kinds.get(like, ("", ""))
    kind, units = own[0] or other[0], own[1] or other[1]
    if kind == "cartesian" or (not kind and name.startswith("Listener")):
        return np.array(values)
    radians = values[:, :2] if "rad" in units else np.radians(values[:, :2])
    azimuth, elevation, distance = radians[:, 0], radians[:, 1], values[:, 2] if distance_m == 0 else distance_m
    flat = distance * np.cos(elevation)
    return np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), distance * np.sin(elevation)], axis=1)


def _spread(points: Floats) -> float:
    """Return by which part of their median distances differ."""
    distance = np.linalg.norm(points, axis=1)
    return float((distance.max() - distance.min()) / max(np.median(distance), 1e-9))


def _apart(front: Floats, up: Floats) -> bool:
    """Whether the two span a plane everywhere."""
    sine = np.linalg.norm(np.cross(front, up), axis=1)
    return bool((sine > _STRAIGHT * np.linalg.norm(front, axis=1) * np.linalg.norm(up, axis=1)).all())
