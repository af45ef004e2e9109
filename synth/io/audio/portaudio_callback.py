"""The audio callback: compiled, without Python.  PortAudio -> clock -> `process` -> interleaved samples, counters.

PortAudio calls the function with the address of a LIVE record as its user data; everything it touches is reached from there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types

from synth.io.audio import audio_block
from synth.io.audio.audio_block import LIVE
from synth.rt import callback as compiled
from synth.rt.intrinsics import address_in, cycles

_UNDERFLOW = 4
_CONTINUE = 0

_SIGNATURE = types.intc(
    types.voidptr,
    types.CPointer(types.float32),
    types.ulong,
    types.CPointer(types.float64),
    types.ulong,
    types.voidptr,
)


def _callback(coming: Any, output: Any, frame_count: Any, times: Any, flags: Any, user_data: Any) -> int:
    begin = cycles()
    live = carray(user_data, 1, LIVE)[0]
    frames = np.int64(frame_count)
    if frames == 0:
        return _CONTINUE
    audio_block.render(live, address_in(coming), address_in(output), frames, times[1])
    live.underflows += (np.int64(flags) & _UNDERFLOW) != 0
    audio_block.note_load(live, begin, frames)
    return _CONTINUE


def callback() -> Any:
    """Return the compiled `PaStreamCallback`; keep it alive until the stream is closed."""
    return compiled(_callback, _SIGNATURE)
