"""A stream's memory: what the quantum reads and writes of it, and its ring.  targets -> records at fixed addresses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.frame_numbers import NEVER
from synth.control.stream.acts import ACT, DUE, act_bytes, acts_bytes
from synth.control.stream.queue import PENDING, WAITING
from synth.control.stream.record import STREAM, TARGET
from synth.control.stream.ring import ITEM, REPLAYED, STREAM_RING, item_bytes
from synth.control.stream.scheduler import MOST_DUE
from synth.rt.records import aligned_zeros
from synth.rt.rings import RING, take_all

_RING_BYTES = 1 << 22
_MOST_TAKEN = 2048  # items out of the ring in one quantum
_TAKEN_COST, _ITEM_COST = 1 << 17, 512  # of another process's: numbers copied, and as many for finding the item's place ...
_MOST_NUMBERS = 1 << 14  # ... and numbers set in one quantum, so that no sender can hold up the sound


@dataclass(frozen=True)
class Definition:
    """What a take keeps of a stream: enough to let its acts happen again."""

    number: int
    targets: list[tuple[Any, ...]]
    slew: float
    return_frames: int


def capacity_of(values: int) -> int:
    """Return how many frames a ring holds: a power of two, of a few megabytes."""
    return 1 << min(max(int(math.log2(_RING_BYTES / item_bytes(values))), 8), 14)


def ring_bytes(values: int) -> int:
    """Return how long a ring is."""
    return STREAM_RING.itemsize + capacity_of(values) * item_bytes(values)


@dataclass
class StreamMemory:
    """A stream's memory, seen by the audio thread; its record's addresses point into it."""

    whole: npt.NDArray[np.void]
    ring_bytes: npt.NDArray[np.uint8]
    parts: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    @property
    def record(self) -> Any:
        """The STREAM record."""
        return self.whole[0]

    @property
    def ring(self) -> Any:
        """The STREAM_RING record."""
        return self.ring_bytes[: STREAM_RING.itemsize].view(STREAM_RING)[0]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The TARGET records."""
        return [tuple(row.item()) for row in self.parts["targets"]]

    def take_acts(self) -> npt.NDArray[np.uint8]:
        """Return what the stream has done since the last time: (k, bytes), each an ACT and its values."""
        return take_all(self._acts, self.parts["acts"][RING.itemsize :].reshape(-1, int(self.record["act_bytes"])))

    @property
    def lost_acts(self) -> int:
        """What the stream did that was not taken in time."""
        return int(self._acts["lost"][0])

    @property
    def _acts(self) -> npt.NDArray[np.void]:
        return self.parts["acts"][: RING.itemsize].view(RING)


def limits_of(values: int) -> tuple[int, int]:
    """Return how many frames of another process are taken in, and how many act, in one quantum: a small share of its time."""
    return _TAKEN_COST // (values + _ITEM_COST), max(_MOST_NUMBERS // values, 2)


def memory_of(rows: Sequence[tuple[Any, ...]], hash_number: int, ring: npt.NDArray[np.uint8] | None) -> StreamMemory:
    """Return memory for a stream with so many targets; `ring`: where its ring lies if another process sends."""
    values = len(rows)
    capacity = capacity_of(values)
    parts: dict[str, npt.NDArray[Any]] = {
        "targets": np.array([tuple(row) for row in rows], TARGET),
        "pending": np.zeros(WAITING, PENDING),
        "vectors": np.zeros((WAITING, values), np.float32),
        "order": np.arange(WAITING, dtype=np.int32),
        "due": np.zeros(MOST_DUE, DUE),
        "acts": aligned_zeros(acts_bytes(values), np.uint8),
    }
    memory = StreamMemory(aligned_zeros(1, STREAM), aligned_zeros(ring_bytes(values), np.uint8) if ring is None else ring, parts)
    record, head = memory.record, memory.ring
    for name, part in parts.items():
        record[name] = part.ctypes.data
    record["ring"] = memory.ring_bytes.ctypes.data
    record["values"], record["capacity"], record["hash"] = values, capacity, hash_number
    record["item_bytes"], record["act_bytes"] = item_bytes(values), act_bytes(values)
    record["most_taken"], record["most_acting"] = (_MOST_TAKEN, WAITING) if ring is None else limits_of(values)
    record["last_nominal"] = -NEVER
    record["glide_from"] = record["room"] = record["room_before"] = NEVER
    head["hash"], head["values"], head["capacity"] = hash_number, values, capacity
    return memory


def replaying(acts: npt.NDArray[np.uint8], values: int) -> tuple[npt.NDArray[np.void], npt.NDArray[np.float32]]:
    """Return the frames, ITEM and f4 (k, values), that let happen again what `take_acts` returned."""
    kept = acts[:, : ACT.itemsize].copy().view(ACT)[:, 0]
    heads = np.zeros(len(kept), ITEM)
    heads["kind"] = REPLAYED
    for name in ("frame", "ramp_frames", "act", "is_eased"):
        heads[name] = kept[name]
    return heads, np.ascontiguousarray(acts[:, ACT.itemsize :].copy().view(np.float32)[:, :values])
