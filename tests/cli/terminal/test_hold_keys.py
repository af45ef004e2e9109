"""The hold by keys: the space bar is a hold where the terminal tells its end, a switch where it does not, and says which."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from synth.cli.terminal.cells import width_of
from synth.cli.terminal.hold_keys import HoldKeys
from synth.cli.terminal.key_codes import ASK_FOR_RELEASES, NO_MORE_RELEASES, SIGNALS, TELLS_RELEASES, decode
from synth.cli.terminal.modes import Modes
from synth.live.status import Status


def said(*keys: str) -> list[float]:
    amounts: list[float] = []
    hold = HoldKeys(amounts.append)
    for key in keys:
        assert hold.press(key)
    return [round(amount, 3) for amount in amounts]


def test_without_releases_the_space_bar_switches() -> None:
    assert said("space", "space", "space") == [1, 0, 1]


def test_with_releases_it_holds() -> None:
    assert said(TELLS_RELEASES, "space", "space up", "space", "space", "space up") == [1, 0, 1, 0]


def test_digits_grade_it_and_are_remembered() -> None:
    assert said("3", "0", "space", "space", "9") == [0.333, 0, 0.333, 0, 1]


def test_up_and_down_move_it_while_it_tingles_and_its_strength_otherwise() -> None:
    assert said("down", "down", "space", "up", "up", "up") == [0.778, 0.889, 1.0]
    assert said(*["down"] * 20, "space") == [0.111]


def test_other_keys_are_not_its_own() -> None:
    hold = HoldKeys(lambda amount: pytest.fail("said"))
    assert not any(hold.press(key) for key in ("m", "q", "escape", "left", "a"))


@pytest.mark.parametrize("width", [20, 80])
def test_what_stands_at_the_bottom_says_how_it_works_here(width: int) -> None:
    modes = Modes(Player(), [])
    modes.press("i")
    switch = modes.rows(Status("x"), width)
    modes.press(TELLS_RELEASES)
    hold = modes.rows(Status("x"), width)
    assert all(width_of(row) == width for row in (*switch, *hold))
    if width > 40:
        texts = ["".join(text for text, _ in row) for row in (switch[0], hold[0])]
        assert ["again" in text for text in texts] == [True, False]


class Player:
    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def act(self, name: str, argument: object = None) -> None:
        self.asked.append((name, argument))

    def play_key(self, key: int, velocity: float) -> None:
        self.asked.append((key,))


def test_its_mode_asks_for_releases_and_leaves_nothing_held() -> None:
    player, asked = Player(), []
    modes = Modes(player, [])
    modes.report_releases = asked.append
    for key in ("i", TELLS_RELEASES, "space", "m", "escape", "space"):
        modes.press(key)
    assert player.asked == [("tingle", 1.0), ("mute", None), ("tingle", 0.0), ("panic", None)]
    assert asked == [True, False]


# ---- what a terminal that reports keys sends


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("\x1b[?27u", [TELLS_RELEASES]),
        ("\x1b[?1u", []),
        ("\x1b[32;1:1;32u\x1b[32;1:2;32u\x1b[32;1:3u", ["space", "space up"]),
        ("\x1b[32u", ["space"]),
        ("\x1b[32;;32u", ["space"]),
        ("\x1b[109;1:1;109u\x1b[109;1:3u", ["m"]),
        ("\x1b[47:63;2:1;63u", ["?"]),  # shift and slash
        ("\x1b[1;1:1A\x1b[1;1:3A\x1b[1;1:2B", ["up", "down"]),
        ("\x1b[27;1:1u\x1b[13u\x1b[127u", ["escape", "enter", "backspace"]),
        ("\x1b[99;5u\x1b[122;5:1u", ["ctrl+c", "ctrl+z"]),
        ("\x1b[99;5:3u\x1b[97;5u\x1b[97;3u", []),  # their end; other controls, alt
        ("\x1b[109;65;109u\x1b[109;129;109u", ["m", "m"]),  # caps and num lock
        ("\x1b[57441;2u\x1b[99999999u\x1b[1114112u", []),  # shift alone, and what is no character
    ],
)
def test_reported_keys_become_names(text: str, names: list[str]) -> None:
    assert decode(text) == (names, "")


def test_what_the_terminal_made_signals_of_still_is_one() -> None:
    assert SIGNALS.keys() == {"ctrl+c", "ctrl+z", "ctrl+\\"}


# ---- a real terminal


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Any]]:
    """Yield the other end of a terminal, and the keyboard on it."""
    pytest.importorskip("termios", reason="there are no terminals of this kind here")
    from synth.cli.terminal.keys import _Keyboard

    master, slave = os.openpty()
    with _Keyboard(slave) as keyboard:
        yield master, keyboard
    with suppress(OSError):
        os.close(master)


def heard(master: int) -> bytes:
    return os.read(master, 1000) if select.select([master], [], [], 1.0)[0] else b""


def test_a_terminal_is_asked_and_let_be(terminal: tuple[int, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    master, keyboard = terminal
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _, number: sent.append(number))
    keyboard.report_releases(True)
    keyboard.report_releases(True)
    assert heard(master) == ASK_FOR_RELEASES
    os.write(master, b"\x1b[?27u\x1b[32;1:1;32u\x1b[32;1:3u\x1b[99;5:1u")
    keyboard.wait(1.0)
    assert keyboard.read() == [TELLS_RELEASES, "space", "space up"]
    assert sent == [signal.SIGINT]
    keyboard._give_back()
    assert heard(master) == NO_MORE_RELEASES  # whoever has the terminal next, and after a stop, gets plain keys
    keyboard._resume()
    assert heard(master) == ASK_FOR_RELEASES
    keyboard.report_releases(False)
    assert heard(master) == NO_MORE_RELEASES


def test_waiting_ends_with_a_key(terminal: tuple[int, Any]) -> None:
    master, keyboard = terminal
    keyboard.wait(0.0)
    keyboard.wait(-1.0)
    os.write(master, b"i")
    keyboard.wait(60.0)
    assert keyboard.read() == ["i"]


def test_a_terminal_that_is_gone_is_not_asked_without_end(terminal: tuple[int, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    master, keyboard = terminal
    os.close(master)
    keyboard.wait(1.0)
    assert keyboard.read() == []
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    keyboard.wait(0.5)
    assert slept == [0.5]
