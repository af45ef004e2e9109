"""What keys mean just now: commands, or what a mode makes of them.  names of keys -> session; -> rows at the bottom.

/ finds a preset by typing, x mutes a layer and o solos one by its letter, n makes a keyboard of the letters, i says how it
tingles, ? shows all keys. Escape leaves a mode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol

from synth.cli.terminal.cells import DIM, ON, PLAIN, TEXT, TITLE, Row, fit
from synth.cli.terminal.head import letter
from synth.cli.terminal.hold_keys import HoldKeys
from synth.cli.terminal.keys import KEYS
from synth.control.commands import COMMANDS
from synth.live.status import Status

MODES = {"/": "find", "x": "mute layer", "o": "solo layer", "n": "notes", "i": "tingle", "?": "help"}
"""The key that begins each mode, and the display's word for it."""
_LAYERS = {"x": "mute_layer", "o": "solo_layer"}
_PIANO = {key: semitone for semitone, key in enumerate("awsedftgyhujkolp;'")}
"""The row of letters as white keys from C on, the row above as black ones, as trackers have it."""
_LOWEST, _HIGHEST, _MIDDLE = 0, 108, 60
_VELOCITY = 0.7
_SHOWN = 6


class Player(Protocol):
    """What keys play: a session."""

    def act(self, name: str, argument: object = None) -> None:
        """Do a command."""

    def play_key(self, key: int, velocity: float) -> None:
        """Strike what a MIDI key strikes."""


class Modes:
    """Reads keys for a session.

    Parameters
    ----------
    session : does what they mean.
    presets : the names that can be found.

    Attributes
    ----------
    report_releases : asks the terminal to tell when keys are let go, True, or not any more.
    """

    def __init__(self, session: Player, presets: Sequence[str]) -> None:
        self._session, self._presets = session, presets
        self.mode = ""
        self._typed, self._octave = "", _MIDDLE
        self._layers: tuple[str, ...] = ()
        self._hold = HoldKeys(lambda amount: session.act("tingle", amount))
        self.report_releases: Callable[[bool], None] = lambda is_on: None

    def press(self, name: str) -> None:
        """Do what a key means now."""
        if self.mode and name == "escape":
            if self.mode == "i":
                self._hold.end()
                self.report_releases(False)
            self.mode = ""
        elif self.mode:
            self._in_mode[self.mode](name)
        elif name in MODES:
            self.mode, self._typed = name, ""
            if name == "i":
                self.report_releases(True)
        elif name in KEYS:
            self._session.act(KEYS[name].command, KEYS[name].argument)

    @property
    def _in_mode(self) -> dict[str, Callable[[str], None]]:
        return {"/": self._find, "x": self._layer, "o": self._layer, "n": self._note, "i": self._tingle, "?": self._help}

    def _find(self, name: str) -> None:
        found = self.found
        if name == "enter":
            self.mode = ""
            if found:
                self._session.act("preset", found[0])
        elif name == "backspace":
            self._typed = self._typed[:-1]
        elif len(name) == 1 or name == "space":
            self._typed += "_" if name in ("space", "-") else name

    @property
    def found(self) -> list[str]:
        """The presets that what was typed may mean: those that begin with it, then those that hold its words."""
        words = self._typed.split("_")
        holding = [name for name in self._presets if all(word in name for word in words)]
        return sorted(holding, key=lambda name: not name.startswith(self._typed))

    def _layer(self, name: str) -> None:
        command, self.mode = _LAYERS[self.mode], ""
        letters = {letter(index).lower(): layer for index, layer in reversed(list(enumerate(self._layers)))}
        if name in letters:
            self._session.act(command, letters[name])

    def _note(self, name: str) -> None:
        if name in _PIANO:
            self._session.play_key(min(self._octave + _PIANO[name], 127), _VELOCITY)
        elif name in ("z", "x"):
            self._octave = min(max(self._octave + (12 if name == "x" else -12), _LOWEST), _HIGHEST)
        elif name in ("space", "up", "down"):  # silence and volume are always at hand
            self._session.act(KEYS[name].command, KEYS[name].argument)

    def _tingle(self, name: str) -> None:
        if not self._hold.press(name) and name in KEYS:  # silence is at hand: m mutes
            self._session.act(KEYS[name].command, KEYS[name].argument)

    def _help(self, name: str) -> None:
        self.mode = ""
        if name in KEYS:
            self._session.act(KEYS[name].command, KEYS[name].argument)

    # ---- what is shown

    def rows(self, status: Status, width: int) -> list[Row]:
        """Return what stands at the bottom while a mode is on; nothing: the keys."""
        self._layers = tuple(source.name for source in status.sources)
        if not self.mode or self.mode == "?":
            return []
        said: Row = [(f" {MODES[self.mode]}", ON), ("  ", PLAIN), *self._prompt()]
        return [fit(said, width), fit([(" esc leaves", DIM)], width)]

    def _prompt(self) -> Row:
        if self.mode == "/":
            first, *others = [*self.found[:_SHOWN], ""]
            return [(f"{self._typed}_", TEXT), ("  ", PLAIN), (first, TITLE), ("  " + "  ".join(others), DIM)]
        if self.mode == "n":
            return [("a w s e d f … play", TEXT), (f"  from key {self._octave}; z x: an octave down, up", DIM)]
        if self.mode == "i":
            return self._hold.prompt
        letters = ((f"{letter(index)} ", TEXT, f"{name}  ") for index, name in enumerate(self._layers))
        return [run for sign, style, name in letters for run in ((sign, style), (name, DIM))]


def help_rows(width: int, height: int) -> list[Row]:
    """Return all keys with what they do, from their table."""
    rows: list[Row] = []
    for name, group in groupby(KEYS.items(), key=lambda item: item[1].command):
        keys = [key for key, _ in group]
        rows.append(_help_row(f"{keys[0]}-{keys[-1]}" if len(keys) > 2 else " ".join(keys), COMMANDS[name].doc))
    rows += [_help_row(key, word) for key, word in _MODE_DOCS.items()]
    return [fit(row, width) for row in [*rows, *([[]] * height)][:height]]


def _help_row(keys: str, doc: str) -> Row:
    return [(f" {keys:<11}", TEXT), (doc, DIM)]


_MODE_DOCS = {
    "/": "choose a preset by typing a part of its name",
    "x, o": "mute, solo a layer by its letter; again: as it was",
    "n": "play notes with the letters; z and x: an octave down, up",
    "i": "say how it tingles: the space bar, 1 to 9 how strongly, up and down; no sound changes by it",
    "?": "this",
}
