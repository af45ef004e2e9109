"""A preset's content: what plays, where, how it changes, and what plays it.  layers + room + cues + scenes + bindings.

Plain data; `synth.preset.library` reads and writes it. A layer's values are checked once, when its `numbers` are first asked for:
when the file is read, or when an engine loads what was made in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from synth.control.midi import mapping
from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.engine.layer import slots_of
from synth.engine.unknown_paths import kinds_having, unknown_path
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER
from synth.parameters.tables import HAND_PATHS, LAYER_PARAMETERS, MASTER_PATHS, PLACE_PARAMETERS
from synth.trigger import TRIGGERS


@dataclass(frozen=True)
class LayerSpec:
    """A layer of a preset: values in natural units, choices by name; `numbers` is what an engine makes of it."""

    name: str
    trigger: str
    level_db: float = 0.0
    place: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    gesture: Mapping[str, Any] = field(default_factory=lambda: {"kind": "none"})
    motion: Mapping[str, Any] = field(default_factory=lambda: {"kind": "still"})
    sound: Mapping[str, Any] = field(default_factory=dict)
    """What a trigger that hears is given: `file` (its path) and `loop`, or `channel`, a live one from 1."""
    text: Mapping[str, Any] = field(default_factory=dict)
    """What a trigger that speaks says: `say`, or `file` (its path), and `loop`; empty: its own text."""

    @cached_property
    def slots(self) -> dict[str, tuple[int, Parameter]]:
        """Every path that can be set on this layer, its slot and parameter, in the order of the parameter vector.

        Raises
        ------
        InputError
            If there is no such trigger, gesture or motion.
        """
        where, kinds = f"layer '{self.name}'", []
        for what, table, default in (("gesture", GESTURES, "none"), ("motion", MOTIONS, "still")):
            kind = getattr(self, what).get("kind", default)
            if not isinstance(kind, str):
                raise InputError(f"{where}: {what}: kind = {shown(kind)} is not a text")
            if kind not in table:
                raise unknown(f"{what} kind", kind, table, where)
            kinds.append(kind)
        return slots_of(TRIGGERS[self.trigger], *kinds)

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every path that can be set on this layer, in the order of the parameter vector."""
        return {path: parameter for path, (_, parameter) in self.slots.items()}

    @cached_property
    def numbers(self) -> dict[str, float]:
        """Every number of this layer by path, as an engine stores it: what is given, checked, and defaults for the rest.

        Raises
        ------
        InputError
            If a name or a value is wrong.
        """
        given = {"level_db": LAYER_PARAMETERS[-1].number(self.level_db, f"layer '{self.name}'")}
        for part, prefix, names in (
            ("params", "", [parameter.name for parameter in TRIGGERS[self.trigger].parameters]),
            ("place", "", [parameter.name for parameter in PLACE_PARAMETERS]),
            ("gesture", "gesture.", [path[8:] for path in self.slots if path.startswith("gesture.")]),
            ("motion", "motion.", [path[7:] for path in self.slots if path.startswith("motion.")]),
        ):
            where = f"layer '{self.name}': {part}"
            for name, value in getattr(self, part).items():
                if name in names:
                    given[prefix + name] = self.slots[prefix + name][1].number(value, where)
                elif not (prefix and name == "kind"):
                    if kinds_having(part, name):
                        raise unknown_path(prefix + name, [prefix + each for each in names], f"layer '{self.name}'")
                    raise unknown("parameter", name, names, where)
        return {path: given.get(path, parameter.default_number) for path, (_, parameter) in self.slots.items()}

    def value(self, path: str) -> Any:
        """Return the value that a path of this layer starts with."""
        part, _, name = path.rpartition(".")
        given = {**self.params, **self.place, "level_db": self.level_db} if not part else getattr(self, part)
        return given.get(name, self.parameters[path].default)


@dataclass(frozen=True)
class Cue:
    """A change at a time: `values` by path, from `at_s` on, over `over_s` (None: own smoothing), every `every_s` (0: once)."""

    at_s: float
    layer: str
    values: Mapping[str, Any]
    over_s: float | None = None
    every_s: float = 0.0

    def frame(self, count: int, sample_rate: float) -> int:
        """Return the frame, counted from the preset's start, at which it comes for the time after `count` others."""
        return round((self.at_s + count * self.every_s) * sample_rate)


@dataclass(frozen=True)
class Scene:
    """A state of a preset to go to.

    Attributes
    ----------
    name : what it is called.
    over_s : how long the morph takes; 0: each parameter's own smoothing. Choices switch when it begins.
    values : by layer (or "master") and path; what it does not name stays as it is.
    """

    name: str
    over_s: float
    values: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Preset:
    """Layers, where they are, what plays them and how they change; `name` is its file's or its trigger's."""

    name: str
    layers: tuple[LayerSpec, ...]
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    level_db: float = 0.0
    soften_db: float = MASTER_PATHS["soften_db"].default
    room: Mapping[str, float] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    scenes: tuple[Scene, ...] = ()
    midi: mapping.Mapping = field(default_factory=mapping.Mapping)

    @property
    def master(self) -> dict[str, float]:
        """The master's values, by path."""
        own = {"level_db": self.level_db, "soften_db": self.soften_db, "room_db": self.room.get("level_db")}
        return {
            path: float(parameter.default) if (value := own[path]) is None else value for path, parameter in MASTER_PATHS.items()
        }

    @property
    def paths(self) -> dict[str, dict[str, Parameter]]:
        """All that can be moved, by layer (then the master) and path."""
        return {layer.name: layer.parameters for layer in self.layers} | {MASTER: MASTER_PATHS}

    @property
    def hand_paths(self) -> dict[str, dict[str, Parameter]]:
        """All that a controller can move: `paths`, and the listener's volume and hold, which nothing but a hand moves."""
        return self.paths | {MASTER: MASTER_PATHS | HAND_PATHS}
