"""The lesson: what is touched and typed becomes bindings, and a preset's file that is otherwise as it was."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from synth.cli.midi_learn.command import Received, Tick, Told, Typed, converse, target_file, write
from synth.cli.midi_learn.detect import Heard
from synth.cli.midi_learn.dialogue import ARMED, Lesson
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


def _taught(lesson: Lesson, heard: Heard, *answers: str) -> list[str]:
    said = lesson.hear(heard)
    for answer in answers:
        said += lesson.answer(answer)
    return said


@pytest.fixture
def lesson() -> Lesson:
    return Lesson(replace(load_preset(GLASS), midi=Mapping()))


def test_enter_takes_what_is_suggested(lesson):
    _taught(lesson, _cc(21), "", "")
    _taught(lesson, _cc(22), "", "")
    _taught(lesson, _key(36), "")
    _taught(lesson, _key(48, 60), "")
    paths = list(lesson.targets)
    assert [target.kind for target in paths[:3]] == ["strike", "strike", "move"]
    mapping = lesson.mapping
    assert [(c.source, c.layer, c.path, c.takeover) for c in mapping.controls] == [
        (Source("cc", 21, 21), "left nails", "hardness", "pickup"),
        (Source("cc", 22, 22), "left nails", "ring_s", "pickup"),
    ]
    assert mapping.notes == (
        NoteBinding(Source("note", 36, 36), "left nails"),
        NoteBinding(Source("note", 48, 60), "wandering nails"),
    )
    assert lesson.question == ARMED


def test_everything_can_be_said(lesson):
    _taught(lesson, _cc(21), "wandering nails.gesture.rate_hz", "scale 2 0.5")
    _taught(lesson, _cc(22, relative="twos"), "left nails.material", "glass stone")
    _taught(lesson, _cc(23, relative="twos"), "master.level_db", "absolute jump")
    _taught(lesson, _cc(24), "scene close")
    _taught(lesson, _key(36), "panic")
    _taught(lesson, Heard(Source("program", 5, 5, 1, "nano")), "preset rain")
    rate, material, level = lesson.mapping.controls
    assert (rate.low, rate.high, rate.takeover) == (2, 0.5, "scale")
    assert (material.relative, material.low != material.high) == ("twos", True)
    assert level == ControlBinding(Source("cc", 23, 23), "master", "level_db", -60, 0, "", "jump")
    assert {(action.do, action.name) for action in lesson.mapping.actions} == {
        ("scene", "close"),
        ("panic", ""),
        ("preset", "rain"),
    }


def test_what_cannot_be_is_said_and_asked_again(lesson):
    assert lesson.answer("3") == ["first touch what shall do it"]
    lesson.hear(_cc(21))
    for line, message in (
        ("left nails.hardnes", "did you mean 'hardness'"),
        ("999", "unknown layer"),
        ("strike left nails", "cannot do that"),
        ("scene clos", "did you mean 'close'"),
    ):
        assert message in lesson.answer(line)[0]
        assert "What shall it do" in lesson.question
    lesson.answer("left nails.hardness")
    for line, message in (("0 7", "out of range"), ("pikup", "two values"), ("1 1", "both ends are the same")):
        assert message in lesson.answer(line)[0]
        assert lesson.question.startswith("How?")
    assert lesson.answer("")[-1].startswith("learnt: ")
    lesson.hear(_key(36, 40))
    assert lesson.answer("panic") == ["an action needs one key; play only that one"]
    assert len(lesson.learnt) == 1


def test_what_is_touched_again_is_learnt_anew(lesson):
    _taught(lesson, _cc(21), "left nails.hardness", "")
    said = _taught(lesson, _cc(21), "left nails.size", "")
    assert any("so far" in line and "hardness" in line for line in said)
    assert any("no longer" in line and "hardness" in line for line in said)
    assert [control.path for control in lesson.mapping.controls] == ["size"]
    _taught(lesson, _cc(30), "left nails.size", "")
    assert [(control.source.low, control.path) for control in lesson.mapping.controls] == [(30, "size")]
    lesson.answer("undo")
    assert [(control.source.low, control.path) for control in lesson.mapping.controls] == [(21, "size")]
    lesson.answer("undo")
    lesson.answer("undo")
    assert lesson.answer("undo") == ["nothing to undo"]
    assert lesson.mapping == Mapping()


def test_touching_something_else_changes_the_question(lesson):
    lesson.hear(_cc(21))
    lesson.answer("left nails.size")
    lesson.hear(_cc(22))
    lesson.answer("")
    lesson.answer("")
    assert [control.source.low for control in lesson.mapping.controls] == [22]
    lesson.hear(_cc(23))
    lesson.answer("-")
    assert lesson.question == ARMED


def test_channel_and_port_are_named_only_where_they_tell_controls_apart(lesson):
    _taught(lesson, _cc(21, 1), "left nails.hardness", "")
    _taught(lesson, _cc(22, 1), "left nails.size", "")
    _taught(lesson, _cc(21, 2), "left nails.thump", "")
    _taught(lesson, _cc(22, 1, "other"), "left nails.skin", "")
    sources = {control.path: control.source for control in lesson.mapping.controls}
    assert sources["hardness"] == Source("cc", 21, 21, 1, "nano")
    assert sources["thump"] == Source("cc", 21, 21, 2, "nano")
    assert sources["skin"].port == "other"
    _taught(lesson, _cc(40, 5), "left nails.ring_s", "")
    assert lesson.mapping.controls[-1].source == Source("cc", 40, 40)


def test_a_binding_of_any_port_tells_nothing_apart():
    lesson = Lesson(load_preset(GLASS))
    assert any(note.source.low <= 36 <= note.source.high for note in lesson.mapping.notes)
    _taught(lesson, _key(36), "panic")
    assert lesson.mapping.actions == (ActionBinding(Source("note", 36, 36), "panic"),)


def test_a_presets_own_bindings_stay_unless_touched():
    own = Mapping(
        controls=(ControlBinding(Source("cc", 1, 1, 4, "mine"), "left nails", "size", 1, 2),),
        actions=(ActionBinding(Source("cc", 9, 9), "freeze"),),
    )
    lesson = Lesson(replace(load_preset(GLASS), midi=own))
    _taught(lesson, _cc(9), "left nails.skin", "")
    assert lesson.mapping.controls[0] == own.controls[0]
    assert lesson.mapping.actions == ()


# ---- on the screen


def test_a_conversation(lesson):
    said: list[str] = []
    events = [
        Told("listening to nano"),
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
    converse(lesson, events, said.append)
    assert lesson.has_ended
    assert not lesson.is_discarded
    assert "heard nano, channel 1: CC 21, 7 bits" in said
    assert [binding.source.kind for binding in lesson.learnt] == ["cc", "note"]
    assert lesson.mapping.actions == (ActionBinding(Source("note", 36, 36), "tap"),)


def test_the_list_and_the_end_of_the_keyboard(lesson, capsys):
    said: list[str] = []
    converse(lesson, [Typed("?"), Typed(None)], said.append)
    assert lesson.has_ended
    out = capsys.readouterr().out
    assert all(
        text in out for text in ("strike left nails", "wandering nails.motion.period_s", "scene sparkling", "master.room_db")
    )


def test_who_types_fast_is_understood(lesson):
    converse(
        lesson, [Received("nano", bytes([0xB0, 21, 3]), 1.0), Typed("left nails.size"), Typed(""), Typed("")], lambda line: None
    )
    assert [control.path for control in lesson.mapping.controls] == ["size"]


def test_quitting_discards(lesson):
    converse(lesson, [Typed("quit")], lambda line: None)
    assert lesson.is_discarded


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


def test_it_is_written_beside_and_what_was_there_is_kept(tmp_path, monkeypatch, lesson):
    monkeypatch.chdir(tmp_path)
    _taught(lesson, _cc(21), "left nails.hardness", "")
    path = target_file(GLASS, None)
    assert path == Path(f"{GLASS}.toml")
    assert any(f"synth play {path}" in line for line in write(GLASS, path, lesson))
    first = path.read_text()
    assert load_preset(path).midi == lesson.mapping
    with pytest.raises(InputError, match="is there already; say another with -o FILE"):
        target_file(GLASS, None)
    again = Lesson(load_preset(path))
    _taught(again, _cc(22), "left nails.size", "")
    said = list(write(str(path), target_file(str(path), None), again))
    assert "before" in said[0]
    assert Path(f"{path}.before").read_text() == first
    assert {control.path for control in load_preset(path).midi.controls} == {"hardness", "size"}
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{GLASS}.toml", f"{GLASS}.toml.before"]


@pytest.mark.parametrize(("output", "message"), [("x.wav", "ends in .toml"), ("no/x.toml", "there is no folder no")])
def test_a_file_that_cannot_be(output, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        target_file("tap", Path(output))
