"""Layers in the making: one, or all of a preset, checked before any of them is there.  LayerSpec -> Layer, its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from synth.engine.arguments import numbers_of
from synth.engine.layer import Input, Layer
from synth.engine.preset import Cue, LayerSpec, Preset
from synth.engine.unknown_paths import unknown_path
from synth.parameters.errors import InputError, unknown
from synth.parameters.tables import PLACE_PARAMETERS, RAMP
from synth.trigger import TRIGGERS

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
            raise unknown_path(path, spec.slots, f"layer '{name}'")
    place = {path: value for path, value in values.items() if path in _PLACE}
    params = {path: value for path, value in values.items() if path not in (*_PLACE, "level_db")}
    return replace(spec, level_db=values.get("level_db", 0.0), place=place, params=params)


def made_layers(preset: Preset, inputs: Mapping[str, Input], free: Sequence[int], ids: Iterator[int]) -> list[Made]:
    """Return the layers of a preset in places that are free, or raise `InputError`."""
    names = [spec.name for spec in preset.layers]
    for name in inputs:
        if name not in names:
            raise unknown("layer", name, names, f"preset '{preset.name}': inputs")
    if len(names) > len(free):
        raise InputError(f"preset '{preset.name}' has {len(names)} layers; there is room for {len(free)} beside what sounds")
    made: dict[str, Made] = {}
    for index, spec in zip(free, preset.layers, strict=False):
        name = name_beside(spec.name, made) if spec.name in made else spec.name
        trigger, gesture, motion = TRIGGERS[spec.trigger], spec.gesture.get("kind", "none"), spec.motion.get("kind", "still")
        hears = heard_by(spec, inputs.get(spec.name))
        made[name] = Layer(index, next(ids), name, trigger, gesture, motion, spec.slots, hears), spec.numbers
    return list(made.values())


def checked_cues(preset: Preset, layers: Mapping[str, Layer]) -> list[tuple[Cue, Layer]]:
    """Return a preset's cues, each with its layer, or raise `InputError`."""
    for cue in preset.cues:
        if cue.layer not in layers:
            raise unknown("layer", cue.layer, layers, f"preset '{preset.name}': cue")
        numbers_of(layers[cue.layer], cue.values)
        if cue.over_s is not None:
            RAMP.number(cue.over_s)
    return [(cue, layers[cue.layer]) for cue in preset.cues]


def heard_by(spec: LayerSpec, given: Input | None) -> Input:
    """Return what a layer hears or says: what it is given, else its live channel, else nothing.

    Raises
    ------
    InputError
        If it plays a file and is given nothing, or its trigger hears nothing and is given something.
    """
    file = spec.sound.get("file") or spec.text.get("file")
    if given is None and file:
        raise InputError(
            f"layer '{spec.name}' plays '{file}'; "
            "hand it in: engine.load(preset, inputs=synth.inputs_of(preset, engine.sample_rate))"
        )
    found = given or (Input(spec.sound["channel"] - 1) if "channel" in spec.sound else Input())
    if (found.channel is not None or found.sound is not None) and not TRIGGERS[spec.trigger].hears:
        raise InputError(f"trigger '{spec.trigger}' hears nothing; leave its input out")
    if found.phones is not None and not TRIGGERS[spec.trigger].speaks:
        raise InputError(f"trigger '{spec.trigger}' does not speak; leave its text out")
    return found
