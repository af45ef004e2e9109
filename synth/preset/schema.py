"""The preset's schema: what a preset holds, and the checks of a table.  table -> Preset, or one line saying what is wrong.

What a layer leaves out is as in its trigger's init preset: place, gesture, motion and parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth.engine.kernels.state import MAX_LAYERS
from synth.engine.preset import LayerSpec, Preset
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.tables import MASTER_PATHS, ROOM_T60
from synth.preset import schema_midi, schema_scenes
from synth.preset.checks import known, named, numbers, texts, typed
from synth.preset.schema_inputs import heard
from synth.preset.schema_text import spoken
from synth.trigger import TRIGGERS

VERSION = 1
MASTER_LEVEL, SOFTEN, _ROOM_LEVEL = (MASTER_PATHS[name] for name in ("level_db", "soften_db", "room_db"))
ROOM = (
    replace(ROOM_T60, low=0, default=0, doc=f"{ROOM_T60.doc}; 0: no room"),
    replace(_ROOM_LEVEL, name="level_db"),
)
_TOP = ("schema", "title", "description", "tags", "level_db", "soften_db", "room", "layer", "cue", "scene", "midi")
_LAYER = ("name", "trigger", "level_db", "place", "params", "gesture", "motion", "sound", "text")


def checked(table: Mapping[str, Any], name: str, where: str, presets: schema_midi.Names, folder: Path) -> Preset:
    """Return the preset that a table (as read from TOML) stands for.

    Parameters
    ----------
    table : the whole preset.
    name : what the preset is called.
    where : what errors begin with, the file.
    presets : returns the names of presets that a key or program can call.
    folder : where the sound files lie that it names by relative paths.

    Raises
    ------
    InputError
        One line that names the file, the layer, the key, the value, the allowed range and the nearest valid name.
    """
    known(table, _TOP, where)
    version = table.get("schema")
    if isinstance(version, bool) or version != VERSION:
        got = f"schema = {shown(version)}" if "schema" in table else "schema is missing"
        raise InputError(f"{where}: {got}; this version reads schema = {VERSION}")
    layers = _layers(typed(table, "layer", list, where), where, folder)
    cues = schema_scenes.cues(typed(table, "cue", list, where), where, layers)
    preset = Preset(
        name=name,
        layers=layers,
        title=typed(table, "title", str, where),
        description=typed(table, "description", str, where),
        tags=tuple(texts(typed(table, "tags", list, where), f"{where}: tags")),
        level_db=MASTER_LEVEL.number(table.get("level_db", 0.0), where),
        soften_db=SOFTEN.number(table.get("soften_db", SOFTEN.default), where),
        room=room_of(typed(table, "room", dict, where), f"{where}: room"),
        cues=cues,
    )
    scenes = schema_scenes.scenes(typed(table, "scene", list, where), where, preset.paths)
    names = [scene.name for scene in scenes]
    bindings = schema_midi.mapping(typed(table, "midi", dict, where), f"{where}: midi", preset.hand_paths, names, presets)
    return replace(preset, scenes=scenes, midi=bindings)


def room_of(table: Mapping[str, Any], where: str) -> dict[str, float]:
    """Return a checked room."""
    room = numbers(table, {p.name: p for p in ROOM}, where)
    if room.get("t60_s"):
        ROOM_T60.number(room["t60_s"], where)
    return room


def _layers(tables: list[Any], where: str, folder: Path) -> tuple[LayerSpec, ...]:
    if not tables:
        raise InputError(f"{where}: no [[layer]]; a preset needs at least one")
    if len(tables) > MAX_LAYERS:
        raise InputError(f"{where}: {len(tables)} layers; at most {MAX_LAYERS}")
    layers: list[LayerSpec] = []
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise InputError(f"{where}: layer {number} = {shown(table)} is not a table")
        layer = _layer(table, f"{where}: layer {number}", where, folder)
        if layer.name in {other.name for other in layers}:
            raise InputError(f"{where}: layer {number}: name = '{layer.name}' is taken by another layer; give each its own")
        layers.append(layer)
    return tuple(layers)


def _layer(table: Mapping[str, Any], where: str, file: str, folder: Path) -> LayerSpec:
    name = named(table, where)
    where = f"{file}: layer '{name}'" if name else where
    known(table, _LAYER, where)
    trigger_name = typed(table, "trigger", str, where)
    if not trigger_name:
        raise InputError(f"{where}: trigger is missing; one of: {', '.join(TRIGGERS)}")
    if trigger_name not in TRIGGERS:
        raise unknown("trigger", trigger_name, TRIGGERS, where)
    trigger = TRIGGERS[trigger_name]
    layer = LayerSpec(
        name=name or trigger_name,
        trigger=trigger_name,
        level_db=table.get("level_db", 0.0),
        place={**trigger.place, **typed(table, "place", dict, where)},
        params=typed(table, "params", dict, where),
        gesture=played(typed(table, "gesture", dict, where), trigger.gesture),
        motion=played(typed(table, "motion", dict, where), trigger.motion),
        sound=heard(typed(table, "sound", dict, where) if "sound" in table else None, trigger, where, folder),
        text=spoken(table.get("text"), trigger, where, folder),
    )
    try:
        _ = layer.numbers  # checked here, and never again
    except InputError as error:
        raise InputError(f"{file}: {error}") from None
    return layer


def played(given: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a complete gesture or motion: where the kind is the trigger's own, its values hold unless given."""
    return {**own, **given} if given.get("kind", own["kind"]) == own["kind"] else dict(given)
