"""One stream by every way in, a minute in `make soak`: 100 frames a second, 24 parameters, uneven arrival; the same bytes."""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import synth
from synth.engine.engine import Engine
from synth.io.files.frame_file import read_stream_file, write_stream_file
from synth.live.protocols.osc.server import Osc
from synth.live.protocols.pipe_lines import Lines
from synth.live.session_stream import SessionStream
from tests.support.osc_sender import NOON, SECOND, bundle, message

RATE, BLOCK, PER_S = 48000, 480, 100
CONTRACT = {"rate_hz": PER_S, "delay_s": 0.05, "start": 4800}
PRESET = synth.load_preset("tap")
SPACE = synth.space(PRESET)
PATHS = SPACE.paths[:24]
PART = SPACE.subset(PATHS)


def _engine() -> Engine:
    engine = Engine(RATE, "sphere", seed=1)
    engine.load(PRESET)
    return engine


@pytest.fixture(scope="module", params=[pytest.param(8, id="short"), pytest.param(60, id="long", marks=pytest.mark.soak)])
def frames(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray]:
    """Timestamps, and walks through the ranges."""
    rng = np.random.default_rng(8)
    walk = np.cumsum(rng.normal(0, 0.02, (request.param * PER_S, len(PART))), 0)
    return np.arange(len(walk)) / PER_S, PART.from_unit(0.5 + 0.5 * np.sin(walk)).astype(np.float32)


def _as_they_come(engine: Engine, times: np.ndarray, push: Callable[[int], object]) -> bytes:
    """Render while frames come up to 30 ms late, out of their order."""
    arrival = CONTRACT["start"] + (times + np.random.default_rng(9).uniform(0, 0.03, len(times))) * RATE
    order, at, parts = np.argsort(arrival), 0, []
    for block in range(0, len(times) * RATE // PER_S + 9600, BLOCK):
        while at < len(times) and arrival[order[at]] <= block:
            push(order[at])
            at += 1
        parts.append(engine.process(BLOCK))
    return np.concatenate(parts).tobytes()


@pytest.fixture(scope="module")
def whole(frames) -> bytes:
    engine = _engine()
    stream = engine.stream("model", PATHS, **CONTRACT)
    stream.push(frames[1], time_s=frames[0])
    samples = engine.process((len(frames[0]) * RATE // PER_S + 9600 + BLOCK - 1) // BLOCK * BLOCK)
    assert np.abs(samples).max() > 0.01
    out = samples.tobytes()
    assert stream.stats["applied"] == len(frames[0])
    return out


def test_by_python_frame_by_frame_it_is_the_same(frames, whole: bytes) -> None:
    times, values = frames
    engine = _engine()
    stream = engine.stream("model", PATHS, **CONTRACT)
    assert _as_they_come(engine, times, lambda i: stream.push(values[i], time_s=times[i])) == whole
    stats = stream.stats
    assert (stats["applied"], stats["late"], stats["dropped"]) == (len(times), 0, 0)
    assert stats["longest_wait_s"] <= 0.05 + 64 / RATE
    assert stats["rate_hz"] == pytest.approx(PER_S, rel=0.7)


def test_by_shared_memory_it_is_the_same(frames, whole: bytes) -> None:
    times, values = frames
    engine, name = _engine(), f"test-{uuid.uuid4().hex[:8]}"
    with engine.stream("model", PATHS, shared=name, **CONTRACT) as stream, synth.connect(name) as connection:
        assert _as_they_come(engine, times, lambda i: connection.push(values[i], time_s=times[i])) == whole
        assert stream.stats["applied"] == len(times)


def test_by_lines_down_a_pipe_it_is_the_same(frames, whole: bytes) -> None:
    times, values = frames
    lines = [
        json.dumps({"t": t, "values": dict(zip(PATHS, row, strict=True)), "hash": SPACE.hash}).encode() + b"\n"
        for t, row in zip(times.tolist(), values.tolist(), strict=True)
    ]
    engine, session_stream = _engine(), SessionStream("model", **CONTRACT)
    session_stream.aim(engine)
    read, write = os.pipe()
    with os.fdopen(read, "rb") as file, Lines(session_stream, file, pytest.fail) as endpoint:

        def push(number: int) -> None:
            expected = endpoint.stats["frames"] + 1
            os.write(write, lines[number])
            while endpoint.stats["frames"] < expected:
                time.sleep(0)

        assert _as_they_come(engine, times, push) == whole
        stats = session_stream.stats
        assert (stats["applied"], stats["late"], stats["dropped"]) == (len(times), 0, 0)
    os.close(write)


def test_by_osc_it_is_the_same(frames, whole: bytes) -> None:
    """Each frame a bundle of 24 messages over UDP, its stamp the time tag."""
    times, values = frames
    addresses = ["/" + path.replace(".", "/") for path in PATHS]
    packets = [
        bundle(*(message(to, v, types="f") for to, v in zip(addresses, row, strict=True)), tag=NOON + round(t * SECOND))
        for t, row in zip(times.tolist(), values.tolist(), strict=True)
    ]
    engine, session_stream = _engine(), SessionStream("model", **CONTRACT)
    session_stream.aim(engine)
    with (
        Osc(session_stream, "127.0.0.1", 0, lambda _: None, value=float, tree=False) as endpoint,
        socket.socket(type=socket.SOCK_DGRAM) as to,
    ):
        to.connect(("127.0.0.1", endpoint.port))

        def send(packet: bytes) -> None:
            expected = endpoint.stats["frames"] + 1
            to.send(packet)
            while endpoint.stats["frames"] < expected:
                time.sleep(0)

        to.send(bundle(message("/synth/start"), tag=NOON))
        assert _as_they_come(engine, times, lambda i: send(packets[i])) == whole
        stats = session_stream.stats
        assert (stats["applied"], stats["late"], stats["dropped"]) == (len(times), 0, 0)


@pytest.mark.parametrize("suffix", ["jsonl", "npz", "parquet"])
def test_by_file_it_is_the_same(frames, whole: bytes, tmp_path: Path, suffix: str) -> None:
    times, values = frames
    file = read_stream_file(write_stream_file(tmp_path / f"a.{suffix}", times, values, PART), SPACE)
    engine = _engine()
    engine.stream("model", file.paths, **CONTRACT).push(file.values, time_s=file.times_s)
    assert engine.process(len(whole) // 8).tobytes() == whole
