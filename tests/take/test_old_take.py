"""Takes of earlier formats: what was recorded by an older synth replays to what the same performance gives today, byte for byte.

`format_1.take` is `perform`, recorded by the synth that wrote format 1. Its layers had other parameters and other defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import synth
from synth.control.midi.mapping import ControlBinding, Mapping, NoteBinding, Source
from synth.engine.engine import Engine
from synth.engine.midi_map import MidiMap
from synth.engine.preset import LayerSpec, Preset
from synth.take.reader import load_take
from synth.take.writer import TakeWriter

RATE, SEED = 48000, 3
DATA = Path(__file__).parents[1] / "support" / "data"
MAPPING = Mapping(
    notes=(NoteBinding(Source("note"), "bowl", 60),),
    controls=(
        ControlBinding(Source("cc", 20, 20), "tap", "hardness", 0.0, 1.0),
        ControlBinding(Source("cc", 21, 21), "master", "level_db", -20.0, 0.0),
    ),
)
TAP_1 = {
    "hardness": 0.4,
    "material": "hard_wood",
    "ring_s": 0.12,
    "size": 1.0,
    "thump": 0.5,
    "variation": 0.3,
    "skin": 0.3,
    "spread_cm": 2.0,
}
TAPS_1 = {
    "kind": "taps",
    "rate_hz": 6,
    "irregularity": 0.1,
    "velocity": 0.7,
    "dynamics": 0.3,
    "phrase_s": 0.0,
    "pause_s": 2.0,
    "fingers": 1,
    "flam_s": 0.03,
}
BOWL_1 = {"hardness": 0.4, "tone_hz": 186.0, "ring_s": 20.0, "beat_hz": 0.9, "rub_hz": 0.8, "diameter_cm": 18.0, "variation": 0.3}
TAP_2 = TAP_1 | {"hardness": 0.5}
NIGHT = Preset("night", (LayerSpec("tap", "tap", params=TAP_2, gesture=TAPS_1 | {"rate_hz": 9}),), level_db=-40)
"""What was recorded without being asked for: the defaults of then. A parameter that is younger has the default of today."""


def perform(engine: Engine, plug: Callable[[Engine, dict], object], ask: Callable[[int], np.ndarray]) -> np.ndarray:
    """Do with an engine all that a take keeps; `ask` renders so many frames. Returns what was heard."""
    tap = engine.add("tap", name="tap", gesture=TAPS_1, motion={"kind": "orbit"}, **TAP_1)
    bowl = engine.add("bowl", name="bowl", azimuth_deg=70, **BOWL_1)
    plug(engine, {"tap": tap, "bowl": bowl})
    engine.set_room(0.2)
    heard = [ask(700)]
    note = engine.strike(bowl, 0.6, at=900, pitch=-3.0)
    engine.set(tap, at=2000, ramp_s=0.02, hardness=0.9, azimuth_deg=-60)
    engine.set(tap, at=2500, material="glass")
    engine.set_note(note, at=3000, bend=1.0, pressure=0.3)
    engine.set_master(at=3100, ramp_s=0.01, level_db=-3)
    heard.append(ask(4000))
    engine.push_midi(0, bytes([0xE0, 0, 80]), 4800)
    engine.push_midi(0, bytes([0x90, 64, 100]), 5000)
    engine.push_midi(0, bytes([0xD0, 90]), 5600)
    engine.push_midi(0, bytes([0xB0, 20, 30]), 5700)
    engine.push_midi(0, bytes([0xB0, 20, 120]), 5800)
    engine.push_midi(0, bytes([0xB0, 21, 110]), 5900)
    engine.push_midi(0, bytes([0x90, 67, 90]), 6100)
    engine.push_midi(0, bytes([0x80, 64, 0]), 6500)
    engine.release(note, at=6600)
    stream = engine.stream("model", ["bowl.level_db", "tap.ring_s", "master.level_db"], rate_hz=200, delay_s=0, timeout_s=0.05)
    stream.push(np.array([[-3, 0.05, -6], [-9, 0.3, -2], [-6, 0.1, -4]], np.float32), time_s=np.array([0.0, 0.01, 0.02]))
    heard.append(ask(4000))
    engine.set(tap, ramp_s=0.1, elevation_deg=60)
    engine.set(bowl, level_db=-2)
    engine.hold(True, at=9000)
    engine.hold(None, at=9900)
    engine.release_override(bowl, "level_db", at=10000)
    heard.append(ask(3000))
    stream.push(np.array([[-1, 0.2, -3]], np.float32))
    engine.freeze(True, at=12000)
    engine.freeze(False, at=12500)
    engine.tap(at=12600)
    engine.tap(at=12600 + RATE // 5)
    heard.append(ask(12000))
    stream.close()
    engine.pause(None, at=24000)
    engine.pause(False, at=25000)
    engine.morph({"tap": {"hardness": 0.1}, "master": {"level_db": -1}}, 0.05)
    engine.remove(bowl, at=25500, tails=True)
    again = engine.add("tap", name="again", at=26000, distance_m=0.12, gesture=TAPS_1 | {"rate_hz": 12}, **TAP_2)
    heard.append(ask(6000))
    engine.remove(again)
    engine.release_override()
    engine.unplug_midi(0, at=30000)
    heard.append(ask(3000))
    engine.panic()
    heard.append(ask(1500))
    driver = engine.stream("driver", ["master.level_db"], rate_hz=200, delay_s=0)
    driver.push([0.0])
    heard.append(ask(640))
    engine.load(NIGHT)  # the level of the whole is the stream's now, not the preset's
    heard.append(ask(6000))
    return np.concatenate(heard)


def plugged(engine: Engine, layers: dict) -> object:
    return MidiMap(engine, MAPPING, layers, {})


@pytest.fixture(scope="module")
def today() -> np.ndarray:
    engine = Engine(RATE, "sphere", SEED)
    return perform(engine, plugged, engine.process)[engine.latency_frames :]


@pytest.mark.parametrize("number", [1])
def test_a_take_of_an_earlier_format_replays_to_the_bytes_of_its_performance(number: int, today: np.ndarray) -> None:
    take = load_take(DATA / f"format_{number}.take")
    assert take.head.format == number
    assert np.abs(today).max() > 0.01
    np.testing.assert_array_equal(synth.replay(take.path), today)


def test_a_take_of_today_replays_to_the_bytes_of_its_performance(today: np.ndarray, tmp_path: Path) -> None:
    engine, path = Engine(RATE, "sphere", SEED), tmp_path / "a.take"
    writer = TakeWriter(path, engine)
    heard = perform(engine, plugged, engine.process)
    writer.flush(len(heard))
    writer.close()
    np.testing.assert_array_equal(synth.replay(path), today)
    assert load_take(path).head.format > 1
