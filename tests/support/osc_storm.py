"""A storm of OSC packets into a playing engine: python -m tests.support.osc_storm PACKETS [SEED].

Valid ones, mutated ones, wrong types, NaN, huge, unknown paths, wrong hashes, deep nests, huge blobs, random bytes. Of each an
oracle (tests/support/osc_reference.py) says what it may do. Prints one JSON object.
"""

from __future__ import annotations

import json
import math
import random
import struct
import sys
import time
from typing import Any

import numpy as np

from synth.engine.engine import Engine
from synth.trigger import TRIGGERS
from tests.support import sine
from tests.support.osc_reference import expect
from tests.support.osc_sender import NOON, RATE, SECOND, Rig, bundle

CEILING = 10 ** (-1 / 20)
_NUMBERS = (0.0, 1.0, -1.0, 0.5, 64.0, -60.0, 1e30, -1e30, math.nan, math.inf, -math.inf)
_WHOLE = (0, 1, -1, 2, 64, -(1 << 31), (1 << 31) - 1)


def _pad(data: bytes) -> bytes:
    return data + b"\0" * (4 - len(data) % 4)


def raw(address: str, types: str, arguments: list[Any]) -> bytes:
    """A message of any types and arguments, valid or not."""
    out = _pad(address.encode()) + _pad(f",{types}".encode())
    for kind, one in zip(types, arguments, strict=False):
        if kind in "ifhd":
            out += struct.pack({"i": ">i", "f": ">f", "h": ">q", "d": ">d"}[kind], one)
        elif kind in "sS":
            out += _pad(one.encode())
        elif kind == "b":
            out += struct.pack(">i", len(one)) + one + b"\0" * (-len(one) % 4)
        elif kind == "c":
            out += one
        elif kind in "rmt":
            out += b"\1" * (8 if kind == "t" else 4)
    return out


class Storm:
    """Makes packets."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self.rng = random.Random(seed)
        table = rig.hearing.addresses
        assert table is not None
        self.hash, self.count = table.space.hash, len(table.space)
        self.places = [*table.places, *(f"/synth/unit{one}" for one in table.places)]
        self.choices = [one for one, place in table.places.items() if table.space.parameters[place].choices]
        own = [f"/synth/{name}" for name in ("vector", "start", "hash", "stats", "panic", "preset", "scene", "release_override")]
        patterns = [
            "/*/level_db",
            "/?*/azimuth_deg",
            "/{a_b,tap}/strike",
            "/synth/unit/*/gesture/*",
            "/[a-z]*/level_db",
            "/*/*/*",
        ]
        self.addresses = [
            *table.commands,
            *own,
            *patterns,
            "/error",
            "/synth/unit",
            "/",
            "/nothing/level_db",
            "/tap/hardnes",
            "/" + "*" * 99,
        ]
        self.tag = NOON

    def number(self, kind: str) -> Any:
        if kind in "ih":
            return self.rng.choice(_WHOLE) if self.rng.random() < 0.8 else self.rng.randrange(-(1 << 31), 1 << 31)
        return self.rng.choice(_NUMBERS) if self.rng.random() < 0.3 else self.rng.uniform(-100, 100)

    def argument(self, kind: str) -> Any:
        if kind in "ifhd":
            return self.number(kind)
        if kind == "c":
            return self.rng.choice((b"\0\0\0a", b"\0\0\1\0"))
        if kind in "sS":
            return self.rng.choice(
                ("soft", "glass", "green", "", "/tap/hardness", "/tap", self.hash, "x" * self.rng.randrange(300))
            )
        return self.rng.randbytes(self.rng.choice((0, 3, 4, 4 * self.count, 1 << 12)))

    def message(self) -> bytes:
        way = self.rng.random()
        if way < 0.4:
            return raw(self.rng.choice(self.places), kind := self.rng.choice("ifhd"), [self.number(kind)])
        if way < 0.45:
            return raw(self.rng.choice(self.choices), "s", [self.argument("s")])
        if way < 0.5:
            return raw(self.rng.choice(("/tap/strike", "/a_b/strike")), "f", [self.rng.random()])
        if way < 0.6:
            return self.vector()
        address = self.rng.choice(self.places if way < 0.75 else self.addresses)
        types = "".join(
            self.rng.choice("ifhdsbTFNrmtISc" + "[]" * (self.rng.random() < 0.2))
            for _ in range(self.rng.choice((0, 1, 1, 1, 2, 5)))
        )
        return raw(address, types, [self.argument(kind) for kind in types])

    def vector(self) -> bytes:
        count = self.count + (self.rng.random() < 0.1)
        values = [self.rng.choice((math.nan, self.rng.uniform(-100, 100))) for _ in range(count)]
        said = self.rng.choice(("", self.hash, self.hash, "0123456789abcdef"))
        types, arguments = ("s", [said]) if said else ("", [])
        if self.rng.random() < 0.5:
            return raw("/synth/vector", types + "b", [*arguments, struct.pack(f">{count}f", *values)])
        return raw("/synth/vector", types + "f" * count, [*arguments, *values])

    def packet(self) -> bytes:
        way = self.rng.random()
        if way < 0.03:
            return self.rng.randbytes(self.rng.randrange(200))
        if way < 0.5:
            packet = self.message()
        else:
            self.tag += self.rng.randrange(SECOND // 200)
            tag = self.rng.choice((1, 1, self.tag, self.tag, self.tag - SECOND // 50, self.rng.randrange(1 << 64)))
            parts = [self.message() for _ in range(self.rng.choice((0, 1, 2, 5)))]
            packet = bundle(*parts, tag=tag)
            for _ in range(400 if self.rng.random() < 0.01 else self.rng.choice((0, 0, 0, 0, 1, 3, 7, 8))):
                packet = bundle(packet, tag=self.rng.choice((1, tag)))
        return self.mutated(packet) if self.rng.random() < 0.3 else packet

    def mutated(self, packet: bytes) -> bytes:
        data = bytearray(packet)
        for _ in range(self.rng.choice((1, 1, 2, 8))):
            way, at = self.rng.randrange(4), self.rng.randrange(len(data) + 1)
            if way == 0:
                del data[at:]
            elif way == 1:
                data[at:at] = self.rng.randbytes(self.rng.choice((1, 4, 16)))
            elif way == 2:
                del data[at : at + self.rng.choice((1, 4, 16))]
            elif at < len(data):
                data[at] = self.rng.choice((0, 0xFF, self.rng.randrange(256)))
        return bytes(data)


class Watched(Rig):
    """A rig whose pushes are compared with what the oracle expects."""

    def __init__(self) -> None:
        engine = Engine(RATE, "sphere", seed=6)
        engine.add("tap", gesture={"kind": "taps", "rate_hz": 2})
        engine.add("sine", name="a/b", distance_m=1.0)
        super().__init__(engine, True)
        self.pushed: list[np.ndarray] = []
        push = self.session_stream.push

        def watch(values: Any, *arguments: Any, **named: Any) -> int:
            self.pushed.append(np.float32(values))
            return push(values, *arguments, **named)

        self.session_stream.push = watch  # type: ignore[method-assign]

    def strike(self, layer: str, velocity: float = 0.7, at: int | None = None) -> None:
        self.struck.append((layer, velocity, at))
        if len(self.struck) % 32 == 0:  # else there is nothing but strikes to compute
            self.engine.strike(self.layer(layer), velocity, at)

    def release(self, layer: str, at: int | None = None) -> None:
        self.done.append(("release", layer, at))


def storm(packets: int, seed: int = 1) -> dict[str, Any]:
    """Send so many packets; return what was counted. Raises AssertionError where the door and the oracle disagree."""
    rig = Watched()
    maker, table = Storm(rig, seed), rig.hearing.addresses
    assert table is not None
    total = dict.fromkeys(("strikes", "releases", "commands", "replies", "rejected", "frames"), 0)
    begin_s, slowest_s, spent_s = time.monotonic(), 0.0, 0.0
    for n in range(packets):
        packet = maker.packet()
        before_s = time.perf_counter()
        rig.send(packet)
        took_s = time.perf_counter() - before_s
        slowest_s, spent_s = max(slowest_s, took_s), spent_s + took_s
        wanted = expect(packet, table)
        assert len(rig.pushed) == len(wanted.vectors), (packet, wanted, rig.rejections.counts)
        for vector, expected in zip(rig.pushed, wanted.vectors, strict=True):
            assert np.array_equal(vector, expected, equal_nan=True), packet
        rig.pushed.clear()
        for name in ("strikes", "releases", "commands", "replies", "rejected"):
            total[name] += getattr(wanted, name)
        total["frames"] += len(wanted.vectors)
        if n % 32 == 31:
            out = rig.engine.process(240)
            rig.hearing.look()
            assert np.isfinite(out).all()
            assert np.abs(out).max() <= CEILING
    rig.engine.process(RATE)
    rig.hearing.look()
    late = rig.rejections.counts["late strike"]
    assert len(rig.struck) + late == total["strikes"]
    assert sum(one[0] == "release" for one in rig.done) == total["releases"]
    assert sum(one[0] != "release" for one in rig.done) == total["commands"]
    assert rig.hearing.counts["replies"] == total["replies"]
    assert rig.rejections.total == total["rejected"] + late
    assert len(rig.told) == len(rig.rejections.counts)
    space = rig.session_stream.space
    now = rig.values()
    assert ((now >= space.low) & (now <= space.high)).all()
    stats = rig.session_stream.stats
    assert stats["received"] == total["frames"] - stats["lost"]
    return {
        "packets": packets,
        **total,
        "late strikes": late,
        "kinds": dict(rig.rejections.counts.most_common()),
        "told": len(rig.told),
        "stream": {name: stats[name] for name in ("received", "applied", "merged", "dropped", "late", "early", "lost")},
        "packet_us": round(1e6 * spent_s / packets, 1),
        "slowest_ms": round(1e3 * slowest_s, 1),
        "seconds": round(time.monotonic() - begin_s, 1),
    }


if __name__ == "__main__":
    with TRIGGERS.register(sine.TRIGGER):
        sys.stdout.write(json.dumps(storm(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1), indent=1) + "\n")
