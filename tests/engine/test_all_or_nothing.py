"""What cannot be done is not begun: after a refused scene or preset an engine plays on, byte for byte, as if none had come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synth.engine import arena
from synth.engine.engine import Engine
from synth.engine.layer import Input
from synth.engine.preset import Cue, Preset
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from synth.rt import kernel
from synth.trigger import TRIGGERS, Trigger

RATE = 48000
PATTERED = load_preset("tap")
TWICE = replace(PATTERED, name="twice", layers=(PATTERED.layers[0], replace(PATTERED.layers[0], name="second")))


class Heard:
    """A journal that counts what it is told."""

    def __init__(self) -> None:
        self.layers: list[str] = []

    def layer(self, layer: Any, values: Any, first_voice: int) -> None:
        self.layers.append(layer.name)

    def events(self, events: Any) -> None:
        pass


def playing(arena_bytes: int = 1 << 25) -> Engine:
    """An engine in the middle of a glide that is held, with cues to come."""
    engine = Engine(RATE, seed=4, arena_bytes=arena_bytes)
    cue = Cue(0.3, "tap", {"level_db": -6})
    layer = engine.load(replace(PATTERED, cues=(cue,)))["tap"]
    engine.process(RATE // 10)
    engine.set(layer, ramp_s=1, azimuth_deg=90, level_db=-3)
    engine.set_master(ramp_s=1, level_db=-9)
    engine.process(RATE // 10)
    engine.hold(True)
    return engine


def goes_on(engine: Engine) -> np.ndarray:
    held = engine.process(RATE // 20)
    engine.hold(False)
    engine.pause(False)
    return np.concatenate([held, engine.process(RATE // 2)])


def is_as_if_nobody_had_asked(ask: Callable[[Engine], Any], words: str, error: type[Exception] = InputError) -> None:
    engine, undisturbed = playing(), playing()
    before = engine.layers
    with pytest.raises(error, match=words):
        ask(engine)
    assert engine.layers == before
    assert np.array_equal(goes_on(engine), goes_on(undisturbed))
    assert engine.load(TWICE).keys() == {"tap", "second"}  # and has lost no room


def test_layers_that_fail_while_they_are_made_take_no_room(monkeypatch) -> None:
    def fails(*_: Any) -> None:
        raise MemoryError

    engine = Engine(RATE, "sphere", arena_bytes=1 << 25)
    monkeypatch.setattr(arena, "mixed", fails)
    for _ in range(300):
        with pytest.raises(MemoryError):
            engine.add("tap")
    monkeypatch.undo()
    assert engine.load(TWICE).keys() == {"tap", "second"}


GOOD = {"tap": {"level_db": -20, "gesture": {"rate_hz": 9}}, "master": {"level_db": -30}}


@pytest.mark.parametrize(
    ("scene", "over_s", "words"),
    [
        ({**GOOD, "tapp": {"level_db": 0}}, 1.0, "did you mean 'tap'"),
        ({"master": {"level_db": -30}, "tap": {"level_db": -20, "hardnes": 1}}, 1.0, "did you mean 'hardness'"),
        ({"master": {"level_db": -30}, "tap": {"level_db": -20, "hardness": 2}}, 1.0, "out of range"),
        ({"tap": {"level_db": -20, "material": "glas"}}, 1.0, "did you mean 'glass'"),
        ({"tap": {"level_db": -20, "gesture": 3}}, 1.0, "must be a table"),
        ({"tap": {"level_db": -20}, "master": {"room_db": -20, "level": 1}}, 1.0, "did you mean 'level_db'"),
        ({"tap": {"level_db": -20}, "master": {"room_db": -20, "level_db": 999}}, 1.0, "out of range"),
        (GOOD, -1.0, "ramp_s"),
    ],
)
def test_a_refused_scene_changes_nothing(scene: dict[str, Any], over_s: float, words: str) -> None:
    is_as_if_nobody_had_asked(lambda engine: engine.morph(scene, over_s), words)


def test_the_good_scene_is_heard() -> None:
    engine, undisturbed = playing(), playing()
    engine.morph(GOOD, 0.1)
    assert not np.array_equal(goes_on(engine), goes_on(undisturbed))


def second(**changed: Any) -> Preset:
    """A preset whose second layer is wrong."""
    return replace(TWICE, layers=(TWICE.layers[0], replace(TWICE.layers[1], **changed)))


def cued(layer: str, over_s: float | None, **values: Any) -> Preset:
    good = Cue(0.1, "tap", {"level_db": -1})
    return replace(TWICE, cues=(good, Cue(0.2, layer, values, over_s)))


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        (second(trigger="tapp"), "did you mean 'tap'"),
        (second(params={"hardnes": 1}), "did you mean 'hardness'"),
        (second(params={"hardness": 2}), "out of range"),
        (second(place={"distance_m": 0}), "out of range"),
        (second(level_db=999), "out of range"),
        (second(gesture={"kind": "tapps"}), "did you mean 'taps'"),
        (second(gesture={"kind": "taps", "rate": 1}), "did you mean 'rate_hz'"),
        (second(motion={"kind": "orbit", "period_s": 0}), "out of range"),
        (second(sound={"channel": 1}), "hears nothing"),
        (second(sound={"file": "rain.wav"}), "hand it in"),
        (replace(TWICE, level_db=999), "out of range"),
        (replace(TWICE, room={"t60_s": 9}), "out of range"),
        (replace(TWICE, room={"level_db": 999}), "out of range"),
        (replace(TWICE, layers=TWICE.layers * 40), "there is room for"),
        (cued("tapp", None, level_db=0), "did you mean 'tap'"),
        (cued("second", None, hardnes=0), "did you mean 'hardness'"),
        (cued("second", None, hardness=9), "out of range"),
        (cued("second", -1.0, hardness=1), "ramp_s"),
    ],
)
def test_a_refused_preset_leaves_the_other_playing(preset: Preset, words: str) -> None:
    is_as_if_nobody_had_asked(lambda engine: engine.load(preset), words)


def test_what_is_given_to_no_layer_is_refused_before_anything_ends() -> None:
    is_as_if_nobody_had_asked(lambda engine: engine.load(TWICE, inputs={"third": Input(0)}), "third")


@kernel
def refuses_to_compile(state, params, velocity, sample_rate):
    state.rng = velocity.upper()


def test_a_trigger_that_does_not_compile_leaves_the_other_playing() -> None:
    from numba.core.errors import TypingError

    tap = TRIGGERS["tap"]
    with TRIGGERS.register(Trigger("broken", (), tap.state, refuses_to_compile, tap.render)):
        broken = second(trigger="broken", params={}, gesture={"kind": "none"})
        is_as_if_nobody_had_asked(lambda engine: engine.load(broken), "upper", TypingError)


def test_a_preset_for_which_there_is_no_room_in_memory_takes_none() -> None:
    rain = load_preset("rain").layers[0]
    large = replace(TWICE, layers=(TWICE.layers[0], *(replace(rain, name=f"rain {i}") for i in range(2))))
    engine, undisturbed = playing(1 << 20), playing(1 << 20)
    room = engine._arena._allocator._taken.copy(), engine._arena._voices._taken.copy()
    with pytest.raises(InputError, match="no room for layer 'rain 1"):
        engine.load(large)
    assert (engine._arena._allocator._taken, engine._arena._voices._taken) == room
    assert np.array_equal(goes_on(engine), goes_on(undisturbed))


def test_a_take_hears_nothing_of_a_preset_that_was_refused() -> None:
    engine, event_log = Engine(RATE), Heard()
    engine.record_to(event_log)
    with pytest.raises(InputError, match="out of range"):
        engine.load(second(level_db=999))
    assert event_log.layers == []
    engine.load(TWICE)
    assert event_log.layers == ["tap", "second"]


def test_a_refused_preset_does_not_end_a_panic() -> None:
    engine = playing()
    engine.panic()
    engine.process(64)
    with pytest.raises(InputError):
        engine.load(second(level_db=999))
    engine.process(64)
    assert engine.state["is_paused"]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda e: e.set_master(ramp_s=0, level_db=-30, room_db=999), "out of range"),
        (lambda e: e.set_master(ramp_s=0, level_db=-30, room=0), "did you mean 'room_db'"),
        (lambda e: e.set(e.layers[0], ramp_s=0, level_db=-30, hardness=9), "out of range"),
        (lambda e: e.add("tap", at=-1, gesture={"kind": "taps"}), "absolute frame"),
        (lambda e: e.remove(e.layers[0], at=-1), "absolute frame"),
    ],
)
def test_refused_changes_change_nothing(ask: Callable[[Engine], Any], words: str) -> None:
    is_as_if_nobody_had_asked(ask, words)


def test_a_refused_change_of_a_note_changes_nothing() -> None:
    engine, undisturbed = playing(), playing()
    note, same = (one.strike(one.layers[0]) for one in (engine, undisturbed))
    with pytest.raises(InputError, match="out of range"):
        engine.set_note(note, ramp_s=0, pitch=12, timbre=9)
    assert note.id == same.id
    assert np.array_equal(goes_on(engine), goes_on(undisturbed))
