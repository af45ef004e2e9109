"""What a preset has a layer say: a text or a file, checked when it is read, whole when it is written again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from synth.offline.job import job_of
from synth.parameters.errors import InputError
from synth.preset.inputs import inputs_of
from synth.preset.library import dump, load_preset, read_text
from synth.preset.texts import with_text
from synth.speech import phones

HEAD = 'schema = 1\n[[layer]]\ntrigger = "whisper"\n'


def preset(rest: str, folder="."):
    return read_text(HEAD + rest, "mine", "mine.toml", folder)


def test_a_trigger_that_speaks_has_a_text_of_its_own():
    own = load_preset("whisper").layers[0].text
    assert own["loop"] is True
    assert len(own["say"]) > 40


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('text = "sleep now"', {"say": "sleep now", "loop": True}),
        ('text = { say = "sleep now", loop = false }', {"say": "sleep now", "loop": False}),
    ],
)
def test_a_text_is_read_and_written_again(given, expected):
    read = preset(given)
    assert dict(read.layers[0].text) == expected
    assert read_text(dump(read), "mine", "mine.toml", ".").layers[0].text == read.layers[0].text
    said = inputs_of(read, 48000)["whisper"]
    assert said.phones.tobytes() == phones("sleep now").tobytes()
    assert said.is_loop is expected["loop"]


def test_a_file_lies_beside_the_preset(tmp_path):
    (tmp_path / "night.txt").write_text("sleep now", encoding="utf-8")
    read = preset('text = { file = "night.txt" }', tmp_path)
    assert inputs_of(read, 48000)["whisper"].phones.tobytes() == phones("sleep now").tobytes()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("text = 3", "layer 1: text = 3; it must be a text"),
        ('text = ""', "text: say = '' is empty"),
        ('text = { say = "a", file = "b" }', "it must be a text"),
        ('text = { say = "a", lop = true }', "lop"),
        ('text = { say = "a", loop = 1 }', "loop = 1; allowed: true or false"),
    ],
)
def test_what_is_no_text_is_refused_in_a_line(given, wrong):
    with pytest.raises(InputError, match=wrong):
        preset(given)


def test_what_cannot_be_said_names_preset_layer_and_text(tmp_path):
    with pytest.raises(InputError, match=r"preset 'mine': layer 'whisper': text: \[zz\]: unknown phone 'zz'"):
        inputs_of(preset('text = "[zz]"'), 48000)
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8 text"):
        inputs_of(preset('text = { file = "a.txt" }', tmp_path), 48000)
    with pytest.raises(InputError, match=r"none\.txt: cannot be read: No such file"):
        inputs_of(preset('text = { file = "none.txt" }', tmp_path), 48000)


def test_a_trigger_that_does_not_speak_refuses_a_text():
    with pytest.raises(InputError, match="trigger 'tap' does not speak"):
        read_text('schema = 1\n[[layer]]\ntrigger = "tap"\ntext = "knock"\n', "mine", "mine.toml", ".")
    with pytest.raises(InputError, match=r"none of its layers speaks; triggers that do: .*whisper"):
        with_text(load_preset("tap"), "knock")


def test_another_text_is_said_once_and_to_its_end():
    job = job_of("whisper", text="one two three. " * 20)
    assert job.inputs["whisper"].is_loop is False
    assert job.seconds > float(job.inputs["whisper"].phones["seconds"].sum())
    with pytest.raises(InputError, match="give one of the two"):
        with_text(load_preset("whisper"), "a", "b.txt")


def test_who_says_nothing_loads_no_dictionary():
    code = "import sys, synth; synth.render('tap', 0.1); assert not [m for m in sys.modules if m.startswith('synth.speech')]"
    subprocess.run([sys.executable, "-c", code], check=True)
