"""The parameter space of a trigger or preset, for machines and people.  layers -> paths -> vector, JSON schema -> rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth.parameters.space import Space
from synth.preset.library import file_of, load_preset
from synth.preset.space import space
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
    JSON schema `unit`, `curve` ("lin" or "exp"), `smoothing_s` (0 for choices), `path` ("tap.hardness" also of a trigger: what
    streams call it) and `index`, its place in the flat vector. `vector` holds the same as `synth.space(name).as_dict()`: lists
    in the vector's order, and its hash.

    Raises
    ------
    InputError
        If there is no such trigger or preset, or the preset is not valid.
    """
    preset = load_preset(name)
    is_trigger = file_of(name) is None
    vector = space(preset)
    prefix = f"{preset.layers[0].name}." if is_trigger else ""
    return {
        "$schema": _DIALECT,
        "title": preset.title or preset.name,
        "description": _documentation(TRIGGERS[str(name)].doc or "") if is_trigger else preset.description,
        "type": "object",
        "additionalProperties": False,
        "properties": {path.removeprefix(prefix): _property(vector, index) for index, path in enumerate(vector.paths)},
        "vector": vector.as_dict(),
    }


def _property(vector: Space, index: int) -> dict[str, Any]:
    parameter, number = vector.parameters[index], float(vector.default[index])
    if parameter.choices:
        allowed: dict[str, Any] = {"enum": list(parameter.choices), "default": parameter.choices[round(number)]}
    else:
        allowed = {"type": "number", "minimum": float(parameter.low), "maximum": float(parameter.high), "default": number}
    return {
        **allowed,
        "description": parameter.doc,
        "unit": parameter.unit,
        "curve": parameter.curve,
        "smoothing_s": float(vector.smoothing_s[index]),
        "path": vector.paths[index],
        "index": index,
    }


def _documentation(doc: str) -> str:
    """Return what a docstring says after its first line, each paragraph and each item of a list on a line of its own."""
    told: list[str] = []
    is_new = True
    for line in doc.strip().splitlines()[1:]:
        text = " ".join(line.split())
        if is_new or text.startswith("- "):
            told.append(text)
        else:
            told[-1] = f"{told[-1]} {text}"
        is_new = not text
    return "\n".join(line.strip() for line in told if line.strip())


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
