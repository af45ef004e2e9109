"""A take whose sums are right and whose numbers are not ends in one line, at once: no kernel ever sees one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.kernels import event_record as record
from synth.io.files.chunk_file import Chunks, ChunkWriter
from synth.parameters.errors import InputError
from synth.take import format as kinds
from synth.take.reader import load_take, replay
from synth.take.writer import TakeWriter

RATE = 48000
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, bytes]]:
    """Return the chunks of a take that replays."""
    path, engine = tmp_path_factory.mktemp("take") / "good.take", Engine(RATE, "sphere", 1)
    writer = TakeWriter(path, engine)
    layer, stream = engine.add("tap"), engine.stream("m", ["master.level_db"], delay_s=0)
    for turn in range(10):
        engine.strike(layer, 0.5, turn * 640 + 5)
        engine.set(layer, level_db=-3, at=turn * 640 + 7)
        engine.set_master(room_db=-20, at=turn * 640 + 8)
        stream.push([-3.0], at=turn * 640 + 9)
        engine.process(640)
        writer.flush((turn + 1) * 640)
    writer.close()
    return list(Chunks(path))


def written(path: Path, chunks: list[tuple[bytes, bytes]]) -> Path:
    with ChunkWriter(path, chunks[0]) as writer:
        for kind, payload in chunks[1:]:
            writer.write(kind, payload)
    return path


def rendered(path: Path) -> np.ndarray:
    return np.concatenate([np.zeros((0, 2), np.float32), *replay(load_take(path))])


def fields(**changed: Any) -> Change:
    return lambda payload: json.dumps(json.loads(payload) | changed).encode()


def without(name: str) -> Change:
    return lambda payload: json.dumps({key: value for key, value in json.loads(payload).items() if key != name}).encode()


def event(**changed: Any) -> Change:
    def change(payload: bytes) -> bytes:
        events = np.frombuffer(payload, np.dtype([(name, kind) for name, kind in kinds.EVENT_LAYOUT])).copy()
        for name, value in changed.items():
            events[name][0] = value
        return events.tobytes()

    return change


def values(**changed: float) -> Change:
    return lambda payload: json.dumps(json.loads(payload) | {"values": json.loads(payload)["values"] | changed}).encode()


def target(place: int, value: Any) -> Change:
    def change(payload: bytes) -> bytes:
        definition = json.loads(payload)
        definition["targets"][0][place] = value
        return json.dumps(definition).encode()

    return change


def act(at: int, value: bytes) -> Change:
    return lambda payload: payload[: 16 + at] + value + payload[16 + at + len(value) :]


DIGITS = b"9" * 5000
CASES: dict[str, tuple[bytes, Change]] = {
    "head: a list": (kinds.HEAD, lambda _: b"[1]"),
    "head: nested deeply": (kinds.HEAD, lambda _: b"[" * 100000),
    "head: 5000 digits": (kinds.HEAD, lambda payload: payload.replace(b'"seed": 1', b'"seed": ' + DIGITS)),
    "head: no versions": (kinds.HEAD, without("versions")),
    "head: versions of control characters": (kinds.HEAD, fields(versions={"numpy": "\x1b[2J"})),
    "head: sample rate": (kinds.HEAD, fields(sample_rate=1e300)),
    "head: no number": (kinds.HEAD, fields(sample_rate=None)),
    "head: inputs": (kinds.HEAD, fields(inputs=10**6)),
    "head: an event of gigabytes": (kinds.HEAD, fields(event=[["frame", "V2000000000"], ["kind", "<i4"]])),
    "layer: index": (kinds.LAYER, fields(index=10**6)),
    "layer: index below 0": (kinds.LAYER, fields(index=-1)),
    "layer: first voice": (kinds.LAYER, fields(first_voice=10**6)),
    "layer: first voice at the end": (kinds.LAYER, fields(first_voice=511)),
    "layer: generation": (kinds.LAYER, fields(generation=2**70)),
    "layer: trigger": (kinds.LAYER, fields(trigger="\x1b[31m")),
    "layer: unknown trigger": (kinds.LAYER, fields(trigger="drum")),
    "layer: gesture": (kinds.LAYER, fields(gesture="dance")),
    "layer: values are none": (kinds.LAYER, fields(values=[1])),
    "layer: a value out of range": (kinds.LAYER, values(level_db=1e9)),
    "layer: a value that is none": (kinds.LAYER, values(level_db=float("nan"))),
    "layer: a sound that is missing": (kinds.LAYER, fields(has_sound=1)),
    "layer: no name": (kinds.LAYER, without("name")),
    "stream: a slot": (kinds.STREAM, target(2, 2**31 - 1)),
    "stream: a layer": (kinds.STREAM, target(1, 10**6)),
    "stream: a range that is none": (kinds.STREAM, target(3, float("inf"))),
    "stream: a target cut short": (kinds.STREAM, fields(targets=[[1, 2]])),
    "stream: no targets": (kinds.STREAM, fields(targets=[])),
    "stream: its number": (kinds.STREAM, fields(number=77)),
    "acts: of a stream that is not there": (kinds.ACTS, lambda payload: (12345).to_bytes(8, "little") + payload[8:]),
    "acts: how many": (kinds.ACTS, lambda payload: payload[:8] + (2**60).to_bytes(8, "little") + payload[16:]),
    "acts: cut short": (kinds.ACTS, lambda payload: payload[:-4]),
    "acts: an act": (kinds.ACTS, act(16, (1000).to_bytes(4, "little"))),
    "acts: a frame": (kinds.ACTS, act(0, (2**62).to_bytes(8, "little"))),
    "events: cut short": (kinds.EVENTS, lambda payload: payload[:7]),
    "event: kind": (kinds.EVENTS, event(kind=1000)),
    "event: of a stream": (kinds.EVENTS, event(kind=record.STREAM_ACT)),
    "event: frame": (kinds.EVENTS, event(frame=-5)),
    "event: layer": (kinds.EVENTS, event(kind=record.SET, layer=10**6)),
    "event: slot": (kinds.EVENTS, event(kind=record.SET, slot=10**6)),
    "event: slot of the master": (kinds.EVENTS, event(kind=record.MASTER, slot=10**7)),
    "event: slot of a note": (kinds.EVENTS, event(kind=record.NOTE_ALL, slot=4)),
    "event: table": (kinds.EVENTS, event(kind=record.MAP, table=99)),
    "event: a value that is none": (kinds.EVENTS, event(value=np.nan)),
    "event: velocity": (kinds.EVENTS, event(velocity=1e30)),
    "frames: 10^15": (kinds.FRAMES, lambda _: b"9" * 15),
    "frames: 5000 digits": (kinds.FRAMES, lambda _: DIGITS),
    "frames: no number": (kinds.FRAMES, lambda _: b"x"),
    "frames: below 0": (kinds.FRAMES, lambda _: b"-4"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_one_line(name: str, good: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    kind, change = CASES[name]
    at = next(index for index, chunk in enumerate(good) if chunk[0] == kind)
    changed = [*good[:at], (kind, change(good[at][1])), *good[at + 1 :]]
    assert changed != good
    with pytest.raises(InputError) as refused:
        rendered(written(tmp_path / "bad.take", changed))
    message = str(refused.value)
    assert message.isprintable()
    assert len(message) < 500
    assert "bad.take" in message or "layer" in message


def test_the_take_that_they_were_made_of_replays(good: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    assert len(rendered(written(tmp_path / "good.take", good))) > 5000


def outcome(path: Path) -> str:
    """Return how many frames a take renders to, or why none."""
    try:
        return f"{len(rendered(path))} frames"
    except InputError as error:
        return str(error)


def test_a_chunk_that_is_missing_ends_in_sound_or_in_one_line(good: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    for index in range(1, len(good)):
        path = written(tmp_path / f"{index}.take", [*good[:index], *good[index + 1 :]])
        assert outcome(path).isprintable()


def test_events_after_the_end_are_not_waited_for(good: list[tuple[bytes, bytes]], tmp_path: Path) -> None:
    at = max(index for index, chunk in enumerate(good) if chunk[0] == kinds.EVENTS)
    late = event(frame=1 << 49)
    events = np.frombuffer(good[at][1], np.dtype([(name, kind) for name, kind in kinds.EVENT_LAYOUT]))
    only = late(events[-1:].tobytes())
    assert len(rendered(written(tmp_path / "x.take", [*good, (kinds.EVENTS, only)]))) > 5000
