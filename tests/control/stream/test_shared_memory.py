"""Streams through shared memory: the same samples as by Python, whatever the other process does to it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import numpy as np
import pytest

import synth
from synth.control.stream import shared_memory
from synth.control.stream.memory import limits_of
from synth.parameters.errors import InputError
from tests.support.probe import RATE, probe

pytestmark = pytest.mark.usefixtures("sine_trigger")


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4().hex[:8]}"


PATHS = ["probe.level_db", "probe.azimuth_deg", "probe.colour"]
_SENDER = """
import sys, synth
connection = synth.connect(sys.argv[1])
assert connection.space.paths == ("probe.level_db", "probe.azimuth_deg", "probe.colour")
print(connection.push([-6.0, 45.0, 1.0], time_s=0.0), connection.push({"probe.colour": "soft"}, time_s=0.1), flush=True)
sys.stdin.read()
"""


def test_another_process_sends_and_its_memory_goes_when_the_stream_is_closed(name: str) -> None:
    engine, _ = probe()
    stream = engine.stream("model", PATHS, shared=name)
    with subprocess.Popen(
        [sys.executable, "-c", _SENDER, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as sender:
        assert sender.stdout is not None
        assert sender.stdout.readline().split() == [b"1", b"1"]
        engine.process(RATE // 4)
        layer = engine.layers[0]
        assert [engine.values(layer)[path] for path in ("level_db", "azimuth_deg", "colour")] == [-6, 45, "soft"]
        with pytest.raises(InputError, match="another process sends"):
            synth.connect(name)
        sender.kill()
    with synth.connect(name) as connection:  # a sender that was killed makes room for the next
        assert connection.is_open
        stream.close()
        assert not connection.is_open
        with pytest.raises(InputError, match="has closed it"):
            connection.push([0, 0, 0])
    with pytest.raises(InputError, match="no engine shares"):
        synth.connect(name)
    assert not shared_memory.path_of(name).exists()


def test_uneven_arrival_through_shared_memory_changes_no_sample(name: str) -> None:
    rng = np.random.default_rng(2)
    times = np.arange(200) / 100
    frames = rng.uniform(-20, 0, (200, 3)) * [1, 4, -0.1]
    engine, _ = probe()
    engine.stream("model", PATHS, start=0).push(frames, time_s=times)
    whole = engine.process(2 * RATE)

    (engine, _), parts, at = probe(), [], 0
    stream = engine.stream("model", PATHS, start=0, shared=name)
    arrival = (times + rng.uniform(0, 0.03, 200)) * RATE
    order = np.argsort(arrival)
    with synth.connect(name) as connection:
        for block in range(0, len(whole), 480):
            while at < 200 and arrival[order[at]] <= block:
                assert connection.push(frames[order[at]], time_s=times[order[at]]) == 1
                at += 1
            parts.append(engine.process(480))
        assert connection.frame <= engine.frame
    assert np.array_equal(np.concatenate(parts), whole)
    assert stream.stats["applied"] + stream.stats["waiting"] == at
    assert stream.stats["late"] == stream.stats["early"] == 0
    stream.close()


def test_a_full_ring_drops_the_newest_and_counts(name: str) -> None:
    engine, _ = probe()
    with engine.stream("model", PATHS, shared=name) as stream, synth.connect(name) as connection:
        capacity = connection._ring[2]
        assert connection.push(np.zeros((capacity + 10, 3))) == capacity
        assert connection.push(np.zeros(3)) == 0
        engine.process(6400)
        assert stream.stats["received"] == capacity
        assert stream.stats["dropped"] == capacity - stream.stats["applied"] + 11


def test_what_a_crash_left_behind_is_taken_over(name: str) -> None:
    crashing = (
        f"import os; from synth.control.stream.shared_memory import SharedMemory; s = SharedMemory({name!r}, 4096); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", crashing], check=False, cwd=Path(__file__).parents[3])
    assert shared_memory.path_of(name).exists()
    with pytest.raises(InputError, match="ended"):
        synth.connect(name)
    with probe()[0].stream("model", PATHS, shared=name):
        with pytest.raises(InputError, match="in use"):
            probe()[0].stream("model", PATHS, shared=name)
        synth.connect(name).close()


@pytest.mark.parametrize("bad", ["", "../x", "a b", "x" * 65])
def test_a_bad_name_is_said(bad: str) -> None:
    with pytest.raises(InputError, match="letters"):
        synth.connect(bad)


def test_whatever_is_written_there_no_sample_is_no_number(name: str) -> None:
    """Frames of every kind of nonsense, and bytes thrown over the whole memory, its counters among them."""
    (engine, _), rng = probe(), np.random.default_rng(4)
    stream = engine.stream("model", PATHS, shared=name)
    assert stream._shared is not None
    whole = stream._shared.bytes
    with synth.connect(name) as connection:
        for turn in range(400):
            frames = (rng.standard_normal((64, 3)) * 10.0 ** rng.integers(-3, 30)).astype(np.float32)
            frames[rng.random(frames.shape) < 0.2] = rng.choice([np.nan, np.inf, -np.inf, 3e38])
            connection.push(frames, time_s=rng.uniform(-1, 1, 64) * 10.0 ** rng.integers(-2, 8))
            if turn % 4 == 3:
                at = rng.integers(0, 8192, 200)
                whole[at] = rng.integers(0, 256, 200)
                connection._head["is_closed"] = 0
            out = engine.process(480)
            assert np.isfinite(out).all()
            assert np.abs(out).max() <= 0.9
    values = engine.values(engine.layers[0])
    assert -120 <= values["level_db"] <= 24
    assert values["colour"] in ("plain", "loud", "soft")
    assert stream.stats["corrupt"] > 0
    assert stream.stats["non_finite"] > 0
    stream.close()


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no sealed memory here")
def test_nobody_can_cut_the_memory_off(name: str) -> None:
    engine, _ = probe()
    with engine.stream("model", PATHS, shared=name), synth.connect(name) as connection:
        path = shared_memory.path_of(name)
        memory = path.read_text()
        for size in (0, 1, 1 << 40):
            with pytest.raises(PermissionError):
                os.truncate(memory, size)
        os.truncate(path, 0)
        assert connection.push([-6.0, 45.0, 1.0]) == 1
        engine.process(RATE // 4)
        assert engine.values(engine.layers[0])["level_db"] == -6
    path.write_text("/proc/1/fd/../../etc/passwd")
    path.unlink()


def test_a_storm_costs_a_quantum_little(name: str) -> None:
    """However much is in the ring, and however much of it is due, only so much is done in one quantum."""
    engine, _ = probe()
    for _ in range(40):
        engine.add("sine")
    with engine.stream("model", shared=name) as stream, synth.connect(name) as connection:
        values, before = len(connection.space), 0
        most_taken, most_acting = limits_of(values)
        assert most_taken * values < 1 << 17
        assert most_acting * values <= 1 << 14
        vectors = np.zeros((connection._ring[2], values), np.float32)
        for _ in range(20):
            connection.push(vectors, at=engine.frame + np.arange(len(vectors)) % 640)
            applied = stream.stats["applied"]
            engine.process(64)
            assert stream.stats["received"] - before <= most_taken
            assert stream.stats["applied"] - applied <= most_acting
            before = stream.stats["received"]
        assert before > 0


def test_what_several_threads_send_is_received_or_counted_as_lost(name: str) -> None:
    engine, _ = probe()
    stream = engine.stream("model", PATHS, delay_s=0, shared=name)
    connection, frames = synth.connect(name), np.zeros((2000, len(PATHS)))

    def send() -> None:
        for _ in range(100):
            connection.push(frames)

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        engine.process(64)
    for _ in range(80):
        engine.process(64)
    connection.close()
    stats = stream.stats
    assert stats["received"] + stats["lost"] == 3 * 100 * 2000


def test_nothing_is_sent_through_a_link(name: str, tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(bytes(4096))
    path = shared_memory.path_of(name)
    path.symlink_to(tmp_path / "theirs")
    try:
        with pytest.raises(InputError, match="no engine shares"):
            synth.connect(name)
    finally:
        path.unlink()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_nothing_is_sent_to_another_user(name: str) -> None:
    engine, _ = probe()
    with engine.stream("model", PATHS, shared=name):
        os.chown(shared_memory.path_of(name), 65534, -1)
        with pytest.raises(InputError, match="another user's"):
            synth.connect(name)
