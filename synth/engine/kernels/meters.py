"""Meters: what reaches the ears, measured where it leaves.  out -> A-weighted energy, peak, limiter -> a row every 50 ms.

The rows go into a ring that is written over; who shows them reads the newest, who adds them up reads each before it is old.
"""

from __future__ import annotations

import numpy as np

from synth.dsp.a_weighting import WEIGHTING, energy
from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, store_release
from synth.rt.records import offset
from synth.rt.units import QUANTUM

ROWS = 256
"""Rows that are kept: the last 13 seconds."""
ROW_S = 0.05

METER_ROW = np.dtype(
    [
        ("frame", "i8"),  # the last one measured, and one more
        ("frames", "i8"),
        ("weighted", "f8", (2,)),  # mean square, A-weighted
        ("peak", "f8", (2,)),
        ("gain", "f8"),  # the lowest of the limiter
    ],
    align=True,
)
METERS = np.dtype(
    [
        ("written", "i8"),
        ("weighting", WEIGHTING, (2,)),
        ("running", METER_ROW),
        ("rows", METER_ROW, (ROWS,)),
    ],
    align=True,
)
_WRITTEN_AT = offset(METERS, "written")


@kernel
def _publish(meters, frame):
    """Close the running row and begin the next."""
    running, row = meters.running, meters.rows[meters.written % ROWS]
    row.frame, row.frames, row.gain = frame, running.frames, running.gain
    for ear in range(2):
        row.weighted[ear] = running.weighted[ear] / running.frames
        row.peak[ear] = running.peak[ear]
        running.weighted[ear], running.peak[ear] = 0.0, 0.0
    running.frames, running.gain = 0, 1.0
    store_release(address_of(meters) + _WRITTEN_AT, meters.written + 1)


@kernel
def rows_written(meters_address):
    """Return how many rows were written so far; all of them can be read.  For the Python side."""
    return load_acquire(meters_address + _WRITTEN_AT)


@kernel
def measure(meters, limiter, out, frame, sample_rate):
    """Take in the quantum that ends at absolute `frame`, f4 (2, 64), as it goes out."""
    running = meters.running
    for ear in range(2):
        running.weighted[ear] += energy(meters.weighting[ear], out[ear])
        peak = running.peak[ear]
        for n in range(QUANTUM):
            peak = max(peak, float(abs(out[ear, n])))
        running.peak[ear] = peak
    running.gain = min(running.gain, limiter.lowest_gain)
    limiter.lowest_gain = 1.0
    running.frames += QUANTUM
    if running.frames >= ROW_S * sample_rate:
        _publish(meters, frame)
