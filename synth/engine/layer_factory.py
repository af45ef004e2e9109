"""Layers in the making: one, or all of a preset, checked before any of them is there.  LayerSpec -> Layer, its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from synth.engine.arguments import numbers_of
from synth.engine.layer import Input, Layer
from synth.engine.preset import Cue, LayerSpec, Preset
from synth.parameters.errors import InputError, unknown
from synth.parameters.tables import PLACE_PARAMETERS, RAMP
from synth.trigger import TRIGGERS, Trigger

_PLACE = tuple(parameter.name for parameter in PLACE_PARAMETERS)

Made = tuple[Layer, dict[str, float]]
"""A layer that is not there yet, and every number of it by path."""


def name_beside(name: str, taken: Container[str]) -> str:
    """Return a layer's name, numbered if it is taken."""
    return next(n for n in itertools.chain([name], (f"{name} {i}" for i in itertools.count(2))) if n not in taken)


def spec_of(
    name: str,
    trigger: str,
    gesture: Mapping[str, Any] | None,
    motion: Mapping[str, Any] | None,
    values: Mapping[str, Any],
) -> LayerSpec:
    """Return a layer whose parameters, place and level are given together; raise `InputError` for one that is none."""
    spec = LayerSpec(name, trigger, gesture=gesture or {}, motion=motion or {})
    for path in values:
        if path not in spec.slots or "." in path:
            raise unknown("parameter", path, spec.slots, f"layer '{name}'")
    place = {path: value for path, value in values.items() if path in _PLACE}
    params = {path: value for path, value in values.items() if path not in (*_PLACE, "level_db")}
    return replace(spec, level_db=values.get("level_db", 0.0), place=place, params=params)


def made_layer(index: int, generation: int, name: str, spec: LayerSpec, hears: Input | None) -> Made:
    """Return a layer and its numbers, or raise `InputError`."""
    trigger, gesture, motion = TRIGGERS[spec.trigger], spec.gesture.get("kind", "none"), spec.motion.get("kind", "still")
    return Layer(index, generation, name, trigger, gesture, motion, spec.slots, heard_of(trigger, hears)), spec.numbers


def made_layers(preset: Preset, inputs: Mapping[str, Input], free: Sequence[int], ids: Iterator[int]) -> list[Made]:
    """Return the layers of a preset in places that are free, or raise `InputError`."""
    hears, made, names = heard_by(preset, inputs), list[Made](), set[str]()
    if len(preset.layers) > len(free):
        raise InputError(
            f"preset '{preset.name}' has {len(preset.layers)} layers; there is room for {len(free)} beside what sounds"
        )
    for index, spec in zip(free, preset.layers, strict=False):
        name = name_beside(spec.name, names)
        made.append(made_layer(index, next(ids), name, spec, hears[spec.name]))
        names.add(name)
    return made


def checked_cues(preset: Preset, layers: Mapping[str, Layer]) -> list[tuple[Cue, Layer]]:
    """Return a preset's cues, each with its layer, or raise `InputError`."""
    for cue in preset.cues:
        if cue.layer not in layers:
            raise unknown("layer", cue.layer, layers, f"preset '{preset.name}': cue")
        numbers_of(layers[cue.layer], cue.values)
        if cue.over_s is not None:
            RAMP.number(cue.over_s)
    return [(cue, layers[cue.layer]) for cue in preset.cues]


def heard_by(preset: Preset, given: Mapping[str, Input]) -> dict[str, Input]:
    """Return what each layer of a preset hears: what it is given by name, else its live channel.

    Raises
    ------
    InputError
        If a layer plays a file and is given nothing, or something is given to no layer.
    """
    names = [spec.name for spec in preset.layers]
    for name in given:
        if name not in names:
            raise unknown("layer", name, names, f"preset '{preset.name}': inputs")
    for spec in preset.layers:
        if "file" in spec.sound and spec.name not in given:
            raise InputError(
                f"preset '{preset.name}': layer '{spec.name}' plays '{spec.sound['file']}'; "
                "hand it in: engine.load(preset, inputs=synth.inputs_of(preset, engine.sample_rate))"
            )
    return {spec.name: given.get(spec.name) or _live(spec.sound) for spec in preset.layers}


def heard_of(trigger: Trigger, given: Input | None) -> Input:
    """Return what a trigger hears, nothing without; refuse to give something to one that hears nothing."""
    if given and (given.channel is not None or given.sound is not None) and not trigger.hears:
        raise InputError(f"trigger '{trigger.name}' hears nothing; leave its input out")
    return given or Input()


def _live(sound: Mapping[str, Any]) -> Input:
    return Input(sound["channel"] - 1) if "channel" in sound else Input()
