"""A sound file that can be read at any moment while it grows.  block -> bytes appended -> header that counts them.

wav: 32-bit float, turned into RF64 in place when it passes 4 GiB (EBU Tech 3306: the JUNK chunk becomes ds64); w64: Sony Wave64.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from synth.io.files.append_file import AppendFile
from synth.io.files.sound_writer import path_for
from synth.parameters.errors import InputError, unknown

LARGEST_RIFF_BYTES = (1 << 32) - 2
"""What follows the first 8 bytes of a wav; one more would read as RF64's "see ds64"."""
_SEE_DS64 = (1 << 32) - 1
_SAMPLE_BYTES = 4
_MOST_CHANNELS = 2  # more need WAVE_FORMAT_EXTENSIBLE and a place for each
_FASTEST_HZ = 1 << 28  # bytes a second must fit 32 bits
_FLOAT = 3  # WAVE_FORMAT_IEEE_FLOAT
_STRIDE_S = 0.5
_MADE_BY = b"INFOISFT\6\0\0\0synth\0"  # 18 bytes: with them the samples begin at a multiple of 8
_WAVE64_GUID = bytes.fromhex("F3ACD3118CD100C04F8EDB8A")  # behind every name but the first
_RIFF64_GUID = bytes.fromhex("2E91CF11A5D628DB04C10000")


def _format(sample_rate: int, channels: int) -> bytes:
    """Return WAVEFORMATEX without an extension: 18 bytes, the last two its length."""
    frame_bytes = channels * _SAMPLE_BYTES
    return struct.pack("<HHIIHHH", _FLOAT, channels, sample_rate, sample_rate * frame_bytes, frame_bytes, 8 * _SAMPLE_BYTES, 0)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body


def wav_head(frames: int, sample_rate: int, channels: int) -> bytes:
    """Return what stands before the samples of a wav: 120 bytes, whatever the number of frames."""
    data_bytes = frames * channels * _SAMPLE_BYTES
    riff_bytes = 112 + data_bytes
    large = riff_bytes > LARGEST_RIFF_BYTES
    sizes = struct.pack("<QQQI", riff_bytes, data_bytes, frames, 0) if large else bytes(28)
    riff_32, data_32, frames_32 = (_SEE_DS64,) * 3 if large else (riff_bytes, data_bytes, frames)
    return b"".join(
        (
            (b"RF64" if large else b"RIFF") + struct.pack("<I", riff_32) + b"WAVE",
            _chunk(b"ds64" if large else b"JUNK", sizes),
            _chunk(b"fmt ", _format(sample_rate, channels)),
            _chunk(b"fact", struct.pack("<I", frames_32)),
            _chunk(b"LIST", _MADE_BY),
            b"data" + struct.pack("<I", data_32),
        )
    )


def _wave64_chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk, whose size counts its own 24 bytes but not the filling to a multiple of 8."""
    return name + _WAVE64_GUID + struct.pack("<Q", 24 + len(body)) + body + bytes(-len(body) % 8)


def w64_head(frames: int, sample_rate: int, channels: int) -> bytes:
    """Return what stands before the samples of a w64: 144 bytes."""
    data_bytes = frames * channels * _SAMPLE_BYTES
    return b"".join(
        (
            b"riff" + _RIFF64_GUID + struct.pack("<Q", 144 + data_bytes) + b"wave" + _WAVE64_GUID,
            _wave64_chunk(b"fmt ", _format(sample_rate, channels)),
            _wave64_chunk(b"fact", struct.pack("<Q", frames)),
            b"data" + _WAVE64_GUID + struct.pack("<Q", 24 + data_bytes),
        )
    )


_HEADS: dict[str, Callable[[int, int, int], bytes]] = {".wav": wav_head, ".w64": w64_head}


SUFFIXES = tuple(_HEADS)


class Recording:
    """A growing sound file; a context manager that closes it and always keeps it.

    After every block the header counts all that is in the file and nothing that is not: whatever ends the process, the file
    opens, and at most the block under way (of a long one, the last half second) is missing.

    Parameters
    ----------
    path : where to, .wav or .w64; an existing file is kept: see `append_file.free_path`.
    sample_rate : whole hertz.
    channels : 1 or 2.

    Raises
    ------
    InputError
        If the file is there already or cannot be made, or a number is out of range.
    """

    def __init__(self, path: str | Path, sample_rate: float, channels: int = 2) -> None:
        suffix = Path(path).suffix.lower()
        if suffix not in _HEADS:
            raise unknown("recording format", suffix, _HEADS, str(path))
        if not 1 <= sample_rate <= _FASTEST_HZ or sample_rate != round(sample_rate):
            raise InputError(f"{path}: sample_rate = {sample_rate:g}; it must be whole hertz, 1 .. {_FASTEST_HZ}")
        if channels not in range(1, _MOST_CHANNELS + 1):
            raise InputError(f"{path}: channels = {channels}; it must be 1 .. {_MOST_CHANNELS}")
        self.path = path_for(path, 0)
        self.sample_rate = round(sample_rate)
        self.channels = channels
        self._head = _HEADS[suffix]
        self._file = AppendFile(self.path, self._head(0, self.sample_rate, channels))
        self._head_bytes = self._file.length

    @property
    def frames(self) -> int:
        """Frames in the file."""
        return (self._file.length - self._head_bytes) // (self.channels * _SAMPLE_BYTES)

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Append (frames, channels) float32.

        Raises
        ------
        InputError
            If the disk is full, or anything else keeps the file from growing: it is closed and holds what came before.
        """
        if block.ndim != 2 or block.shape[1] != self.channels:
            raise InputError(f"{self.path}: a block of shape {block.shape}; it must be (frames, {self.channels})")
        stride = max(1, round(_STRIDE_S * self.sample_rate))
        for start in range(0, len(block), stride):
            self._file.append(np.asarray(block[start : start + stride], "<f4").tobytes())
            self._file.rewrite(self._head(self.frames, self.sample_rate, self.channels))
        self._file.sync()

    def close(self) -> None:
        """Bring the file to the disk and close it; may be called again."""
        self._file.close()

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()
