"""One block for a sound device: what every audio callback does.  time -> clock -> `process` by address -> counters.

The callbacks of each host stand beside it.
"""

from __future__ import annotations

import numpy as np

from synth.io.audio import device_clock, tape
from synth.io.audio.device_clock import CLOCK
from synth.io.audio.tape import TAPE
from synth.rt import kernel
from synth.rt.intrinsics import address_of, call_address, call_process, cycles

LOADS = 256
"""Cells of the histogram of callback loads, half a per cent each; the last holds all above."""
LIVE = np.dtype(
    [
        ("process", "i8"),  # address of the same compiled code that renders offline
        ("state", "i8"),
        ("tables", "i8"),
        ("midi", "i8"),  # of the engine's MIDI rings
        ("inputs", "i8"),  # channels
        ("clock", CLOCK),
        ("callbacks", "i8"),
        ("frames", "i8"),  # handed out so far: the first frame of the next block
        ("smallest", "i8"),
        ("largest", "i8"),
        ("underflows", "i8"),  # said by the host
        ("lost_frames", "i8"),  # that the host's time went through without asking for them, where the host counts its frames
        ("overruns", "i8"),  # the callback took longer than its block lasts
        ("cycles_before", "i8"),
        ("frames_before", "i8"),
        ("cycles_a_frame", "f8"),  # of the processor, learnt from the time between callbacks
        ("loads", "i8", (LOADS,)),
        ("heard", TAPE),  # live input, for a take
        ("played", TAPE),  # for a recording
        ("gettid", "i8"),  # address of the C function; 0: none
        ("thread", "i8"),  # the audio thread's number in the system; 0: not known
    ],
    align=True,
)
_LOAD_CELLS = 200.0  # of the histogram, for a whole block's time
_YARDSTICK_SHARE, _PAUSE = 0.02, 4.0


@kernel
def play(live, in_address, out_address, frames):
    """Render frames and tape them; for a device's callback, or while there is no device."""
    tape.write(live.heard, in_address, frames)  # before it is heard, so that no event is answered without its input
    call_process(live.process, live.state, live.tables, in_address, live.inputs, out_address, frames)
    tape.write(live.played, out_address, frames)
    live.frames += frames


@kernel
def render(live, in_address, out_address, frames, time_s):
    """Fill one block of interleaved samples, f4 (frames, 2).

    Parameters
    ----------
    live : a LIVE record.
    in_address : f4 (frames, live.inputs) that came in with this block; 0: nothing.
    out_address, frames : what is filled.
    time_s : when the callback was called, on the host's clock.
    """
    if live.thread == 0 and live.gettid != 0:
        live.thread = call_address(live.gettid, np.int32)
    device_clock.tick(live.clock, address_of(live.clock), time_s, live.frames, frames)
    play(live, in_address, out_address, frames)
    live.callbacks += 1
    live.smallest = frames if live.smallest == 0 else min(live.smallest, frames)
    live.largest = max(live.largest, frames)


@kernel
def note_load(live, begin, frames):
    """Count how much of its block's time a callback took that began at `begin` cycles.

    The yardstick is the smoothed time between callbacks, in which the frames of the block before were played. A pause counts as
    four blocks at most, so that a stop of the host does not spoil the yardstick for long.
    """
    spent = cycles() - begin
    if live.frames_before > 0:
        measured = (begin - live.cycles_before) / live.frames_before
        if live.cycles_a_frame > 0.0:
            measured = min(measured, _PAUSE * live.cycles_a_frame)
            live.cycles_a_frame += _YARDSTICK_SHARE * (measured - live.cycles_a_frame)
        else:
            live.cycles_a_frame = measured
    live.cycles_before, live.frames_before = begin, frames
    if live.cycles_a_frame > 0.0:
        load = spent / (frames * live.cycles_a_frame)
        live.loads[min(int(load * _LOAD_CELLS), LOADS - 1)] += 1
        live.overruns += load > 1.0
