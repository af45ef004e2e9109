"""Commands: all that can be asked of a session, as one table.  name -> argument, when, what does it, the ways in that offer it.

MIDI buttons and MIDI files, keys of the terminal, JSON lines, OSC and its tree, the session and docs/commands.md derive from it.
A new command is a row here and its effect: an entry of `synth.engine.commands.EngineCommands.effects` if an engine can do it,
else of `synth.live.session.Session.effects` and `synth.offline.midi_player.MidiPlayer.effects`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Argument(Enum):
    """What a command takes; how each way in says it stands there, by this kind."""

    NOTHING = "nothing"
    SWITCH = "on or off; nothing: the other of the two"
    LAYER = "a layer's name"
    SCENE = "a scene's name, or its number from 1"
    PRESET = "a preset's name"
    PATH = "a parameter's path or a layer's name; nothing: all"
    STEP_DB = "a step in dB"
    LEVEL_DB = "a level in dB"
    SECONDS = "seconds"
    SEED = "a whole number"
    AMOUNT = "0 .. 1"


NOTHING, SWITCH, LAYER, SCENE, PRESET, PATH, STEP_DB, LEVEL_DB, SECONDS, SEED, AMOUNT = Argument
MIDI, LINES, OSC, PAGE = WAYS = ("MIDI", "JSON lines", "OSC", "the page")
"""The ways in, beside the keys of the terminal: a command has a key where its row says one. The page speaks JSON lines."""


@dataclass(frozen=True)
class Command:
    """A row of the table.

    Attributes
    ----------
    name : as every way in spells it: `do = "NAME"`, `{"NAME": ...}`, `/synth/NAME`, for a layer's `/LAYER/NAME`.
    doc : what it does, for people.
    argument : what it takes.
    is_timed : whether it can be asked for at a frame, and so at a stamp.
    quantum_kind : the kind of event (a name of `synth.engine.kernels.event_record`) by which a button does it within the quantum;
        None: the quantum asks the session for it.
    keys : of the terminal, each with the argument that it stands for.
    word : the display's for its keys.
    ways : which of `WAYS` offer it; where a row says nothing, all do.
    old_names : under which it can be asked for in this version still.
    """

    name: str
    doc: str
    argument: Argument = NOTHING
    is_timed: bool = False
    quantum_kind: str | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)
    word: str = ""
    ways: tuple[str, ...] = WAYS
    old_names: tuple[str, ...] = ()


_NO_BUTTON = tuple(way for way in WAYS if way != MIDI)
_ROWS = (
    Command("strike", "start a note of a layer", LAYER, is_timed=True, ways=_NO_BUTTON),
    Command("release", "end what was struck on a layer so", LAYER, is_timed=True, ways=_NO_BUTTON),
    Command("say", "a layer that speaks says a text, after its phrase and what waits", LAYER, is_timed=True, ways=_NO_BUTTON),
    Command("hush", "a layer says nothing of what waits, nor the rest of its phrase", LAYER, is_timed=True, ways=_NO_BUTTON),
    Command(
        "panic",
        "everything that sounds fades in 15 ms and gestures stop; with its key again, or with another preset, they go on",
        quantum_kind="PANIC",
        keys={"space": None},
        word="panic",
    ),
    Command(
        "freeze",
        "no glide, motion, cue or stream changes what sounds; again: they go on. Hands still move what they touch",
        SWITCH,
        is_timed=True,
        quantum_kind="FREEZE",
        keys={"f": None},
        word="freeze",
    ),
    Command(
        "hold",
        "the morph to a scene stops midway; again: it goes on",
        SWITCH,
        is_timed=True,
        quantum_kind="HOLD",
        keys={"h": None},
        word="hold",
    ),
    Command(
        "tap",
        "tap the tempo; from the second tap on gestures follow",
        is_timed=True,
        quantum_kind="TAP",
        keys={"t": None},
        word="tap",
    ),
    Command(
        "pause",
        "gestures stop, so that only hands play; again: they go on",
        SWITCH,
        is_timed=True,
        quantum_kind="PAUSE",
        keys={"g": None},
        word="gestures",
    ),
    Command("scene", "morph to a scene", SCENE, keys={str(number): number for number in range(1, 10)}, word="scene"),
    Command("preset", "play a preset, or a trigger by its name", PRESET),
    Command("previous", "the preset before, as `synth list presets` has them", keys={"left": None}, word="preset"),
    Command("next", "the preset after, as `synth list presets` has them", keys={"right": None}, word="preset"),
    Command(
        "release_override",
        "let streams have again what a hand took from them",
        PATH,
        keys={"b": None},
        word="give back",
        old_names=("give_back",),
    ),
    Command(
        "undo",
        "what a hand changed last glides back to what it was; again: further back",
        keys={"z": None},
        word="undo",
    ),
    Command(  # neither OSC nor a page: it writes a file, and whoever reaches the port may ask
        "save",
        "save what is heard now as ./PRESET-saved.toml: a morph that is held is kept as it stands",
        keys={"s": None},
        word="save",
        ways=(MIDI, LINES),
    ),
    Command("mute", "fade to silence; again: back", keys={"m": None}, word="mute"),
    Command("mute_layer", "a layer falls silent while it plays on; again: it is heard", LAYER),
    Command("solo_layer", "of the layers, only those that are soloed are heard; again: it is not", LAYER),
    Command(  # no MIDI: a controller moves master.volume_db
        "level",
        "turn the listener's volume up or down; no preset, scene or stream moves it",
        STEP_DB,
        keys={"up": 1.0, "down": -1.0},
        word="volume",
        ways=_NO_BUTTON,
    ),
    Command("volume", "set the listener's volume, -60 .. 12 dB; 0 is what presets are made for", LEVEL_DB, ways=_NO_BUTTON),
    Command(  # no MIDI: a controller moves master.tingle. No key: it wants a mode of the keys
        "tingle",
        "say how strongly it tingles now, 0 .. 1; no sound changes by it, takes keep it",
        AMOUNT,
        is_timed=True,
        ways=_NO_BUTTON,
    ),
    Command(
        "sleep",
        "fall silent in so many seconds, with a long fade; 0: not any more. With mute it is heard again",
        SECONDS,
        ways=_NO_BUTTON,
    ),
    Command("fade_out", "fade to silence in so many seconds. With mute it is heard again", SECONDS, ways=_NO_BUTTON),
    Command("perform", "play the preset from its beginning, drawn by another seed", SEED, ways=_NO_BUTTON),
    Command(  # no OSC: it writes a file. A page's address holds a token, and it gets the file
        "record",
        "record what is heard into a file of this machine, for a page to fetch; again: end it",
        SWITCH,
        ways=(LINES, PAGE),
    ),
    Command("quit", "end, with a fade", keys={"q": None}, word="quit", ways=()),  # for whoever sits there
)
COMMANDS = {command.name: command for command in _ROWS}
"""By name, in the order in which they are shown."""
_BY_ANY_NAME = COMMANDS | {old: command for command in _ROWS for old in command.old_names}


def offered(way: str) -> dict[str, Command]:
    """Return the commands that a way in offers, by name, each under its old names too; those stand last."""
    return {name: command for name, command in _BY_ANY_NAME.items() if way in command.ways}


def names_of(way: str) -> tuple[str, ...]:
    """Return the names of the commands that a way in offers, without old ones."""
    return tuple(name for name, command in COMMANDS.items() if way in command.ways)


Effects = Mapping[str, Callable[..., object]]
"""What does each command, by its name: a function that takes the command's argument if there is one, `at` if it is timed."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its argument.

    Attributes
    ----------
    options : what a strike says of itself, `velocity` 0..1 and `pitch` in semitones; of a "say" its `text`, and whether it is to
        `interrupt` what is being said.
    """

    command: Command
    argument: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def do(self, effects: Effects, at: int | None = None) -> None:
        """Do it, a timed one at an absolute frame; None: now."""
        argument = () if self.command.argument is NOTHING else (self.argument,)
        timed = {"at": at} if self.command.is_timed else {}
        effects[self.command.name](*argument, **timed, **self.options)
