"""A tape: the newest seconds of samples that the audio thread heard or played.  audio thread -> ring -> whoever writes files.

A ring whose writer, the audio thread, does not look whether there is room: it never waits and never fails, and writes over what
is oldest. The reader sees from the counter what it has missed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import carray

from synth.rt import kernel, rings
from synth.rt.intrinsics import address_of, pointer

TAPE_FRAMES = 1 << 18
"""Of a tape, a power of two: 5.4 s at 48 kHz."""
_MARGIN = 1 << 14
"""Frames before the write position that may be overwritten while they are being read."""

TAPE = np.dtype(
    [
        *rings.FIELDS,  # its items are frames
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
    at = tape.written % TAPE_FRAMES * channels
    for index in range(frames * channels):
        ring[at] = samples[index] if samples_address != 0 else np.float32(0.0)
        at += 1
        if at == TAPE_FRAMES * channels:
            at = 0
    rings.store_written(address_of(tape), tape.written + frames)


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
        rings.store_read(tape.ctypes.data, self._written())  # loads its kernels: later a compiler might keep it waiting
        tape["channels"] = channels
        tape["samples"] = self._samples.ctypes.data

    def read(self) -> tuple[npt.NDArray[np.float32], int]:
        """Return what was written since the last call, (frames, channels), and how many frames before it were missed."""
        read, written = int(self._tape["read"][0]), self._written()
        begin = max(read, written - TAPE_FRAMES + _MARGIN)
        block = self._samples[np.arange(begin, written) % TAPE_FRAMES]
        overwritten = max(begin, self._written() - TAPE_FRAMES + _MARGIN) - begin
        missed = begin + overwritten - read
        rings.store_read(self._tape.ctypes.data, written)
        return block[overwritten:], missed

    def _written(self) -> int:
        return int(rings.load_written(self._tape.ctypes.data))
