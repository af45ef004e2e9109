"""The sound board: what can be called, before any of it plays.  presets, triggers -> JSON-serialisable rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from synth.engine.preset import LayerSpec, Preset
from synth.parameters.parameter import Parameter
from synth.parameters.tables import PLACE_PARAMETERS
from synth.trigger import Trigger


def sound_board(presets: Iterable[Preset], triggers: Mapping[str, Trigger]) -> dict[str, Any]:
    """Return `version` of synth, `presets`, and `triggers` by name.

    A trigger's row: summary, doc, parameters, families, emitters, speaks, hears, gesture, place, motion.
    """
    return {
        "version": version("synth"),
        "presets": [preset_row(preset, triggers) for preset in presets],
        "triggers": {name: _trigger(trigger) for name, trigger in triggers.items()},
    }


def preset_row(preset: Preset, triggers: Mapping[str, Trigger]) -> dict[str, Any]:
    """Return name, title, tags, description, families, layers (name, trigger, level_db, place, motion, gesture) and scenes."""
    return {
        "name": preset.name,
        "title": preset.title or preset.name,
        "tags": list(preset.tags),
        "description": preset.description,
        "families": sorted({family for layer in preset.layers for family in triggers[layer.trigger].families}),
        "layers": [_layer(layer) for layer in preset.layers],
        "scenes": [{"name": scene.name, "over_s": scene.over_s} for scene in preset.scenes],
    }


def _layer(layer: LayerSpec) -> dict[str, Any]:
    return {
        "name": layer.name,
        "trigger": layer.trigger,
        "level_db": layer.level_db,
        "place": {parameter.name: layer.value(parameter.name) for parameter in PLACE_PARAMETERS},
        "motion": dict(layer.motion),
        "gesture": dict(layer.gesture),
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        "summary": trigger.summary,
        "doc": " ".join((trigger.doc or "").split()),
        "parameters": [parameter_row(parameter) for parameter in trigger.parameters],
        "families": list(trigger.families),
        "emitters": trigger.emitters,
        "speaks": trigger.speaks,
        "hears": trigger.hears,
        "gesture": dict(trigger.gesture),
        "place": dict(trigger.place),
        "motion": dict(trigger.motion),
    }


def parameter_row(parameter: Parameter) -> dict[str, Any]:
    """Return name, low, high, default, unit, curve, help, and choices if it has any."""
    found = {"name": parameter.name, "low": parameter.low, "high": parameter.high, "default": parameter.default}
    found |= {"unit": parameter.unit, "curve": parameter.curve, "help": parameter.doc}
    return found | ({"choices": list(parameter.choices)} if parameter.choices else {})
