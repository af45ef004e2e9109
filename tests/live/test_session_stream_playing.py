"""Drives while an engine plays: a model goes on from preset to preset."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

import synth
from synth.engine.engine import Engine
from synth.live.readouts import streams
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError

RATE = 48000
_PATIENCE_S = 60.0


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine that a thread plays, as a sound device would."""
    engine, ended = Engine(RATE, "sphere"), threading.Event()

    def play() -> None:
        while not ended.is_set():
            engine.process(480)

    thread = threading.Thread(target=play)
    thread.start()
    try:
        yield engine
    finally:
        ended.set()
        thread.join()


def switch(engine: Engine, session_stream: SessionStream, name: str) -> dict[str, object]:
    session_stream.release()
    layers = engine.load(synth.load_preset(name), tails=True)
    session_stream.aim(engine)
    return layers


def becomes(is_so: Callable[[], bool]) -> bool:
    """Wait for something that other threads bring about, however busy the machine is; whether it came."""
    end_s = time.monotonic() + _PATIENCE_S
    while not is_so() and time.monotonic() < end_s:
        time.sleep(0.005)
    return is_so()


def test_a_model_drives_whatever_plays(engine: Engine) -> None:
    session_stream = SessionStream("model", delay_s=0, timeout_s=1000)
    with pytest.raises(InputError, match="no preset plays"):
        session_stream.push([0])
    assert streams([session_stream]) == ()
    for number, name in enumerate(["tap", "brush", "rain"], 1):
        layers = switch(engine, session_stream, name)
        assert session_stream.space.hash == synth.space(name).hash
        session_stream.push({f"{name}.level_db": -7.0 - number, "master.level_db": -number})
        assert becomes(lambda: engine.values(layers[name])["level_db"] == -7 - number)  # noqa: B023
        assert becomes(lambda: engine.state["master"][0]["value"] == -number)  # noqa: B023
    assert session_stream.stats["applied"] == 3
    assert streams([session_stream])[0].phase == "driving"
    session_stream.release()
    assert becomes(lambda: engine.streams == ())
    assert session_stream.stats["applied"] == 3


def test_a_preset_sets_the_level_that_a_model_had(engine: Engine) -> None:
    session_stream = SessionStream("model", delay_s=0, timeout_s=1000)
    switch(engine, session_stream, "tap")
    session_stream.push({"master.level_db": -30})
    assert becomes(lambda: engine.state["master"][0]["value"] == -30)
    preset = synth.load_preset("nails_on_glass")
    switch(engine, session_stream, preset.name)
    assert becomes(lambda: engine.state["master"][0]["value"] == pytest.approx(preset.level_db))


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
