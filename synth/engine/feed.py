"""A stream as Python sees it: frames of numbers on their way to the quantum.  push -> waiting -> ring, if it has room.

Offline nothing is lost: what the ring has no room for yet waits here, by its frame. Live everything goes to the ring at once.
"""

from __future__ import annotations

import heapq
import itertools
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.memory import aligned_zeros
from synth.control import stream as streams
from synth.control.stream import ACT, ACTS, ITEM, PENDING, PHASES, RING, STREAM, TARGET, WAITING
from synth.engine import segments
from synth.engine.contract import Contract
from synth.engine.frames import Vectors, heads_of, vectors_of
from synth.engine.layer import Layer
from synth.engine.outbox import NEVER
from synth.errors import InputError
from synth.parameter import Parameter
from synth.segment import Segment
from synth.vector_space import Space

MASTER_PATHS = ("level_db", "room_db")
"""What of the master a stream can move."""
_RING_BYTES = 1 << 22
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Target:
    """One number that a stream moves."""

    path: str
    layer: Layer | None
    slot: int
    parameter: Parameter
    home: float

    @property
    def row(self) -> tuple[Any, ...]:
        """The TARGET record."""
        index, generation = (self.layer.index, self.layer.generation) if self.layer else (-1, 0)
        return generation, index, self.slot, self.parameter.low, self.parameter.high, self.home, 0


def capacity_of(values: int) -> int:
    """Return how many frames a ring holds: a power of two, of a few megabytes."""
    return 1 << min(max(int(math.log2(_RING_BYTES / streams.item_bytes(values))), 8), 14)


def ring_bytes(values: int) -> int:
    """Return how long a ring is."""
    return RING.itemsize + capacity_of(values) * streams.item_bytes(values)


@dataclass
class _Block:
    """Frames that wait for room, by their frame."""

    frames: npt.NDArray[np.int64]
    heads: npt.NDArray[np.void]
    vectors: Vectors
    at: int = 0


@dataclass(frozen=True)
class Definition:
    """What a take keeps of a stream: enough to let its acts happen again."""

    number: int
    targets: list[tuple[Any, ...]]
    slew: float
    return_frames: int


@dataclass
class _Memory:
    """A stream's memory, seen by the audio thread; its record's addresses point into it."""

    record: npt.NDArray[np.void]
    ring: npt.NDArray[np.uint8]
    parts: list[npt.NDArray[Any]] = field(default_factory=list)


def _memory(rows: Sequence[tuple[Any, ...]], hash_: int, ring: npt.NDArray[np.uint8] | None) -> _Memory:
    values = len(rows)
    capacity = capacity_of(values)
    whole = aligned_zeros(ring_bytes(values), np.uint8) if ring is None else ring
    parts: dict[str, npt.NDArray[Any]] = {
        "targets": np.array([tuple(row) for row in rows], TARGET),
        "pending": np.zeros(WAITING, PENDING),
        "vectors": np.zeros((WAITING, values), np.float32),
        "order": np.arange(WAITING, dtype=np.int32),
        "acts": np.zeros(ACTS * streams.act_bytes(values), np.uint8),
    }
    record = aligned_zeros(1, STREAM)
    for name, part in parts.items():
        record[name] = part.ctypes.data
    record["ring"] = whole.ctypes.data
    record["values"], record["capacity"], record["hash"] = values, capacity, hash_
    record["item_bytes"], record["act_bytes"] = streams.item_bytes(values), streams.act_bytes(values)
    record["last_nominal"] = -NEVER
    head = whole[: RING.itemsize].view(RING)
    head["hash"], head["values"], head["capacity"] = hash_, values, capacity
    return _Memory(record, whole, list(parts.values()))


class Stream:
    """A stream of parameter frames into an engine; made by `Engine.stream`.

    Attributes
    ----------
    name : its own.
    contract : see `Contract`.
    space : what a vector's places are: their paths, ranges, curves, and a hash of all that.
    """

    def __init__(
        self,
        name: str,
        targets: Sequence[Target],
        contract: Contract,
        sample_rate: float,
        now: Any,
        shared: str | None = None,
    ) -> None:
        self.name, self.contract = name, contract
        self.space = Space.of((target.path, target.parameter, target.home) for target in targets)
        self._sample_rate, self._now = sample_rate, now
        rows, hash_ = [target.row for target in targets], self.space.hash_number
        self._segment = None if shared is None else Segment(shared, segments.size_of(self.space, ring_bytes(len(rows))))
        self._memory = _memory(rows, hash_, self._segment.bytes[: ring_bytes(len(rows))] if self._segment else None)
        contract.write(self._record, sample_rate)
        self._begin()
        if self._segment:
            self._is_shared = True
            segments.describe(self._segment.bytes, self.space, sample_rate)

    def _begin(self) -> None:
        self._number = next(_NUMBERS)
        self._order = itertools.count()
        self._waiting: list[tuple[int, int, _Block]] = []
        self._lock = threading.Lock()  # many Python threads may push; the ring has one writer
        self._is_live = self._is_shared = self.is_closed = False

    @classmethod
    def replayed(cls, definition: Definition, sample_rate: float) -> Stream:
        """Return a stream that does again what a take says."""
        self = cls.__new__(cls)
        self.name, self.contract, self._segment = "replayed", Contract(), None
        self._sample_rate, self._now = sample_rate, lambda: 0
        self._memory = _memory(definition.targets, 0, None)
        self._record["is_replay"] = 1
        self._record["slew"], self._record["return_frames"] = definition.slew, definition.return_frames
        self._begin()
        return self

    # ---- what can be read

    @property
    def _record(self) -> Any:
        return self._memory.record[0]

    @property
    def _ring(self) -> Any:
        return self._memory.ring[: RING.itemsize].view(RING)[0]

    @property
    def values(self) -> int:
        """How many numbers a frame has."""
        return int(self._record["values"])

    @property
    def stats(self) -> dict[str, Any]:
        """What has happened so far.

        Frames: `received`, `applied`, `late`, `early` (from further ahead than allowed), `dropped` (older than another late one,
        replaced, or without room), `rejected` (another hash, no time), `waiting`. `not_numbers`: values that were none, what a
        mapping left out among them. `fouled`: how often a shared ring's counters made no sense. `stalls`, `phase`. `age_s` of
        the newest frame, measured `rate_hz` and `jitter_s` of arrivals, `longest_wait_s` from arrival to effect.
        """
        record, rate = self._record, self._sample_rate
        names = ("received", "applied", "late", "early", "rejected", "not_numbers", "fouled", "stalls")
        counters: dict[str, Any] = {name: int(record[name]) for name in names}
        is_timed = counters["received"] > 1 and record["interval"] > 0
        return counters | {
            "dropped": int(record["dropped"]) + max(int(self._ring["lost"]), 0),
            "waiting": int(record["count"] - record["acting"]) + sum(len(b.frames) - b.at for *_, b in self._waiting),
            "phase": PHASES[int(record["phase"])],
            "age_s": (self._now() - int(record["last_arrival"])) / rate if counters["received"] else math.inf,
            "rate_hz": rate / float(record["interval"]) if is_timed else 0.0,
            "jitter_s": float(record["jitter"]) / rate,
            "longest_wait_s": int(record["longest_wait"]) / rate,
        }

    @property
    def time_s(self) -> float | None:
        """Now as a stamp: seconds since the stream's start; None while that is not pinned."""
        record = self._record
        return (self._now() - int(record["start"])) / self._sample_rate if record["is_pinned"] else None

    @property
    def definition(self) -> Definition:
        """What a take needs of it."""
        rows = [tuple(row.item()) for row in self._memory.parts[0]]
        return Definition(self._number, rows, float(self._record["slew"]), int(self._record["return_frames"]))

    # ---- pushing

    def push(
        self,
        values: npt.ArrayLike | Mapping[str, Any],
        at: Any = None,
        time_s: Any = None,
        *,
        hash: int | str | None = None,
    ) -> int:
        """Send a frame, or several at once; never waits.

        Parameters
        ----------
        values : (n,) in the order of `space.paths`, (k, n), or a mapping from path to value for some of them. They become
            float32; NaN leaves a parameter as it is; what is beyond a parameter's range becomes its nearest end.
        at : the absolute frame at which they take effect, (k,) for several.
        time_s : instead, their stamps in seconds since the stream's start, which take effect `delay_s` later; without either
            they do so `delay_s` after they came.
        hash : of the space that the sender means, to be compared.

        Returns
        -------
        int : how many were taken; live the ring may be full.

        Raises
        ------
        InputError
            If a path is not known, a shape is wrong, a time is none, or the hash is another's.
        """
        where = f"stream '{self.name}'"
        if hash is not None:
            self.space.check(hash, where)
        vectors = vectors_of(where, self.space, values)
        heads = heads_of(where, len(vectors), at, time_s)
        with self._lock:
            if self.is_closed:
                raise InputError(f"stream '{self.name}' is closed")
            if self._is_shared:
                raise InputError(f"stream '{self.name}' is fed by another process: synth.connect(...).push(...)")
            return self._take(heads, vectors)

    def frame_of(self, time_s: float | None = None) -> int | None:
        """Return the absolute frame at which a frame of this stamp acts, or one without that comes now; None: not pinned yet."""
        record, now = self._record, int(self._now())
        if time_s is None:
            return now + int(record["delay"])
        if not record["is_pinned"]:
            return None
        frame = max(math.floor(float(record["start"]) + float(record["delay"]) + time_s * self._sample_rate + 0.5), 0)
        most_ahead = int(record["most_ahead"])
        return min(frame, now + most_ahead) if most_ahead else frame

    def _take(self, heads: npt.NDArray[np.void], vectors: Vectors) -> int:
        if self._is_live or self._is_shared or self.contract.ahead_s is not None:
            return self._send(heads, vectors)
        frames = self._frames(heads)
        order = np.argsort(frames, kind="stable")
        self._wait(frames[order], heads[order], np.ascontiguousarray(vectors[order]))
        return len(heads)

    def _frames(self, heads: npt.NDArray[np.void]) -> npt.NDArray[np.int64]:
        """Return the frame at which each frame acts, offline, and stamp it so."""
        record, now, rate = self._record, self._now(), self._sample_rate
        if len(heads) and heads["kind"][0] == streams.STAMPED:
            if not record["is_pinned"]:
                record["is_pinned"], record["start"] = 1, now - math.floor(float(heads["stamp_s"][0]) * rate + 0.5)
            exact = np.floor(float(record["start"]) + float(record["delay"]) + heads["stamp_s"] * rate + 0.5)
            heads["frame"] = np.clip(exact, 0, NEVER / 4)
        elif len(heads) and heads["kind"][0] == streams.ARRIVED:
            heads["frame"] = now + int(record["delay"])
        heads["kind"] = streams.AT
        return heads["frame"].copy()

    def _wait(self, frames: npt.NDArray[np.int64], heads: npt.NDArray[np.void], vectors: Vectors) -> None:
        if len(frames):
            heapq.heappush(self._waiting, (int(frames[0]), next(self._order), _Block(frames, heads, vectors)))

    def _send(self, heads: npt.NDArray[np.void], vectors: Vectors) -> int:
        record = self._memory.record[0]
        arguments = (int(record["values"]), int(record["capacity"]), heads.ctypes.data, vectors.ctypes.data, len(heads))
        return int(streams.send(int(record["ring"]), *arguments))

    def deliver(self, stop: int = NEVER) -> int:
        """Hand over what acts before frame `stop`, as far as there is room; return the frame of the first that still waits."""
        with self._lock:
            while self._waiting and self._waiting[0][0] < stop:
                record = self._record
                room = WAITING - int(record["count"]) - int(self._ring["written"] - record["read"])
                if room <= 0:
                    break
                _, number, block = heapq.heappop(self._waiting)
                until = min(stop, self._waiting[0][0] + 1 if self._waiting else NEVER)
                end = min(block.at + room, int(np.searchsorted(block.frames, until)))
                self._send(block.heads[block.at : end], block.vectors[block.at : end])
                block.at = end
                if block.at < len(block.frames):
                    heapq.heappush(self._waiting, (int(block.frames[block.at]), number, block))
            return self._waiting[0][0] if self._waiting else NEVER

    # ---- for the engine

    def go_live(self, is_live: bool) -> None:
        """Send at once from now on, or let frames wait for their time here."""
        self._is_live = is_live
        self._record["most_ahead"] = self.contract.most_ahead(is_live or self._is_shared, self._sample_rate)

    @property
    def address(self) -> int:
        """Of its STREAM record."""
        return int(self._memory.record.ctypes.data)

    @property
    def has_ended(self) -> bool:
        """Whether the quantum has let it go."""
        return bool(self._record["is_closed"])

    def acts(self) -> npt.NDArray[np.uint8]:
        """Return what the stream has done since the last time: (k, bytes), each an ACT and its values."""
        record = self._record
        read, written = int(record["acts_read"]), int(record["acts_written"])
        rows = self._memory.parts[4].reshape(ACTS, -1)[np.arange(read, written) % ACTS]
        record["acts_read"] = written
        return rows

    def act_again(self, rows: npt.NDArray[np.uint8]) -> None:
        """Let happen again what `acts` returned."""
        acts = rows[:, : ACT.itemsize].copy().view(ACT)[:, 0]
        vectors = rows[:, ACT.itemsize :].copy().view(np.float32)[:, : self.values]
        heads = np.zeros(len(acts), ITEM)
        heads["kind"] = streams.REPLAYED
        for name in ("frame", "ramp_frames", "act", "is_eased"):
            heads[name] = acts[name]
        with self._lock:
            self._wait(heads["frame"].copy(), heads, np.ascontiguousarray(vectors))

    def close(self) -> None:
        """End the stream: its parameters stay as they are, and belong to nobody. Frames that wait are dropped."""
        with self._lock:
            self.is_closed, self._waiting = True, []
            self._ring["is_closed"] = 1
            self._record["is_closing"] = 1
            if self._segment:
                self._segment.remove()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
