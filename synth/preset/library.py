"""Presets: from a name or a file to layers, and back to text.  preset, path or trigger -> Preset -> TOML.

Names are looked up among the shipped presets first, then among the triggers: each trigger has an init preset in which its own
gesture plays it at its own place.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from synth.engine.preset import Cue, LayerSpec, Preset, Scene
from synth.io.files.text_file import read_text_file
from synth.parameters.errors import unknown
from synth.preset.midi_toml import midi_table
from synth.preset.schema import VERSION, checked
from synth.preset.schema_scenes import cue_table, scene_table
from synth.preset.toml_text import table_of
from synth.trigger import TRIGGERS

__all__ = ["Cue", "LayerSpec", "Preset", "Scene", "dump", "init_preset", "load_preset", "preset_names"]

FOLDER = Path(__file__).resolve().parents[2] / "presets"
"""Where the shipped presets are."""
_LARGEST_BYTES = 1 << 22


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
    if path is None:
        if text in TRIGGERS:
            return init_preset(text)
        raise unknown("preset or trigger", text, known_names())
    where = path.name if path.parent == FOLDER else text
    return read_text(read_text_file(path, where, _LARGEST_BYTES, "preset"), path.stem, where, path.parent)


def file_of(name_or_path: str | Path) -> Path | None:
    """Return the file that a preset is read from; None if it is a trigger's, or none at all."""
    text = str(name_or_path)
    if text.lower().endswith(".toml") or "/" in text or "\\" in text:
        return Path(text)
    path = FOLDER / f"{text}.toml"
    return path if os.path.isfile(path) else None  # whatever the text is: it raises nothing


def init_preset(trigger: str) -> Preset:
    """Return a trigger's init preset: the thing as it is heard in life, every parameter at its default."""
    kind = TRIGGERS[trigger]
    table: dict[str, Any] = {"schema": VERSION, "title": kind.summary, "layer": [{"trigger": trigger}]}
    if kind.room:
        table["room"] = dict(kind.room)
    return checked(table, trigger, f"trigger '{trigger}'", known_names, FOLDER)


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
    return checked(table_of(text, where), name, where, known_names, folder)


# ---- back to text


def as_table(preset: Preset) -> dict[str, Any]:
    """Return the table that `synth.preset.schema.checked` would read as this preset."""
    table: dict[str, Any] = {"schema": VERSION, "title": preset.title, "description": preset.description}
    table |= {"tags": list(preset.tags), "level_db": preset.level_db, "soften_db": preset.soften_db, "room": dict(preset.room)}
    table["layer"] = [
        {each.name: _unfrozen(value) for each in fields(layer) if (value := getattr(layer, each.name)) not in ({}, None)}
        for layer in preset.layers
    ]
    table["cue"] = [cue_table(cue) for cue in preset.cues]
    table["scene"] = [scene_table(scene) for scene in preset.scenes]
    table["midi"] = midi_table(preset.midi, preset.hand_paths)
    return {name: value for name, value in table.items() if value not in ("", [], {})}


def _unfrozen(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def dump(preset: Preset) -> str:
    """Return a preset as TOML text, complete in itself; `load_preset` reads it back as it was."""
    import tomli_w

    return tomli_w.dumps(as_table(preset))
