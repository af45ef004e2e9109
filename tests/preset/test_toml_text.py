"""TOML text: no text of the size that a preset may have takes long, and long sentences are no keys."""

import time

import pytest

from synth.parameters.errors import InputError, shown
from synth.preset.toml_text import table_of

TEXTS = {
    "a long word": 'x = "' + "k" * 4_000_000 + '"',
    "words with dots": "x = '''" + ("a." * 15 + ",") * 130_000 + "'''",
    "quotes in a comment": "#" + '"' * 4_000_000,
    "keys": "\n".join(f"a.b.c.{number} = 1" for number in range(100_000)),
    "a text of many sentences": 'x = "' + "one, two = three [four], " * 130_000 + '"',
}


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_read_in_bounded_time(name):
    begin_s = time.process_time()
    table_of(TEXTS[name], "x.toml")
    assert time.process_time() - begin_s < 10


@pytest.mark.parametrize("text", ["a." * 17 + "a = 1", "[" + "'a'. " * 17 + "a]", "x = {" + '"a" .' * 2000 + "a = 1}"])
def test_a_key_of_many_parts_is_refused_before_it_is_read(text):
    with pytest.raises(InputError, match="line 1: a key of more than 16 parts"):
        table_of(text, "x.toml")


@pytest.mark.parametrize(
    "text",
    [
        "[[cue]]\nat_s = 1\nset = { level_db = 1 }\n" * 50_000,
        "cue = [" + "{ at_s = 1, layer = 'a' }, " * 60_000 + "]",
        "x = [" + "1," * 2_000_000 + "]",
        "".join(f"[a{number}]\n" for number in range(200_000)),
    ],
)
def test_more_values_than_a_preset_can_hold_are_refused_before_they_are_read(text):
    with pytest.raises(InputError, match="more than 100000 values"):
        table_of(text, "x.toml")


def test_any_value_can_be_shown():
    nested = [1]
    for _ in range(100_000):
        nested = [nested]
    assert shown(1.5) == "1.5"
    assert shown(nested) == "<list too large to be shown>"
    assert shown(-(10**5000)) == "<int too large to be shown>"
    assert len(shown("x" * 100)) == 60
