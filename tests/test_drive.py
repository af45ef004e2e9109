"""Drives: a model goes on from preset to preset; requests: what it may ask beside."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest

import synth
from synth.drive import Drive
from synth.engine import memory
from synth.engine.engine import Engine
from synth.errors import InputError
from synth.readings import streams
from synth.requests import Requests

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


def switch(engine: Engine, drive: Drive, name: str) -> dict[str, object]:
    drive.let_go()
    layers = engine.load(synth.load_preset(name), tails=True)
    drive.aim(engine)
    return layers


def reached(engine: Engine, frames: int) -> None:
    until = engine.frame + frames
    while engine.frame < until:
        pass


def test_a_model_drives_whatever_plays(engine: Engine) -> None:
    drive = Drive("model", delay_s=0, timeout_s=1000)
    with pytest.raises(InputError, match="no preset plays"):
        drive.push([0])
    assert streams([drive]) == ()
    for number, name in enumerate(["tap", "brush", "rain"], 1):
        layers = switch(engine, drive, name)
        assert drive.space.hash == synth.space(name).hash
        drive.push({f"{name}.level_db": -7.0 - number, "master.level_db": -number})
        reached(engine, 9600)
        assert engine.values(layers[name])["level_db"] == -7 - number
        assert engine.state["master"][0]["value"] == -number
    assert drive.stats["applied"] == 3
    assert streams([drive])[0].phase == "driving"
    drive.let_go()
    assert engine.streams == ()
    assert drive.stats["applied"] == 3


def test_a_preset_sets_the_level_that_a_model_had(engine: Engine) -> None:
    drive = Drive("model", delay_s=0, timeout_s=1000)
    switch(engine, drive, "tap")
    drive.push({"master.level_db": -30})
    reached(engine, 9600)
    preset = synth.load_preset("nails_on_glass")
    switch(engine, drive, preset.name)
    reached(engine, RATE)
    assert engine.state["master"][0]["value"] == pytest.approx(preset.level_db)


def test_shared_memory_is_made_anew_for_each_preset(engine: Engine) -> None:
    name = f"test-{uuid.uuid4().hex[:8]}"
    drive = Drive("model", shared=name)
    switch(engine, drive, "tap")
    with synth.connect(name) as connection:
        assert connection.push(connection.space.default) == 1
        switch(engine, drive, "brush")
        with pytest.raises(InputError):
            connection.push(connection.space.default)
    with synth.connect(name) as connection:
        assert connection.space.hash == synth.space("brush").hash
    drive.let_go()


def test_a_contract_that_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="delay_s"):
        Drive("model", delay_s=-1)


# ---- requests


class Journal:
    def __init__(self) -> None:
        self.kinds: list[tuple[int, int]] = []

    def layer(self, *_: object) -> None: ...

    def stream(self, *_: object) -> None: ...

    def acts(self, *_: object) -> None: ...

    def events(self, events) -> None:
        self.kinds += [(int(event["kind"]), int(event["frame"])) for event in events]


@pytest.fixture
def asked() -> tuple[Engine, Requests, Journal, list[tuple[str, object]]]:
    engine, journal, later = Engine(RATE, "sphere"), Journal(), []
    engine.record_to(journal)
    layer = engine.add("brush", name="left.hand")
    requests = Requests(engine, lambda: {"left.hand": layer}, lambda *what: later.append(what))
    return engine, requests, journal, later


def test_notes_begin_and_end_by_the_name_of_their_layer(asked) -> None:
    engine, requests, journal, _ = asked
    requests.table["strike"]("left.hand", 0.5, at=1000)
    requests.table["strike"]("left.hand", 0.5, -12.0, at=2000)
    requests.table["release"]("left.hand", at=3000)
    engine.process(6400)
    notes = [pair for pair in journal.kinds if pair[0] in (memory.STRIKE, memory.RELEASE)]
    assert notes == [(memory.STRIKE, 1000), (memory.STRIKE, 2000), (memory.RELEASE, 3000), (memory.RELEASE, 3000)]
    with pytest.raises(InputError, match="left hand"):
        requests.strike("left hand")
    with pytest.raises(InputError, match="velocity"):
        requests.strike("left.hand", 2.0)


@pytest.mark.parametrize("path", [None, "left.hand", "left.hand.level_db"])
def test_what_a_hand_took_is_given_back(asked, path: str | None) -> None:
    engine, requests, *_ = asked
    layer = engine.layers[0]
    stream = engine.stream("model", ["left.hand.level_db", "master.level_db"], delay_s=0, return_s=0, rate_hz=1000)
    stream.push([-20.0, -3.0])
    engine.process(640)
    engine.set(layer, ramp_s=0, level_db=0)
    engine.set_master(ramp_s=0, level_db=0)
    stream.push([-20.0, -3.0])
    engine.process(640)
    assert engine.values(layer)["level_db"] == 0
    requests.table["give_back"](path)
    stream.push([-20.0, -3.0])
    engine.process(640)
    assert engine.values(layer)["level_db"] == -20
    assert engine.state["master"][0]["value"] == (-3 if path is None else 0)
    requests.table["give_back"]("master.level_db")
    stream.push([-20.0, -3.0])
    engine.process(640)
    assert engine.state["master"][0]["value"] == -3


@pytest.mark.parametrize("path", ["right", "left.hand.nothing", "master.nothing"])
def test_a_wrong_path_is_said(asked, path: str) -> None:
    with pytest.raises(InputError):
        asked[1].give_back(path)


def test_the_session_does_the_rest_at_its_next_turn(asked) -> None:
    _, requests, _, later = asked
    requests.table["preset"]("rain")
    requests.table["scene"](2)
    assert later == [("preset", "rain"), ("scene", 2)]
