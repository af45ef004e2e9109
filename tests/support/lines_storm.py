"""A storm of JSON lines: `python -m tests.support.lines_storm 1000000`.  lines, most of them bad -> engine; oracle.

The oracle reads each line by itself, from the words of docs/streams-reference.md, and says what must have changed: every
parameter's target, every act, and the count of every kind of rejection are compared after each quantum.
"""

from __future__ import annotations

import heapq
import itertools
import json
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

import synth
from synth.engine.engine import Engine
from synth.live.protocols.pipe_lines import Lines
from synth.live.session_stream import SessionStream
from synth.parameters.space import Space
from synth.parameters.tables import MASTER_TARGETS

RATE, QUANTUM = 48000, 64
PRESET = "wood_tapping"
CEILING = 10 ** (-1 / 20)
LAYER_ACTS = ("strike", "release")
ALONE = {"panic": "true", "preset": "name", "scene": "which", "release_override": "path"}


# ---- the oracle


class Wrong(Exception):  # noqa: N818
    """The kind of what is wrong with a line."""


def _only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise Wrong("double key")
    return dict(pairs)


def _is_real(value: Any) -> bool:
    return type(value) in (int, float)


def _float32(value: Any) -> float:
    try:
        with np.errstate(over="ignore"):
            return float(np.float32(float(value)))
    except OverflowError:
        return math.inf


class Oracle:
    """What a line means: stamp, {path: float32}, act; raises `Wrong`."""

    def __init__(self, space: Space, layers: list[str]) -> None:
        self.space, self.layers = space, layers

    def judge(self, line: bytes) -> tuple[float | None, dict[str, float] | None, tuple[Any, ...] | None]:
        if len(line) > 1 << 20:
            raise Wrong("too long")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise Wrong("no UTF-8") from None
        try:
            said = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_only_once)
        except (ValueError, RecursionError):
            raise Wrong("no JSON") from None
        keys = set(said) if type(said) is dict else set()
        frames, acts = keys & {"values", "vector"}, keys & {*LAYER_ACTS, "pause", *ALONE}
        extra = keys - frames - acts - {"t", "hash", "velocity", "pitch"}
        if not keys or extra or len(frames) > 1 or len(acts) > 1 or not frames | acts:
            raise Wrong("no frame")
        if keys & {"velocity", "pitch"} and "strike" not in acts:
            raise Wrong("wrong act")
        stamp = said.get("t", 0.0)
        if not _is_real(stamp) or not -1e9 < stamp < 1e9:
            raise Wrong("no time")
        if "hash" in keys:
            self._check_hash(said)
        values = self._values(said, frames.pop()) if frames else None
        act = self._act(said, acts.pop(), keys) if acts else None
        return (float(stamp) if "t" in keys else None), values, act

    def _check_hash(self, said: dict[str, Any]) -> None:
        right = {self.space.hash}
        values = said.get("values")
        if type(values) is dict and values and set(values) <= set(self.space.paths):
            right.add(self.space.subset(values).hash)
        if type(said["hash"]) is not str or said["hash"] not in right:
            raise Wrong("another space")

    def _values(self, said: dict[str, Any], form: str) -> dict[str, float]:
        given = said[form]
        if type(given) is not (dict if form == "values" else list):
            raise Wrong("no frame")
        if form == "vector":
            if len(given) != len(self.space.paths):
                raise Wrong("wrong length")
            given = dict(zip(self.space.paths, given, strict=True))
        found = {}
        for path, value in given.items():
            if path not in self.space.paths:
                raise Wrong("unknown path")
            choices = self.space.parameters[self.space.paths.index(path)].choices
            if value in choices if type(value) is str else False:
                value = choices.index(value)
            if value is not None and not _is_real(value):
                raise Wrong("wrong value")
            found[path] = math.nan if value is None else _float32(value)
        return found

    def _act(self, said: dict[str, Any], name: str, keys: set[str]) -> tuple[Any, ...]:
        what = said[name]
        is_alone = name in ALONE
        fits = {
            "true": what is True,
            "name": type(what) is str,
            "which": type(what) is str or (type(what) is int and what >= 1),
            "path": what is True or (type(what) is str and what in {*self.space.paths, *self.layers}),
        }
        if is_alone and (len(keys) > 1 or not fits[ALONE[name]]):
            raise Wrong("wrong act")
        if name == "pause" and type(what) is not bool:
            raise Wrong("wrong act")
        if name in LAYER_ACTS:
            if type(what) is not str:
                raise Wrong("wrong act")
            if what not in self.layers:
                raise Wrong("unknown layer")
        if name != "strike":
            return (name, None if what is True and name in ("panic", "release_override") else what)
        velocity, pitch = said.get("velocity", 0.7), said.get("pitch", 0.0)
        for number in (velocity, pitch):
            if not _is_real(number) or number != number:
                raise Wrong("wrong act")
        return (
            name,
            what,
            min(max(float(np.clip(velocity, -1, 2)), 0.0), 1.0),
            min(max(float(np.clip(pitch, -99, 99)), -60.0), 60.0),
        )


class Contract:
    """What an engine's targets are, by the contract: start 0, no delay, hold, no time-out; one line a quantum."""

    def __init__(self, space: Space, targets: np.ndarray) -> None:
        self.space, self.targets = space, targets
        self.waiting: list[tuple[int, int, dict[str, float]]] = []
        self.last_frame = -1
        self._count = itertools.count()

    def push(self, now: int, stamp: float | None, values: dict[str, float]) -> None:
        frame = now if stamp is None else max(math.floor(stamp * RATE + 0.5), 0)
        heapq.heappush(self.waiting, (frame, next(self._count), values))

    def turn(self, now: int) -> None:
        """Let happen what acts in the quantum that begins at `now`."""
        due: dict[int, dict[str, float]] = {}
        while self.waiting and self.waiting[0][0] < now + QUANTUM:
            frame, _, values = heapq.heappop(self.waiting)
            said = {path: value for path, value in values.items() if math.isfinite(value)}
            due[frame] = due.get(frame, {}) | said  # of two for one frame the later one acts, and leaves what it does not name
        late = [frame for frame in due if frame < now]
        for frame in late:
            if frame < max(*late, self.last_frame):
                del due[frame]  # of late frames only the newest acts
        for frame, values in sorted(due.items()):
            self.last_frame = frame
            for path, value in values.items():
                place = self.space.paths.index(path)
                value = min(max(value, self.space.low[place]), self.space.high[place])
                self.targets[place] = float(round(value)) if self.space.is_discrete[place] else value


# ---- the storm


def _texts(rng: random.Random, space: Space, layers: list[str]) -> list[Callable[[float], Any]]:
    """Return what makes lines: each is given a stamp that is now."""

    choices_of = space.choices

    def some() -> dict[str, Any]:
        return {path: value(path) for path in rng.sample(space.paths, rng.randrange(1, 5))}

    def value(path: str) -> Any:
        place = space.paths.index(path)
        choices = choices_of[place]
        number = rng.uniform(space.low[place] - 1, space.high[place] + 1)
        odd = [None, math.nan, math.inf, -math.inf, 1e300, 10**400, -(10**30), "x", "1", True, [1], {}, *choices]
        return rng.choice(odd) if rng.random() < 0.1 else rng.choice(choices) if choices and rng.random() < 0.5 else number

    def odd_hash() -> Any:
        return rng.choice(["0" * 16, 7, None, [], space.subset(some()).hash])

    odd: list[Any] = [True, None, "", [], {}, math.nan, 1e99, -5, 2, "tap", 10**400, "\ud800\x1b[2J"]
    return [
        lambda t: {"values": some()},
        lambda t: {"t": t, "values": some()},
        lambda t: {"t": t, "vector": [value(path) for path in space.paths], "hash": space.hash},
        lambda t: {"vector": [rng.uniform(0, 1)] * rng.choice([0, 1, len(space), len(space) + 1])},
        lambda t: {"values": (values := some()), "hash": rng.choice([space.hash, space.subset(values).hash, odd_hash()])},
        lambda t: {"t": t, "strike": rng.choice(layers), "velocity": rng.choice([0, 0.5, 1, 3, *odd])},
        lambda t: {"strike": rng.choice([*layers, *odd]), "pitch": rng.choice([0, -3.5, 100, *odd]), "values": some()},
        lambda t: {"t": t, "release": rng.choice([*layers, *odd])},
        lambda t: {
            rng.choice(["panic", "preset", "scene", "release_override", "pause"]): rng.choice([*odd, space.paths[0], layers[0]])
        },
        lambda t: {"t": t, rng.choice(["panic", "preset", "at", "velocity"]): True},
        lambda t: {"t": rng.choice(odd), "values": some()},
        lambda t: {"t": t, "values": some() | {rng.choice(["tap", "master", "x.y", "\x00"]): 1}},
        lambda t: {"t": t + rng.uniform(-0.01, 0.01), "values": some()},
        lambda t: rng.choice(odd),
    ]


def _mutated(rng: random.Random, line: bytes) -> bytes:
    """Return a line with bytes changed, taken out, doubled or put in."""
    data = bytearray(line)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        length = rng.randrange(1, 9)
        how = rng.randrange(4)
        if how == 0:
            data[at : at + 1] = bytes([rng.choice(b'0123456789-.,:"{}[]eE \\tn\x00\xff\xef')])
        elif how == 1:
            del data[at : at + length]
        elif how == 2:
            data[at:at] = data[at : at + length]
        else:
            data[at:at] = rng.randbytes(length)
    return bytes(data).replace(b"\n", b" ")


_ABSURD: tuple[Callable[[random.Random], bytes], ...] = (
    lambda rng: rng.randbytes(rng.randrange(80)).replace(b"\n", b""),
    lambda rng: b"[" * rng.randrange(100_000),
    lambda rng: b'{"values":' * rng.randrange(10_000),
    lambda rng: b'{"t":' + b"9" * rng.randrange(1, 6000) + b',"values":{}}',
    lambda rng: b'{"values":{"' + b"y" * rng.randrange(100_000) + b'":1}}',
    lambda rng: b'{"t":1,"t":2,"values":{}}',
    lambda rng: b"x" * rng.randrange(1 << 20, (1 << 20) + 100_000),
    lambda rng: b"\xef\xbb\xbf" + b'{"values":{}}',
)
"""What makes lines that only want to do harm."""


class Storm:
    """An engine, a door, and the oracle beside them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.engine = Engine(RATE, "sphere", seed=1)
        self.engine.pause(True)
        self.layers = self.engine.load(synth.load_preset(PRESET))
        self.engine.process(QUANTUM)
        self.session_stream = SessionStream("storm", start=0, delay_s=0, interpolation="hold", timeout_s=math.inf, return_s=0)
        self.told: list[str] = []
        self.done: list[tuple[Any, ...]] = []
        read, self.pipe = os.pipe()
        self._file = os.fdopen(read, "rb")
        effects = {
            **{
                name: lambda what=None, name=name: self.done.append((name, what))
                for name in ("panic", "preset", "scene", "release_override")
            },
            **{name: lambda what, at, name=name: self.done.append((name, what)) for name in ("release", "pause")},
            "strike": lambda what, velocity, pitch, at: self.done.append(("strike", what, velocity, pitch)),
        }
        self.endpoint = Lines(self.session_stream, self._file, self.told.append, effects, "storm")
        self.kinds: Counter[str] = Counter()
        self.used = self.lines = 0
        self._aim()

    def _aim(self) -> None:
        self.session_stream.aim(self.engine)
        self.space = self.session_stream.space
        self.is_circular = np.array([path.endswith("azimuth_deg") for path in self.space.paths])
        self.oracle = Oracle(self.space, list(self.layers))
        self.contract = Contract(self.space, self.targets())
        self.makers = _texts(self.rng, self.space, list(self.layers))

    def targets(self) -> np.ndarray:
        """Return where each parameter goes, in the order of the space."""
        state = self.engine.state
        slots = state["layers"]["slots"]["target"]
        own = [slots[layer.index][[slot for slot, _ in layer.slots.values()]] for layer in self.layers.values()]
        return np.concatenate([*own, state["master"]["target"][list(MASTER_TARGETS.values())]])

    def line(self) -> bytes:
        """Return the next line."""
        kind = self.rng.random()
        if kind < 0.001:
            return self.rng.choice(_ABSURD)(self.rng)
        if kind < 0.02:
            return self.rng.randbytes(self.rng.randrange(40)).replace(b"\n", b"")
        made = self.rng.choice(self.makers)(self.engine.frame / RATE)
        line = json.dumps(made, ensure_ascii=self.rng.random() < 0.5).encode("utf-8", "surrogatepass")
        return _mutated(self.rng, line) if kind < 0.4 else line

    def send(self, line: bytes) -> None:
        """Let the door hear a line in whatever pieces, and a quantum pass; compare."""
        cut, before = self.rng.randrange(len(line) + 1), len(self.done)
        self.endpoint.hear(line[:cut])
        self.endpoint.hear(line[cut:] + b"\n")
        self.lines += 1
        expected: list[tuple[Any, ...]] = []
        try:
            if line.strip():
                stamp, values, act = self.oracle.judge(line)
                is_frame = values is not None or (act and act[0] in (*LAYER_ACTS, "pause"))
                if is_frame and self.session_stream.stream is None:
                    raise Wrong("no preset")
                if values is not None:
                    self.contract.push(self.engine.frame, stamp, values)
                expected = [act] if act else []
                self.used += 1
        except Wrong as wrong:
            self.kinds[str(wrong)] += 1
        if self.session_stream.stream is not None:
            self.contract.turn(self.engine.frame)
        samples = self.engine.process(QUANTUM)
        assert self.done[before:] == expected, (line[:200], self.done[before:], expected, self.told)
        assert self.endpoint.rejections.counts == self.kinds, line[:200]
        assert not (differences := self.differences()), (line[:200], differences)
        assert np.isfinite(samples).all()
        assert np.abs(samples).max() <= CEILING
        if self.lines % 1000 == 0:
            self.done.clear()
            self.engine.attend()

    def differences(self) -> dict[str, tuple[float, float]]:
        """Return what is not as it should be: path -> is, should be."""
        found, right = self.targets(), self.contract.targets
        turns = (found - right) / 360
        is_right = (found == right) | (self.is_circular & (np.abs(turns - np.rint(turns)) < 1e-6))
        return {self.space.paths[at]: (found[at], right[at]) for at in np.flatnonzero(~is_right)}

    def change(self) -> None:
        """Let a preset end, hear some lines meanwhile, and go on with it."""
        self.session_stream.release()
        self.contract.waiting.clear()
        self.contract.targets = self.targets()
        for _ in range(50):
            self.send(self.line())
        self._aim()

    def run(self, lines: int) -> None:
        """Send so many lines."""
        for absurd in _ABSURD:
            self.send(absurd(self.rng))
        period = min(lines, 50_000)
        while self.lines < lines:
            self.send(self.line())
            if self.lines % period == period // 2:
                self.change()
        assert len(self.told) == len(self.kinds)
        assert all(text.isprintable() and "is left out: " in text for text in self.told)
        assert self.endpoint.stats["lines"] == self.lines
        assert self.endpoint.stats["rejected"] == self.kinds.total()

    def close(self) -> None:
        self._file.close()
        os.close(self.pipe)


def main(lines: int, seed: int = 1) -> None:
    storm, began_s = Storm(seed), time.monotonic()
    storm.run(lines)
    rows = {
        "lines": storm.lines,
        "seed": seed,
        "used": storm.used,
        "rejected": dict(storm.kinds.most_common()),
        "told": len(storm.told),
        "session_stream": {key: storm.session_stream.stats[key] for key in ("received", "applied", "late", "dropped")},
        "seconds": round(time.monotonic() - began_s),
    }
    sys.stdout.write(json.dumps(rows, indent=1) + "\n")
    sys.stdout.write("\n".join(storm.told) + "\n")
    storm.close()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
