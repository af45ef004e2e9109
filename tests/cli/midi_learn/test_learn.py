"""The lesson: what is touched and typed becomes bindings, and a preset's file that is otherwise as it was."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from synth.cli.midi_learn.command import Notified, Received, Tick, Typed, converse, target_file, write
from synth.cli.midi_learn.detect import Heard
from synth.cli.midi_learn.dialogue import ARMED, Dialogue, lines
from synth.control.midi.mapping import ActionBinding, ControlBinding, Mapping, NoteBinding, Source
from synth.parameters.errors import InputError
from synth.preset.default_midi import automatic
from synth.preset.library import file_of, load_preset, preset_names
from synth.preset.toml_edit import with_midi
from synth.trigger import TRIGGERS

GLASS = "nails_on_glass"


def _cc(number: int, channel: int = 1, port: str = "nano", **how: object) -> Heard:
    return Heard(Source("cc", number, number, channel, port), **how)


def _key(low: int, high: int | None = None) -> Heard:
    return Heard(Source("note", low, low if high is None else high, 10, "pads"))


def _taught(dialogue: Dialogue, heard: Heard, *answers: str) -> list[str]:
    said = dialogue.hear(heard)
    for answer in answers:
        said += dialogue.answer(answer)
    return said


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue(replace(load_preset(GLASS), midi=Mapping()))


def test_enter_takes_what_is_suggested(dialogue):
    _taught(dialogue, _cc(21), "", "")
    _taught(dialogue, _cc(22), "", "")
    _taught(dialogue, _key(36), "")
    _taught(dialogue, _key(48, 60), "")
    paths = list(dialogue.targets)
    assert [target.kind for target in paths[:3]] == ["strike", "strike", "move"]
    mapping = dialogue.mapping
    assert [(c.source, c.layer, c.path, c.takeover) for c in mapping.controls] == [
        (Source("cc", 21, 21), "left nails", "hardness", "pickup"),
        (Source("cc", 22, 22), "left nails", "ring_s", "pickup"),
    ]
    assert mapping.notes == (
        NoteBinding(Source("note", 36, 36), "left nails"),
        NoteBinding(Source("note", 48, 60), "wandering nails"),
    )
    assert dialogue.question == ARMED


def test_every_kind_of_target_can_be_typed(dialogue):
    _taught(dialogue, _cc(21), "wandering nails.gesture.rate_hz", "scale 2 0.5")
    _taught(dialogue, _cc(22, relative="twos"), "left nails.material", "glass stone")
    _taught(dialogue, _cc(23, relative="twos"), "master.level_db", "absolute jump")
    _taught(dialogue, _cc(24), "scene close")
    _taught(dialogue, _key(36), "panic")
    _taught(dialogue, Heard(Source("program", 5, 5, 1, "nano")), "preset rain")
    rate, material, level = dialogue.mapping.controls
    assert (rate.low, rate.high, rate.takeover) == (2, 0.5, "scale")
    assert (material.relative, material.low != material.high) == ("twos", True)
    assert level == ControlBinding(Source("cc", 23, 23), "master", "level_db", -60, 0, "", "jump")
    assert {(action.do, action.name) for action in dialogue.mapping.actions} == {
        ("scene", "close"),
        ("panic", ""),
        ("preset", "rain"),
    }


def test_what_cannot_be_is_said_and_asked_again(dialogue):
    assert dialogue.answer("3") == ["first touch what shall do it"]
    dialogue.hear(_cc(21))
    for line, message in (
        ("left nails.hardnes", "did you mean 'hardness'"),
        ("999", "unknown layer"),
        ("strike left nails", "cannot do that"),
        ("scene clos", "did you mean 'close'"),
    ):
        assert message in dialogue.answer(line)[0]
        assert "What shall it do" in dialogue.question
    dialogue.answer("left nails.hardness")
    for line, message in (("0 7", "out of range"), ("pikup", "two values"), ("1 1", "both ends are the same")):
        assert message in dialogue.answer(line)[0]
        assert dialogue.question.startswith("How?")
    assert dialogue.answer("")[-1].startswith("learnt: ")
    dialogue.hear(_key(36, 40))
    assert dialogue.answer("panic") == ["an action needs one key; play only that one"]
    assert len(dialogue.learnt) == 1


def test_what_is_touched_again_is_learnt_anew(dialogue):
    _taught(dialogue, _cc(21), "left nails.hardness", "")
    said = _taught(dialogue, _cc(21), "left nails.size", "")
    assert any("so far" in line and "hardness" in line for line in said)
    assert any("no longer" in line and "hardness" in line for line in said)
    assert [control.path for control in dialogue.mapping.controls] == ["size"]
    _taught(dialogue, _cc(30), "left nails.size", "")
    assert [(control.source.low, control.path) for control in dialogue.mapping.controls] == [(30, "size")]
    dialogue.answer("undo")
    assert [(control.source.low, control.path) for control in dialogue.mapping.controls] == [(21, "size")]
    dialogue.answer("undo")
    dialogue.answer("undo")
    assert dialogue.answer("undo") == ["nothing to undo"]
    assert dialogue.mapping == Mapping()


def test_touching_something_else_changes_the_question(dialogue):
    dialogue.hear(_cc(21))
    dialogue.answer("left nails.size")
    dialogue.hear(_cc(22))
    dialogue.answer("")
    dialogue.answer("")
    assert [control.source.low for control in dialogue.mapping.controls] == [21, 22]
    assert dialogue.mapping.controls[0].path == "size"
    dialogue.hear(_cc(23))
    assert "first say what" in dialogue.hear(_cc(24))[0]  # a knob that trembles takes nobody's place
    assert "left nails" in dialogue.answer("left nails.thump")[0]
    dialogue.answer("")
    assert [control.source.low for control in dialogue.mapping.controls] == [21, 22, 23]
    dialogue.hear(_cc(23))
    dialogue.answer("-")
    assert dialogue.question == ARMED


def test_channel_and_port_are_named_only_where_they_tell_controls_apart(dialogue):
    _taught(dialogue, _cc(21, 1), "left nails.hardness", "")
    _taught(dialogue, _cc(22, 1), "left nails.size", "")
    _taught(dialogue, _cc(21, 2), "left nails.thump", "")
    _taught(dialogue, _cc(22, 1, "other"), "left nails.skin", "")
    sources = {control.path: control.source for control in dialogue.mapping.controls}
    assert sources["hardness"] == Source("cc", 21, 21, 1, "nano")
    assert sources["thump"] == Source("cc", 21, 21, 2, "nano")
    assert sources["skin"].port == "other"
    _taught(dialogue, _cc(40, 5), "left nails.ring_s", "")
    assert dialogue.mapping.controls[-1].source == Source("cc", 40, 40)


def test_a_binding_of_any_port_tells_nothing_apart():
    dialogue = Dialogue(load_preset(GLASS))
    assert any(note.source.low <= 36 <= note.source.high for note in dialogue.mapping.notes)
    _taught(dialogue, _key(36), "panic")
    assert dialogue.mapping.actions == (ActionBinding(Source("note", 36, 36), "panic"),)


def test_a_presets_own_bindings_stay_unless_touched():
    own = Mapping(
        controls=(ControlBinding(Source("cc", 1, 1, 4, "mine"), "left nails", "size", 1, 2),),
        actions=(ActionBinding(Source("cc", 9, 9), "freeze"),),
    )
    dialogue = Dialogue(replace(load_preset(GLASS), midi=own))
    _taught(dialogue, _cc(9), "left nails.skin", "")
    assert dialogue.mapping.controls[0] == own.controls[0]
    assert dialogue.mapping.actions == ()


# ---- on the screen


def test_a_dialogue_binds_what_was_touched_to_what_was_typed(dialogue):
    said: list[str] = []
    events = [
        Notified("listening to nano"),
        *(Received("nano", bytes([0xB0, 21, value]), 1 + value / 100) for value in (3, 9, 20)),
        Tick(1.3),
        Tick(2.0),
        Typed("left nails.hardness\n"),
        Typed("\n"),
        Received("nano", bytes([0x99, 36, 9]), 4.0),
        Tick(5.0),
        Typed("tap\n"),
        Typed("\n"),
        Typed("never read"),
    ]
    converse(dialogue, events, said.append)
    assert dialogue.has_ended
    assert not dialogue.is_discarded
    assert "heard nano, channel 1: CC 21, 7 bits" in said
    assert [binding.source.kind for binding in dialogue.learnt] == ["cc", "note"]
    assert dialogue.mapping.actions == (ActionBinding(Source("note", 36, 36), "tap"),)


def test_the_list_and_the_end_of_the_keyboard(dialogue):
    said: list[str] = []
    converse(dialogue, [*[Typed("?")] * 9, Typed(None)], said.append)
    assert dialogue.has_ended
    out = "\n".join(said)
    assert all(
        text in out for text in ("strike left nails", "wandering nails.motion.period_s", "scene sparkling", "master.room_db")
    )


def test_who_types_fast_is_understood(dialogue):
    converse(
        dialogue, [Received("nano", bytes([0xB0, 21, 3]), 1.0), Typed("left nails.size"), Typed(""), Typed("")], lambda line: None
    )
    assert [control.path for control in dialogue.mapping.controls] == ["size"]


def test_quitting_discards(dialogue):
    converse(dialogue, [Typed("quit")], lambda line: None)
    assert dialogue.is_discarded


# ---- the file


@pytest.mark.parametrize("name", [*preset_names(), *TRIGGERS])
def test_all_but_midi_stays_as_it_was_written(name, tmp_path):
    preset = load_preset(name)
    midi = replace(automatic(preset), is_automatic=False)
    midi = replace(midi, actions=tuple(sorted(midi.actions, key=lambda action: action.do != "scene")))
    text, is_kept = with_midi(name, preset, midi)
    assert is_kept
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    assert load_preset(path) == replace(preset, midi=midi)
    bare, is_kept = with_midi(path, load_preset(path), Mapping())
    assert is_kept
    assert load_preset(path).midi == midi
    path.write_text(bare, encoding="utf-8")
    assert load_preset(path) == replace(preset, midi=Mapping())
    if file := file_of(name):
        comments = [line for line in file.read_text("utf-8").partition("[[midi")[0].splitlines() if "#" in line]
        assert all(line in text for line in comments)


def test_a_text_that_cannot_be_cut_is_written_anew(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text("schema = 1\nmidi = { clock = 2 } # odd\n[[layer]]\ntrigger = 'tap'\n")
    preset = load_preset(path)
    text, is_kept = with_midi(path, preset, Mapping(clock=3))
    assert not is_kept
    assert tomllib.loads(text)["midi"] == {"clock": 3}


def test_it_is_written_beside_and_what_was_there_is_kept(tmp_path, monkeypatch, dialogue):
    monkeypatch.chdir(tmp_path)
    _taught(dialogue, _cc(21), "left nails.hardness", "")
    path = target_file(GLASS, None)
    assert path == Path(f"{GLASS}.toml")
    assert any(f"synth play {path}" in line for line in write(GLASS, path, dialogue))
    first = path.read_text()
    assert load_preset(path).midi == dialogue.mapping
    with pytest.raises(InputError, match="is there already; say another with -o FILE"):
        target_file(GLASS, None)
    again = Dialogue(load_preset(path))
    _taught(again, _cc(22), "left nails.size", "")
    said = list(write(str(path), target_file(str(path), None), again))
    assert "before" in said[0]
    assert Path(f"{path}.before").read_text() == first
    assert {control.path for control in load_preset(path).midi.controls} == {"hardness", "size"}
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{GLASS}.toml", f"{GLASS}.toml.before"]


@pytest.mark.parametrize(("output", "message"), [("x.wav", "ends in .toml"), ("no/x.toml", "there is no folder no")])
def test_an_output_that_cannot_be_written_is_refused(output, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        target_file("tap", Path(output))


# ---- comments, suggestions, the screen

COMMENTED = """# mine, from last winter
schema = 1
[[layer]]
trigger = "tap"   # a nail

# my knobs
[[midi.control]]
cc = 21  # the left one
set = "tap.hardness"
# it sticks sometimes

# the pad
[[midi.note]]
layer = "tap"
keys = ["C2", "C3"]

[[midi.control]]
cc = 22
set = "tap.size"  # goes

# how it begins
[[cue]]
at_s = 3
layer = "tap"
set = { level_db = -12 }
"""


def test_comments_stay_wherever_they_stand(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(COMMENTED)
    preset = load_preset(path)
    dialogue = Dialogue(preset)
    _taught(dialogue, _cc(22), "tap.thump", "")
    text, is_kept = with_midi(path, preset, dialogue.mapping)
    assert is_kept
    for comment in ("# mine", "# a nail", "# my knobs", "# the left one", "# it sticks", "# the pad", "# how it begins"):
        assert comment in text
    path.write_text(text)
    again = load_preset(path)
    assert again.midi == dialogue.mapping
    assert replace(again, midi=preset.midi) == preset
    assert with_midi(path, again, again.midi) == (text, True)


@pytest.mark.parametrize("name", ["demo", GLASS, "tap", "rain_on_tent"])
def test_what_is_suggested_is_never_refused(name: str):
    """Every kind of control, until there is nothing more to suggest."""
    dialogue = Dialogue(replace(load_preset(name), midi=Mapping()))
    sources = [Source("note", 40, 52, 1, "p"), Source("note", 60, 60, 1, "p"), Source("pressure", 0, 127, 1, "p")]
    sources += [Source("bend", 0, 127, 1, "p"), Source("program", 3, 3, 1, "p"), Source("nrpn", 300, 300, 1, "p")]
    for turn in range(12):
        for source in [*sources, Source("cc", 20 + turn, 20 + turn, 1, "p")]:
            moved = replace(source, channel=1 + turn)
            for heard in (Heard(moved), Heard(moved, is_button=True)):
                said = dialogue.hear(heard)
                if "Enter: " in dialogue.question:
                    said += dialogue.answer("")
                    if dialogue.question.startswith("How?"):
                        said += dialogue.answer("")
                    assert any(line.startswith("learnt") for line in said), said
                else:
                    dialogue.answer("-")
                assert dialogue.question == ARMED


@pytest.mark.parametrize(("width", "height"), [(79, 20), (39, 5), (200, 50), (20, 3)])
def test_the_list_fits_any_screen_and_shows_everything(width: int, height: int):
    found = Dialogue(load_preset("demo")).targets
    shown, at = [], 0
    while True:
        page, at = lines(found, "", width, height, at)
        assert len(page) <= height
        assert all(len(line) <= width for line in page)
        shown += page
        if not at:
            break
    if width > 60:
        assert all(any(target.text in line for line in shown) for target in found)
    assert all("hard" in line for line in lines(found, "hard", 40, 99)[0])
