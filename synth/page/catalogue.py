"""The catalogue: what a page can play, before it fetches any of it.  registry, presets, ears -> one table, JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from hrtf.ears import Ears
from synth.engine.preset import LayerSpec, Preset
from synth.page.ears import SAMPLE_RATE
from synth.page.layout import layout, layout_hash
from synth.parameters.parameter import Parameter
from synth.parameters.tables import LAYER_PARAMETERS, MASTER_PARAMETERS, PLACE_PARAMETERS
from synth.trigger import Trigger


def catalogue(presets: Sequence[Preset], triggers: Mapping[str, Trigger], ears: Mapping[str, Ears]) -> dict[str, Any]:
    """Return the table.

    `version` of synth, `layout`, the hash of what snapshots and the .wasm have in common, `sample_rate` in hertz.
    `presets` : name, title, tags, description, families, layers (name, trigger, level_db, place, motion, gesture), scenes.
    `triggers` : by name: summary, doc, parameters, families, emitters, speaks, hears, gesture, place, motion.
    `ears` : by name: title, licence, citation. `layer`, `master` : the parameters that every layer, and the master, has.
    """
    return {
        "version": version("synth"),
        "layout": layout_hash(layout()),
        "sample_rate": SAMPLE_RATE,
        "presets": [_preset(preset, triggers) for preset in presets],
        "triggers": {name: _trigger(trigger) for name, trigger in triggers.items()},
        "ears": {name: {"title": each.title, "licence": each.licence, "citation": each.citation} for name, each in ears.items()},
        "layer": [_parameter(parameter) for parameter in LAYER_PARAMETERS],
        "master": [_parameter(parameter) for parameter in MASTER_PARAMETERS],
    }


def _preset(preset: Preset, triggers: Mapping[str, Trigger]) -> dict[str, Any]:
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
        "parameters": [_parameter(parameter) for parameter in trigger.parameters],
        "families": list(trigger.families),
        "emitters": trigger.emitters,
        "speaks": trigger.speaks,
        "hears": trigger.hears,
        "gesture": dict(trigger.gesture),
        "place": dict(trigger.place),
        "motion": dict(trigger.motion),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    found = {"name": parameter.name, "low": parameter.low, "high": parameter.high, "default": parameter.default}
    found |= {"unit": parameter.unit, "curve": parameter.curve, "help": parameter.doc}
    return found | ({"choices": list(parameter.choices)} if parameter.choices else {})
