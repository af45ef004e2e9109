"""Event processes: when the next micro-event comes.  rate -> Poisson times in seconds -> exact frames.

Times are drawn in units of expected events (unit-rate exponential gaps) and the rate is integrated over time, so a changing rate
needs no new draws and one seed gives the same events at every sample rate.
"""

from __future__ import annotations

import numpy as np

from synth.dsp import noise
from synth.rt import kernel

PROCESS = np.dtype([("rng", "u8"), ("remaining", "f8")], align=True)
"""`rng`: the process's own stream; `remaining`: expected events until the next one."""


@kernel
def start(process, seed):
    """Begin a process with its own stream; the first event may come at once."""
    process.rng = seed
    process.remaining = noise.exponential(process)


@kernel
def next_frame(process, rate_hz, sample_rate, frame, stop):
    """Return the frame in frame..stop of the next event, or `stop` if none comes before; the process advances past it.

    Call again with the returned frame until it returns `stop`: several events may share a frame. The gap to the following event
    is drawn at once and what remained of the frame is kept, so rates stay exact.
    """
    per_frame = rate_hz / sample_rate
    expected = per_frame * (stop - frame)
    if process.remaining >= expected:
        process.remaining -= expected
        return stop
    wait = int(process.remaining / per_frame)
    process.remaining -= wait * per_frame
    process.remaining += noise.exponential(process)
    return frame + min(wait, stop - frame - 1)
