"""Assignments: each changes what it names and nothing else, in order; what the rest of the preset then lacks is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import synth
from synth.engine.engine import Engine
from synth.engine.preset import LayerSpec, Preset
from synth.parameters.errors import InputError
from synth.preset.assignments import with_numbers, with_values
from synth.preset.library import dump, load_preset

LAYER = 'schema = 1\n[[layer]]\nname = "taps"\ntrigger = "tap"\n'
SCENE = "[[scene]]\nname = 'fast'\nset = { taps = { gesture.rate_hz = 9 } }\n"


def preset_of(folder: Path, text: str) -> Preset:
    path = folder / "x.toml"
    path.write_text(text)
    return load_preset(path)


def test_nothing_assigned_is_the_same_preset(tmp_path) -> None:
    preset = preset_of(tmp_path, LAYER)
    assert with_values(preset, []) is preset


def test_a_later_assignment_sees_an_earlier_one(tmp_path) -> None:
    preset = with_values(
        preset_of(tmp_path, LAYER), ["taps.gesture.kind=strokes", "taps.gesture.duty=0.3", "taps.material=glass"]
    )
    (layer,) = preset.layers
    assert (layer.gesture["kind"], layer.value("gesture.duty"), layer.value("material")) == ("strokes", 0.3, "glass")
    assert preset_of(tmp_path, dump(preset)).layers == preset.layers


def test_a_cue_that_moves_what_another_gesture_lacks_is_said(tmp_path) -> None:
    preset = preset_of(tmp_path, f"{LAYER}[[cue]]\nat_s = 1\nset = {{ gesture.rate_hz = 9 }}\n")
    with pytest.raises(
        InputError, match=r"--set taps\.gesture\.kind=hold: a cue of layer 'taps': unknown parameter 'gesture.rate_hz'"
    ):
        with_values(preset, ["taps.gesture.kind=hold"])


def test_a_scene_that_becomes_empty_goes_unless_it_is_called(tmp_path) -> None:
    assert with_values(preset_of(tmp_path, LAYER + SCENE), ["taps.gesture.kind=hold"]).scenes == ()
    called = preset_of(tmp_path, f"{LAYER}{SCENE}[[midi.action]]\nkey = 36\ndo = 'scene'\nname = 'fast'\n")
    with pytest.raises(InputError, match="nothing is left of scene 'fast'"):
        with_values(called, ["taps.gesture.kind=hold"])


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (LayerSpec("a", "tap", params={"hardnes": 1}), "layer 'a': params: unknown parameter 'hardnes'; did you mean 'hardness'"),
        (LayerSpec("a", "tap", place={"distance_m": 0}), "layer 'a': place: distance_m = 0 is out of range"),
        (LayerSpec("a", "tap", level_db=99), "layer 'a': level_db = 99 is out of range"),
        (LayerSpec("a", "tap", gesture={"kind": "taps", "rate": 1}), "layer 'a': gesture: unknown parameter 'rate'"),
        (LayerSpec("a", "tap", motion={"kind": "orbits"}), "layer 'a': unknown motion kind 'orbits'; did you mean 'orbit'"),
        (LayerSpec("a", "tapp"), "unknown trigger 'tapp'"),
    ],
)
def test_a_layer_made_in_python_is_checked_when_it_is_loaded_and_what_plays_stays(layer: LayerSpec, message: str) -> None:
    engine = Engine(48000, "sphere")
    there = engine.add("tap")
    with pytest.raises(InputError, match=message):
        engine.load(Preset("x", (layer,)))
    assert engine.layers == (there,)


def test_a_layer_is_the_same_added_loaded_or_read(tmp_path) -> None:
    values = {"hardness": 0.7, "material": "glass", "azimuth_deg": 30, "level_db": -7}
    gesture = {"kind": "taps", "rate_hz": 3}
    engine = Engine(48000, "sphere")
    added = engine.values(engine.add("tap", gesture=gesture, distance_m=0.2, elevation_deg=5, **values))
    text = (
        "level_db = -7\nplace = { azimuth_deg = 30, elevation_deg = 5, distance_m = 0.2 }\nmotion = { kind = 'still' }\n"
        "params = { hardness = 0.7, material = 'glass' }\ngesture = { kind = 'taps', rate_hz = 3 }\n"
    )
    (read,) = engine.load(preset_of(tmp_path, LAYER + text)).values()
    own = {path: value for path, value in engine.values(read).items() if not path.startswith("gesture.")}
    assert own == {path: value for path, value in added.items() if not path.startswith("gesture.")}
    assert engine.values(read)["gesture.rate_hz"] == added["gesture.rate_hz"]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda p: with_values(p, ["tap.motion.period_s=3"]), r"^--set .* its motion is still; set motion.kind first: orbit or"),
        (lambda p: with_values(p, ["tap.motion.period_s=3"], "sets"), r"^sets tap.motion.period_s=3: "),
        (
            lambda p: with_numbers(p, {"tap.gesture.duty": 1}),
            r"^values: .* its gesture is taps; set gesture.kind first: strokes",
        ),
        (lambda p: with_numbers(p, {"tap.hardnes": 1}), "did you mean 'hardness'"),
        (lambda p: with_numbers(p, {"tap": 1}), "must be LAYER.PARAMETER"),
        (lambda p: with_numbers(p, [1.0]), "a vector of shape"),
        (lambda p: synth.Engine(48000, "sphere").add("tap", motion={"kind": "still", "period_s": 1}), "set motion.kind first"),
    ],
)
def test_what_wants_another_kind_says_so(ask, message: str) -> None:
    still = replace(synth.load_preset("tap").layers[0], motion={"kind": "still"})
    with pytest.raises(InputError, match=message):
        ask(replace(synth.load_preset("tap"), layers=(still,)))


def test_numbers_change_a_preset_as_texts_do() -> None:
    preset = synth.load_preset("rain_on_tent")
    own = synth.space(preset)
    path = next(path for path, choices in zip(own.paths, own.choices, strict=True) if choices)
    vector = own.default.copy()
    vector[0], vector[own.index(path)] = own.high[0], 1 - own.default[own.index(path)] % 2
    named = own.mapping(vector)
    texts = [f"{each}={named[each]}" for each in (own.paths[0], path)]
    assert with_numbers(preset, vector) == with_numbers(preset, {own.paths[0]: own.high[0], path: named[path]})
    assert with_numbers(preset, vector) == with_values(preset, texts)
    assert with_numbers(preset, own.default) == preset
