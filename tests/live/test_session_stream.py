"""A drive: one way in from preset to preset, and what it tells of what cannot be used."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import numpy as np
import pytest

import synth
from synth.control.stream.frames import heads_of
from synth.engine.engine import Engine
from synth.live.session_stream import Drive
from synth.parameters.errors import InputError


@pytest.fixture
def engine() -> Engine:
    engine = Engine(48000, "sphere")
    engine.load(synth.load_preset("tap"))
    return engine


@pytest.fixture
def drive(engine: Engine) -> Iterator[Drive]:
    drive = Drive("model", shared=f"test-{uuid.uuid4().hex[:8]}")
    drive.aim(engine)
    yield drive
    drive.let_go()


def another_preset(engine: Engine, drive: Drive) -> None:
    drive.let_go()
    for layer in engine.layers:
        engine.remove(layer)
    engine.load(synth.load_preset("rain_on_tent"))
    engine.process(640)
    drive.aim(engine)


def test_a_connection_says_that_it_has_to_be_made_again_when_another_preset_is_called(engine: Engine, drive: Drive) -> None:
    connection = synth.connect(drive.shared)
    connection.push({"master.level_db": -6.0})
    engine.process(4800)
    before = connection.space.hash
    another_preset(engine, drive)
    for _ in range(2):
        with pytest.raises(
            InputError, match=rf"another preset is called; connect again: synth.connect\('{drive.shared}', wait_s="
        ):
            connection.push({"master.level_db": -6.0})
    connection.close()
    with synth.connect(drive.shared, wait_s=5) as connection:
        assert connection.space.hash == drive.space.hash != before
        connection.push({"master.level_db": -6.0})
        engine.process(4800)
    assert (drive.stats["received"], drive.stats["applied"]) == (2, 2)


def test_a_closed_connection_sends_nothing(drive: Drive) -> None:
    connection = synth.connect(drive.shared)
    connection.close()
    with pytest.raises(InputError, match="is closed"):
        connection.push({"master.level_db": -6.0})


def test_a_name_that_cannot_be_one_is_not_waited_for() -> None:
    with pytest.raises(InputError, match="letters"):
        synth.connect("a b", wait_s=1e6)


def send(drive: Drive, **head: object) -> None:
    """Write one frame past all checks."""
    heads = heads_of("", 1, None, None)
    for name, value in head.items():
        heads[name] = value
    drive.stream._send(heads, np.zeros((1, len(drive.space)), np.float32))


def test_the_first_of_each_kind_of_rejection_is_told_once(engine: Engine, drive: Drive) -> None:
    assert drive.news() == []
    for _ in range(3):
        send(drive, hash=7)
        send(drive, hash=8)
    engine.process(64)
    assert drive.news() == [
        f"stream 'model': left out: a frame of the space 0000000000000007; this stream's is {drive.space.hash}"
    ]
    send(drive, hash=9)
    send(drive, kind=77)
    send(drive, kind=0, stamp_s=np.nan)
    engine.process(64)
    kind, time = drive.news()
    assert "an item of kind 77" in kind
    assert "the stamp nan" in time
    another_preset(engine, drive)
    send(drive, kind=2, frame=-1)
    drive.stream._memory.ring["written"] += 10**6
    engine.process(64)
    (foul,) = drive.news()
    assert "1000001 frames are in it" in foul
    assert drive.news() == []
    counts = {"another space": 7, "no such kind": 1, "no time": 1, "counters without sense": 1}
    assert drive.stats["rejections"] == counts
    assert (drive.stats["rejected"], drive.stats["fouled"]) == (9, 1)
    drive.let_go()
    assert drive.stats["rejections"] == counts
