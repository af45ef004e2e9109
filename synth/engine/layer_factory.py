"""Layers in the making: one, or all of a preset, checked before any of them is there.  names, values -> Layer, its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from synth.engine.arguments import numbers_of
from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.engine.layer import Input, Layer, slots_of
from synth.parameters.errors import InputError, unknown
from synth.parameters.parameter import numbers
from synth.parameters.tables import LAYER_PARAMETERS, RAMP
from synth.trigger import TRIGGERS, Trigger

Made = tuple[Layer, dict[str, float]]
"""A layer that is not there yet, and every number of it by path."""


def name_beside(name: str, taken: Container[str]) -> str:
    """Return a layer's name, numbered if it is taken."""
    return next(n for n in itertools.chain([name], (f"{name} {i}" for i in itertools.count(2))) if n not in taken)


def made_layer(
    index: int,
    generation: int,
    name: str,
    trigger: str,
    gesture: Mapping[str, Any] | None,
    motion: Mapping[str, Any] | None,
    hears: Input | None,
    values: Mapping[str, Any],
) -> Made:
    """Return a layer and its numbers, or raise `InputError`."""
    kind = TRIGGERS[trigger]
    gesture_kind = kind_of(GESTURES, "gesture", gesture, "none", f"layer '{name}'")
    motion_kind = kind_of(MOTIONS, "motion", motion, "still", f"layer '{name}'")
    slots = slots_of(kind, gesture_kind, motion_kind)
    layer = Layer(index, generation, name, kind, gesture_kind, motion_kind, slots, heard_of(kind, hears))
    return layer, stored_of(layer, values, gesture, motion)


def made_layers(preset: Any, inputs: Mapping[str, Input], free: Sequence[int], ids: Iterator[int]) -> list[Made]:
    """Return the layers of a preset in places that are free, or raise `InputError`."""
    hears, made = heard_by(preset, inputs), list[Made]()
    if len(preset.layers) > len(free):
        raise InputError(
            f"preset '{preset.name}' has {len(preset.layers)} layers; there is room for {len(free)} beside what sounds"
        )
    for index, spec in zip(free, preset.layers, strict=False):
        name = name_beside(spec.name, {layer.name for layer, _ in made})
        values = {**spec.params, **spec.place, "level_db": spec.level_db}
        made.append(made_layer(index, next(ids), name, spec.trigger, spec.gesture, spec.motion, hears[spec.name], values))
    return made


def checked_cues(preset: Any, layers: Mapping[str, Layer]) -> list[tuple[Any, Layer]]:
    """Return a preset's cues, each with its layer, or raise `InputError`."""
    for cue in preset.cues:
        if cue.layer not in layers:
            raise unknown("layer", cue.layer, layers, f"preset '{preset.name}': cue")
        numbers_of(layers[cue.layer], cue.values)
        if cue.over_s is not None:
            RAMP.number(cue.over_s)
    return [(cue, layers[cue.layer]) for cue in preset.cues]


def kind_of(table: Mapping[str, Any], what: str, given: Mapping[str, Any] | None, default: str, where: str) -> str:
    """Return the kind that a gesture's or motion's table names, or raise `InputError`."""
    kind = (given or {}).get("kind", default)
    if kind not in table:
        raise unknown(f"{what} kind", kind, table, where)
    return str(kind)


def stored_of(
    layer: Layer, values: Mapping[str, Any], gesture: Mapping[str, Any] | None, motion: Mapping[str, Any] | None
) -> dict[str, float]:
    """Return every number of a new layer by path: what is given, checked, and defaults for the rest."""
    where = f"layer '{layer.name}'"
    own = {p.name: p.default_number for p in (*layer.trigger.parameters, *LAYER_PARAMETERS)}
    given = {name: layer.slot(name)[1].number(value, where) for name, value in values.items()}
    stored = own | given
    for what, table, kind, asked in (("gesture", GESTURES, layer.gesture, gesture), ("motion", MOTIONS, layer.motion, motion)):
        asked = {key: value for key, value in (asked or {}).items() if key != "kind"}
        stored |= {f"{what}.{key}": value for key, value in numbers(table[kind], asked, f"{where}: {what}").items()}
    return stored


def heard_by(preset: Any, given: Mapping[str, Input]) -> dict[str, Input]:
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
