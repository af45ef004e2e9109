"""EngineCommands: what a model may ask beside moving parameters, by the names of layers."""

from __future__ import annotations

import pytest

from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.engine.kernels.event_record import RELEASE, STRIKE
from synth.parameters.errors import InputError

RATE = 48000


class EventLog:
    def __init__(self) -> None:
        self.kinds: list[tuple[int, int]] = []

    def layer(self, *_: object) -> None: ...

    def stream(self, *_: object) -> None: ...

    def acts(self, *_: object) -> None: ...

    def events(self, events) -> None:
        self.kinds += [(int(event["kind"]), int(event["frame"])) for event in events]


@pytest.fixture
def asked() -> tuple[Engine, EngineCommands, EventLog, list[tuple[str, object]]]:
    engine, event_log, later = Engine(RATE, "sphere"), EventLog(), []
    engine.record_to(event_log)
    engine.add("brush", name="left")
    engine.add("brush", name="left.hand")
    requests = EngineCommands(engine, lambda *what: later.append(what))
    return engine, requests, event_log, later


def test_notes_begin_and_end_by_the_name_of_their_layer(asked) -> None:
    engine, requests, event_log, _ = asked
    requests.effects["strike"]("left.hand", 0.5, at=1000)
    requests.effects["strike"]("left.hand", 0.5, -12.0, at=2000)
    requests.effects["release"]("left.hand", at=3000)
    engine.process(6400)
    notes = [pair for pair in event_log.kinds if pair[0] in (STRIKE, RELEASE)]
    assert notes == [(STRIKE, 1000), (STRIKE, 2000), (RELEASE, 3000), (RELEASE, 3000)]
    with pytest.raises(InputError, match="left hand"):
        requests.strike("left hand")
    with pytest.raises(InputError, match="velocity"):
        requests.strike("left.hand", 2.0)


@pytest.mark.parametrize("path", [None, "left.hand", "left.hand.level_db"])
def test_what_a_hand_took_is_given_back(asked, path: str | None) -> None:
    engine, requests, *_ = asked
    layer = engine.layers[1]
    stream = engine.stream("model", ["left.hand.level_db", "master.level_db"], delay_s=0, return_s=0, rate_hz=1000)
    stream.push([-20.0, -3.0])
    engine.process(640)
    engine.set(layer, ramp_s=0, level_db=0)
    engine.set_master(ramp_s=0, level_db=0)
    stream.push([-20.0, -3.0])
    engine.process(640)
    assert engine.values(layer)["level_db"] == 0
    requests.effects["release_override"](path)
    engine.process(64)
    stream.push([-20.0, -3.0])
    engine.process(640)
    assert engine.values(layer)["level_db"] == -20
    assert engine.state["master"][0]["value"] == (-3 if path is None else 0)
    requests.effects["release_override"]("master.level_db")
    engine.process(64)
    stream.push([-20.0, -3.0])
    engine.process(640)
    assert engine.state["master"][0]["value"] == -3


def test_values_are_read_by_path(asked) -> None:
    engine, requests, *_ = asked
    engine.set(engine.layers[1], ramp_s=0, level_db=-13)
    engine.process(640)
    assert requests.value("left.hand.level_db") == -13
    assert requests.value("master.level_db") == 0
    for path in ("left.hand", "left.hand.nothing", "master.nothing", "nothing.level_db"):
        with pytest.raises(InputError):
            requests.value(path)


def test_a_layer_is_found_whose_name_begins_with_anothers(asked) -> None:
    engine, requests, *_ = asked
    engine.add("brush", name="left")
    engine.add("brush", name="left.hand.gesture")
    engine.process(64)
    for layer in engine.layers:
        engine.set(layer, ramp_s=0, level_db=-10 - layer.index)
    engine.process(640)
    for layer in engine.layers:
        assert requests.value(f"{layer.name}.level_db") == -10 - layer.index
        requests.release_override(layer.name)
        requests.release_override(f"{layer.name}.level_db")


@pytest.mark.parametrize("path", ["right", "left.hand.nothing", "master.nothing"])
def test_a_wrong_path_is_said(asked, path: str) -> None:
    with pytest.raises(InputError):
        asked[1].release_override(path)


def test_the_session_does_the_rest_at_its_next_turn(asked) -> None:
    _, requests, _, later = asked
    requests.effects["preset"]("rain")
    requests.effects["scene"](2)
    assert later == [("preset", "rain"), ("scene", 2)]
