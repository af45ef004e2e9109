"""A storm of nonsense over a shared ring, by a process that writes raw bytes: python -m tests.support.ring_storm FRAMES [SEED].

engine's process -> "go on" -> storm's process -> items, counters, bytes into the memory -> "done" -> one quantum -> compare

Both processes draw the same numbers, so that the engine's side knows what was written without reading it: an oracle of its own
says which frame acts, what moves, and what is rejected. Then the storm blows freely, and only finite samples are asked for.
"""

from __future__ import annotations

import json
import mmap
import select
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from synth.control.stream.ring import ITEM, STREAM_RING, item_bytes
from synth.control.stream.shared_memory import path_of
from synth.engine.engine import Engine
from synth.rt.units import QUANTUM
from synth.trigger import TRIGGERS
from tests.support import sine
from tests.support.stream_reference import COUNTED, TAKEN_A_QUANTUM, Reference, Sent

RATE = 48000
CEILING = 10 ** (-1 / 20)
PATHS = ["probe.level_db", "probe.azimuth_deg", "probe.frequency_hz", "probe.colour"]
CONTRACT = {"rate_hz": 500.0, "delay_s": 0.01, "timeout_s": 0.05, "hold_s": 0.02, "glide_s": 0.05, "return_s": 0.02}
FRAMES_A_ROUND = 100
FREE_S = 2.0
_ROUNDS_TO_A_PAUSE, _PAUSE = 400, 120  # quanta: it stalls, goes home and is released
_WILD = np.array([np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-40, 0.0, 1e6], np.float32)


def dtype_of(values: int) -> np.dtype[np.void]:
    """Return a whole item: its head, its values, and what fills it up."""
    fill = (item_bytes(values) - ITEM.itemsize - 4 * values) // 4
    return np.dtype([("head", ITEM), ("values", "f4", (values,)), ("fill", "f4", (fill,))])


def items(rng: np.random.Generator, count: int, hash_number: int, now: int) -> np.ndarray:
    """Return frames, about a third of them good."""
    whole = np.zeros(count, dtype_of(len(PATHS)))
    head, values = whole["head"], whole["values"]
    head["kind"] = rng.choice([0, 0, 0, 1, 1, 2, 3, 4, -1, 77, 2**31 - 1, -(2**31)], count)
    head["hash"] = rng.choice(np.array([0, 0, hash_number, hash_number, 1, 2**64 - 1], np.uint64), count)
    absurd = np.array([np.nan, np.inf, -np.inf, 1e9, -1e300, 1e18, 999999999.0])
    head["stamp_s"] = now / RATE + rng.normal(0, 0.01, count)
    head["stamp_s"][rng.random(count) < 0.2] = rng.choice(absurd)
    head["frame"] = now + rng.integers(-2000, 2000, count)
    head["frame"][rng.random(count) < 0.3] = rng.choice([-1, -(2**63), 2**63 - 1, 2**60, 2**59, 0])
    head["act"], head["ramp_frames"] = rng.integers(-9, 9, count), rng.integers(-(2**62), 2**62, count)
    values[:] = rng.uniform([-30, -90, 100, 0], [0, 90, 3000, 2], (count, 4))
    wild = rng.random(values.shape) < 0.1
    values[wild] = rng.choice(_WILD, int(wild.sum()))
    return whole


def write_round(whole: np.ndarray, rng: np.random.Generator, hash_number: int, now: int) -> int:
    """Write one round into a ring's bytes, as a sender would or not; return how many frames that were."""
    ring = whole[: STREAM_RING.itemsize].view(STREAM_RING)[0]
    size = item_bytes(len(PATHS))
    capacity = (len(whole) - STREAM_RING.itemsize) // size
    count = int(rng.choice([1, FRAMES_A_ROUND, 2 * FRAMES_A_ROUND]))
    frames = items(rng, count, hash_number, now)
    places = (int(ring["written"]) % capacity + np.arange(count)) % capacity
    whole[STREAM_RING.itemsize :].reshape(capacity, size)[places] = frames.view(np.uint8).reshape(count, size)
    what = rng.random()
    if what < 0.03:  # the head written over, but for what says that there are frames
        kept = int(ring["written"])
        whole[: STREAM_RING.itemsize] = rng.integers(0, 256, STREAM_RING.itemsize)
        ring["written"] = kept
    if what < 0.01:
        ring["written"] = rng.integers(-(2**63), 2**63 - 1)
    elif what < 0.02:
        ring["written"] += rng.choice([-1, -5, capacity + 1])
    elif what < 0.025:  # things that were there before, once more
        ring["written"] += count + rng.integers(0, TAKEN_A_QUANTUM - count)
    else:
        ring["written"] += count
    return count


def _mapped(name: str) -> np.ndarray:
    """Return the ring of a segment as bytes, without asking anybody."""
    place = path_of(name).read_bytes()  # on Linux it says where the memory is
    with open(place if place.startswith(b"/proc/") else path_of(name), "r+b") as file:
        whole = np.frombuffer(mmap.mmap(file.fileno(), 0), np.uint8)
    head = whole[: STREAM_RING.itemsize].view(STREAM_RING)[0]
    return whole[: STREAM_RING.itemsize + int(head["capacity"]) * item_bytes(int(head["values"]))]


def blow(name: str, seed: int, hash_number: int) -> None:
    """The storm's process: one round for each line with a frame on stdin; then as fast as it can, until stdin ends."""
    rng, whole = np.random.default_rng(seed), _mapped(name)
    np.seterr(over="ignore")
    for line in sys.stdin:
        if line == "free\n":
            break
        write_round(whole, rng, hash_number, int(line))
        sys.stdout.write("\n")
        sys.stdout.flush()
    while not select.select([sys.stdin], [], [], 0)[0]:
        write_round(whole, rng, hash_number, int(rng.integers(0, 1 << 40)))
        whole[rng.integers(0, len(whole), 50)] = rng.integers(0, 256, 50)


class Oracle:
    """Says from what was written, and not from what the engine does, what is to happen."""

    def __init__(self, stream: Any, seed: int) -> None:
        self.rng, self.hash = np.random.default_rng(seed), stream.space.hash_number
        self.whole = stream._memory.ring_bytes.copy()
        self.reference = Reference(stream.contract, self.hash, RATE, is_live=True)
        self.space, self.read, self.corrupt, self.frames = stream.space, 0, 0, 0
        self.vectors: dict[float, np.ndarray] = {}
        self.label = self.seen = self.rounds = 0
        self.targets = np.array(self.space.default, np.float64)

    def round(self, now: int) -> None:
        """Take in what the storm has written, and go on by a quantum."""
        self.rounds += 1
        self.frames += write_round(self.whole, self.rng, self.hash, now)
        written = int(self.whole[: STREAM_RING.itemsize].view(STREAM_RING)["written"][0])
        capacity = (len(self.whole) - STREAM_RING.itemsize) // item_bytes(len(PATHS))
        coming = (written - self.read + 2**63) % 2**64 - 2**63
        if not 0 <= coming <= capacity:
            self.corrupt, coming, self.read = self.corrupt + 1, 0, written
            self.reference.ring.clear()
        self.reference.quantum([self._sent(number) for number in range(self.read, self.read + coming)])
        self.read = written
        self._move()

    def pause(self) -> None:
        """Let a quantum pass in which nothing comes."""
        self.reference.quantum([])
        self._move()

    def _sent(self, number: int) -> Sent:
        size = item_bytes(len(PATHS))
        capacity = (len(self.whole) - STREAM_RING.itemsize) // size
        at = STREAM_RING.itemsize + number % capacity * size
        one = self.whole[at : at + size].view(dtype_of(len(PATHS)))[0]
        self.label += 1
        self.vectors[self.label] = one["values"].astype(np.float64)
        head = one["head"]
        is_whole = bool(np.isfinite(one["values"]).all())
        return Sent(self.label, int(head["kind"]), float(head["stamp_s"]), int(head["frame"]), int(head["hash"]), is_whole)

    def _move(self) -> None:
        """Where each parameter goes by what has acted."""
        for _, act, _, label in self.reference.acts[self.seen :]:
            if act == 0:
                for said in (self.vectors[each] for each in self.reference.says[label]):
                    self.targets = self.space.clip(np.where(np.isfinite(said), said, self.targets))
            elif act == 1:
                self.targets = np.array(self.space.default, np.float64)
        self.seen = len(self.reference.acts)


def rounds(frames: int, seed: int) -> Iterator[tuple[str, Any]]:
    """Let the storm blow over an engine until so many frames were written; yield what is wrong, last of all the figures."""
    engine, name = Engine(RATE, "sphere"), f"storm-{uuid.uuid4().hex[:8]}"
    layer = engine.add("sine", name="probe", distance_m=1.0)
    engine.strike(layer, 1.0)
    stream = engine.stream("storm", PATHS, shared=name, **CONTRACT)
    oracle = Oracle(stream, seed)
    command = [sys.executable, "-m", "tests.support.ring_storm", "--blow", name, str(seed), str(oracle.hash)]
    loudest = 0.0
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as storm:
        assert storm.stdin is not None
        assert storm.stdout is not None
        while oracle.frames < frames:
            for _ in range(_PAUSE if oracle.rounds % _ROUNDS_TO_A_PAUSE == 1 else 0):
                oracle.pause()
                engine.process(QUANTUM)
            storm.stdin.write(f"{engine.frame}\n")
            storm.stdin.flush()
            storm.stdout.readline()
            oracle.round(engine.frame)
            out = engine.process(QUANTUM)
            loudest = max(loudest, float(np.abs(out).max()))
            if not np.isfinite(out).all():
                yield "samples", engine.frame
            slots = engine.state["layers"][layer.index]["slots"]
            targets = np.array([slots[layer.slots[path.split(".")[1]][0]]["target"] for path in PATHS])
            if not np.allclose((targets - oracle.targets + 180) % 360, 180, atol=1e-4):
                yield "parameters", (engine.frame, targets, oracle.targets)
        stats = stream.stats
        storm.stdin.write("free\n")
        storm.stdin.flush()
        for _ in range(round(FREE_S * RATE) // 480):
            out = engine.process(480)
            loudest = max(loudest, float(np.abs(out).max()))
            if not np.isfinite(out).all():
                yield "samples", engine.frame
        storm.stdin.close()
        why = {kind: stream.why(kind) for kind, count in stream.rejections.items() if count}
        stream.close()
    expected = oracle.reference.count | {"rejections": oracle.reference.rejected | {"counters without sense": oracle.corrupt}}
    found = {key: stats[key] for key in COUNTED} | {"rejections": stats["rejections"]}
    found["dropped"] -= stats["lost"]
    if found != expected:
        yield "counters", (found, expected)
    figures = {"frames": oracle.frames, "seconds": engine.frame / RATE, "loudest": loudest, "acts": len(oracle.reference.acts)}
    yield "figures", figures | found | {"why": why}


if __name__ == "__main__":
    if sys.argv[1] == "--blow":
        blow(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        wrong = 0
        with TRIGGERS.register(sine.TRIGGER):
            for what, which in rounds(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1):
                wrong += what != "figures"
                sys.stdout.write(f"{what}: {json.dumps(which, default=str)}\n")
                if wrong > 10:
                    break
        sys.stdout.write(f"wrong: {wrong}\n")
        sys.exit(wrong > 0)
