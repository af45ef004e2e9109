"""Undo: what a hand changed last glides back to what it was, whichever way it was changed; what no hand changed stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from synth.control.midi.mapping import ControlBinding, Mapping, Source
from synth.engine.engine import Engine
from synth.engine.layer import Layer
from synth.engine.midi_map import MidiMap
from synth.preset.library import load_preset

RATE = 48000
SECOND = RATE // 64 * 64
WHEEL = 1


@pytest.fixture
def engine() -> Engine:
    engine = Engine(RATE, "sphere")
    engine.add("tap", name="tap", hardness=0.5, level_db=-10)
    engine.process(64)
    return engine


def tap(engine: Engine) -> Layer:
    return engine.layers[0]


def now(engine: Engine) -> dict[str, Any]:
    return engine.values(tap(engine))


def undone(engine: Engine) -> dict[str, Any]:
    engine.undo()
    engine.process(SECOND)
    return now(engine)


def turn(engine: Engine, *values: int) -> None:
    for value in values:
        engine.push_midi(0, bytes([0xB0, WHEEL, value]))
        engine.process(640)


def plug(engine: Engine, *paths: str) -> None:
    wheel = Source("cc", WHEEL, WHEEL)
    bindings = [ControlBinding(wheel, *path.split("."), 0.0, 1.0, takeover="jump") for path in paths]
    MidiMap(engine, Mapping(controls=tuple(bindings)), {"tap": tap(engine)}, {})


def test_a_change_from_python_glides_back(engine: Engine) -> None:
    engine.set(tap(engine), ramp_s=0, hardness=0.9)
    engine.process(64)
    engine.undo()
    engine.process(640)
    assert 0.5 < now(engine)["hardness"] < 0.9
    engine.process(SECOND)
    assert now(engine)["hardness"] == 0.5


def test_each_undo_goes_one_change_further_back(engine: Engine) -> None:
    steps = np.linspace(0.1, 0.9, 33)
    for step in steps:
        engine.set(tap(engine), ramp_s=0, hardness=float(step))
        engine.process(64)
    for step in [*steps[-2::-1], 0.5, 0.5]:  # and then there is nothing left
        assert undone(engine)["hardness"] == pytest.approx(step)


def test_what_was_changed_together_goes_back_together(engine: Engine) -> None:
    engine.set(tap(engine), ramp_s=0, hardness=0.9)
    engine.process(64)
    engine.morph({"tap": {"hardness": 0.1, "level_db": -30}, "master": {"level_db": -20}}, 0.01)
    engine.process(SECOND)
    assert (undone(engine)["hardness"], now(engine)["level_db"]) == (0.9, -10)
    assert engine.state["master"]["value"][0] == 0
    assert undone(engine)["hardness"] == 0.5


def test_a_controllers_whole_move_is_one_change(engine: Engine) -> None:
    plug(engine, "tap.hardness", "tap.thump", "master.level_db")
    before = now(engine)["thump"]
    turn(engine, *range(10, 60))
    engine.process(2 * SECOND)
    turn(engine, *range(60, 100))
    assert undone(engine)["hardness"] == pytest.approx(59 / 127)
    assert engine.state["master"]["value"][0] == pytest.approx(59 / 127)
    assert (undone(engine)["hardness"], now(engine)["thump"], engine.state["master"]["value"][0]) == (0.5, before, 0)


def test_what_no_hand_changed_stays(engine: Engine) -> None:
    stream = engine.stream("model", ["tap.hardness"], delay_s=0, rate_hz=1000)
    stream.push([0.25])
    engine.set_master(ramp_s=0, fade=0.5, guard_db=-6)
    engine.process(SECOND // 10 // 64 * 64)
    before = now(engine)
    engine.undo()
    engine.process(64)
    assert now(engine) == before
    assert engine.state["master"]["value"][[1, 3]].tolist() == [0.5, -6]


def test_a_number_that_a_hand_took_from_a_stream_is_the_streams_again(engine: Engine) -> None:
    stream = engine.stream("model", ["tap.hardness"], delay_s=0, rate_hz=1000, timeout_s=np.inf, return_s=0)
    stream.push([0.25])
    engine.process(640)
    engine.set(tap(engine), ramp_s=0, hardness=0.9)
    engine.process(64)
    stream.push([0.3])
    engine.process(640)
    assert now(engine)["hardness"] == pytest.approx(0.9)
    assert undone(engine)["hardness"] == pytest.approx(0.25)
    stream.push([0.75])
    engine.process(640)
    assert now(engine)["hardness"] == pytest.approx(0.75)


def test_what_is_gone_is_passed_over_and_another_preset_begins_anew(engine: Engine) -> None:
    other = engine.add("tap", name="other")
    engine.set(tap(engine), ramp_s=0, hardness=0.9)
    engine.process(64)
    engine.set(other, ramp_s=0, hardness=0.9)
    engine.process(64)
    engine.remove(other)
    assert undone(engine)["hardness"] == 0.5
    engine.set_master(level_db=-30)
    engine.process(SECOND)
    engine.load(load_preset("tap"))
    engine.process(SECOND)
    engine.undo()
    engine.process(SECOND)
    assert engine.state["master"]["value"][0] == 0


def test_it_is_ordinary_events_so_a_take_plays_it_again(engine: Engine) -> None:
    def struck() -> Engine:
        engine = Engine(RATE, "sphere", seed=1)
        engine.add("brush", name="brush")
        return engine

    played, again, events = struck(), struck(), []
    played.record_to(SimpleNamespace(layer=lambda *_: None, events=lambda found: events.extend(found.copy())))
    played.strike(played.layers[0], 0.8, at=100)
    played.set(played.layers[0], at=200, softness=0.9)
    out = [played.process(6400)]
    played.undo()
    out.append(played.process(25600))
    for event in events:
        if event["kind"] != 4:  # the layers are there
            again.send_again(event)
    assert np.array_equal(np.concatenate(out), again.process(32000))
