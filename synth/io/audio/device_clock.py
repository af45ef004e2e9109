"""The clock: which frame belongs to which moment.  callback times (jittery) -> delay-locked loop -> frame <-> seconds.

A sound card calls back late by whatever the system was busy with; the loop (Adriaensen, "Using a DLL to filter time", 2005)
follows the mean. The audio thread publishes each state under a counter that is odd while it writes, so a reader on another thread
sees all of one state or tries again (a seqlock; its fences after Boehm, "Can seqlocks get along with programming language memory
models?", 2012).
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from synth.rt import kernel
from synth.rt.intrinsics import fence_acquire, fence_release, load_acquire, pointer, store_release

CLOCK = np.dtype(
    [
        ("version", "i8"),  # odd while it is being written
        ("frame", "i8"),  # first frame of the newest callback
        ("time_s", "f8"),  # its filtered time
        ("period_s", "f8"),  # seconds a frame
        ("block_frames", "i8"),  # of that callback
        ("bandwidth_hz", "f8"),
        ("nominal_s", "f8"),
        ("gaps", "i8"),  # jumps too large to be jitter: the loop starts anew
    ],
    align=True,
)
_FAST_HZ, _SLOW_HZ = 1.0, 0.05
_NARROWING = 0.995  # of the bandwidth, a callback
_GAP_PERIODS = 2.5


@kernel
def start(clock, sample_rate):
    """Begin with no callback seen yet."""
    clock.nominal_s = 1.0 / sample_rate
    clock.period_s = clock.nominal_s
    clock.block_frames = 0
    clock.bandwidth_hz = _FAST_HZ


@kernel
def _lock(clock, time_s, frame):
    """Start the loop anew at a callback: after the first one, and after a gap."""
    clock.time_s = time_s
    clock.period_s = clock.nominal_s
    clock.bandwidth_hz = _FAST_HZ
    clock.frame = frame


@kernel
def tick(clock, address, time_s, frame, frames):
    """Take in a callback's time.

    Parameters
    ----------
    clock, address : a CLOCK record and its address.
    time_s : the callback's own clock.
    frame, frames : first frame and number of frames it asks for.
    """
    version = clock.version
    store_release(address, version + 1)
    fence_release()
    block_s = clock.block_frames * clock.nominal_s
    error_s = time_s - (clock.time_s + clock.block_frames * clock.period_s)
    if clock.block_frames == 0:
        _lock(clock, time_s, frame)
    elif abs(error_s) > _GAP_PERIODS * max(block_s, frames * clock.nominal_s):
        clock.gaps += 1
        _lock(clock, time_s, frame)
    else:
        omega = 2.0 * math.pi * clock.bandwidth_hz * block_s
        clock.time_s += clock.block_frames * clock.period_s + math.sqrt(2.0) * omega * error_s
        clock.period_s += omega * omega * error_s / clock.block_frames
        clock.frame = frame
        clock.bandwidth_hz = max(clock.bandwidth_hz * _NARROWING, _SLOW_HZ)
    clock.block_frames = frames
    store_release(address, version + 2)


@kernel
def skip(clock, address, frames):
    """Note frames that the host's time went through without asking for them: what comes next belongs to later moments."""
    version = clock.version
    store_release(address, version + 1)
    fence_release()
    clock.gaps += 1
    clock.time_s += frames * clock.period_s
    store_release(address, version + 2)


@kernel
def frame_at(address, time_s):
    """Return the frame (fractional) that belongs to a time on the callback's clock; for any thread."""
    clock = carray(pointer(address), 1, CLOCK)[0]
    while True:
        version = load_acquire(address)
        frame = clock.frame + (time_s - clock.time_s) / clock.period_s
        fence_acquire()
        if version % 2 == 0 and load_acquire(address) == version:
            return frame
