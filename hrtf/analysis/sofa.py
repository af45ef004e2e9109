"""SOFA files: reading a set of measured head-related impulse responses, or saying in one line what is wrong with it.

file -> sofar -> directions, impulse responses, delays
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.errors import EarsError


@dataclass(frozen=True)
class Measured:
    """A measured far-field set.

    Attributes
    ----------
    directions : float64 (M, 3), unit vectors: x front, y left, z up
    responses : float64 (M, 2, taps), left and right ear
    delays_s : float64 (M, 2), broadband delays kept apart from the responses
    sample_rate : float
    distance_m : float
    title, licence : str
    """

    directions: npt.NDArray[np.float64]
    responses: npt.NDArray[np.float64]
    delays_s: npt.NDArray[np.float64]
    sample_rate: float
    distance_m: float
    title: str
    licence: str


_CONVENTION = "SimpleFreeFieldHRIR"
_FEWEST_DIRECTIONS = 12


def read(path: str | Path) -> Measured:
    """Read a SOFA file of the convention SimpleFreeFieldHRIR (AES69).

    Several distances: the farthest one with at least a quarter of the directions is taken. Doubled directions are dropped.

    Raises
    ------
    EarsError
        File missing, truncated, not SOFA, of another convention, or without usable directions.
    """
    path = Path(path)
    if not path.is_file():
        raise EarsError(f"{path}: no such file")
    data = _opened(path)
    convention = str(getattr(data, "GLOBAL_SOFAConventions", "none"))
    if convention != _CONVENTION:
        raise EarsError(f"{path}: SOFA convention {convention!r}, expected {_CONVENTION!r}")
    responses = np.atleast_3d(np.asarray(data.Data_IR, float))
    if responses.shape[1] != 2:
        raise EarsError(f"{path}: {responses.shape[1]} receivers, expected 2 (left and right ear)")
    if not np.isfinite(responses).all() or not np.abs(responses).max(axis=2).all():
        raise EarsError(f"{path}: impulse responses hold NaN, infinity or an all-zero response")
    rate = float(np.ravel(data.Data_SamplingRate)[0])
    if not 8000 <= rate <= 384000:
        raise EarsError(f"{path}: sample rate {rate:g} Hz, expected 8000 to 384000")
    points = _cartesian(path, data, len(responses))
    chosen, distance = _chosen(path, points)
    delays = np.broadcast_to(np.asarray(data.Data_Delay, float), (len(responses), 2))[chosen] / rate
    directions = points[chosen] / np.linalg.norm(points[chosen], axis=1, keepdims=True)
    title, licence = (str(getattr(data, key, "") or "") for key in ("GLOBAL_Title", "GLOBAL_License"))
    return Measured(directions, responses[chosen], delays, rate, distance, title or path.stem, licence)


def _opened(path: Path) -> Any:
    import warnings

    import sofar

    with path.open("rb") as file:
        start = file.read(8)
    if not (start.startswith(b"\x89HDF") or start.startswith(b"CDF")):
        raise EarsError(f"{path}: not a SOFA file (neither HDF5 nor NetCDF)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return sofar.read_sofa(str(path), verify=False, verbose=False)
    except Exception as error:  # the readers below sofar raise many kinds
        raise EarsError(f"{path}: truncated or not SOFA ({str(error).splitlines()[0] if str(error) else error!r})") from None


def _cartesian(path: Path, data: Any, count: int) -> npt.NDArray[np.float64]:
    """Return the sources' positions in metres, shape (M, 3)."""
    position = np.broadcast_to(np.asarray(data.SourcePosition, float), (count, 3))
    if not np.isfinite(position).all():
        raise EarsError(f"{path}: source positions hold NaN or infinity")
    if str(data.SourcePosition_Type).lower() == "cartesian":
        return np.array(position)
    azimuth, elevation, distance = np.radians(position[:, 0]), np.radians(position[:, 1]), position[:, 2]
    flat = distance * np.cos(elevation)
    return np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), distance * np.sin(elevation)], axis=1)


def _chosen(path: Path, points: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.intp], float]:
    """Return the indices of the directions taken and their distance."""
    distances = np.round(np.linalg.norm(points, axis=1), 2)
    values, counts = np.unique(distances, return_counts=True)
    usable = values[(counts >= counts.max() / 4) & (values > 0.15)]
    if len(usable) == 0:
        raise EarsError(f"{path}: no source farther than 0.15 m")
    taken = np.flatnonzero(distances == usable[-1])
    _, first = np.unique(np.round(points[taken] / usable[-1], 3) + 0.0, axis=0, return_index=True)
    taken = taken[np.sort(first)]
    if len(taken) < _FEWEST_DIRECTIONS:
        raise EarsError(f"{path}: {len(taken)} directions, at least {_FEWEST_DIRECTIONS} needed")
    return taken, float(usable[-1])
