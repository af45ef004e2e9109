"""Drives while an engine plays: a model goes on from preset to preset."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest

import synth
from synth.engine.engine import Engine
from synth.live.readouts import streams
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError

RATE = 48000


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine that a thread plays, as a sound device would."""
    engine, ended = Engine(RATE, "sphere"), threading.Event()

    def play() -> None:
        while not ended.is_set():
            engine.process(480)

    thread = threading.Thread(target=play)
    thread.start()
    yield engine
    ended.set()
    thread.join()


def switch(engine: Engine, session_stream: SessionStream, name: str) -> dict[str, object]:
    session_stream.release()
    layers = engine.load(synth.load_preset(name), tails=True)
    session_stream.aim(engine)
    return layers


def reached(engine: Engine, frames: int) -> None:
    until = engine.frame + frames
    while engine.frame < until:
        pass


def test_a_model_drives_whatever_plays(engine: Engine) -> None:
    session_stream = SessionStream("model", delay_s=0, timeout_s=1000)
    with pytest.raises(InputError, match="no preset plays"):
        session_stream.push([0])
    assert streams([session_stream]) == ()
    for number, name in enumerate(["tap", "brush", "rain"], 1):
        layers = switch(engine, session_stream, name)
        assert session_stream.space.hash == synth.space(name).hash
        session_stream.push({f"{name}.level_db": -7.0 - number, "master.level_db": -number})
        reached(engine, 9600)
        assert engine.values(layers[name])["level_db"] == -7 - number
        assert engine.state["master"][0]["value"] == -number
    assert session_stream.stats["applied"] == 3
    assert streams([session_stream])[0].phase == "driving"
    session_stream.release()
    assert engine.streams == ()
    assert session_stream.stats["applied"] == 3


def test_a_preset_sets_the_level_that_a_model_had(engine: Engine) -> None:
    session_stream = SessionStream("model", delay_s=0, timeout_s=1000)
    switch(engine, session_stream, "tap")
    session_stream.push({"master.level_db": -30})
    reached(engine, 9600)
    preset = synth.load_preset("nails_on_glass")
    switch(engine, session_stream, preset.name)
    reached(engine, RATE)
    assert engine.state["master"][0]["value"] == pytest.approx(preset.level_db)


def test_shared_memory_is_made_anew_for_each_preset(engine: Engine) -> None:
    name = f"test-{uuid.uuid4().hex[:8]}"
    session_stream = SessionStream("model", shared=name)
    switch(engine, session_stream, "tap")
    with synth.connect(name) as connection:
        assert connection.push(connection.space.default) == 1
        switch(engine, session_stream, "brush")
        with pytest.raises(InputError):
            connection.push(connection.space.default)
    with synth.connect(name) as connection:
        assert connection.space.hash == synth.space("brush").hash
    session_stream.release()


def test_a_contract_that_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="delay_s"):
        SessionStream("model", delay_s=-1)
