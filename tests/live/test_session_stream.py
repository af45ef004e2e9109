"""A drive: one way in from preset to preset, and what it tells of what cannot be used."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import numpy as np
import pytest

import synth
from synth.control.stream.frames import heads_of
from synth.engine.engine import Engine
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError


@pytest.fixture
def engine() -> Engine:
    engine = Engine(48000, "sphere")
    engine.load(synth.load_preset("tap"))
    return engine


@pytest.fixture
def session_stream(engine: Engine) -> Iterator[SessionStream]:
    session_stream = SessionStream("model", shared=f"test-{uuid.uuid4().hex[:8]}")
    session_stream.aim(engine)
    yield session_stream
    session_stream.release()


def another_preset(engine: Engine, session_stream: SessionStream) -> None:
    session_stream.release()
    for layer in engine.layers:
        engine.remove(layer)
    engine.load(synth.load_preset("rain_on_tent"))
    engine.process(640)
    session_stream.aim(engine)


def test_a_connection_says_that_it_has_to_be_made_again_when_another_preset_is_called(
    engine: Engine, session_stream: SessionStream
) -> None:
    connection = synth.connect(session_stream.shared)
    connection.push({"master.level_db": -6.0})
    engine.process(4800)
    before = connection.space.hash
    another_preset(engine, session_stream)
    for _ in range(2):
        with pytest.raises(
            InputError, match=rf"another preset is called; connect again: synth.connect\('{session_stream.shared}', wait_s="
        ):
            connection.push({"master.level_db": -6.0})
    connection.close()
    with synth.connect(session_stream.shared, wait_s=5) as connection:
        assert connection.space.hash == session_stream.space.hash != before
        connection.push({"master.level_db": -6.0})
        engine.process(4800)
    assert (session_stream.stats["received"], session_stream.stats["applied"]) == (2, 2)


def test_a_closed_connection_sends_nothing(session_stream: SessionStream) -> None:
    connection = synth.connect(session_stream.shared)
    connection.close()
    with pytest.raises(InputError, match="is closed"):
        connection.push({"master.level_db": -6.0})


def test_a_name_that_cannot_be_one_is_not_waited_for() -> None:
    with pytest.raises(InputError, match="letters"):
        synth.connect("a b", wait_s=1e6)


def send(session_stream: SessionStream, **head: object) -> None:
    """Write one frame past all checks."""
    heads = heads_of("", 1, None, None)
    for name, value in head.items():
        heads[name] = value
    session_stream.stream._send(heads, np.zeros((1, len(session_stream.space)), np.float32))


def test_the_first_of_each_kind_of_rejection_is_told_once(engine: Engine, session_stream: SessionStream) -> None:
    assert session_stream.news() == []
    for _ in range(3):
        send(session_stream, hash=7)
        send(session_stream, hash=8)
    engine.process(64)
    assert session_stream.news() == [
        f"stream 'model': left out: a frame of the space 0000000000000007; this stream's is {session_stream.space.hash}"
    ]
    send(session_stream, hash=9)
    send(session_stream, kind=77)
    send(session_stream, kind=0, stamp_s=np.nan)
    engine.process(64)
    kind, time = session_stream.news()
    assert "an item of kind 77" in kind
    assert "the stamp nan" in time
    another_preset(engine, session_stream)
    send(session_stream, kind=2, frame=-1)
    session_stream.stream._memory.ring["written"] += 10**6
    engine.process(64)
    (foul,) = session_stream.news()
    assert "1000001 frames are in it" in foul
    assert session_stream.news() == []
    counts = {"another space": 7, "no such kind": 1, "no time": 1, "counters without sense": 1}
    assert session_stream.stats["rejections"] == counts
    assert (session_stream.stats["rejected"], session_stream.stats["corrupt"]) == (9, 1)
    session_stream.release()
    assert session_stream.stats["rejections"] == counts
