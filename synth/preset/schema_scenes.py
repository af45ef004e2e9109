"""Checks of what changes in a preset: cues by the clock, scenes by hand.  table -> Cue, Scene -> table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from synth.engine.preset import Cue, LayerSpec, Scene
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER
from synth.preset.checks import known, named, numbers, typed

_LONGEST_S = 1e6
_OVER = Parameter("over_s", 0, 86400, 0, "s", doc="how long it takes; left out: each parameter's own smoothing")
CUE_TIMES = (
    Parameter("at_s", 0, _LONGEST_S, 0, "s", doc="when the change begins"),
    _OVER,
    Parameter("every_s", 0.1, _LONGEST_S, 1, "s", doc="repeat it after this time, again and again; left out: once"),
)
_CUE = ("at_s", "over_s", "every_s", "layer", "set")
_SCENE = ("name", "over_s", "set")
_MOST_SCENES, _MOST_CUES = 128, 4096


def cues(tables: list[Any], where: str, layers: tuple[LayerSpec, ...]) -> tuple[Cue, ...]:
    """Return the cues that tables stand for."""
    if len(tables) > _MOST_CUES:
        raise InputError(f"{where}: {len(tables)} cues; at most {_MOST_CUES}")
    return tuple(_cue(table, f"{where}: cue {number}", layers) for number, table in enumerate(tables, 1))


def _cue(table: Any, where: str, layers: tuple[LayerSpec, ...]) -> Cue:
    if not isinstance(table, dict):
        raise InputError(f"{where}: {shown(table)} is not a table")
    known(table, _CUE, where)
    by_name = {layer.name: layer for layer in layers}
    name = typed(table, "layer", str, where)
    if "layer" not in table and len(layers) == 1:
        name = layers[0].name
    if not name:
        raise InputError(f"{where}: layer is missing; whose values change, one of: {', '.join(by_name)}")
    if name not in by_name:
        raise unknown("layer", name, by_name, where)
    if "at_s" not in table:
        raise InputError(f"{where}: at_s is missing; allowed: {CUE_TIMES[0].range_text}")
    times = {p.name: p.number(table[p.name], where) for p in CUE_TIMES if p.name in table}
    paths = dict(_paths(typed(table, "set", dict, where)))
    if not paths:
        raise InputError(f"{where}: set is missing; what changes, as in set = {{ level_db = -12 }}")
    values = numbers(paths, by_name[name].parameters, f"{where}: set")
    return Cue(times["at_s"], name, values, times.get("over_s"), times.get("every_s", 0.0))


def _paths(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield path and value; what stands in a table `gesture` or `motion` becomes a path with a dot."""
    for key, value in table.items():
        if isinstance(value, dict) and key in ("gesture", "motion"):
            yield from ((f"{key}.{name}", each) for name, each in value.items())
        else:
            yield key, value


def scenes(tables: list[Any], where: str, paths: Mapping[str, Mapping[str, Parameter]]) -> tuple[Scene, ...]:
    """Return the scenes that tables stand for; `paths` holds what can be set, by layer."""
    if len(tables) > _MOST_SCENES:
        raise InputError(f"{where}: {len(tables)} scenes; at most {_MOST_SCENES}")
    found: dict[str, Scene] = {}
    for number, table in enumerate(tables, 1):
        scene = _scene(table, f"{where}: scene {number}", where, paths)
        if scene.name in found:
            raise InputError(f"{where}: scene {number}: name = '{scene.name}' is taken by another scene; give each its own")
        found[scene.name] = scene
    return tuple(found.values())


def _scene(table: Any, where: str, file: str, paths: Mapping[str, Mapping[str, Parameter]]) -> Scene:
    if not isinstance(table, dict):
        raise InputError(f"{where} = {shown(table)} is not a table")
    name = named(table, where)
    if not name:
        raise InputError(f"{where}: name is missing; what the scene is called, as in name = 'close'")
    where = f"{file}: scene '{name}'"
    known(table, _SCENE, where)
    values = {layer: _values(layer, given, where, paths) for layer, given in typed(table, "set", dict, where).items()}
    if not values:
        raise InputError(f"{where}: set is missing; what changes, as in [scene.set.{MASTER}] with level_db = -12")
    return Scene(name, _OVER.number(table.get("over_s", 0.0), where), values)


def _values(layer: str, given: Any, where: str, paths: Mapping[str, Mapping[str, Parameter]]) -> dict[str, Any]:
    if layer not in paths:
        raise unknown("layer", layer, paths, f"{where}: set")
    where = f"{where}: set.{layer}"
    if not isinstance(given, dict) or not given:
        raise InputError(f"{where} = {shown(given)} is not a table of values, as in level_db = -12")
    return numbers(dict(_paths(given)), paths[layer], where)


def cue_table(cue: Cue) -> dict[str, Any]:
    """Return the table that is read as this cue."""
    table: dict[str, Any] = {"at_s": cue.at_s, "over_s": cue.over_s, "every_s": cue.every_s or None, "layer": cue.layer}
    return {name: value for name, value in table.items() if value is not None} | {"set": dict(cue.values)}


def scene_table(scene: Scene) -> dict[str, Any]:
    """Return the table that is read as this scene."""
    return {"name": scene.name, "over_s": scene.over_s, "set": {layer: dict(values) for layer, values in scene.values.items()}}
