"""Hold, freeze, morph and pause: what stands still, what waits, and what a hand can still do."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.kernels.state import MASTER_HELD
from synth.engine.layer import Layer
from synth.parameters.tables import MASTER_TARGETS
from synth.preset.library import load_preset

RATE = 48000


def engine_with(**made: object) -> tuple[Engine, Layer]:
    engine = Engine(RATE, seed=1)
    layer = engine.add("tap", **made)
    engine.process(64)
    return engine, layer


def values(engine: Engine, layer: Layer, *paths: str) -> list[float]:
    now = engine.values(layer)
    return [now[path] for path in paths]


def test_a_held_morph_stands_midway_and_goes_on_to_its_targets() -> None:
    engine, layer = engine_with(azimuth_deg=0, distance_m=0.2)
    engine.morph({"tap": {"azimuth_deg": 90, "distance_m": 0.8}, "master": {"level_db": -20}}, 1.0)
    engine.process(RATE // 2)
    engine.hold(True)
    engine.process(64)
    midway = [*values(engine, layer, "azimuth_deg", "distance_m"), float(engine.state["master"][0]["value"])]
    assert midway == pytest.approx([45, 0.4, -10], rel=0.01)
    engine.process(RATE)
    assert [*values(engine, layer, "azimuth_deg", "distance_m"), float(engine.state["master"][0]["value"])] == midway
    engine.hold(False)
    engine.process(RATE // 4)
    assert 45 < values(engine, layer, "azimuth_deg")[0] < 90
    engine.process(RATE // 4 + 128)
    assert [*values(engine, layer, "azimuth_deg", "distance_m"), float(engine.state["master"][0]["value"])] == [90, 0.8, -20]


def test_a_morph_takes_as_long_as_it_would_without_the_hold() -> None:
    def played(is_held: bool) -> list[float]:
        engine, layer = engine_with()
        engine.morph({"tap": {"level_db": -30}}, 1.0)
        engine.process(RATE // 4)
        if is_held:
            engine.hold()
            engine.process(64 * 100)
            engine.hold()
        found = []
        for _ in range(12):
            engine.process(6400)
            found += values(engine, layer, "level_db")
        return found

    assert played(True) == pytest.approx(played(False))


def test_another_scene_forgets_what_is_held() -> None:
    engine, layer = engine_with(azimuth_deg=0, hardness=0.5)
    engine.morph({"tap": {"azimuth_deg": 90, "hardness": 1}}, 1.0)
    engine.process(RATE // 2)
    engine.hold(True)
    engine.process(RATE // 10)
    engine.morph({"tap": {"azimuth_deg": 0}}, 0.1)
    engine.process(RATE)
    assert not engine.state["is_held"]
    assert values(engine, layer, "azimuth_deg", "hardness") == pytest.approx([0, 0.75], abs=0.01)


def test_a_hand_acts_while_it_is_held_or_frozen_and_is_not_taken_back() -> None:
    for stop in ("hold", "freeze"):
        engine, layer = engine_with(hardness=0.5)
        engine.set(layer, hardness=1, ramp_s=1)
        engine.process(RATE // 2)
        getattr(engine, stop)(True)
        engine.process(64)
        engine.set(layer, hardness=0.1, material="glass")
        engine.process(RATE // 2)
        assert values(engine, layer, "hardness", "material") == [0.1, "glass"]
        getattr(engine, stop)(False)
        engine.process(RATE)
        assert values(engine, layer, "hardness") == [0.1]


@pytest.mark.parametrize("stop", ["hold", "freeze"])
def test_the_masters_numbers_stand_still_too(stop: str) -> None:
    assert set(MASTER_HELD) == set(MASTER_TARGETS.values())
    engine, _ = engine_with()
    engine.morph({"master": {"level_db": -20, "room_db": -40, "soften_db": 12}}, 1.0)
    engine.process(RATE // 2)

    def now() -> list[float]:
        return [float(engine.state["master"][slot]["value"]) for slot in MASTER_HELD]

    getattr(engine, stop)(True)
    engine.process(64)
    midway = now()
    assert midway == pytest.approx([-10, -26, 7.5], abs=0.1)
    engine.process(RATE)
    assert now() == midway
    getattr(engine, stop)(False)
    engine.process(RATE)
    assert now() == [-20, -40, 12]


@pytest.mark.parametrize("first", ["hold", "freeze"])
def test_glides_go_on_when_neither_is_on(first: str) -> None:
    engine, layer = engine_with(hardness=0)
    second = "freeze" if first == "hold" else "hold"
    engine.set(layer, hardness=1, ramp_s=1)
    engine.process(RATE // 2)
    for switch, is_on in ((first, True), (second, True), (first, False)):
        getattr(engine, switch)(is_on)
        engine.process(RATE // 2)
        assert values(engine, layer, "hardness") == pytest.approx([0.5], abs=0.01)
    getattr(engine, second)(False)
    engine.process(RATE)
    assert values(engine, layer, "hardness") == [1]


def test_frozen_motions_stand_and_go_on_from_there() -> None:
    engine, layer = engine_with(motion={"kind": "orbit", "period_s": 4})
    engine.process(RATE)

    def place() -> list[float]:
        record = engine.state["layers"][layer.index]
        return [float(record[name]) for name in ("x_m", "y_m", "z_m")]

    engine.freeze(True)
    engine.process(64)
    frozen = place()
    engine.process(RATE)
    assert place() == frozen
    engine.freeze(False)
    engine.process(64)
    assert place() == pytest.approx(frozen, abs=0.001)
    engine.process(RATE)
    assert place() != pytest.approx(frozen, abs=0.1)


CUES = """
schema = 1
title = "Cues"

[[layer]]
trigger = "tap"
name = "nails"
params = { material = "soft_wood", hardness = 0.2 }

[[cue]]
at_s = 0.2
layer = "nails"
over_s = 0.1
set = { hardness = 0.9, material = "glass" }

[[cue]]
at_s = 0.3
layer = "nails"
set = { hardness = 0.8 }
"""


def test_cues_wait_while_frozen_and_come_when_it_thaws(tmp_path) -> None:
    path = tmp_path / "cues.toml"
    path.write_text(CUES)
    engine = Engine(RATE)
    layer = engine.load(load_preset(path))["nails"]
    engine.process(RATE // 10)
    engine.freeze(True)
    engine.process(RATE)
    assert values(engine, layer, "hardness", "material") == [0.2, "soft_wood"]
    engine.freeze(False)
    engine.process(RATE // 2)
    assert values(engine, layer, "hardness", "material") == [0.8, "glass"]


def test_fades_are_never_held() -> None:
    engine, _ = engine_with()
    engine.set_master(ramp_s=0.5, fade=0, guard_db=-6)
    engine.process(RATE // 10)
    engine.freeze(True)
    engine.hold(True)
    engine.process(RATE)
    assert engine.state["master"]["value"][[1, 3]].tolist() == [0, -6]


def test_paused_gestures_play_nothing_and_hands_do() -> None:
    engine = Engine(RATE)
    layers = [
        engine.add("tap", gesture={"kind": "taps", "rate_hz": 15}),
        engine.add("scratch", gesture={"kind": "hold"}),
        engine.add("bowl"),
    ]
    engine.process(RATE)
    engine.pause()
    engine.process(RATE // 10)
    gates = engine.state["voices"]["gate"][engine.state["voices"]["life"] != 0]
    assert not gates.any()
    struck = engine.state["layers"]["strikes"].tolist()
    engine.process(2 * RATE)
    assert engine.state["layers"]["strikes"].tolist() == struck
    engine.strike(layers[2])
    assert np.abs(engine.process(RATE // 10)).max() > 1e-4
    engine.pause()
    engine.process(RATE)
    now = engine.state["layers"]["strikes"].tolist()
    assert now[0] > struck[0] + 5
    assert now[1] == struck[1] + 1


def test_what_is_said_twice_changes_nothing() -> None:
    def played(times: int) -> np.ndarray:
        engine = Engine(RATE, seed=3)
        layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 9}, motion={"kind": "eight"})
        engine.set(layer, hardness=1, ramp_s=2)
        for at, switch, is_on in (
            (9000, "freeze", True),
            (12000, "hold", True),
            (20000, "freeze", False),
            (30000, "hold", False),
        ):
            for _ in range(times):
                getattr(engine, switch)(is_on, at=at)
        return engine.process(RATE)

    assert np.array_equal(played(1), played(2))


def test_a_layer_removed_before_it_came_never_comes() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 20}, at=RATE // 4)
    engine.remove(layer)
    assert not engine.process(RATE).any()
    assert engine.layers == ()
    assert engine.add("bowl").index == layer.index


def strikes(engine: Engine) -> int:
    return int(engine.state["layers"]["strikes"].sum())


def test_a_layer_that_comes_while_gestures_are_paused_waits_as_well() -> None:
    engine = Engine(RATE)
    engine.pause(True)
    engine.add("tap", gesture={"kind": "taps", "rate_hz": 15})
    engine.add("scratch", gesture={"kind": "hold"})
    engine.process(RATE)
    assert strikes(engine) == 0
    engine.pause(False)
    engine.process(RATE)
    assert strikes(engine) > 5


def test_a_preset_plays_after_panic_and_can_be_ended_by_it_again() -> None:
    engine = Engine(RATE)
    engine.load(load_preset("tap"))
    for _ in range(2):
        engine.process(RATE)
        engine.panic()
        engine.process(RATE // 10)
        assert engine.state["is_paused"]
        assert engine.counters["sounding"] == 0
        engine.load(load_preset("tap"), tails=True)
        engine.process(2 * RATE)
        assert not engine.state["is_paused"]
        assert strikes(engine) > 1
