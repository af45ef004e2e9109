"""The preset's schema: what a preset holds, and the checks of a table.  table -> Preset, or one line saying what is wrong.

What a layer leaves out is as in its trigger's init preset: place, gesture, motion and parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.engine.kernels.state import MAX_LAYERS
from synth.engine.layer_factory import kind_of
from synth.engine.preset import LayerSpec, Preset
from synth.parameters.errors import InputError, unknown
from synth.parameters.parameter import Parameter
from synth.parameters.tables import LAYER_PARAMETERS, MASTER_PATHS, PLACE_PARAMETERS, ROOM_T60
from synth.preset import schema_midi, schema_scenes
from synth.preset.checks import known, named, numbers, short, texts, typed
from synth.preset.schema_inputs import heard
from synth.trigger import TRIGGERS, Trigger

VERSION = 1
LEVEL = LAYER_PARAMETERS[-1]
MASTER_LEVEL, _ROOM_LEVEL = MASTER_PATHS["level_db"], MASTER_PATHS["room_db"]
ROOM = (
    replace(ROOM_T60, low=0, default=0, doc=f"{ROOM_T60.doc}; 0: no room"),
    replace(_ROOM_LEVEL, name="level_db"),
)
_TOP = ("schema", "title", "description", "tags", "level_db", "room", "layer", "cue", "scene", "midi")
_LAYER = ("name", "trigger", "level_db", "place", "params", "gesture", "motion", "sound")


def checked(table: Mapping[str, Any], name: str, where: str, presets: Collection[str]) -> Preset:
    """Return the preset that a table (as read from TOML) stands for.

    Parameters
    ----------
    table : the whole preset.
    name : what the preset is called.
    where : what errors begin with, the file.
    presets : the names of presets that a key or program can call.

    Raises
    ------
    InputError
        One line that names the file, the layer, the key, the value, the allowed range and the nearest valid name.
    """
    known(table, _TOP, where)
    version = table.get("schema")
    if isinstance(version, bool) or version != VERSION:
        got = f"schema = {version!r}" if "schema" in table else "schema is missing"
        raise InputError(f"{where}: {got}; this version reads schema = {VERSION}")
    layers = _layers(typed(table, "layer", list, where), where)
    preset = Preset(
        name=name,
        layers=layers,
        title=typed(table, "title", str, where),
        description=typed(table, "description", str, where),
        tags=tuple(texts(typed(table, "tags", list, where), f"{where}: tags")),
        level_db=MASTER_LEVEL.number(table.get("level_db", 0.0), where),
        room=_room(typed(table, "room", dict, where), f"{where}: room"),
        cues=tuple(
            schema_scenes.cue(cue, f"{where}: cue {i}", layers) for i, cue in enumerate(typed(table, "cue", list, where), 1)
        ),
    )
    scenes = schema_scenes.scenes(typed(table, "scene", list, where), where, preset.paths)
    names = [scene.name for scene in scenes]
    bindings = schema_midi.mapping(typed(table, "midi", dict, where), f"{where}: midi", preset.paths, names, presets)
    return replace(preset, scenes=scenes, midi=bindings)


def _room(table: Mapping[str, Any], where: str) -> dict[str, float]:
    room = numbers(table, {p.name: p for p in ROOM}, where)
    if room.get("t60_s"):
        ROOM_T60.number(room["t60_s"], where)
    return room


def _layers(tables: list[Any], where: str) -> tuple[LayerSpec, ...]:
    if not tables:
        raise InputError(f"{where}: no [[layer]]; a preset needs at least one")
    if len(tables) > MAX_LAYERS:
        raise InputError(f"{where}: {len(tables)} layers; at most {MAX_LAYERS}")
    layers: list[LayerSpec] = []
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise InputError(f"{where}: layer {number} = {short(table)} is not a table")
        layer = _layer(table, f"{where}: layer {number}", number, where)
        if layer.name in {other.name for other in layers}:
            raise InputError(f"{where}: layer {number}: name = '{layer.name}' is taken by another layer; give each its own")
        layers.append(layer)
    return tuple(layers)


def _layer(table: Mapping[str, Any], where: str, number: int, file: str) -> LayerSpec:
    name = named(table, where)
    where = f"{file}: layer '{name}'" if name else where
    known(table, _LAYER, where)
    trigger_name = typed(table, "trigger", str, where)
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
            **numbers(typed(table, "place", dict, where), {p.name: p for p in PLACE_PARAMETERS}, f"{where}: place"),
        },
        params=numbers(typed(table, "params", dict, where), parameters, f"{where}: params"),
        gesture=_played(typed(table, "gesture", dict, where), GESTURES, "gesture", trigger, where),
        motion=_played(typed(table, "motion", dict, where), MOTIONS, "motion", trigger, where),
        sound=heard(typed(table, "sound", dict, where) if "sound" in table else None, trigger, where),
    )


def _played(
    given: Mapping[str, Any], kinds: Mapping[str, tuple[Parameter, ...]], what: str, trigger: Trigger, where: str
) -> dict[str, Any]:
    """Return a complete gesture or motion: where the kind is the trigger's own, its values hold unless given."""
    own: Mapping[str, Any] = getattr(trigger, what)
    kind_of(kinds, what, {"kind": typed({"kind": own["kind"], **given}, "kind", str, f"{where}: {what}")}, own["kind"], where)
    kind = str(given.get("kind", own["kind"]))
    values = numbers({k: v for k, v in given.items() if k != "kind"}, {p.name: p for p in kinds[kind]}, f"{where}: {what}")
    return {**own, **values} if kind == own["kind"] else {"kind": kind, **values}
