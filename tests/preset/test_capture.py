"""What is saved is what sounds: a morph held midway becomes a preset that begins there."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.preset import Preset
from synth.preset.capture import as_it_sounds
from synth.preset.library import dump, load_preset, preset_names

RATE = 48000


def begun(preset: Preset) -> tuple[Engine, dict]:
    engine = Engine(RATE)
    layers = engine.load(preset)
    engine.process(64)
    return engine, layers


def test_a_morph_held_midway_is_kept_and_begins_there(tmp_path) -> None:
    preset = load_preset("nails_on_glass")
    engine, layers = begun(preset)
    name = preset.layers[0].name
    scene = {"azimuth_deg": 170, "level_db": -30, "hardness": 0.1, "material": "plastic", "gesture": {"rate_hz": 9}}
    engine.morph({name: scene, "master": {"level_db": -20}}, 2.0)
    engine.process(RATE)
    engine.hold(True)
    engine.process(64)
    path = tmp_path / "kept.toml"
    path.write_text(dump(as_it_sounds(preset, engine, layers)))
    kept = load_preset(path)
    assert kept.layers[0].params["material"] == "plastic"
    fresh, again = begun(kept)
    for layer_name, layer in layers.items():
        for key, value in engine.values(layer).items():
            now = fresh.values(again[layer_name])[key]
            assert now == value if isinstance(value, str) else now == pytest.approx(value, rel=2e-6, abs=1e-6), key
    assert fresh.state["master"][0]["value"] == pytest.approx(float(engine.state["master"][0]["value"]))
    engine.hold(False)
    engine.process(2 * RATE)
    assert engine.values(layers[name])["level_db"] == -30
    assert engine.values(layers[name])["azimuth_deg"] == pytest.approx(170)


@pytest.mark.parametrize("name", preset_names())
def test_an_untouched_preset_is_kept_as_it_was(name: str, tmp_path) -> None:
    preset = load_preset(name)
    engine = Engine(RATE)
    layers = engine.load(preset)
    kept = as_it_sounds(preset, engine, layers)
    path = tmp_path / "kept.toml"
    path.write_text(dump(kept))
    again = load_preset(path)
    assert (again.cues, again.scenes, again.midi) == (preset.cues, preset.scenes, preset.midi)
    for before, after in zip(preset.layers, again.layers, strict=True):
        for key in before.parameters:
            first, second = before.value(key), after.value(key)
            assert (
                first == second or np.isclose(second, first, rtol=2e-6) or (key == "azimuth_deg" and (first - second) % 360 == 0)
            )
