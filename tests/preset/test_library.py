"""Presets: what can be written can be read, and what is wrong is said in one line."""

import dataclasses
import json
import math
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import synth
from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.parameters.errors import InputError
from synth.preset.assignments import with_values
from synth.preset.library import Cue, Scene, dump, init_preset, load_preset, preset_names
from synth.trigger import TRIGGERS

GLASS = """
schema = 1
title = "Glass"
tags = ["crisp"]
level_db = -3
room = { t60_s = 0.3, level_db = -20 }
[[layer]]
name = "left nails"
trigger = "tap"
level_db = -12
place = { azimuth_deg = 80, distance_m = 0.12 }
params = { hardness = 0.9, material = "glass" }
gesture = { kind = "taps", rate_hz = 4.5 }
motion = { kind = "sweep", period_s = 8 }
[[layer]]
trigger = "tap"
[[cue]]
at_s = 2
over_s = 1.5
every_s = 10
layer = "left nails"
set = { azimuth_deg = -90, gesture.rate_hz = 2, "motion.period_s" = 4, material = "stone" }
[[scene]]
name = "close"
over_s = 8
[scene.set."left nails"]
distance_m = 0.08
material = "stone"
gesture.rate_hz = 2
[scene.set.master]
level_db = -6
[[scene]]
name = "far"
set = { tap = { distance_m = 1 } }
[midi]
automatic = false
[[midi.control]]
cc = 21
set = "left nails.hardness"
[midi.program]
0 = "rain"
"""


def _load(tmp_path, text, name="glass.toml"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_preset(path)


def test_what_is_written_is_read(tmp_path):
    preset = _load(tmp_path, GLASS)
    left, right = preset.layers
    assert (preset.name, preset.title, preset.tags, preset.level_db) == ("glass", "Glass", ("crisp",), -3)
    assert preset.room == {"t60_s": 0.3, "level_db": -20}
    assert (left.name, left.trigger, left.level_db) == ("left nails", "tap", -12)
    assert left.params == {"hardness": 0.9, "material": "glass"}
    assert right.name == "tap"
    values = {"azimuth_deg": -90, "gesture.rate_hz": 2, "motion.period_s": 4, "material": "stone"}
    assert preset.cues == (Cue(2, "left nails", values, 1.5, 10),)
    assert preset.scenes == (
        Scene(
            "close",
            8,
            {"left nails": {"distance_m": 0.08, "material": "stone", "gesture.rate_hz": 2}, "master": {"level_db": -6}},
        ),
        Scene("far", 0, {"tap": {"distance_m": 1}}),
    )
    assert preset.midi.is_complete
    assert [(c.source.low, c.layer, c.path) for c in preset.midi.controls] == [(21, "left nails", "hardness")]
    assert [(a.source.low, a.do, a.name) for a in preset.midi.actions] == [(0, "preset", "rain")]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    assert _load(tmp_path, b"\xef\xbb\xbf" + GLASS.encode()) == _load(tmp_path, GLASS)


def test_what_a_layer_leaves_out_is_as_in_the_init_preset(tmp_path):
    right, init = _load(tmp_path, GLASS).layers[1], init_preset("tap").layers[0]
    assert right == init
    assert right.gesture == TRIGGERS["tap"].gesture
    assert right.place == TRIGGERS["tap"].place
    silent = _load(tmp_path, 'schema = 1\n[[layer]]\ntrigger = "tap"\ngesture = { kind = "none" }').layers[0]
    assert silent.gesture == {"kind": "none"}


@pytest.mark.parametrize("name", [*preset_names(), *TRIGGERS])
def test_every_preset_loads_plays_and_comes_back(name, tmp_path):
    preset = load_preset(name)
    assert _load(tmp_path, dump(preset), f"{name}.toml") == preset
    engine = synth.Engine(ears="sphere")
    assert list(engine.load(preset)) == [layer.name for layer in preset.layers]


def test_a_full_preset_comes_back(tmp_path):
    preset = _load(tmp_path, GLASS)
    assert _load(tmp_path, dump(preset)) == preset


def test_no_shipped_preset_hides_a_trigger():
    assert not set(preset_names()) & set(TRIGGERS)


# ---- what is wrong

LAYER = '[[layer]]\nname = "nails"\ntrigger = "tap"\n'
WRONG = {  # a whole file, and what is said
    "cues": ("schema = 1\n[[layer]]\ntrigger = 'tap'\n" + "[[cue]]\nat_s = 1\n" * 4097, "4097 cues; at most 4096"),
    "not toml": ("schema = = 1", "not TOML: .*line 1"),
    "not utf-8": (b"schema = 1 # \xff\xfe", "not UTF-8 text"),
    "binary": (bytes(range(256)), "not UTF-8 text"),
    "huge number": ("schema = " + "9" * 5000, "not TOML: Exceeds the limit"),
    "deep": ("schema = " + "[" * 50_000, "not TOML: "),
    "deep key": ("schema = 1\n" + ".".join("a" * 200_000) + " = 1", "line 2: a key of more than 16 parts: a.a"),
    "deep quoted key": ('x = { "a". ' + "'b'." * 100 + "c = 1 }", "line 1: a key of more than 16 parts: \"a"),
    "deep value": (f"schema = 1\n[[layer]]\ntrigger = 'tap'\nlevel_db{'.a' * 14} = 1", "level_db = .* is not a number"),
    "huge hexadecimal number": (
        "schema = 1\ntitle = 0x" + "f" * 6000 + "\n[[layer]]\ntrigger = 'tap'",
        "title = <int too large to be shown> is not a text",
    ),
    "large": ("#" * 5_000_000, "larger than 4 MiB"),
    "empty": ("", "schema is missing; this version reads schema = 1"),
    "schema": ("schema = 2", "schema = 2; this version reads schema = 1"),
    "schema type": ('schema = "1"', "schema = '1'; this version"),
    "schema bool": ("schema = true", "schema = True"),
    "key": ("schema = 1\ntitel = 'x'", "unknown key 'titel'; did you mean 'title'?"),
    "no layer": ("schema = 1", r"no \[\[layer\]\]"),
    "empty layers": ("schema = 1\nlayer = []", r"no \[\[layer\]\]"),
    "layer no list": ("schema = 1\nlayer = 3", "layer = 3 is not a list"),
    "layer no table": ("schema = 1\nlayer = [3]", "layer 1 = 3 is not a table"),
    "title": (f"schema = 1\ntitle = 3\n{LAYER}", "title = 3 is not a text"),
    "tags": (f"schema = 1\ntags = [3]\n{LAYER}", "tags: 3 is not a text"),
    "level": (f"schema = 1\nlevel_db = 99\n{LAYER}", "level_db = 99 is out of range; allowed: -120 .. 24 db"),
    "level text": (f"schema = 1\nlevel_db = 'loud'\n{LAYER}", "level_db = 'loud' is not a number"),
    "room": (f"schema = 1\nroom = {{ t60_s = 3 }}\n{LAYER}", "room: t60_s = 3 is out of range; allowed: 0 .. 0.6 s"),
    "room small": (f"schema = 1\nroom = {{ t60_s = 0.01 }}\n{LAYER}", "room: t60_s = 0.01 is out of range"),
    "room key": (f"schema = 1\nroom = {{ t60 = 0.3 }}\n{LAYER}", "room: unknown parameter 't60'; did you mean 't60_s'?"),
    "scene": (f"schema = 1\nscene = [3]\n{LAYER}", "scene 1 = 3 is not a table"),
    "65 layers": ("schema = 1\n" + "[[layer]]\ntrigger = 'tap'\n" * 65, "65 layers; at most 64"),
    "no trigger": ("schema = 1\n[[layer]]\nname = 'nails'", "layer 'nails': trigger is missing"),
    "trigger": ("schema = 1\n[[layer]]\ntrigger = 'tapp'", "layer 1: unknown trigger 'tapp'; did you mean 'tap'?"),
    "trigger type": ("schema = 1\n[[layer]]\ntrigger = ['tap']", r"trigger = \['tap'\] is not a text"),
    "twins": (f"schema = 1\n{LAYER}{LAYER}", "layer 2: name = 'nails' is taken"),
    "name": ("schema = 1\n[[layer]]\nname = 'a\tb'\ntrigger = 'tap'", "layer 1: name = "),
    "master": ("schema = 1\n[[layer]]\nname = 'master'\ntrigger = 'tap'", "layer 1: name = 'master'"),
}  # fmt: skip
WRONG_AFTER = {  # what follows a good layer, and what is said
    "layer key": ("parms = {}", "layer 'nails': unknown key 'parms'; did you mean 'params'?"),
    "parameter": ("params = { hardnes = 1 }", "layer 'nails': params: unknown parameter 'hardnes'; did"),
    "high": ("params = { hardness = 3 }", r"'nails': params: hardness = 3 is out of range; allowed: 0 \.\. 1"),
    "nan": ("params = { hardness = nan }", "hardness = nan is out of range"),
    "inf": ("params = { hardness = inf }", "hardness = inf is out of range"),
    "bool": ("params = { hardness = true }", "hardness = True is not a number"),
    "text": ("params = { hardness = 'hard' }", "hardness = 'hard' is not a number"),
    "choice": ("params = { material = 'glas' }", "unknown value of material 'glas'; did you mean 'glass'?"),
    "params type": ("params = 3", "params = 3 is not a table"),
    "place": ("place = { distance_m = 0 }", r"place: distance_m = 0 is out of range; allowed: 0\.05 \.\. 50 m"),
    "place key": ("place = { azimuth = 0 }", "place: unknown parameter 'azimuth'; did you mean 'azimuth_deg'?"),
    "gesture kind": ("gesture = { kind = 'tap' }", "unknown gesture kind 'tap'; did you mean 'taps'?"),
    "gesture kind type": ("gesture = { kind = [1] }", r"kind = \[1\] is not a text"),
    "gesture key": ("gesture = { kind = 'taps', rate = 3 }", "unknown parameter 'rate'; did you mean 'rate_hz'?"),
    "motion kind": ("motion = { kind = 'orbits' }", "unknown motion kind 'orbits'; did you mean 'orbit'?"),
    "motion high": ("motion = { kind = 'orbit', period_s = 0 }", "motion: period_s = 0 is out of range"),
    "cue layer": ("[[cue]]\nat_s = 1\nlayer = 'nail'\nset = { level_db = 0 }", "unknown layer 'nail'; did you mean 'nails'?"),
    "cue time": ("[[cue]]\nlayer = 'nails'\nset = { level_db = 0 }", "cue 1: at_s is missing"),
    "cue early": ("[[cue]]\nat_s = -1\nset = { level_db = 0 }", "cue 1: at_s = -1 is out of range"),
    "cue every": ("[[cue]]\nat_s = 1\nevery_s = 0\nset = { level_db = 0 }", "cue 1: every_s = 0 is out of range"),
    "cue set": ("[[cue]]\nat_s = 1", "cue 1: set is missing"),
    "cue path": ("[[cue]]\nat_s = 1\nset = { gesture.rate = 1 }", "did you mean 'gesture.rate_hz'"),
    "cue value": ("[[cue]]\nat_s = 1\nset = { level_db = 99 }", "cue 1: set: level_db = 99 is out of range"),
    "midi": ("[[midi]]", r"midi = \[\{\}\] is not a table"),
    "scene key": ("[[scene]]\nname = 'a'\nover = 3", "scene 'a': unknown key 'over'; did you mean 'over_s'?"),
    "scene name": ("[[scene]]\nset = { nails = { size = 1 } }", "scene 1: name is missing"),
    "scene master": ("[[scene]]\nname = 'master'", "scene 1: name = 'master'; allowed"),
    "scene long": ("[[scene]]\nname = 'a'\nover_s = 1e6\nset = { nails = { size = 1 } }", "'a': over_s = 1e.06 is out of range"),
    "scene set": ("[[scene]]\nname = 'a'", "scene 'a': set is missing"),
    "scene layer": ("[[scene]]\nname = 'a'\nset = { nail = { size = 1 } }", "set: unknown layer 'nail'; did you mean 'nails'?"),
    "scene path": ("[[scene]]\nname = 'a'\nset = { nails = { sise = 1 } }", "set.nails: unknown parameter 'sise'; did"),
    "scene value": ("[[scene]]\nname = 'a'\nset = { nails = { size = 9 } }", "set.nails: size = 9 is out of range"),
    "scene values": ("[[scene]]\nname = 'a'\nset = { nails = 3 }", "set.nails = 3 is not a table of values"),
    "scene fade": ("[[scene]]\nname = 'a'\nset = { master = { fade = 0 } }", "set.master: unknown parameter 'fade'"),
    "scene twins": ("[[scene]]\nname = 'a'\nset = { nails = { size = 1 } }\n" * 2, "scene 2: name = 'a' is taken"),
}  # fmt: skip
WRONG |= {name: (f"schema = 1\n{LAYER}{text}", message) for name, (text, message) in WRONG_AFTER.items()}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_line(tmp_path, case):
    text, message = WRONG[case]
    with pytest.raises(InputError, match=message) as caught:
        _load(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "glass.toml"))
    assert "\n" not in str(caught.value)


_PIECES = st.sampled_from(
    ["=", '"', "[", "]", "{", "}", "\n", ",", ".", "-", "nan", "inf", "true", "1e400", "9" * 400, "1979-05-27", "\\n", "ü"]
)


@given(st.integers(0, len(GLASS)), st.integers(0, 12), st.lists(_PIECES, max_size=3).map("".join))
@settings(max_examples=300, deadline=None, database=None)
def test_whatever_happens_to_a_file_it_loads_or_says_why_in_one_line(at, length, piece):
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(GLASS[:at] + piece + GLASS[at + length :])
        file.flush()
        try:
            load_preset(file.name)
        except InputError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tapp", "unknown preset or trigger 'tapp'; did you mean 'tap'?"),
        ("", "unknown preset or trigger ''"),
        ("missing.toml", "missing.toml: cannot be read: No such file"),
        ("/", "/: cannot be read: Is a directory"),
    ],
)
def test_an_unknown_or_impossible_preset_name_is_refused(name, message):
    with pytest.raises(InputError, match=message):
        load_preset(name)


def test_every_gesture_and_motion_kind_can_be_written(tmp_path):
    for gesture in GESTURES:
        for motion in MOTIONS:
            text = f"schema = 1\n{LAYER}gesture = {{ kind = '{gesture}' }}\nmotion = {{ kind = '{motion}' }}"
            layer = _load(tmp_path, text).layers[0]
            assert (layer.gesture["kind"], layer.motion["kind"]) == (gesture, motion)


# ---- changes


def test_another_gesture_takes_the_hands_off_the_numbers_it_does_not_have(tmp_path):
    more = "[[midi.control]]\ncc = 1\nset = 'left nails.gesture.rate_hz'\n"
    without_cues = GLASS[: GLASS.index("[[cue]]")] + GLASS[GLASS.index("[[scene]]") :]  # a cue may not name what is not there
    preset = _load(tmp_path, without_cues + more)
    assert [control.path for control in preset.midi.controls] == ["hardness", "gesture.rate_hz"]
    changed = with_values(preset, ["left nails.gesture.kind=hold"])
    assert [control.path for control in changed.midi.controls] == ["hardness"]
    assert "gesture.rate_hz" not in changed.scenes[0].values["left nails"]
    assert with_values(preset, ["left nails.gesture.kind=strokes"]).midi == preset.midi


def test_values_can_be_changed_by_name_and_number(tmp_path):
    preset = _load(tmp_path, GLASS)
    texts = [
        "left nails.hardness=0.1",
        "1.gesture.rate_hz=3",
        "tap.material=stone",
        "2.azimuth_deg=-20",
        "2.level_db=-1",
        "2.motion.kind=orbit",
        "master.level_db=-9",
        "master.room_db=-30",
        "master.room_t60_s=0.4",
    ]
    changed = with_values(preset, texts)
    left, right = changed.layers
    assert (left.params["hardness"], left.gesture["rate_hz"]) == (0.1, 3)
    assert (right.params["material"], right.place["azimuth_deg"], right.level_db) == ("stone", -20, -1)
    assert right.motion == {"kind": "orbit"}
    assert (changed.level_db, changed.room) == (-9, {"t60_s": 0.4, "level_db": -30})
    assert dataclasses.replace(changed, layers=preset.layers, level_db=-3, room=preset.room) == preset


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hardness=1", "must be LAYER.PARAMETER=VALUE"),
        ("tap.hardness", "must be LAYER.PARAMETER=VALUE"),
        ("tip.hardness=1", "unknown layer 'tip'; did you mean 'tap'?"),
        ("2.hardness=1", "unknown layer '2'"),
        ("tap.hardnes=1", "unknown parameter 'hardnes'; did you mean 'hardness'?"),
        ("tap.hardness=x", "hardness = 'x' is not a number"),
        ("tap.hardness=nan", "hardness = nan is out of range"),
        ("tap.hardness=7", r"hardness = 7 is out of range; allowed: 0 \.\. 1"),
        ("tap.material=glas", "did you mean 'glass'?"),
        ("tap.motion.kind=spin", "unknown motion kind 'spin'"),
        ("tap.motion.kind=3", "kind = 3.0 is not a text"),
        ("9" * 5000 + ".hardness=1", r"unknown layer '9{80}\.\.\.'"),
        ("tap.hardness=" + "9" * 5000, "hardness = inf is out of range"),
        ("master.t60_s=0.3", "master: unknown parameter 't60_s'; did you mean 'room_t60_s'?"),
        ("master.x=0.3", "master: unknown parameter 'x'; known: level_db"),
        ("master.room_t60_s=9", r"room_t60_s = 9 is out of range; allowed: 0 \.\. 0\.6 s"),
        ("master.level_db=x", "level_db = 'x' is not a number"),
    ],
)
def test_a_wrong_set_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        with_values(init_preset("tap"), [text])


# ---- descriptions


@pytest.mark.parametrize("name", ["tap", *preset_names()])
def test_a_description_is_a_schema_of_the_vector(name):
    schema = synth.describe(name)
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema
    properties = schema["properties"]
    assert [p["index"] for p in properties.values()] == list(range(len(properties)))
    for path, p in properties.items():
        if "enum" in p:
            assert p["default"] in p["enum"]
        else:
            assert p["minimum"] <= p["default"] <= p["maximum"], path
        assert set(p) >= {"unit", "curve", "smoothing_s", "index", "description"}


def test_a_description_tells_the_presets_own_values(tmp_path):
    path = tmp_path / "glass.toml"
    path.write_text(GLASS)
    properties = synth.describe(path)["properties"]
    assert properties["left nails.hardness"]["default"] == 0.9
    assert properties["left nails.material"]["default"] == "glass"
    assert properties["left nails.gesture.rate_hz"]["default"] == 4.5
    assert properties["tap.hardness"]["default"] == synth.TRIGGERS["tap"].parameters[0].default
    assert properties["master.level_db"]["default"] == -3
    assert math.isclose(properties["left nails.motion.period_s"]["minimum"], 0.5)
