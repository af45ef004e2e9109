"""A second reading of a stream's contract, in plain Python: for clarity and not for speed.

frames as they come, quantum by quantum -> acts (frame, what, ramp, label) and counters

It shares nothing with the kernels but the names of kinds and acts, and how many frames may wait or be taken in at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synth.control.stream.acts import FRAME, HOME, RELEASE
from synth.control.stream.clock import RESYNC_FRAMES, RESYNC_S, ROOM_S
from synth.control.stream.contract import Contract
from synth.control.stream.queue import WAITING
from synth.control.stream.record import PHASES
from synth.control.stream.ring import ARRIVED, AT, ITEM, STAMPED
from synth.rt.units import QUANTUM

TAKEN_A_QUANTUM = 2048
COUNTED = ("received", "applied", "late", "early", "dropped", "merged", "stalls", "syncs")
Act = tuple[int, int, int, float | None]


@dataclass(frozen=True)
class Sent:
    """What a sender says of a frame, and a number by which it is known again."""

    label: float
    kind: int = ARRIVED
    stamp_s: float = 0.0
    frame: int = 0
    hash: int = 0
    is_whole: bool = True  # all its values are numbers


def heads_of(sent: list[Sent]) -> np.ndarray:
    """Return frames as they lie in a ring."""
    heads = np.zeros(len(sent), ITEM)
    for head, one in zip(heads, sent, strict=True):
        head["kind"], head["stamp_s"], head["frame"], head["hash"] = one.kind, one.stamp_s, one.frame, one.hash
    return heads


@dataclass
class Waiting:
    """A frame that waits for its time."""

    frame: int
    arrived: int
    label: float
    is_whole: bool


class Reference:
    """A stream that acts as its contract says; `quantum` goes on by 64 frames."""

    def __init__(self, contract: Contract, hash_number: int, sample_rate: int = 48000, is_live: bool = False) -> None:
        self.contract, self.hash, self.rate = contract, hash_number, sample_rate
        timeout_s = contract.timeout_s if contract.timeout_s is not None else max(1.0, 3 / contract.rate_hz)
        self.timeout = math.inf if timeout_s == math.inf else round(timeout_s * sample_rate)
        self.hold, self.glide = round(contract.hold_s * sample_rate), round(contract.glide_s * sample_rate)
        self.return_frames = round(contract.return_s * sample_rate)
        self.ramp = -1 if contract.interpolation == "hold" else round(sample_rate / contract.rate_hz)
        ahead_s = contract.ahead_s if contract.ahead_s is not None else contract.delay_s + 1 / contract.rate_hz
        self.most_ahead = math.ceil(ahead_s * sample_rate) if is_live or contract.ahead_s is not None else 0
        self.delay = contract.delay_s * sample_rate
        self.now = 0
        self.start: int | None = contract.start
        self.ring: list[tuple[int, Sent]] = []
        self.room: list[Waiting] = []
        self.acts: list[Act] = []
        self.says: dict[float, list[float]] = {}  # of a frame: which others it has taken the place of, and still says
        self.count = dict.fromkeys(COUNTED, 0)
        self.rejected = {"another space": 0, "no such kind": 0, "no time": 0}
        self.longest_wait = 0
        self.phase, self.last_act, self.last_nominal = "unused", 0, -math.inf
        self.glide_from, self.return_stop = math.inf, 0  # where a new pin begins, and until when the values come back
        self.sides: list[tuple[int, int]] = []  # of stamped frames since one came on the other side: -1 late, 1 early; when
        self.rooms: list[list[float]] = [[0, math.inf]]  # [since, least] of each second

    def quantum(self, coming: list[Sent]) -> None:
        """Take in what has come, and do what is due."""
        self.ring += [(self.now, one) for one in coming]
        for arrived, one in self.ring[:TAKEN_A_QUANTUM]:
            self._take(one, arrived)
        del self.ring[:TAKEN_A_QUANTUM]
        stop = self.now + QUANTUM
        while self.room and self.room[0].frame < stop:
            waiting = self.room.pop(0)
            self._pass_time(max(waiting.frame, self.now))
            self._act(waiting, max(waiting.frame, self.now))
        self._pass_time(stop)
        self.now = stop

    # When.

    def _take(self, one: Sent, arrived: int) -> None:
        why = self._why_not(one)
        if why:
            self.rejected[why] += 1
            return
        self.count["received"] += 1
        if one.kind == ARRIVED:
            frame = max(arrived + int(self.delay), self.now)
        else:
            frame = one.frame if one.kind == AT else self._of_stamp(one.stamp_s, arrived)
        self._wait(Waiting(frame, arrived, one.label, one.is_whole))

    def _why_not(self, one: Sent) -> str:
        if one.hash not in (0, self.hash):
            return "another space"
        if one.kind not in (ARRIVED, AT, STAMPED):
            return "no such kind"
        is_time = 0 <= one.frame < 2**60 if one.kind == AT else one.kind == ARRIVED or abs(one.stamp_s) < 1e9
        return "" if is_time else "no time"

    def _of_stamp(self, stamp_s: float, arrived: int) -> int:
        if self.start is None:
            self._sync(stamp_s, arrived)
        assert self.start is not None
        frame = math.floor(self.start + self.delay + stamp_s * self.rate + 0.5)
        self._note_room(frame - arrived, arrived)
        is_early = self.most_ahead > 0 and frame > arrived + self.most_ahead
        self._watch_clock(1 if is_early else -1 if frame < arrived else 0, arrived)
        if is_early:
            self.count["early"] += 1
            return max(arrived + self.most_ahead, self.now)
        return max(frame, 0)

    def _sync(self, stamp_s: float, arrived: int) -> None:
        self.start = arrived - math.floor(stamp_s * self.rate + 0.5)
        self.count["syncs"] += 1
        self.sides, self.rooms = [], [[arrived, math.inf]]
        if self.count["syncs"] > 1 and self.phase == "driving":
            self.glide_from = arrived + int(self.delay)
            frame = math.floor(self.start + self.delay + stamp_s * self.rate + 0.5)
            self.count["dropped"] += sum(waiting.frame > frame for waiting in self.room)
            self.room = [waiting for waiting in self.room if waiting.frame <= frame]

    def _watch_clock(self, side: int, arrived: int) -> None:
        self.sides = [*(each for each in self.sides if each[0] == side), (side, arrived)]
        is_long = arrived - self.sides[0][1] >= RESYNC_S * self.rate and len(self.sides) >= RESYNC_FRAMES
        if side and is_long and self.contract.start is None:
            self.start = None

    def _note_room(self, room: int, arrived: int) -> None:
        if arrived - self.rooms[-1][0] >= ROOM_S * self.rate:
            self.rooms.append([arrived, math.inf])
        self.rooms[-1][1] = min(self.rooms[-1][1], room)

    @property
    def least_room(self) -> float:
        """In this second and the one before."""
        *_, before, last = [[-math.inf, math.inf], *self.rooms]
        return min(last[1], before[1] if last[0] - before[0] < 2 * ROOM_S * self.rate else math.inf)

    # Who waits.

    def _wait(self, one: Waiting) -> None:
        if one.frame < self.now:
            self.count["late"] += 1
            rivals = [waiting for waiting in self.room if waiting.frame < self.now]
            if one.frame < self.last_nominal or any(one.frame < rival.frame for rival in rivals):
                self.count["dropped"] += 1
                return
        else:
            rivals = [waiting for waiting in self.room if waiting.frame == one.frame]
        self.count["dropped" if one.is_whole else "merged"] += len(rivals)
        self.says[one.label] = [*(label for rival in rivals if not one.is_whole for label in self.says[rival.label]), one.label]
        self.room = sorted([*(w for w in self.room if w not in rivals), one], key=lambda waiting: waiting.frame)
        self.count["dropped"] += len(self.room[WAITING:])
        del self.room[WAITING:]

    # What.

    def _act(self, waiting: Waiting, frame: int) -> None:
        self.count["applied"] += 1
        self.longest_wait = max(self.longest_wait, frame - waiting.arrived)
        if self.phase not in ("unused", "driving") or waiting.frame >= self.glide_from:
            self.return_stop, self.glide_from = frame + self.return_frames, math.inf
        self.phase, self.last_act, self.last_nominal = "driving", frame, waiting.frame
        ramp = max(self.ramp, self.return_stop - frame) if self.return_stop > frame else self.ramp
        self.acts.append((frame, FRAME, ramp, waiting.label))

    def _pass_time(self, until: int) -> None:
        while self.phase in ("driving", "stalled", "going home"):
            after = {"driving": 0, "stalled": self.hold, "going home": self.hold + self.glide}[self.phase]
            turn = self.last_act + self.timeout + after
            if turn >= until:
                return
            self.phase = PHASES[PHASES.index(self.phase) + 1]
            if self.phase == "stalled":
                self.count["stalls"] += 1
                self.last_nominal, self.start = -math.inf, self.contract.start
            elif self.phase == "going home":
                self.acts.append((max(int(turn), self.now), HOME, self.glide, None))
            else:
                self.acts.append((max(int(turn), self.now), RELEASE, 0, None))
