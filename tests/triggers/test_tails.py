"""Another preset without cutting tails: what rings goes on to the bit, what is held is let go, and the room for it comes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.engine.preset import Preset
from synth.parameters.errors import InputError
from synth.preset.library import init_preset

RATE = 48000


def silent(*triggers: str) -> Preset:
    """Return a preset that nothing plays by itself, in no room."""
    preset = init_preset("tap")
    layers = tuple(replace(init_preset(name).layers[0], gesture={"kind": "none"}, motion={"kind": "still"}) for name in triggers)
    return replace(preset, layers=layers, room={})


@pytest.mark.parametrize("room", [{}, {"t60_s": 0.3, "level_db": -10.0}])
def test_what_rings_goes_on_to_the_bit(room: dict[str, float]) -> None:
    def play(is_switched: bool) -> np.ndarray:
        engine = Engine(RATE, seed=5)
        first = replace(silent("bowl"), room=room)
        note = engine.strike(engine.load(first)["bowl"], 0.9)
        engine.release(note, at=4000)
        before = engine.process(RATE // 4)
        if is_switched:
            engine.load(replace(silent("tap", "brush"), room=room), tails=True)
        return np.concatenate([before, engine.process(2 * RATE)])

    switched = play(True)
    assert np.abs(switched[-RATE:]).max() > 1e-4
    assert np.array_equal(switched, play(False))


def test_without_tails_it_fades_in_thirty_milliseconds() -> None:
    engine = Engine(RATE)
    engine.strike(engine.load(silent("bowl"))["bowl"], 0.9)
    engine.process(RATE // 4)
    engine.load(silent("tap"))
    out = engine.process(RATE)
    assert np.abs(out[: RATE // 100]).max() > 1e-3
    assert np.abs(out[RATE // 10 :]).max() < 1e-3  # the master's high-pass settles,
    assert np.abs(out[RATE // 2 :]).max() < 1e-5  # 65 ms a neper


def test_what_a_gesture_or_a_hand_holds_is_let_go_and_ends() -> None:
    engine = Engine(RATE)
    held = replace(silent("brush"), layers=(replace(silent("brush").layers[0], gesture={"kind": "hold"}),))
    brush = engine.load(held)["brush"]
    engine.strike(brush)
    engine.process(RATE // 4)
    assert engine.counters["sounding"] == 2
    engine.load(silent("tap"), tails=True)
    engine.process(64)
    voices = engine.state["voices"]
    assert not voices["gate"][voices["life"] != state.IDLE].any()
    engine.process(round((brush.trigger.tail_s + 0.2) * RATE))
    assert engine.counters["sounding"] == 0


def test_a_tail_takes_no_more_notes_but_still_follows_its_motion() -> None:
    engine = Engine(RATE)
    layer = engine.add("bowl", motion={"kind": "orbit", "period_s": 2})
    engine.strike(layer, at=0)
    engine.strike(layer, at=20000)
    engine.process(9600)
    engine.remove(layer, tails=True)
    engine.process(64)
    place = float(engine.state["layers"][layer.index]["x_m"])
    engine.process(RATE // 2)
    assert engine.counters["sounding"] == 1
    assert float(engine.state["layers"][layer.index]["x_m"]) != pytest.approx(place, abs=0.01)
    with pytest.raises(InputError, match="not part of this engine"):
        engine.strike(layer)


def test_rooms_are_given_back_over_hundreds_of_switches() -> None:
    engine = Engine(RATE, arena_bytes=1 << 25)
    presets = [silent("tap", "scratch"), silent("tap")]
    for index in range(200):
        layers = engine.load(presets[index % 2], tails=bool(index % 3))
        engine.release(engine.strike(layers["tap"], 0.5), at=engine.frame + 999)
        engine.process(RATE // 5)
    engine.process(10 * RATE)
    assert engine.counters["sounding"] == 0
    assert engine.counters["dropped_events"] == engine.counters["dropped_responses"] == 0
    engine.attend()
    assert len(engine._layers) == len(engine.layers)


def test_the_next_preset_begins_at_its_own_level() -> None:
    engine = Engine(RATE)
    engine.load(replace(silent("tap"), level_db=-10))
    engine.process(64)
    assert float(engine.state["master"][0]["value"]) == -10
    engine.load(replace(silent("tap"), level_db=-3), tails=True)
    engine.process(64)
    assert -10 <= float(engine.state["master"][0]["value"]) < -9  # a glide: what rings on is not thrown about
    engine.process(RATE // 4)
    assert float(engine.state["master"][0]["value"]) == -3
