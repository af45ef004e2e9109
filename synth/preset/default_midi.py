"""The automatic mapping: what keys, pads and knobs do where a preset does not say it.  preset -> Mapping.

Knobs go to the parameters in their order of use, fairly to all layers; `RULES` says the rest in words, for docs/midi.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TypeVar

from synth.control.midi.key_names import LAST_KEY
from synth.control.midi.mapping import ActionBinding, ControlBinding, Mapping, NoteBinding, Source
from synth.engine.preset import LayerSpec, Preset
from synth.parameters import tables
from synth.parameters.paths import MASTER
from synth.parameters.tables import LAYER_PARAMETERS
from synth.preset.library import preset_names
from synth.preset.schema_midi import SPANS, span

FIRST_PAD, ROOT = 36, 60
WHEEL, VOLUME, PAN, EXPRESSION = 1, 7, 10, 11
KNOBS = (*range(16, 20), *range(20, 32), *range(70, 74), *range(75, 80))
"""Controllers without a meaning of their own, and the sound controllers; 74 is an MPE note's timbre, 64 to 69 are pedals."""
_CLOSER = 1 / 3  # of its distance: where the modulation wheel brings a layer
_NEAREST_M = LAYER_PARAMETERS[2].low
_REACHED = 16  # layers that wheel and expression reach
_PROGRAMS = 64  # so that all together fit into what a preset can bind
_FALL_DB = 40.0  # of an expression pedal
_LOWEST_DB = LAYER_PARAMETERS[-1].low

_Binding = TypeVar("_Binding", ControlBinding, ActionBinding)

RULES = (
    ("keys, one layer", "all of them strike it; key 60 (C4) sounds untransposed"),
    ("keys, several layers", "from key 36 (C2) upwards and downwards they go round the layers, untransposed, as pads do"),
    ("velocity, pressure, bend, MPE", "go to the note itself"),
    ("CC 1, modulation wheel", "brings every layer closer, from its own distance to a third of it"),
    ("CC 7, volume", "`master.volume_db`, the listener's, from -60 to 0 dB: as loud as presets are made"),
    ("CC 10, pan", "azimuth of the first layer, from the left ear (90 degrees) to the right one (-90)"),
    ("CC 11, expression", "`level_db` of every layer, from 40 dB below its own level up to it"),
    ("CC 64, sustain pedal", "holds notes whose keys are let go, until it is lifted; one that a preset binds does that instead"),
    ("CC 16-31, 70-73, 75-79", "the parameters in their order of use: the first of each layer, the second of each, and so on"),
    ("programs", "the preset's scenes from program 0 on; every other number the preset of that number in `synth list presets`"),
)  # fmt: skip
"""What a performer touches, and what it does."""


def mapping_of(preset: Preset) -> Mapping:
    """Return what holds while a preset plays: its own notes, controls and actions, and automatic ones for what it has none of.

    What it binds itself is not used a second time: an automatic control or action whose source is taken is left out.
    """
    own = preset.midi
    if own.is_complete or (own.notes and own.controls and own.actions):
        return own
    found = automatic(preset)
    taken = [control.source for control in own.controls] + [action.source for action in own.actions]
    return Mapping(
        notes=own.notes or found.notes,
        controls=own.controls or _free(found.controls, taken),
        actions=own.actions or _free(found.actions, taken),
        clock=own.clock,
        is_automatic=True,
    )


def _free(bindings: Iterable[_Binding], taken: list[Source]) -> tuple[_Binding, ...]:
    return tuple(binding for binding in bindings if not any(binding.source.meets(source) for source in taken))


def automatic(preset: Preset) -> Mapping:
    """Return the mapping of a preset that says nothing about MIDI; see `RULES`."""
    return Mapping(tuple(_notes(preset)), tuple(_controls(preset)), tuple(_actions(preset)), is_automatic=True)


def _notes(preset: Preset) -> Iterator[NoteBinding]:
    names = [layer.name for layer in preset.layers]
    if len(names) == 1:
        yield NoteBinding(Source("note", 0, LAST_KEY), names[0], ROOT)
        return
    for key in range(LAST_KEY + 1):
        yield NoteBinding(Source("note", key, key), names[(key - FIRST_PAD) % len(names)])


def _controls(preset: Preset) -> Iterator[ControlBinding]:
    for layer in preset.layers[:_REACHED]:
        far = layer.value("distance_m")
        yield from _control(WHEEL, layer.name, "distance_m", far, max(far * _CLOSER, _NEAREST_M))
    yield from _control(VOLUME, MASTER, tables.VOLUME.name, *SPANS[f"{MASTER}.{tables.VOLUME.name}"])
    yield from _control(PAN, preset.layers[0].name, "azimuth_deg", 90.0, -90.0)
    for layer in preset.layers[:_REACHED]:
        own = layer.value("level_db")
        yield from _control(EXPRESSION, layer.name, "level_db", max(own - _FALL_DB, _LOWEST_DB), own)
    for number, (layer, path) in zip(KNOBS, _by_use(preset), strict=False):
        yield from _control(number, layer.name, path, *span(layer.name, path, layer.parameters[path]))


def _control(number: int, layer: str, path: str, low: float, high: float) -> Iterator[ControlBinding]:
    if not math.isclose(low, high):
        yield ControlBinding(Source("cc", number, number), layer, path, low, high)


def _by_use(preset: Preset) -> Iterator[tuple[LayerSpec, str]]:
    """Yield the first path of each layer, the second of each, and so on; the place of the first layer has its own controller."""
    for row in zip_longest(*([(layer, path) for path in _paths(layer)] for layer in preset.layers)):
        yield from (pair for pair in row if pair and pair != (preset.layers[0], "azimuth_deg"))


def _paths(layer: LayerSpec) -> list[str]:
    """Return a layer's paths in their order of use: its trigger's parameters, its gesture and motion, its place."""
    place = [p.name for p in LAYER_PARAMETERS]
    return [path for path in layer.parameters if path not in place] + place


def _actions(preset: Preset) -> Iterator[ActionBinding]:
    names = [("scene", scene.name) for scene in preset.scenes]
    names += [("preset", name) for name in preset_names()[len(names) :]]
    for number, (do, name) in enumerate(names[:_PROGRAMS]):
        yield ActionBinding(Source("program", number, number), do, name)
