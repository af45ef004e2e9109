"""One quantum of many sources.  signals + places -> cartesian -> place -> mix -> filter_bus -> (64, 2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.kernels.delay_mix import mix, quantum
from hrtf.kernels.filters import filter_bus
from hrtf.kernels.locate import cartesian, place
from hrtf.kernels.records import BUS, SOURCE
from synth.rt import kernel
from synth.rt.records import aligned_zeros
from synth.rt.units import QUANTUM


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


def impulse_response(
    ears: npt.NDArray[np.void], azimuth_deg: float, elevation_deg: float, distance_m: float
) -> npt.NDArray[np.float32]:
    """Return what both ears hear of an impulse from a source at rest, float32 (2, taps); `ears` is an EARS record (1,)."""
    source, bus = aligned_zeros(1, SOURCE), aligned_zeros(1, BUS)
    place = np.array([[azimuth_deg, elevation_deg, distance_m]], np.float32)
    signal, out = np.zeros((1, QUANTUM), np.float32), np.zeros((2, QUANTUM), np.float32)
    signal[0, 0] = 1
    blocks = np.empty((-(-int(ears[0]["history_frames"] + ears[0]["taps"]) // QUANTUM), QUANTUM, 2), np.float32)
    for block in blocks:
        render(ears, source, bus, signal, place, out, block)
        signal[0, 0] = 0
    return np.ascontiguousarray(blocks.reshape(-1, 2).T)
