"""Nothing that a hand, a message or a preset does makes a step: the second difference stays that of the tone that sounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.layer import Input
from synth.engine.preset import LayerSpec, Preset

RATE = 48000
DOINGS: dict[str, Callable[[Engine], object]] = {
    "room off": lambda engine: engine.set_room(0),
    "room retuned": lambda engine: engine.set_room(0.1),
    "room retuned twice": lambda engine: (engine.set_room(0.1), engine.set_room(0.3, at=engine.frame + 640)),
    "room level": lambda engine: engine.set_master(room_db=-60, ramp_s=0),
    "preset, faded": lambda engine: engine.load(Preset("still", (LayerSpec("tap", "tap"),))),
    "mute": lambda engine: engine.set_master(fade=0, ramp_s=0),
    "volume off": lambda engine: engine.set_master(level_db=-120),
    "volume, at once": lambda engine: engine.set_master(level_db=-20, ramp_s=0),
    "gain": lambda engine: engine.set_master(trim_db=-12, ramp_s=0),
    "guard": lambda engine: engine.set_master(guard_db=-6, ramp_s=0),
    "panic": lambda engine: engine.panic(),
}


def sounding(room_db: float = 0.0) -> Engine:
    """Return an engine that plays a tone of 100 Hz in a room, not loud."""
    engine = Engine(RATE, "sphere")
    tone = (0.1 * np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE)).astype(np.float32)
    engine.add("input", input=Input(sound=tone), gesture={"kind": "hold", "swell": 0}, azimuth_deg=90, distance_m=0.2)
    engine.set_master(room_db=room_db, soften_db=0, ramp_s=0)
    engine.set_room(0.6)
    engine.process(RATE // 2)
    return engine


@pytest.mark.parametrize("room_db", [-12.0, 12.0])
@pytest.mark.parametrize("name", DOINGS)
def test_no_step(name: str, room_db: float) -> None:
    engine = sounding(room_db)
    steady = np.abs(np.diff(engine.process(4800), 2, axis=0)).max()
    DOINGS[name](engine)
    assert np.abs(np.diff(engine.process(RATE // 2), 2, axis=0)).max() <= 1.5 * steady


def test_a_room_that_is_turned_off_rings_on() -> None:
    engine = sounding(12.0)
    engine.set_room(0)
    engine.panic()
    engine.process(2400)
    assert np.abs(engine.process(2400)).max() > 1e-3
    assert np.abs(engine.process(3 * RATE)[2 * RATE :]).max() < 1e-6


def test_the_room_of_the_first_note_is_there_from_its_beginning() -> None:
    def answer(first: int) -> float:
        """Return how strong the room's answer to a note is that is struck after so many frames."""

        def heard(t60_s: float) -> np.ndarray:
            engine = Engine(RATE, "sphere", 3)
            layer = engine.add("tap")
            engine.set_room(t60_s)
            engine.set_master(room_db=0, ramp_s=0)
            engine.process(first)
            engine.strike(layer, 1.0)
            return engine.process(2400)

        return float((heard(0.3) - heard(0)).std())

    assert answer(0) == pytest.approx(answer(6400), rel=0.1)


@pytest.mark.parametrize("what", ["panic", "mute", "release", "volume"])
def test_it_acts_however_many_events_are_scheduled(what: str) -> None:
    """Live events are handed over as they come: those that are far away must leave room."""
    engine = Engine(RATE, "sphere")
    layer = engine.add("bowl")
    note = engine.strike(layer, 1.0)
    engine.process(4800)
    for ahead in (RATE // 4, 600 * RATE):
        for index in range(20000):
            engine.strike(layer, 0.5, engine.frame + ahead + index)
    engine.go_live()
    engine.attend()
    {
        "panic": engine.panic,
        "mute": lambda: engine.set_master(fade=0, ramp_s=0),
        "volume": lambda: engine.set_master(level_db=-120, ramp_s=0),
        "release": lambda: engine.release(note),
    }[what]()
    engine.leave_live()
    if what == "release":
        gate = engine.state["voices"]["gate"]
        engine.process(128)
        assert gate[0] == 0.0
        return
    engine.process(RATE // 10)
    assert np.abs(engine.process(RATE // 20)).max() < 3e-3


def test_a_release_comes_after_the_strike_that_it_ends() -> None:
    engine = Engine(RATE, "sphere")
    layer = engine.add("bowl")
    engine.go_live()
    for _ in range(3000):
        engine.release(engine.strike(layer, 0.5))
    engine.leave_live()
    engine.process(640)
    voices = engine.state["voices"]
    assert not ((voices["life"] == 1) & (voices["gate"] > 0)).any()
