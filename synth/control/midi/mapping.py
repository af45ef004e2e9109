"""What a player's keys, knobs and buttons do.  source (port, channel, number) -> layer struck, number moved, action done.

Plain data; `synth.preset.schema_midi` checks it and turns it into TOML and back, `synth.preset.default_midi` makes it where a
preset has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from synth.control.commands import COMMANDS, LAYER, MIDI, PRESET, SCENE, names_of

KINDS = ("note", "cc", "nrpn", "rpn", "program", "pressure", "key_pressure", "bend")
"""Kinds of source; a controller's 7-bit and 14-bit forms are one."""
TAKEOVERS = ("jump", "pickup", "scale")
"""How a controller takes hold of a number that stands elsewhere: at once; when it comes past it; by closing the gap."""
RELATIVES = ("twos", "offset", "sign")
"""How an endless encoder says its steps: 1.. up and 127.. down; 65.. and 63..; 1.. and 65.."""
ACTIONS = names_of(MIDI)
"""What a key or button can do."""
NAMED = tuple(name for name in ACTIONS if COMMANDS[name].argument in (SCENE, PRESET, LAYER))
"""The actions that need a name."""
LAST_PROGRAM = 127
MODES_FROM = 120
"""Controllers from here on are channel modes (all notes off and the like), not controllers."""
SELECTORS = range(98, 102)
"""Controllers that only select the parameter of an NRPN or RPN."""


@dataclass(frozen=True)
class Source:
    """What a player touches.

    Attributes
    ----------
    kind : one of `KINDS`.
    low, high : the numbers it covers: keys, or a controller's number (low == high); NRPN and RPN up to 16383.
        Without meaning (0, 127) for pressure and bend.
    channel : 1 .. 16; 0: any.
    port : part of a port's name; "": any.
    """

    kind: str
    low: int = 0
    high: int = 127
    channel: int = 0
    port: str = ""

    def meets(self, other: Source) -> bool:
        """Return whether some message could come from both."""
        is_near = self.kind == other.kind and self.low <= other.high and other.low <= self.high
        is_channel = 0 in (self.channel, other.channel) or self.channel == other.channel
        return is_near and is_channel and (self.port in other.port or other.port in self.port)


@dataclass(frozen=True)
class NoteBinding:
    """Keys that strike a layer.

    Attributes
    ----------
    root : the key that sounds untransposed; None: every key does.
    velocity : what velocities 0 .. 127 are spread over, within 0 .. 1.
    curve : exponent over the velocity: below 1 soft keys, above 1 hard ones.
    """

    source: Source
    layer: str
    root: int | None = None
    velocity: tuple[float, float] = (0.0, 1.0)
    curve: float = 1.0


@dataclass(frozen=True)
class ControlBinding:
    """A controller that moves a number.

    Attributes
    ----------
    layer, path : as for `Engine.set`: "hardness", "azimuth_deg", "gesture.rate_hz"; layer "master": "level_db", "room_db".
    low, high : the number at the controller's two ends, as it is stored (a choice by its index); may be reversed.
    curve : "lin", "exp", or "": the parameter's own.
    takeover : one of `TAKEOVERS`; without meaning for an endless encoder.
    relative : one of `RELATIVES`, or "": the controller says where it stands.
    """

    source: Source
    layer: str
    path: str
    low: float
    high: float
    curve: str = ""
    takeover: str = "pickup"
    relative: str = ""


@dataclass(frozen=True)
class ActionBinding:
    """A key or button that does something: one of `ACTIONS`, with the `name` of a scene, preset or layer where it needs one.

    A key acts when it is struck, a controller when it passes its middle upwards, a program when it comes.
    """

    source: Source
    do: str
    name: str = ""

    @property
    def is_program(self) -> bool:
        """Whether it is a program that calls a preset, wherever it comes from: a line of the table [midi.program]."""
        return self.do == "preset" and self.source == Source("program", self.source.low, self.source.low)


@dataclass(frozen=True)
class Mapping:
    """All that a preset binds.

    Attributes
    ----------
    notes, controls, actions : sources may overlap: one key may strike several layers, one knob move several numbers.
        A key that has an action strikes no layer.
    is_automatic : whether some of it comes from `synth.preset.default_midi`.
    clock : notes that a rhythmic gesture plays a beat of a MIDI clock; 0: the clock is not followed.
    is_complete : whether nothing is to be added to it, though notes, controls or actions are empty.
    """

    notes: tuple[NoteBinding, ...] = ()
    controls: tuple[ControlBinding, ...] = ()
    actions: tuple[ActionBinding, ...] = ()
    is_automatic: bool = False
    is_complete: bool = False
    clock: float = 0.0
