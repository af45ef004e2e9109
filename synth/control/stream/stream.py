"""A stream as Python sees it: frames of numbers on their way to the quantum.  push -> backlog -> ring, if it has room.

Offline nothing is lost: what the ring has no room for yet waits in the backlog. Live everything goes to the ring at once.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.frame_numbers import NEVER
from synth.control.stream import shared_layout
from synth.control.stream.backlog import Backlog
from synth.control.stream.contract import Contract
from synth.control.stream.counters import counters, reason, rejections, with_old_names
from synth.control.stream.frames import Vectors, heads_of, vectors_of
from synth.control.stream.memory import Definition, memory_of, replaying, ring_bytes
from synth.control.stream.queue import WAITING
from synth.control.stream.ring import ARRIVED, AT, LATEST_FRAME, STAMPED, send
from synth.control.stream.shared_memory import SharedMemory
from synth.control.stream.target import Target
from synth.parameters.errors import InputError
from synth.parameters.space import Space

_NUMBERS = itertools.count(1)


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
        self.space = Space.of((target.path, target.parameter, target.preset_value) for target in targets)
        self._sample_rate, self._now = sample_rate, now
        rows, hash_ = [target.row for target in targets], self.space.hash_number
        self._shared = None if shared is None else SharedMemory(shared, shared_layout.size_of(self.space, ring_bytes(len(rows))))
        self._memory = memory_of(rows, hash_, self._shared.bytes[: ring_bytes(len(rows))] if self._shared else None)
        contract.write(self._record, sample_rate)
        self._begin()
        if self._shared:
            shared_layout.describe(self._shared.bytes, self.space, sample_rate)
        else:
            send(self._memory.ring_bytes.ctypes.data, len(rows), 0, 0, 0, 0)  # loads the kernel: the first frame would come late

    def _begin(self) -> None:
        self._number = self._record["number"] = next(_NUMBERS)
        self._backlog = Backlog()
        self.renew_lock()
        self._is_live = self.is_closed = False

    def renew_lock(self) -> None:
        """Forget who holds it: in a forked process nobody does."""
        self._lock = threading.Lock()  # many Python threads may push; the ring has one writer

    @property
    def is_shared(self) -> bool:
        """Whether another process sends."""
        return self._shared is not None

    @classmethod
    def replayed(cls, definition: Definition, sample_rate: float) -> Stream:
        """Return a stream that does again what a take says."""
        self = cls.__new__(cls)
        self.name, self.contract, self._shared = "replayed", Contract(), None
        self._sample_rate, self._now = sample_rate, lambda: 0
        self._memory = memory_of(definition.targets, 0, None)
        self._record["is_replay"] = 1
        self._record["slew"], self._record["return_frames"] = definition.slew, definition.return_frames
        self._begin()
        self._record["number"] = definition.number
        return self

    # ---- what can be read

    @property
    def _record(self) -> Any:
        return self._memory.record

    @property
    def values(self) -> int:
        """How many numbers a frame has."""
        return int(self._record["values"])

    @property
    def stats(self) -> dict[str, Any]:
        """What has happened so far.

        Frames: `received`, `applied`, `late`, `early` (from further ahead than allowed), `dropped` (older than another late one,
        replaced, or without room), `merged` (says something of some parameters only, and acts as part of another of the same
        moment), `waiting`, `rejected`, and `rejections` by kind, with `corrupt`: how often a shared ring's
        counters made no sense. `lost`: those of the dropped that found no room in the ring, as their sender says. `non_finite`:
        values that were none, what a mapping left out among them. `stalls`, `phase`. `syncs`: how often a stamp was synced to the
        frame at which it came: the first, after each stall, and whenever the sender's clock had gone astray. `room_s`: the least
        time by which a stamped frame came before it was to act, in the last second or two; less than 0: late. `age_s` of
        the newest frame, measured `rate_hz` and `jitter_s` of arrivals, `longest_wait_s` from arrival to effect.
        """
        stats = counters(self._record, self._now(), self._sample_rate)
        lost = max(int(self._memory.ring["lost"]), 0)
        more = {"lost": lost, "dropped": stats["dropped"] + lost, "waiting": stats["waiting"] + len(self._backlog)}
        return with_old_names(stats | more)

    @property
    def rejections(self) -> dict[str, int]:
        """How many the quantum could not use, of each kind: another process's, as what is pushed here is checked before."""
        return rejections(self._record)

    def why(self, kind: str) -> str:
        """Return in words what was wrong with the first that was rejected for one of the kinds in `rejections`."""
        return reason(self._record, kind)

    @property
    def time_s(self) -> float | None:
        """Now as a stamp: seconds since the stream's start; None while that is not synced."""
        record = self._record
        return (self._now() - int(record["start"])) / self._sample_rate if record["is_synced"] else None

    @property
    def definition(self) -> Definition:
        """What a take needs of it."""
        return Definition(self._number, self._memory.rows, float(self._record["slew"]), int(self._record["return_frames"]))

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
            if self._shared:
                raise InputError(f"stream '{self.name}' is fed by another process: synth.connect(...).push(...)")
            return self._take(heads, vectors)

    def frame_of(self, time_s: float | None = None) -> int | None:
        """Return the absolute frame at which a frame of this stamp acts, or one without that comes now; None: not synced yet."""
        record, now = self._record, int(self._now())
        if time_s is None:
            return now + int(record["delay"])
        if not record["is_synced"]:
            return None
        frame = max(int(self._nearest(time_s)), 0)
        most_ahead = int(record["most_ahead"])
        return min(frame, now + most_ahead) if most_ahead else frame

    def _nearest(self, stamps_s: Any) -> Any:
        """Return the frames at which stamps take effect, as `clock.nearest_frame` does."""
        record = self._record
        return np.floor(float(record["start"]) + float(record["delay"]) + stamps_s * self._sample_rate + 0.5)

    def _take(self, heads: npt.NDArray[np.void], vectors: Vectors) -> int:
        if self._is_live or self.contract.ahead_s is not None:
            return self._send(heads, vectors)
        self._place(heads)
        self._backlog.add(heads, vectors)
        return len(heads)

    def _place(self, heads: npt.NDArray[np.void]) -> None:
        """Give each frame the absolute frame at which it acts, offline."""
        record, now, rate = self._record, self._now(), self._sample_rate
        if len(heads) and heads["kind"][0] == STAMPED:
            if not record["is_synced"]:
                record["is_synced"], record["syncs"] = 1, record["syncs"] + 1
                record["start"] = now - math.floor(float(heads["stamp_s"][0]) * rate + 0.5)
            heads["frame"] = np.clip(self._nearest(heads["stamp_s"]), 0, LATEST_FRAME // 2)
        elif len(heads) and heads["kind"][0] == ARRIVED:
            heads["frame"] = now + int(record["delay"])
        heads["kind"] = AT

    def _send(self, heads: npt.NDArray[np.void], vectors: Vectors) -> int:
        record = self._record
        arguments = (int(record["values"]), int(record["capacity"]), heads.ctypes.data, vectors.ctypes.data, len(heads))
        return int(send(int(record["ring"]), *arguments))

    def deliver(self, stop: int = NEVER) -> int:
        """Hand over what acts before frame `stop`, as far as there is room; return the frame of the first that still waits."""
        with self._lock:
            while self._backlog.next_frame < stop:
                room = WAITING - int(self._record["count"]) - int(self._memory.ring["written"] - self._record["read"])
                if room <= 0:
                    break
                self._backlog.give(stop, room, self._send)
            return self._backlog.next_frame

    # ---- for the engine

    def go_live(self, is_live: bool) -> None:
        """Send at once from now on, or let frames wait for their time here."""
        self._is_live = is_live
        self._record["most_ahead"] = self.contract.most_ahead(is_live or self._shared is not None, self._sample_rate)

    @property
    def address(self) -> int:
        """Of its STREAM record."""
        return int(self._memory.whole.ctypes.data)

    @property
    def dropped_acts(self) -> int:
        """What it did that a take could not take in."""
        return self._memory.lost_acts

    @property
    def has_ended(self) -> bool:
        """Whether the quantum has let it go."""
        return bool(self._record["is_closed"])

    def acts(self) -> npt.NDArray[np.uint8]:
        """Return what the stream has done since the last time: (k, bytes), each an ACT and its values."""
        return self._memory.take_acts()

    def act_again(self, rows: npt.NDArray[np.uint8]) -> None:
        """Let happen again what `acts` returned."""
        with self._lock:
            self._backlog.add(*replaying(rows, self.values))

    def close(self) -> None:
        """End the stream: its parameters stay as they are, and belong to nobody. Frames that wait are dropped."""
        with self._lock:
            self.is_closed = True
            self._backlog.clear()
            self._memory.ring["is_closed"] = 1
            self._record["is_closing"] = 1
            if self._shared:
                self._shared.remove()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
