"""The parameter space of a trigger or preset, described for machines and people.  layers -> paths -> JSON schema -> rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth.checks import MASTER
from synth.engine.master import MASTER_PARAMETERS
from synth.parameter import Parameter
from synth.preset import load_preset
from synth.scene import Preset
from synth.trigger import TRIGGERS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def describe(name: str | Path) -> dict[str, Any]:
    """Return the parameter space of a trigger or a preset as a JSON schema.

    Parameters
    ----------
    name : a trigger's name, a preset's, or a path to a `.toml`.

    Returns
    -------
    JSON-serialisable. `properties` holds each parameter by its path ("hardness" of a trigger, "LAYER.hardness" of a preset,
    "LAYER.gesture.rate_hz", "master.level_db"), with minimum, maximum or enum, default (the preset's own value), and beyond
    JSON schema `unit`, `curve` ("lin" or "exp"), `smoothing_s` and `index`, its place in the flat vector.

    Raises
    ------
    InputError
        If there is no such trigger or preset, or the preset is not valid.
    """
    preset = load_preset(name)
    is_trigger = preset.name == str(name) and str(name) in TRIGGERS
    rows = _trigger_rows(preset) if is_trigger else _preset_rows(preset)
    properties = {path: _property(parameter, value, index) for index, (path, parameter, value) in enumerate(rows)}
    return {
        "$schema": _DIALECT,
        "title": preset.title or preset.name,
        "description": _documentation(TRIGGERS[str(name)].doc) if is_trigger else preset.description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _trigger_rows(preset: Preset) -> list[tuple[str, Parameter, Any]]:
    layer = preset.layers[0]
    return [(path, parameter, layer.value(path)) for path, parameter in layer.parameters.items()]


def _preset_rows(preset: Preset) -> list[tuple[str, Parameter, Any]]:
    found = [
        (f"{layer.name}.{path}", parameter, layer.value(path))
        for layer in preset.layers
        for path, parameter in layer.parameters.items()
    ]
    own = {"level_db": preset.level_db, "room_db": preset.room.get("level_db")}
    for parameter in MASTER_PARAMETERS:
        if parameter.name in own:
            value = own[parameter.name]
            found.append((f"{MASTER}.{parameter.name}", parameter, parameter.default if value is None else value))
    return found


def _property(parameter: Parameter, value: Any, index: int) -> dict[str, Any]:
    extra = {"unit": parameter.unit, "curve": parameter.curve, "smoothing_s": parameter.smoothing_s, "index": index}
    if parameter.choices:
        allowed: dict[str, Any] = {"enum": list(parameter.choices)}
    else:
        allowed = {"type": "number", "minimum": float(parameter.low), "maximum": float(parameter.high)}
        value = float(value)
    return {**allowed, "default": value, "description": parameter.doc, **extra}


def _documentation(doc: str) -> str:
    """Return what a trigger's docstring says after its first line."""
    return " ".join(doc.strip().partition("\n")[2].split())


def rows(schema: dict[str, Any]) -> list[dict[str, str]]:
    """Return a description as rows for a table."""
    return [
        {
            "#": str(p["index"]),
            "parameter": path,
            "range": " | ".join(p["enum"]) if "enum" in p else f"{p['minimum']:g} .. {p['maximum']:g}",
            "unit": p["unit"],
            "default": p["default"] if "enum" in p else f"{p['default']:g}",
            "curve": "choice" if "enum" in p else p["curve"],
            "smoothing": "-" if "enum" in p else f"{p['smoothing_s']:g} s",
            "what": p["description"],
        }
        for path, p in schema["properties"].items()
    ]
