"""The [midi] table: what can be written can be read, and what is wrong is said in one line."""

import pytest

from synth.control.midi.key_names import key_name, key_number
from synth.control.midi.mapping import ActionBinding, ControlBinding, NoteBinding, Source
from synth.parameters.errors import InputError
from synth.preset.library import dump, load_preset

HEAD = """
schema = 1
[[layer]]
name = "left nails"
trigger = "tap"
gesture = { kind = "taps" }
[[layer]]
name = "left"
trigger = "rain"
[[scene]]
name = "close"
set = { left = { distance_m = 0.1 } }
"""
FULL = """
[[midi.note]]
layer = "left nails"
keys = ["C2", "D#3"]
root = 60
velocity = [0.2, 0.9]
curve = 0.5
channel = 10
port = "nanoPAD"
[[midi.note]]
layer = "left"
key = 36
[[midi.note]]
layer = "left"
[[midi.control]]
cc = 21
set = "left nails.hardness"
range = [0.9, 0.2]
takeover = "scale"
curve = "lin"
channel = 1
port = "nanoKONTROL"
[[midi.control]]
nrpn = 300
set = "left nails.gesture.rate_hz"
[[midi.control]]
rpn = 5
set = "master.level_db"
[[midi.control]]
pressure = true
set = "left.distance_m"
range = [0.3, 0.1]
takeover = "jump"
[[midi.control]]
key_pressure = "C4"
set = "left.azimuth_deg"
[[midi.control]]
key_pressure = ["C4", 72]
set = "left.elevation_deg"
[[midi.control]]
key_pressure = true
set = "left.level_db"
[[midi.control]]
bend = true
set = "left nails.material"
range = ["glass", "metal"]
[[midi.control]]
cc = 22
set = "left nails.size"
relative = "twos"
[[midi.action]]
program = 7
do = "preset"
name = "nails_on_glass"
[[midi.action]]
key = "C2"
do = "scene"
name = "close"
[[midi.action]]
cc = 64
do = "freeze"
[[midi.action]]
nrpn = 1
do = "tap"
[[midi.action]]
program = 3
do = "panic"
[[midi.action]]
program = 4
channel = 3
do = "preset"
name = "/elsewhere/mine.toml"
[midi.program]
0 = "tap"
"""


def _load(tmp_path, text, name="p.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load_preset(path)


def test_what_is_written_is_read(tmp_path):
    midi = _load(tmp_path, HEAD + FULL).midi
    nails, *_ = midi.notes
    assert nails == NoteBinding(Source("note", 36, 51, 10, "nanoPAD"), "left nails", 60, (0.2, 0.9), 0.5)
    assert [note.source for note in midi.notes[1:]] == [Source("note", 36, 36), Source("note", 0, 127)]
    assert midi.controls[0] == ControlBinding(
        Source("cc", 21, 21, 1, "nanoKONTROL"), "left nails", "hardness", 0.9, 0.2, "lin", "scale"
    )
    by_path = {control.path: control for control in midi.controls}
    assert by_path["gesture.rate_hz"].source == Source("nrpn", 300, 300)
    assert (by_path["gesture.rate_hz"].low, by_path["gesture.rate_hz"].high) == (0.01, 20)
    assert by_path["distance_m"].takeover == "jump"
    assert by_path["azimuth_deg"].source == Source("key_pressure", 60, 60)
    assert (by_path["azimuth_deg"].low, by_path["azimuth_deg"].high) == (180, -180)
    assert by_path["elevation_deg"].source == Source("key_pressure", 60, 72)
    assert by_path["size"].relative == "twos"
    choices = load_preset("tap").layers[0].parameters["material"].choices
    assert (by_path["material"].low, by_path["material"].high) == (choices.index("glass"), choices.index("metal"))
    assert [control.layer for control in midi.controls].count("master") == 1
    assert midi.actions == (
        ActionBinding(Source("note", 36, 36), "scene", "close"),
        ActionBinding(Source("cc", 64, 64), "freeze"),
        ActionBinding(Source("nrpn", 1, 1), "tap"),
        ActionBinding(Source("program", 3, 3), "panic"),
        ActionBinding(Source("program", 4, 4, 3), "preset", "/elsewhere/mine.toml"),
        ActionBinding(Source("program", 0, 0), "preset", "tap"),
        ActionBinding(Source("program", 7, 7), "preset", "nails_on_glass"),
    )
    assert not midi.is_automatic
    assert not midi.is_complete


@pytest.mark.parametrize("extra", ["", FULL, "[midi]\nautomatic = false\nclock = 2"])
def test_it_comes_back_from_text(tmp_path, extra):
    preset = _load(tmp_path, HEAD + extra)
    assert _load(tmp_path, dump(preset)) == preset


def test_the_only_layer_needs_no_name(tmp_path):
    text = "schema = 1\n[[layer]]\nname = 'a.b'\ntrigger = 'tap'\ngesture = { kind = 'taps' }\n[midi]\nnote = [{ key = 36 }]\n"
    for path in ("hardness", "gesture.rate_hz", "a.b.level_db"):
        midi = _load(tmp_path, text + f"control = [{{ cc = 1, set = '{path}' }}]").midi
        assert (midi.notes[0].layer, midi.controls[0].layer) == ("a.b", "a.b")
        assert midi.controls[0].path == path.removeprefix("a.b.")


def test_every_key_has_a_name():
    assert [key_number(key_name(number), "") for number in range(128)] == list(range(128))
    assert [key_number(name, "") for name in ("C-1", "c4", "Eb3", "G9", "B#3")] == [0, 60, 51, 127, 60]


CONTROL, ACTION, NOTE = "[[midi.control]]\ncc = 1\nset = 'left.patter'\n", "[[midi.action]]\nkey = 1\n", "[[midi.note]]\n"
WRONG = {
    "key": ("[midi]\ncontrols = []", "midi: unknown key 'controls'; did you mean 'control'?"),
    "automatic": ("[midi]\nautomatic = 3", "automatic = 3 is neither true nor false"),
    "clock": ("[midi]\nclock = 99", "midi: clock = 99 is out of range; allowed: 0 .. 32"),
    "row": ("[midi]\nnote = [3]", "note 1 = 3 is not a table"),
    "note key": (NOTE + "layers = 'left'", "note 1: unknown key 'layers'; did you mean 'layer'?"),
    "note layer": (NOTE + "layer = 'lef'", "note 1: unknown layer 'lef'; did you mean 'left'?"),
    "note no layer": (NOTE + "key = 3", "note 1: layer is missing"),
    "note master": (NOTE + "layer = 'master'", "note 1: unknown layer 'master'"),
    "no key": (NOTE + "layer = 'left'\nkey = 'H2'", "note 1: key = 'H2' is no key; allowed: 0 .. 127, or a name from C-1 to G9"),
    "high key": (NOTE + "layer = 'left'\nkey = 128", "key = 128 is no key"),
    "low key": (NOTE + "layer = 'left'\nkey = 'Cb-1'", "key = 'Cb-1' is no key"),
    "bool key": (NOTE + "layer = 'left'\nkey = true", "key = True is no key"),
    "keys": (NOTE + "layer = 'left'\nkeys = [3, 2]", r"keys = \[3, 2\]: the lower one comes first"),
    "three keys": (NOTE + "layer = 'left'\nkeys = [1, 2, 3]", r"keys = \[1, 2, 3\] is not two values"),
    "both": (NOTE + "layer = 'left'\nkey = 1\nkeys = [1, 2]", "key and keys are given; one of them"),
    "root": (NOTE + "layer = 'left'\nroot = -1", "root = -1 is no key"),
    "velocity": (NOTE + "layer = 'left'\nvelocity = [0, 2]", "velocity = 2 is out of range; allowed: 0 .. 1"),
    "exponent": (NOTE + "layer = 'left'\ncurve = 0", "curve = 0 is out of range; allowed: 0.1 .. 10"),
    "channel": (NOTE + "layer = 'left'\nchannel = 0", "channel = 0 is not a whole number in its range; allowed: 1 .. 16"),
    "port": (NOTE + "layer = 'left'\nport = 3", "port = 3 is not a text"),
    "nothing": ("[[midi.control]]\nset = 'left.patter'", "control 1: nothing says what is touched; one of: cc, nrpn"),
    "two": (CONTROL + "bend = true", "control 1: cc and bend are given; one of"),
    "cc": ("[[midi.control]]\ncc = 120\nset = 'left.patter'", "cc = 120 is not a whole number in its range; allowed: 0 .. 119"),
    "cc float": ("[[midi.control]]\ncc = 1.5\nset = 'left.patter'", "cc = 1.5 is not a whole number"),
    "selector": ("[[midi.control]]\ncc = 99\nset = 'left.patter'", "cc = 99 selects an NRPN or RPN"),
    "nrpn": ("[[midi.control]]\nnrpn = 16384\nset = 'left.patter'", "nrpn = 16384 .* allowed: 0 .. 16383"),
    "bend": ("[[midi.control]]\nbend = 1\nset = 'left.patter'", "bend = 1; allowed: true"),
    "false": ("[[midi.control]]\nkey_pressure = false\nset = 'left.patter'", "key_pressure = False; allowed: true"),
    "no set": ("[[midi.control]]\ncc = 1", "control 1: set is missing; what it moves, as in 'left nails.level_db'"),
    "set layer": ("[[midi.control]]\ncc = 1\nset = 'lefd.size'", "unknown layer 'lefd'; did you mean 'left'?"),
    "set path": ("[[midi.control]]\ncc = 1\nset = 'left.pater'", "left: unknown parameter 'pater'; did you mean 'patter'?"),
    "set gone": ("[[midi.control]]\ncc = 1\nset = 'left.gesture.rate_hz'", "left: unknown parameter 'gesture.rate_hz'"),
    "set fade": ("[[midi.control]]\ncc = 1\nset = 'master.fade'", "master: unknown parameter 'fade'; known: level_db, room_db"),
    "range": (CONTROL + "range = [0, 2]", "control 1: range: patter = 2 is out of range; allowed: 0 .. 1"),
    "range nan": (CONTROL + "range = [0, nan]", "patter = nan is out of range"),
    "range same": (CONTROL + "range = [0.5, 0.5]", "both ends are the same; allowed: 0 .. 1"),
    "range one": (CONTROL + "range = [0.5]", r"range = \[0.5\] is not two values"),
    "choice": (
        "[[midi.control]]\ncc = 1\nset = 'left.surface'\nrange = ['tent', 'ten']",
        "range: unknown value of surface 'ten'; did you mean 'tent'?",
    ),
    "choice curve": ("[[midi.control]]\ncc = 1\nset = 'left.surface'\ncurve = 'lin'", "surface has choices, which have no curve"),
    "curve": (CONTROL + "curve = 'log'", "unknown curve 'log'; known: exp, lin"),
    "exp": (CONTROL + "curve = 'exp'", "curve = 'exp' needs a range above 0, and patter runs 0 .. 1; use curve = 'lin'"),
    "takeover": (CONTROL + "takeover = 'pick up'", "unknown takeover 'pick up'; did you mean 'pickup'?"),
    "relative": (CONTROL + "relative = 'two'", "unknown relative 'two'; did you mean 'twos'?"),
    "relative bend": ("[[midi.control]]\nbend = true\nset = 'left.patter'\nrelative = 'twos'", "is for cc, not for bend"),
    "no do": (ACTION, "action 1: do is missing; one of: panic"),
    "do": (ACTION + "do = 'scenes'", "unknown do 'scenes'; did you mean 'scene'?"),
    "scene": (ACTION + "do = 'scene'\nname = 'clos'", "action 1: unknown scene 'clos'; did you mean 'close'?"),
    "scene none": (ACTION + "do = 'scene'", "action 1: name is missing; which scene"),
    "preset": (ACTION + "do = 'preset'\nname = 'nails_on_glas'", "unknown preset 'nails_on_glas'; did you mean"),
    "layer": (ACTION + "do = 'mute_layer'\nname = 'lef'", "action 1: unknown layer 'lef'; did you mean 'left'?"),
    "layer none": (ACTION + "do = 'solo_layer'", "action 1: name is missing; which layer"),
    "layer twice": (2 * (ACTION + "do = 'mute_layer'\nname = 'left'\n"), "is bound to do 'mute_layer' twice"),
    "needless": (ACTION + "do = 'panic'\nname = 'x'", "name = 'x' means nothing with do = 'panic'"),
    "key range": ("[[midi.action]]\nkey = [1, 2]\ndo = 'panic'", r"key = \[1, 2\] is no key"),
    "program": ("[midi.program]\n128 = 'tap'", "program: '128' is no program's number; allowed: 0 .. 127"),
    "program text": ("[midi.program]\nx = 'tap'", "program: 'x' is no program's number"),
    "program name": ("[midi.program]\n1 = 'tapp'", "program 1: unknown preset 'tapp'; did you mean 'tap'?"),
    "program type": ("[midi.program]\n1 = 3", "program 1: name = 3 is not a text"),
    "twice": ("[midi.program]\n1 = 'tap'\n01 = 'rain'", "program 1 is bound to do 'preset' twice"),
    "many": ("[midi]\nnote = [" + "{ layer = 'left' }," * 257 + "]", "257 bindings; at most 256"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_line(tmp_path, case):
    text, message = WRONG[case]
    with pytest.raises(InputError, match=message) as caught:
        _load(tmp_path, HEAD + text)
    assert str(caught.value).startswith(f"{tmp_path / 'p.toml'}: midi")
    assert "\n" not in str(caught.value)


def test_without_scenes_no_scene_is_known(tmp_path):
    with pytest.raises(InputError, match="unknown scene 'a'; there are no scenes"):
        _load(tmp_path, "schema = 1\n[[layer]]\ntrigger = 'tap'\n[[midi.action]]\ncc = 3\ndo = 'scene'\nname = 'a'")
