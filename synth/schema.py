"""The preset's schema: what a preset holds, and the checks of a table.  table -> Preset, or one line saying what is wrong.

What a layer leaves out is as in its trigger's init preset: place, gesture, motion and parameters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from synth.engine.engine import MASTER_PARAMETERS
from synth.engine.layer import LAYER_PARAMETERS, PLACE_PARAMETERS, kind_of, slots_of
from synth.errors import InputError, unknown
from synth.gesture import GESTURES
from synth.motion import MOTIONS
from synth.parameter import Parameter
from synth.trigger import TRIGGERS, Trigger

VERSION = 1
MASTER = "master"
"""What the whole is called where a layer could be named: `master.level_db`, `master.room_db`."""
LEVEL = LAYER_PARAMETERS[-1]
MASTER_LEVEL, _, _ROOM_LEVEL = MASTER_PARAMETERS
ROOM = (
    Parameter("t60_s", 0, 1, 0, "s", doc="how long the room's sound takes to die away by 60 dB; 0: no room"),
    replace(_ROOM_LEVEL, name="level_db"),
)
_SHORTEST_T60_S = 0.05
_LONGEST_S = 1e6
CUE_TIMES = (
    Parameter("at_s", 0, _LONGEST_S, 0, "s", doc="when the change begins"),
    Parameter("over_s", 0, 86400, 0, "s", doc="how long it takes; left out: each parameter's own smoothing"),
    Parameter("every_s", 0.1, _LONGEST_S, 1, "s", doc="repeat it after this time, again and again; left out: once"),
)
_TOP = ("schema", "title", "description", "tags", "level_db", "room", "layer", "cue", "midi")
_LAYER = ("name", "trigger", "level_db", "place", "params", "gesture", "motion")
_CUE = ("at_s", "over_s", "every_s", "layer", "set")
_LONGEST_NAME = 64


@dataclass(frozen=True)
class LayerSpec:
    """A layer of a preset: values in natural units, choices by name."""

    name: str
    trigger: str
    level_db: float = 0.0
    place: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    gesture: Mapping[str, Any] = field(default_factory=lambda: {"kind": "none"})
    motion: Mapping[str, Any] = field(default_factory=lambda: {"kind": "still"})

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every path that can be set on this layer, in the order of the parameter vector."""
        slots = slots_of(TRIGGERS[self.trigger], self.gesture["kind"], self.motion["kind"])
        return {path: parameter for path, (_, parameter) in slots.items()}

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

    def repeats(self, start: int, stop: int, sample_rate: float) -> Iterator[int]:
        """Yield the frames of the repetitions, without the first time, within start <= frame < stop."""
        if self.every_s:
            count = max(1, math.floor((start / sample_rate - self.at_s) / self.every_s))
            while (frame := round((self.at_s + count * self.every_s) * sample_rate)) < stop:
                if frame >= start:
                    yield frame
                count += 1


@dataclass(frozen=True)
class Preset:
    """Layers, where they are, what plays them and how they change; `name` is its file's or its trigger's."""

    name: str
    layers: tuple[LayerSpec, ...]
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    level_db: float = 0.0
    room: Mapping[str, float] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    midi: Mapping[str, Any] = field(default_factory=dict)


def checked(table: Mapping[str, Any], name: str, where: str) -> Preset:
    """Return the preset that a table (as read from TOML) stands for.

    Parameters
    ----------
    table : the whole preset.
    name : what the preset is called.
    where : what errors begin with, the file.

    Raises
    ------
    InputError
        One line that names the file, the layer, the key, the value, the allowed range and the nearest valid name.
    """
    _known(table, _TOP, where)
    version = table.get("schema")
    if isinstance(version, bool) or version != VERSION:
        got = f"schema = {version!r}" if "schema" in table else "schema is missing"
        raise InputError(f"{where}: {got}; this version reads schema = {VERSION}")
    layers = _layers(_typed(table, "layer", list, where), where)
    return Preset(
        name=name,
        layers=layers,
        title=_typed(table, "title", str, where),
        description=_typed(table, "description", str, where),
        tags=tuple(_texts(_typed(table, "tags", list, where), f"{where}: tags")),
        level_db=MASTER_LEVEL.number(table.get("level_db", 0.0), where),
        room=_room(_typed(table, "room", dict, where), f"{where}: room"),
        cues=tuple(_cue(cue, f"{where}: cue {i}", layers) for i, cue in enumerate(_typed(table, "cue", list, where), 1)),
        midi=_plain(_typed(table, "midi", dict, where), f"{where}: midi"),
    )


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            raise unknown("key", key, keys, where)


_NAMES: dict[type, str] = {str: "a text", list: "a list", dict: "a table"}


def _typed(table: Mapping[str, Any], key: str, kind: Callable[[], Any], where: str) -> Any:
    """Return a key's value, of the right type; an empty one if it is left out."""
    value = table.get(key, kind())
    if not isinstance(value, kind):  # type: ignore[arg-type]
        raise InputError(f"{where}: {key} = {_short(value)} is not {_NAMES[kind]}")  # type: ignore[index]
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _texts(values: list[Any], where: str) -> Iterator[str]:
    for value in values:
        if not isinstance(value, str):
            raise InputError(f"{where}: {_short(value)} is not a text")
        yield value


def _room(table: Mapping[str, Any], where: str) -> dict[str, float]:
    room = _numbers(table, {p.name: p for p in ROOM}, where)
    if 0 < room.get("t60_s", 0) < _SHORTEST_T60_S:
        raise InputError(
            f"{where}: t60_s = {room['t60_s']:g} is out of range; allowed: {_SHORTEST_T60_S:g} .. 1 s, or 0 for none"
        )
    return room


def _layers(tables: list[Any], where: str) -> tuple[LayerSpec, ...]:
    if not tables:
        raise InputError(f"{where}: no [[layer]]; a preset needs at least one")
    layers: list[LayerSpec] = []
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise InputError(f"{where}: layer {number} = {_short(table)} is not a table")
        layer = _layer(table, f"{where}: layer {number}", number, where)
        if layer.name in {other.name for other in layers}:
            raise InputError(f"{where}: layer {number}: name = '{layer.name}' is taken by another layer; give each its own")
        layers.append(layer)
    return tuple(layers)


def _layer(table: Mapping[str, Any], where: str, number: int, file: str) -> LayerSpec:
    name = _name(table, where)
    where = f"{file}: layer '{name}'" if name else where
    _known(table, _LAYER, where)
    trigger_name = _typed(table, "trigger", str, where)
    if not trigger_name:
        raise InputError(f"{where}: trigger is missing; one of: {', '.join(TRIGGERS)}")
    if trigger_name not in TRIGGERS:
        raise unknown("trigger", trigger_name, TRIGGERS, where)
    trigger = TRIGGERS[trigger_name]
    parameters = {p.name: p for p in trigger.parameters}
    return LayerSpec(
        name=name or trigger_name,
        trigger=trigger_name,
        level_db=LEVEL.number(table.get("level_db", 0.0), where),
        place={
            **trigger.place,
            **_numbers(_typed(table, "place", dict, where), {p.name: p for p in PLACE_PARAMETERS}, f"{where}: place"),
        },
        params=_numbers(_typed(table, "params", dict, where), parameters, f"{where}: params"),
        gesture=_played(_typed(table, "gesture", dict, where), GESTURES, "gesture", trigger, where),
        motion=_played(_typed(table, "motion", dict, where), MOTIONS, "motion", trigger, where),
    )


def _name(table: Mapping[str, Any], where: str) -> str:
    name = str(_typed(table, "name", str, where))
    if name == MASTER or len(name) > _LONGEST_NAME or (name and not name.isprintable()) or name != name.strip():
        raise InputError(f"{where}: name = {_short(name)}; allowed: 1 to {_LONGEST_NAME} printable characters, not '{MASTER}'")
    return name


def _numbers(table: Mapping[str, Any], parameters: Mapping[str, Parameter], where: str) -> dict[str, Any]:
    """Check values against their parameters; choices stay names."""
    values = {}
    for key, value in table.items():
        if key not in parameters:
            raise unknown("parameter", key, parameters, where)
        values[key] = natural(parameters[key], value, where)
    return values


def natural(parameter: Parameter, value: Any, where: str) -> Any:
    """Return a checked value as it is written in a preset: a number, or the name of a choice."""
    number = parameter.number(value, where)
    return parameter.choices[round(number)] if parameter.choices else number


def _played(
    given: Mapping[str, Any], kinds: Mapping[str, tuple[Parameter, ...]], what: str, trigger: Trigger, where: str
) -> dict[str, Any]:
    """Return a complete gesture or motion: where the kind is the trigger's own, its values hold unless given."""
    own: Mapping[str, Any] = getattr(trigger, what)
    kind_of(kinds, what, {"kind": _typed({"kind": own["kind"], **given}, "kind", str, f"{where}: {what}")}, own["kind"], where)
    kind = str(given.get("kind", own["kind"]))
    values = _numbers({k: v for k, v in given.items() if k != "kind"}, {p.name: p for p in kinds[kind]}, f"{where}: {what}")
    return {**own, **values} if kind == own["kind"] else {"kind": kind, **values}


def _cue(table: Any, where: str, layers: tuple[LayerSpec, ...]) -> Cue:
    if not isinstance(table, dict):
        raise InputError(f"{where}: {_short(table)} is not a table")
    _known(table, _CUE, where)
    by_name = {layer.name: layer for layer in layers}
    name = _typed(table, "layer", str, where)
    if "layer" not in table and len(layers) == 1:
        name = layers[0].name
    if name not in by_name:
        raise unknown("layer", name, by_name, where)
    if "at_s" not in table:
        raise InputError(f"{where}: at_s is missing; allowed: {CUE_TIMES[0].range_text}")
    times = {p.name: p.number(table[p.name], where) for p in CUE_TIMES if p.name in table}
    paths = dict(_paths(_typed(table, "set", dict, where)))
    if not paths:
        raise InputError(f"{where}: set is missing; what changes, as in set = {{ level_db = -12 }}")
    values = _numbers(paths, by_name[name].parameters, f"{where}: set")
    return Cue(times["at_s"], name, values, times.get("over_s"), times.get("every_s", 0.0))


def _paths(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield path and value; what stands in a table `gesture` or `motion` becomes a path with a dot."""
    for key, value in table.items():
        if isinstance(value, dict) and key in ("gesture", "motion"):
            yield from ((f"{key}.{name}", each) for name, each in value.items())
        else:
            yield key, value


def _plain(table: Any, where: str) -> Any:
    """Return a table as it is, if every number in it is finite."""
    if isinstance(table, dict):
        return {key: _plain(value, f"{where}: {key}") for key, value in table.items()}
    if isinstance(table, list):
        return [_plain(value, where) for value in table]
    if isinstance(table, float) and not math.isfinite(table):
        raise InputError(f"{where} = {table!r} is not a finite number")
    if not isinstance(table, (str, int, float)):
        raise InputError(f"{where} = {_short(table)} is neither a text nor a number")
    return table
