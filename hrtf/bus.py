"""Bus: many moving sources into two ears; the native records and kernels under one roof, and a face for Python.

signals + places -> cartesian -> place -> mix -> filter_bus -> (64, 2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hrtf.filters import filter_bus
from hrtf.memory import aligned_zeros
from hrtf.mix import mix, quantum
from hrtf.place import cartesian, place
from hrtf.records import BUS, EARS, HISTORY, K_MAX, LINE, ROWS, SOURCE, TAPS_MAX
from synth.jit import kernel
from synth.units import QUANTUM

if TYPE_CHECKING:
    from hrtf.ears import Ears

__all__ = [
    "BUS",
    "EARS",
    "HISTORY",
    "K_MAX",
    "LINE",
    "ROWS",
    "SOURCE",
    "TAPS_MAX",
    "Bus",
    "cartesian",
    "filter_bus",
    "mix",
    "place",
    "quantum",
    "render",
]


@kernel
def render(ears: Any, sources: Any, bus: Any, signals: Any, places: Any, out: Any, frames: Any) -> None:
    """Render one quantum of many sources.

    Parameters
    ----------
    ears, bus : EARS and BUS arrays (1,)
    sources : SOURCE array (N,)
    signals : float32 (n, 64), n <= N
    places : float32 (n, 3): azimuth_deg, elevation_deg, distance_m at the end of the quantum
    out : float32 (2, 64), scratch
    frames : float32 (64, 2), overwritten
    """
    for i in range(signals.shape[0]):
        source = sources[i]
        x, y, z = cartesian(places[i, 0], places[i, 1], places[i, 2])
        place(ears[0], source, x, y, z)
        samples = quantum(source)
        for n in range(QUANTUM):
            samples[n] = signals[i, n]
        mix(ears[0], source, bus[0])
    filter_bus(ears[0], bus[0], out)
    for n in range(QUANTUM):
        frames[n, 0] = out[0, n]
        frames[n, 1] = out[1, n]


class Bus:
    """The renderer on its own: point sources around the head, in quanta of 64 frames.

    Parameters
    ----------
    ears : Ears
    sources : int
        Most sources in one call; source i of every call is the same source.
    sample_rate : float
        32000 to 192000 Hz.
    """

    def __init__(self, ears: Ears, sources: int = 2000, sample_rate: float = 48000) -> None:
        if sources < 1:
            raise ValueError(f"sources must be at least 1, got {sources}")
        self.ears = ears
        self.sample_rate = float(sample_rate)
        self._native = ears.native(sample_rate)
        self._sources = aligned_zeros(sources, SOURCE)
        self._bus = aligned_zeros(1, BUS)
        self._out = np.zeros((2, QUANTUM), np.float32)

    @property
    def latency_frames(self) -> int:
        """Constant delay of the ears: that of the head's centre."""
        return int(self._native[0]["base_delay_frames"])

    def process(self, signals: npt.ArrayLike, places: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Render one quantum.

        Parameters
        ----------
        signals : float32 (n, 64), n up to `sources`
        places : float32 (n, 3)
            azimuth_deg (0 front, +90 left), elevation_deg, distance_m from the head's centre, reached at the end of the
            quantum. A source's first place also holds at the start.

        Returns
        -------
        float32 (64, 2), left and right: pressure relative to the free field at the head's centre
        """
        given = np.ascontiguousarray(signals, np.float32)
        where = np.ascontiguousarray(places, np.float32)
        count = len(given)
        if given.shape != (count, QUANTUM) or where.shape != (count, 3) or count > len(self._sources):
            raise ValueError(
                f"signals must be (n, {QUANTUM}) and places (n, 3) with n <= {len(self._sources)}, "
                f"got {given.shape} and {where.shape}"
            )
        frames = np.empty((QUANTUM, 2), np.float32)
        render(self._native, self._sources, self._bus, given, where, self._out, frames)
        return frames

    def reset(self) -> None:
        """Forget all sound and every place."""
        self._sources.view(np.uint8)[:] = 0
        self._bus.view(np.uint8)[:] = 0
