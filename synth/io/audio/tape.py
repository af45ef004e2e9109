"""A tape: the newest seconds of samples that the audio thread heard or played.  audio thread -> ring -> whoever writes files.

The audio thread never waits and never fails: it writes over what is oldest. The reader sees from the counter what it has missed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import carray

from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, pointer, store_release

TAPE_FRAMES = 1 << 18
"""Of a tape, a power of two: 5.4 s at 48 kHz."""
_MARGIN = 1 << 14
"""Frames before the write position that may be overwritten while they are being read."""

TAPE = np.dtype(
    [
        ("frames", "i8"),  # written so far; first, so that it has the record's address
        ("_line", "i8", (7,)),
        ("samples", "i8"),  # address of f4 (TAPE_FRAMES, channels); 0: nothing is taped
        ("channels", "i8"),
    ],
    align=True,
)


@kernel
def write(tape, samples_address, frames):
    """Append interleaved samples.

    Parameters
    ----------
    tape : a TAPE record.
    samples_address : address of f4 (frames, channels); 0: silence.
    frames : how many, at most TAPE_FRAMES.
    """
    if tape.samples == 0:
        return
    channels = tape.channels
    ring = carray(pointer(tape.samples), TAPE_FRAMES * channels, np.float32)
    samples = carray(pointer(samples_address), frames * channels, np.float32)
    at = tape.frames % TAPE_FRAMES * channels
    for index in range(frames * channels):
        ring[at] = samples[index] if samples_address != 0 else np.float32(0.0)
        at += 1
        if at == TAPE_FRAMES * channels:
            at = 0
    store_release(address_of(tape), tape.frames + frames)


class TapeReader:
    """The reading side of a tape; owns its memory.

    Parameters
    ----------
    tape : array (1,) of TAPE, part of the audio thread's record; set up here.
    channels : how many.
    """

    def __init__(self, tape: npt.NDArray[np.void], channels: int) -> None:
        self._samples = np.zeros((TAPE_FRAMES, channels), np.float32)
        self._tape = tape
        self._read = self._written()  # which also loads its kernel: later a compiler might keep it waiting
        tape["channels"] = channels
        tape["samples"] = self._samples.ctypes.data

    def read(self) -> tuple[npt.NDArray[np.float32], int]:
        """Return what was written since the last call, (frames, channels), and how many frames before it were missed."""
        written = self._written()
        begin = max(self._read, written - TAPE_FRAMES + _MARGIN)
        block = self._samples[np.arange(begin, written) % TAPE_FRAMES]
        overwritten = max(begin, self._written() - TAPE_FRAMES + _MARGIN) - begin
        missed = begin + overwritten - self._read
        self._read = written
        return block[overwritten:], missed

    def _written(self) -> int:
        return int(_frames_of(self._tape.ctypes.data))


@kernel
def _frames_of(address: Any) -> Any:
    return load_acquire(address)
