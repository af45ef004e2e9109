"""Checks of a preset's [midi] table.  TOML <-> notes, controls and actions, or one line saying what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from synth.control.commands import COMMANDS, LAYER, MIDI, PRESET, SCENE, Argument, offered
from synth.control.midi.binding import BINDINGS
from synth.control.midi.key_names import key_number
from synth.control.midi.mapping import ACTIONS, LAST_PROGRAM, NAMED, RELATIVES, TAKEOVERS, Source
from synth.control.midi.mapping import ActionBinding as Action
from synth.control.midi.mapping import ControlBinding as Control
from synth.control.midi.mapping import Mapping as Bindings
from synth.control.midi.mapping import NoteBinding as Note
from synth.engine.unknown_paths import unknown_path
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER, split_path
from synth.parameters.tables import VOLUME
from synth.preset.checks import flag, known, one_of, pair, typed
from synth.preset.schema_midi_source import ACTION_SOURCES, CONTROL_SOURCES, PLACE, keys, place, source

Paths = Mapping[str, Mapping[str, Parameter]]
"""What can be moved: by layer, then by path."""
Names = Callable[[], Collection[str]]

SPANS = {
    "azimuth_deg": (180.0, -180.0),
    "distance_m": (0.05, 2.0),
    "level_db": (-60.0, 6.0),
    f"{MASTER}.level_db": (-60.0, 0.0),
    f"{MASTER}.{VOLUME.name}": (-60.0, 0.0),
    f"{MASTER}.room_db": (-40.0, 0.0),
}
"""What a controller covers where no range is given and the parameter's own would be no use under a hand."""
_CURVES = ("lin", "exp")
_TOP = ("automatic", "clock", "note", "control", "action", "program")
_NOTE = ("layer", "key", "keys", "root", "velocity", "curve", *PLACE)
_CONTROL = (*CONTROL_SOURCES, "set", "range", "curve", "takeover", "relative", *PLACE)
_ACTION = (*ACTION_SOURCES, "do", "name", *PLACE)
_EXPONENT = Parameter("curve", 0.1, 10, 1, doc="exponent over the velocity")
_CLOCK = Parameter("clock", 0, 32, 0, doc="notes of gestures in each beat of a MIDI clock")


def mapping(table: Mapping[str, Any], where: str, paths: Paths, scenes: Collection[str], presets: Names) -> Bindings:
    """Return the bindings that a [midi] table stands for.

    Parameters
    ----------
    table : as read from TOML.
    where : what errors begin with.
    paths : what can be moved.
    scenes, presets : the names that actions can have, presets' asked for when one does; it may be a path to a `.toml` as well.

    Raises
    ------
    InputError
        One line that names the binding, the key, the value, the allowed range and the nearest valid name.
    """
    known(table, _TOP, where)
    names: dict[Argument, Names] = {SCENE: lambda: scenes, PRESET: presets, LAYER: lambda: paths.keys() - {MASTER}}
    actions = [*_rows(table, "action", where, lambda row, at: _action(row, at, names)), *_programs(table, where, presets)]
    _refuse_twins(actions, where)
    found = Bindings(
        notes=tuple(_rows(table, "note", where, lambda row, at: _note(row, at, paths))),
        controls=tuple(_rows(table, "control", where, lambda row, at: _control(row, at, paths))),
        actions=tuple(sorted(actions, key=lambda action: (action.is_program, action.is_program and action.source.low))),
        clock=_CLOCK.number(table.get("clock", 0.0), where),
        is_complete=not flag(table, "automatic", True, where),
    )
    if (count := len(found.notes) + len(found.controls) + len(found.actions)) > BINDINGS:
        raise InputError(f"{where}: {count} bindings; at most {BINDINGS}")
    return found


def _rows(table: Mapping[str, Any], key: str, where: str, read: Callable[[dict[str, Any], str], Any]) -> Iterator[Any]:
    for number, row in enumerate(typed(table, key, list, where), 1):
        if not isinstance(row, dict):
            raise InputError(f"{where}: {key} {number} = {shown(row)} is not a table")
        yield read(row, f"{where}: {key} {number}")


# ---- the three kinds of binding


def _note(row: Mapping[str, Any], where: str, paths: Paths) -> Note:
    known(row, _NOTE, where)
    layers = [name for name in paths if name != MASTER]
    layer = typed(row, "layer", str, where) if "layer" in row or len(layers) != 1 else layers[0]
    if layer not in layers:
        raise unknown("layer", layer, layers, where) if layer else InputError(f"{where}: layer is missing; what the keys strike")
    return Note(
        source=Source("note", *keys(row, where), *place(row, where)),
        layer=layer,
        root=key_number(row["root"], f"{where}: root") if "root" in row else None,
        velocity=_velocity(row, where),
        curve=_EXPONENT.number(row.get("curve", 1.0), where),
    )


def _control(row: Mapping[str, Any], where: str, paths: Paths) -> Control:
    known(row, _CONTROL, where)
    touched = source(row, CONTROL_SOURCES, where)
    layer, path = target(typed(row, "set", str, where), paths, where)
    parameter = paths[layer][path]
    low, high = _range(row, layer, path, parameter, where)
    curve = one_of(row, "curve", _CURVES, "", where)
    if curve and parameter.choices:
        raise InputError(f"{where}: curve = '{curve}': {path} has choices, which have no curve; leave it out")
    if curve == "exp" and min(low, high) <= 0:
        raise InputError(f"{where}: curve = 'exp' needs a range above 0, and {path} runs {low:g} .. {high:g}; use curve = 'lin'")
    relative = one_of(row, "relative", RELATIVES, "", where)
    if relative and touched.kind != "cc":
        raise InputError(f"{where}: relative = '{relative}' is for cc, not for {touched.kind}; leave it out")
    return Control(touched, layer, path, low, high, curve, one_of(row, "takeover", TAKEOVERS, "pickup", where), relative)


def _action(row: Mapping[str, Any], where: str, names: Mapping[Argument, Names]) -> Action:
    known(row, _ACTION, where)
    if "do" not in row:
        raise InputError(f"{where}: do is missing; one of: {', '.join(ACTIONS)}")
    command = offered(MIDI).get(typed(row, "do", str, where))  # its old names are read, and written as the new one
    do = command.name if command else one_of(row, "do", ACTIONS, "", where)
    name = typed(row, "name", str, where)
    if name and do not in NAMED:
        raise InputError(f"{where}: name = '{name}' means nothing with do = '{do}'; leave it out")
    if do in NAMED:
        argument = COMMANDS[do].argument
        _known_name(argument.name.lower(), name, names[argument](), where)
    return Action(source(row, ACTION_SOURCES, where), do, name)


def _programs(table: Mapping[str, Any], where: str, presets: Names) -> Iterator[Action]:
    for text, name in typed(table, "program", dict, where).items():
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else -1
        if not 0 <= number <= LAST_PROGRAM:
            raise InputError(f"{where}: program: {shown(text)} is no program's number; allowed: 0 .. {LAST_PROGRAM}")
        at = f"{where}: program {number}"
        _known_name("preset", typed({"name": name}, "name", str, at), presets(), at)
        yield Action(Source("program", number, number), "preset", name)


def _known_name(kind: str, name: str, names: Collection[str], where: str) -> None:
    is_path = kind == "preset" and (name.lower().endswith(".toml") or "/" in name or "\\" in name)
    if not name:
        raise InputError(f"{where}: name is missing; which {kind}")
    if name not in names and not is_path:
        raise (
            unknown(kind, name, names, where) if names else InputError(f"{where}: unknown {kind} '{name}'; there are no {kind}s")
        )


def _refuse_twins(actions: Sequence[Action], where: str) -> None:
    """Refuse to do one thing twice, or to load two presets at once."""
    seen: set[tuple[Source, str, str]] = set()
    for action in actions:
        layer = action.name if COMMANDS[action.do].argument is LAYER else ""
        key = (action.source, "preset" if action.do in ("preset", "next", "previous") else action.do, layer)
        if key in seen:
            what = "key" if action.source.kind == "note" else action.source.kind
            raise InputError(f"{where}: {what} {action.source.low} is bound to do '{action.do}' twice; give each its own")
        seen.add(key)


# ---- their parts


def target(text: str, paths: Paths, where: str) -> tuple[str, str]:
    """Return the layer and the path that "LAYER.PATH" names; the layer may be left out where there is only one.

    Raises
    ------
    InputError
        If there is no such layer or parameter.
    """
    if not text:
        raise InputError(f"{where}: set is missing; what it moves, as in '{next(iter(paths))}.level_db'")
    layers = [name for name in paths if name != MASTER]
    head = text.partition(".")[0]
    is_path = len(layers) == 1 and (head == text or head in ("gesture", "motion"))
    found = (layers[0], text) if is_path else split_path(text, paths)
    if not found:
        raise unknown("layer", head, paths, f"{where}: set = {shown(text)}")
    layer, path = found
    if path not in paths[layer]:
        raise unknown_path(path, paths[layer], f"{where}: {layer}")
    return layer, path


def _velocity(row: Mapping[str, Any], where: str) -> tuple[float, float]:
    parameter = Parameter("velocity")
    low, high = (parameter.number(value, where) for value in pair(row, "velocity", [0.0, 1.0], where))
    return low, high


def span(layer: str, path: str, parameter: Parameter) -> tuple[float, float]:
    """Return what a controller covers where no range is given."""
    own = (parameter.low, parameter.high)
    return SPANS.get(f"{layer}.{path}", own) if layer == MASTER else SPANS.get(path, own)


def _range(row: Mapping[str, Any], layer: str, path: str, parameter: Parameter, where: str) -> tuple[float, float]:
    ends = pair(row, "range", list(span(layer, path, parameter)), where)
    low, high = (parameter.number(value, f"{where}: range") for value in ends)
    if math.isclose(low, high):
        raise InputError(f"{where}: range = {shown(ends)}: both ends are the same; allowed: {parameter.range_text}")
    return low, high
