"""Bus: many moving sources into two ears, from Python.  signals + places -> hrtf.kernels.render -> (64, 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from hrtf.kernels.records import BUS, SOURCE
from hrtf.kernels.render import render
from synth.rt.records import aligned_zeros
from synth.rt.units import QUANTUM

if TYPE_CHECKING:
    from hrtf.ears import Ears


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
