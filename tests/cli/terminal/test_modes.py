"""Modes of the keys: a preset by typing, layers by their letters, notes, help; escape always leads back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from synth.cli.terminal.cells import width_of
from synth.cli.terminal.keys import KEYS
from synth.cli.terminal.modes import MODES, Modes, help_rows
from synth.control.commands import COMMANDS
from synth.live.status import Source, Status

PRESETS = ["demo", "rain_on_leaves", "rain_on_tent", "tin_roof_night", "tap"]
STATUS = Status("x", sources=tuple(Source(name, 0, 0, 1) for name in ("left nails", "rain", "far")))


class Player:
    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def act(self, name: str, argument: object = None) -> None:
        self.asked.append((name, argument))

    def play_key(self, key: int, velocity: float) -> None:
        self.asked.append((key,))


def pressed(*keys: str) -> tuple[list[tuple[Any, ...]], Modes]:
    player = Player()
    modes = Modes(player, PRESETS)
    modes.rows(STATUS, 80)
    for key in keys:
        modes.press(key)
        modes.rows(STATUS, 80)
    return player.asked, modes


def test_no_mode_takes_a_commands_key() -> None:
    assert not MODES.keys() & KEYS.keys()


def test_without_a_mode_keys_are_commands() -> None:
    assert pressed("f", "up", "2", "j")[0] == [("freeze", None), ("level", 1.0), ("scene", 2)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("rain", "rain_on_leaves"), ("tent", "rain_on_tent"), ("t", "tin_roof_night"), ("tap", "tap"), ("", "demo")],
)
def test_a_preset_is_found_by_a_part_of_its_name(typed: str, found: str) -> None:
    asked, modes = pressed("/", *typed, "enter")
    assert asked == [("preset", found)]
    assert modes.mode == ""


def test_words_may_be_typed_with_blanks_and_taken_back() -> None:
    assert pressed("/", *"rain", "space", *"tent", "enter")[0] == [("preset", "rain_on_tent")]
    assert pressed("/", *"tapp", "backspace", "enter")[0] == [("preset", "tap")]
    assert pressed("/", *"nothing", "enter")[0] == []


def test_a_layer_is_muted_and_soloed_by_its_letter() -> None:
    assert pressed("x", "b", "o", "a", "x", "q", "f")[0] == [
        ("mute_layer", "rain"),
        ("solo_layer", "left nails"),
        ("freeze", None),
    ]


def test_letters_play_notes_until_escape() -> None:
    asked, modes = pressed("n", "a", "w", "k", "x", "a", "z", "z", "a", "space", "escape", "q")
    assert asked == [(60,), (61,), (72,), (72,), (48,), ("panic", None), ("quit", None)]
    assert modes.mode == ""
    assert max(key for (key,) in pressed("n", *"xxxxxxxxx", *"awsedftgyhujkolp")[0]) <= 127


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "?"])
@pytest.mark.parametrize("width", [20, 80, 200])
def test_a_mode_says_what_it_wants_at_any_width(mode: str, width: int) -> None:
    rows = pressed(mode)[1].rows(replace(STATUS, sources=STATUS.sources * 20), width)
    assert rows
    assert all(width_of(row) == width for row in rows)
    assert pressed(mode, "escape")[1].rows(STATUS, width) == []


def test_help_names_every_command_that_has_a_key() -> None:
    text = "\n".join("".join(part for part, _ in row) for row in help_rows(400, 40))
    assert all(command.doc in text for command in COMMANDS.values() if command.keys)
    assert pressed("?")[1].mode == "?"
    assert pressed("?", "f")[0] == [("freeze", None)]
