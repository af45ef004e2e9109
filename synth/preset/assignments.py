"""Assignments: values of a preset changed by text, as `--set` does.  Preset, "LAYER.PATH=VALUE" -> Preset, checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.engine.preset import LayerSpec, Preset
from synth.engine.unknown_paths import unknown_path
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.paths import MASTER, split_path
from synth.parameters.tables import PLACE_PARAMETERS
from synth.preset.checks import natural
from synth.preset.schema import MASTER_LEVEL, ROOM, SOFTEN, played, room_of
from synth.preset.space import space
from synth.trigger import TRIGGERS

_LONGEST_SHOWN = 80
_ROOM_NAMES = ("room_t60_s", "room_db")
_OF_MASTER = (MASTER_LEVEL.name, SOFTEN.name, *_ROOM_NAMES)
_PLACE = tuple(parameter.name for parameter in PLACE_PARAMETERS)


def with_values(preset: Preset, assignments: Iterable[str], name: str = "--set") -> Preset:
    """Return a preset with values changed by texts.

    Parameters
    ----------
    preset : what to start from.
    assignments : "LAYER.PATH=VALUE": a layer's name or number from 1, and a parameter, azimuth_deg, elevation_deg, distance_m,
        level_db, gesture.NAME or motion.NAME; or master.level_db, .soften_db, .room_db, .room_t60_s. A number or a choice's name.
    name : what errors call it.

    Raises
    ------
    InputError
        If a text is no assignment, or names a layer or parameter that is not there, or the value is out of range.
    """
    for text in assignments:
        path, equals, value = text.partition("=")
        where = f"{name} {text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + '...'}"
        if not equals or "." not in path:
            raise InputError(f"{where}: must be LAYER.PARAMETER=VALUE, as in {preset.layers[0].name}.level_db=-6")
        preset = _with_value(preset, path.strip(), _parsed(value.strip()), where)
    return preset


def with_numbers(preset: Preset, values: Mapping[str, Any] | npt.ArrayLike, name: str = "values") -> Preset:
    """Return a preset with values changed by numbers.

    Parameters
    ----------
    preset : what to start from.
    values : {"LAYER.PATH": number, or a choice's name}; or a vector (n,) in the order of `space(preset)`.
    name : what errors call it.

    Raises
    ------
    InputError
        If a path is not there, the vector is not of this space, or a value is out of range.
    """
    if not isinstance(values, Mapping):
        own = space(preset)
        vector = np.asarray(values, np.float64)
        if vector.shape != (len(own),):
            raise InputError(f"{name}: a vector of shape {vector.shape}; {preset.name} has {len(own)} parameters")
        moved = own.mapping(np.where(vector == own.default, math.nan, vector))
        values = {path: value for path, value in moved.items()}
    for path, value in values.items():
        if not isinstance(path, str) or "." not in path:
            raise InputError(f"{name}: {shown(path)} must be LAYER.PARAMETER, as in {preset.layers[0].name}.level_db")
        preset = _with_value(preset, path, value, name)
    return preset


def _parsed(value: str) -> Any:
    try:
        return float(value)
    except ValueError:
        return value


def _with_value(preset: Preset, path: str, value: Any, where: str) -> Preset:
    if path == f"{MASTER}.level_db":
        return replace(preset, level_db=MASTER_LEVEL.number(value, where))
    if path == f"{MASTER}.soften_db":
        return replace(preset, soften_db=SOFTEN.number(value, where))
    for parameter, own_name in zip(ROOM, _ROOM_NAMES, strict=True):
        if path == f"{MASTER}.{own_name}":
            number = replace(parameter, name=own_name).number(value, where)
            return replace(preset, room=room_of({**preset.room, parameter.name: number}, where))
    index, path = _layer_of(preset, path, where)
    layer = preset.layers[index]
    if path in ("gesture.kind", "motion.kind"):
        return _with_kind(preset, layer, path[:-5], value, where)
    if path not in layer.slots:
        raise unknown_path(path, layer.slots, f"{where}: layer '{layer.name}'")
    part, _, name = path.rpartition(".")
    value = natural(layer.slots[path][1], value, f"{where}: layer '{layer.name}'")
    if path == "level_db":
        return _with_layer(preset, layer, replace(layer, level_db=value))
    part = part or ("place" if name in _PLACE else "params")
    given: dict[str, Any] = {part: {**getattr(layer, part), name: value}}
    return _with_layer(preset, layer, replace(layer, **given))


def _with_layer(preset: Preset, layer: LayerSpec, changed: LayerSpec) -> Preset:
    return replace(preset, layers=tuple(changed if each is layer else each for each in preset.layers))


def _with_kind(preset: Preset, layer: LayerSpec, part: str, kind: Any, where: str) -> Preset:
    """Return a preset with another gesture or motion; controllers and scenes let go of numbers that it does not have."""
    own = getattr(TRIGGERS[layer.trigger], part)
    given: dict[str, Any] = {part: played({"kind": kind}, own)}
    changed = replace(layer, **given)
    try:
        there = changed.slots
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    lost = layer.slots.keys() - there.keys()
    for cue in preset.cues:
        if cue.layer == layer.name and (gone := lost & cue.values.keys()):
            raise unknown("parameter", min(gone), there, f"{where}: a cue of layer '{layer.name}'")

    def kept(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        return {path: value for path, value in values.items() if name != layer.name or path not in lost}

    scenes = [
        replace(scene, values={name: left for name, values in scene.values.items() if (left := kept(name, values))})
        for scene in preset.scenes
    ]
    names = [scene.name for scene in scenes if scene.values]
    for action in preset.midi.actions:
        if action.do == "scene" and action.name not in names:
            raise InputError(f"{where}: nothing is left of scene '{action.name}', which a key or program calls")
    controls = tuple(each for each in preset.midi.controls if each.layer != layer.name or each.path not in lost)
    return replace(
        _with_layer(preset, layer, changed),
        scenes=tuple(scene for scene in scenes if scene.values),
        midi=replace(preset.midi, controls=controls),
    )


def _layer_of(preset: Preset, path: str, where: str) -> tuple[int, str]:
    """Return the index of the layer that a path begins with, and the rest of the path."""
    names = [layer.name for layer in preset.layers]
    by_number = {str(number): index for index, number in enumerate(range(1, len(names) + 1))}
    if found := split_path(path, names):
        return names.index(found[0]), found[1]
    head, _, rest = path.partition(".")
    if head in by_number:
        return by_number[head], rest
    if head == MASTER:
        raise unknown("parameter", rest, _OF_MASTER, f"{where}: {MASTER}")
    raise unknown("layer", head if len(head) <= _LONGEST_SHOWN else f"{head[:_LONGEST_SHOWN]}...", [*names, MASTER], where)
