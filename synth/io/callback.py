"""The audio callback: compiled, without Python.  PortAudio -> clock -> `process` -> interleaved samples, counters.

PortAudio calls the function with the address of a LIVE record as its user data; everything it touches is reached from there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, cfunc, types

from hrtf.memory import offset
from synth.control import clock
from synth.control.clock import CLOCK
from synth.engine.quantum import PROCESS_SIGNATURE, process
from synth.jit import address_in, address_of, call_process, cycles, kernel, native_address

LOADS = 256
"""Cells of the histogram of callback loads, half a per cent each; the last holds all above."""
LIVE = np.dtype(
    [
        ("process", "i8"),  # address of the same compiled code that renders offline
        ("state", "i8"),
        ("tables", "i8"),
        ("inputs", "i8"),  # channels
        ("clock", CLOCK),
        ("callbacks", "i8"),
        ("frames", "i8"),
        ("smallest", "i8"),
        ("largest", "i8"),
        ("underflows", "i8"),  # said by the host
        ("overruns", "i8"),  # the callback took longer than its block lasts
        ("cycles_before", "i8"),
        ("cycles_a_frame", "f8"),  # of the processor, learnt from the time between callbacks
        ("loads", "i8", (LOADS,)),
        ("stopping", "i8"),
    ],
    align=True,
)
_CLOCK_AT = offset(LIVE, "clock")
_UNDERFLOW = 4
_CONTINUE = 0


@kernel
def _note_load(live, begin, frames):
    """Count how much of its block's time this callback took; the yardstick is the smoothed time between callbacks."""
    spent = cycles() - begin
    if live.cycles_before > 0 and live.largest > 0:
        measured = (begin - live.cycles_before) / max(live.clock.block_frames, 1)
        share = 0.02 if live.cycles_a_frame > 0.0 else 1.0
        live.cycles_a_frame += share * (measured - live.cycles_a_frame)
    live.cycles_before = begin
    if live.cycles_a_frame > 0.0:
        load = spent / (frames * live.cycles_a_frame)
        live.loads[min(int(load * 200.0), LOADS - 1)] += 1
        live.overruns += load > 1.0


@kernel
def serve(live, in_address, out_address, frames, time_s, flags):
    """Fill one block of interleaved samples, f4 (frames, 2), hearing f4 (frames, live.inputs) if `in_address` is not 0."""
    begin = cycles()
    clock.tick(live.clock, address_of(live) + _CLOCK_AT, time_s, live.frames, frames)
    call_process(live.process, live.state, live.tables, in_address, live.inputs, out_address, frames)
    live.callbacks += 1
    live.frames += frames
    live.smallest = frames if live.smallest == 0 else min(live.smallest, frames)
    live.largest = max(live.largest, frames)
    live.underflows += (flags & _UNDERFLOW) != 0
    _note_load(live, begin, frames)


_SIGNATURE = types.intc(
    types.voidptr,
    types.CPointer(types.float32),
    types.ulong,
    types.CPointer(types.float64),
    types.ulong,
    types.voidptr,
)


def _callback(coming: Any, output: Any, frame_count: Any, times: Any, flags: Any, user_data: Any) -> int:
    live = carray(user_data, 1, LIVE)[0]
    frames = np.int64(frame_count)
    serve(live, address_in(coming), address_in(output), frames, times[1], np.int64(flags))
    return _CONTINUE


def process_address() -> int:
    """Return the address of the compiled `process`, for the LIVE record."""
    return native_address(process, PROCESS_SIGNATURE)


def callback() -> Any:
    """Return the compiled `PaStreamCallback`; keep it alive until the stream is closed."""
    return cfunc(_SIGNATURE, cache=True, nopython=True, error_model="numpy")(_callback)
