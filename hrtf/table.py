"""Table: what a set of ears holds, at 48 kHz: filters, weights, delays at every direction and distance."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

NEAREST_M = 0.01
"""Smallest distance from the head's surface; nearer places are moved out to it."""

FARTHEST_M = 3.25
"""Largest distance from the head's centre that is told apart."""

DISTANCES = 16

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """A set of ears at 48 kHz: V directions, D distances, E stored ears (1: the right ear is the left one mirrored).

    Attributes
    ----------
    basis : float32 (CHANNELS, TAPS), the fixed filters
    codes : int16 (V, D, E, CHANNELS), weights before gain and step
    steps : float32 (CHANNELS,), one per filter: weight = code * step * gain
    gains : float32 (V, D, E)
    delays_s : float32 (V, D, E), relative to the head's centre, negative where the ear is nearer
    vertices : float32 (V, 3); triangles, neighbours : int32 (T, 3); cells : int32 (C, C), see `hrtf.analysis.mesh`
    radius_m : float64 (), the head's
    """

    basis: npt.NDArray[np.float32]
    codes: npt.NDArray[np.int16]
    steps: npt.NDArray[np.float32]
    gains: npt.NDArray[np.float32]
    delays_s: npt.NDArray[np.float32]
    vertices: npt.NDArray[np.float32]
    triangles: npt.NDArray[np.int32]
    neighbours: npt.NDArray[np.int32]
    cells: npt.NDArray[np.int32]
    radius_m: npt.NDArray[np.float64]

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return the arrays by name, for `numpy.savez`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
