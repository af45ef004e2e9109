"""Presets: from a name or a file to layers, and back to text.  preset, path or trigger -> Preset -> TOML.

Names are looked up among the shipped presets first, then among the triggers: each trigger has an init preset in which its own
gesture plays it at its own place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from synth.engine.preset import Cue, LayerSpec, Preset, Scene
from synth.parameters.errors import InputError, unknown
from synth.parameters.paths import MASTER, split_path
from synth.parameters.tables import PLACE_PARAMETERS
from synth.preset.checks import natural
from synth.preset.midi_toml import midi_table
from synth.preset.schema import MASTER_LEVEL, ROOM, VERSION, checked, played, room_of
from synth.preset.schema_scenes import cue_table, scene_table
from synth.trigger import TRIGGERS

__all__ = ["Cue", "LayerSpec", "Preset", "Scene", "dump", "init_preset", "load_preset", "preset_names", "with_values"]

FOLDER = Path(__file__).resolve().parents[2] / "presets"
"""Where the shipped presets are."""
_LARGEST_BYTES = 1 << 22
_LONGEST_SHOWN = 80
_PLACE = tuple(parameter.name for parameter in PLACE_PARAMETERS)
_OF_MASTER = ("level_db", "room_t60_s", "room_db")


def preset_names() -> list[str]:
    """Return the names of the shipped presets."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def known_names() -> list[str]:
    """Return the names that `load_preset` knows: presets, then triggers."""
    return [*preset_names(), *TRIGGERS]


def load_preset(name_or_path: str | Path) -> Preset:
    """Return a preset, checked.

    Parameters
    ----------
    name_or_path : a shipped preset's name, a path to a `.toml` file, or a trigger's name for its init preset.

    Raises
    ------
    InputError
        One line: what is wrong, in which file, layer and key, and what would be right.
    """
    text, path = str(name_or_path), file_of(name_or_path)
    if path is not None:
        return _read(path, path.name if path.parent == FOLDER else text)
    if text in TRIGGERS:
        return init_preset(text)
    raise unknown("preset or trigger", text, known_names())


def file_of(name_or_path: str | Path) -> Path | None:
    """Return the file that a preset is read from; None if it is a trigger's, or none at all."""
    text = str(name_or_path)
    if text.endswith(".toml") or "/" in text or "\\" in text:
        return Path(text)
    return FOLDER / f"{text}.toml" if text in preset_names() else None


def init_preset(trigger: str) -> Preset:
    """Return a trigger's init preset: the thing as it is heard in life, every parameter at its default."""
    table = {"schema": VERSION, "title": TRIGGERS[trigger].summary, "layer": [{"trigger": trigger}]}
    return checked(table, trigger, f"trigger '{trigger}'", known_names(), FOLDER)


def _read(path: Path, where: str) -> Preset:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{where}: cannot be read: {error.strerror}") from None
    except ValueError:  # whoever calls a preset through a pipe may name anything
        raise InputError(f"{where}: cannot be read: no file has such a name") from None
    if len(text) > _LARGEST_BYTES:
        raise InputError(f"{where}: larger than {_LARGEST_BYTES >> 20} MiB; not a preset")
    try:
        return read_text(text.decode("utf-8-sig"), path.stem, where, path.parent)
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8 text (byte {error.start})") from None


def read_text(text: str, name: str, where: str, folder: Path) -> Preset:
    """Return the preset that a TOML text is, checked.

    Parameters
    ----------
    text : as `dump` writes it.
    name : the preset's own. where : what an error names. folder : where the sound files lie that it names.

    Raises
    ------
    InputError
        One line: what is wrong, in which layer and key, and what would be right.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: not TOML: {error}") from None
    return checked(table, name, where, known_names(), folder)


# ---- changes


def with_values(preset: Preset, assignments: Iterable[str]) -> Preset:
    """Return a preset with values changed.

    Parameters
    ----------
    preset : what to start from.
    assignments : "LAYER.PATH=VALUE": a layer's name or number from 1, and a parameter, azimuth_deg, elevation_deg, distance_m,
        level_db, gesture.NAME or motion.NAME; or master.level_db, master.room_db, master.room_t60_s. A number or a choice's name.

    Raises
    ------
    InputError
        If a text is no assignment, or names a layer or parameter that is not there, or the value is out of range.
    """
    for text in assignments:
        path, equals, value = text.partition("=")
        where = f"--set {text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + '...'}"
        if not equals or "." not in path:
            raise InputError(f"{where}: must be LAYER.PARAMETER=VALUE, as in {preset.layers[0].name}.level_db=-6")
        preset = _with_value(preset, path.strip(), _parsed(value.strip()), where)
    return preset


def _parsed(value: str) -> Any:
    try:
        return float(value)
    except ValueError:
        return value


def _with_value(preset: Preset, path: str, value: Any, where: str) -> Preset:
    if path == f"{MASTER}.level_db":
        return replace(preset, level_db=MASTER_LEVEL.number(value, where))
    for parameter, own_name in zip(ROOM, _OF_MASTER[1:], strict=True):
        if path == f"{MASTER}.{own_name}":
            number = replace(parameter, name=own_name).number(value, where)
            return replace(preset, room=room_of({**preset.room, parameter.name: number}, where))
    index, path = _layer_of(preset, path, where)
    layer = preset.layers[index]
    if path in ("gesture.kind", "motion.kind"):
        return _with_kind(preset, layer, path[:-5], value, where)
    if path not in layer.slots:
        raise unknown("parameter", path, layer.slots, f"{where}: layer '{layer.name}'")
    part, _, name = path.rpartition(".")
    value = natural(layer.slots[path][1], value, f"{where}: layer '{layer.name}'")
    if path == "level_db":
        return _with_layer(preset, layer, replace(layer, level_db=value))
    part = part or ("place" if name in _PLACE else "params")
    return _with_layer(preset, layer, replace(layer, **{part: {**getattr(layer, part), name: value}}))


def _with_layer(preset: Preset, layer: LayerSpec, changed: LayerSpec) -> Preset:
    return replace(preset, layers=tuple(changed if each is layer else each for each in preset.layers))


def _with_kind(preset: Preset, layer: LayerSpec, part: str, kind: Any, where: str) -> Preset:
    """Return a preset with another gesture or motion; controllers and scenes let go of numbers that it does not have."""
    own = getattr(TRIGGERS[layer.trigger], part)
    changed = replace(layer, **{part: played({"kind": kind}, own)})
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


# ---- back to text


def as_table(preset: Preset) -> dict[str, Any]:
    """Return the table that `synth.preset.schema.checked` would read as this preset."""
    table: dict[str, Any] = {"schema": VERSION, "title": preset.title, "description": preset.description}
    table |= {"tags": list(preset.tags), "level_db": preset.level_db, "room": dict(preset.room)}
    table["layer"] = [
        {each.name: _unfrozen(value) for each in fields(layer) if (value := getattr(layer, each.name)) not in ({}, None)}
        for layer in preset.layers
    ]
    table["cue"] = [cue_table(cue) for cue in preset.cues]
    table["scene"] = [scene_table(scene) for scene in preset.scenes]
    table["midi"] = midi_table(preset.midi, preset.paths)
    return {name: value for name, value in table.items() if value not in ("", [], {})}


def _unfrozen(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def dump(preset: Preset) -> str:
    """Return a preset as TOML text, complete in itself; `load_preset` reads it back as it was."""
    import tomli_w

    return tomli_w.dumps(as_table(preset))
