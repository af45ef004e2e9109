"""Presets: from a name or a file to layers, and back to text.  preset, path or trigger -> Preset -> TOML.

Names are looked up among the shipped presets first, then among the triggers: each trigger has an init preset in which its own
gesture plays it at its own place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.engine.preset import Cue, LayerSpec, Preset, Scene
from synth.parameters.errors import InputError, unknown
from synth.parameters.paths import MASTER, split_path
from synth.preset.midi_toml import midi_table
from synth.preset.schema import ROOM, VERSION, checked
from synth.preset.schema_inputs import located
from synth.preset.schema_scenes import cue_table, scene_table
from synth.trigger import TRIGGERS

__all__ = ["Cue", "LayerSpec", "Preset", "Scene", "dump", "init_preset", "load_preset", "preset_names", "with_values"]

FOLDER = Path(__file__).resolve().parents[2] / "presets"
"""Where the shipped presets are."""
_LARGEST_BYTES = 1 << 22
_LONGEST_SHOWN = 80
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
    if text.lower().endswith(".toml") or "/" in text or "\\" in text:
        return Path(text)
    return FOLDER / f"{text}.toml" if text in preset_names() else None


def init_preset(trigger: str) -> Preset:
    """Return a trigger's init preset: the thing as it is heard in life, every parameter at its default."""
    table = {"schema": VERSION, "title": TRIGGERS[trigger].summary, "layer": [{"trigger": trigger}]}
    return checked(table, trigger, f"trigger '{trigger}'", known_names())


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
    return located(checked(table, name, where, known_names()), folder)


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
    table = as_table(preset)
    for text in assignments:
        path, equals, value = text.partition("=")
        where = f"--set {text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + '...'}"
        if not equals or "." not in path:
            raise InputError(f"{where}: must be LAYER.PARAMETER=VALUE, as in {preset.layers[0].name}.level_db=-6")
        _assign(table, preset, path.strip(), _parsed(value.strip()), where)
    return checked(table, preset.name, f"--set {', '.join(assignments)}", known_names()) if assignments else preset


def _parsed(value: str) -> Any:
    try:
        return float(value)
    except ValueError:
        return value


def _assign(table: dict[str, Any], preset: Preset, path: str, value: Any, where: str) -> None:
    if path == f"{MASTER}.level_db":
        table["level_db"] = value
        return
    for parameter, own_name in zip(ROOM, _OF_MASTER[1:], strict=True):
        if path == f"{MASTER}.{own_name}":
            table["room"] = {**table.get("room", {}), parameter.name: replace(parameter, name=own_name).number(value, where)}
            return
    index, path = _layer_of(preset, path, where)
    layer, parameters = table["layer"][index], preset.layers[index].parameters
    if path in ("gesture.kind", "motion.kind"):
        layer[path[:-5]] = {"kind": value}
        _unbind(table, layer["name"], path[:-5], str(value))
        return
    if path not in parameters:
        raise unknown("parameter", path, parameters, f"{where}: layer '{layer['name']}'")
    number = parameters[path].number(value, f"{where}: layer '{layer['name']}'")
    part, _, name = path.rpartition(".")
    if not part and name != "level_db":
        part = "place" if name in ("azimuth_deg", "elevation_deg", "distance_m") else "params"
    (layer.setdefault(part, {}) if part else layer)[name] = number


def _unbind(table: dict[str, Any], layer: str, part: str, kind: str) -> None:
    """Forget what controllers and scenes would do to numbers that a layer's new gesture or motion does not have."""
    kept = {f"{part}.{parameter.name}" for parameter in {"gesture": GESTURES, "motion": MOTIONS}[part].get(kind, ())}

    def is_lost(name: str, path: str) -> bool:
        return name == layer and path.startswith(f"{part}.") and path not in kept

    if "control" in table.get("midi", {}):
        table["midi"]["control"] = [
            row for row in table["midi"]["control"] if not is_lost(layer, row["set"].removeprefix(f"{layer}."))
        ]
    for scene in table.get("scene", []):
        values = {name: {p: v for p, v in each.items() if not is_lost(name, p)} for name, each in scene["set"].items()}
        scene["set"] = {name: each for name, each in values.items() if each}
    if "scene" in table:
        table["scene"] = [scene for scene in table["scene"] if scene["set"]]


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
        {name: _unfrozen(value) for name, value in vars(layer).items() if value not in ({}, None)} for layer in preset.layers
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
