"""What the page is told of presets and triggers, without an engine.  presets, registry -> catalogue of a stand-in player."""

from __future__ import annotations

from typing import Any

import synth
from synth.engine.preset import LayerSpec, Preset
from synth.preset.library import preset_names
from synth.trigger import TRIGGERS, Trigger

_PLACE = ("azimuth_deg", "elevation_deg", "distance_m")


def catalogue() -> dict[str, Any]:
    """Return presets with their layers and scenes, and the registry's tables."""
    presets = [_preset(synth.load_preset(name)) for name in preset_names()]
    return {"version": "a stand-in", "presets": presets, "triggers": {name: _trigger(each) for name, each in TRIGGERS.items()}}


def _preset(preset: Preset) -> dict[str, Any]:
    families = sorted({family for layer in preset.layers for family in TRIGGERS[layer.trigger].families})
    return {
        "name": preset.name,
        "title": preset.title,
        "tags": list(preset.tags),
        "description": preset.description,
        "families": families,
        "layers": [_layer(layer) for layer in preset.layers],
        "scenes": [{"name": scene.name, "over_s": scene.over_s} for scene in preset.scenes],
    }


def _layer(layer: LayerSpec) -> dict[str, Any]:
    return {
        "name": layer.name,
        "trigger": layer.trigger,
        "level_db": layer.level_db,
        "place": {name: layer.numbers[name] for name in _PLACE},
        "motion": dict(layer.motion),
        "parameters": {
            path: {
                "low": parameter.low,
                "high": parameter.high,
                "value": layer.numbers[path],
                "unit": parameter.unit,
                "curve": parameter.curve,
                "help": parameter.doc,
                **({"choices": list(parameter.choices)} if parameter.choices else {}),
            }
            for path, parameter in layer.parameters.items()
        },
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        "summary": trigger.summary,
        "parameters": [{"name": each.name, "unit": each.unit} for each in trigger.parameters],
        "gesture": dict(trigger.gesture),
        "families": list(trigger.families),
        "emitters": trigger.emitters,
        "speaks": trigger.speaks,
        "hears": trigger.hears,
    }
