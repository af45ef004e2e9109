"""A preset before frame 0, ready to play in a browser.  preset -> engine -> its memory, cues, scenes, layers -> container.

The ears are not in it: all presets share them. Another seed needs no Python: the browser writes the seeds of the layers anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from synth.engine import event
from synth.engine.addresses import THE_MASTER, Strip, strips_of
from synth.engine.arguments import numbers_of
from synth.engine.engine import Engine
from synth.engine.event import Event
from synth.engine.frozen import Frozen, freeze
from synth.engine.kernels.event_record import BY_CUE, OWN_RAMP
from synth.engine.layer import Layer
from synth.engine.midi_map import MidiMap
from synth.engine.preset import Preset
from synth.page import container
from synth.page.ears import SAMPLE_RATE
from synth.page.layout import layout, layout_hash
from synth.page.sound_board import parameter_row
from synth.parameters.parameter import Parameter
from synth.preset.default_midi import mapping_of
from synth.preset.inputs import inputs_of

PORT = "page"
"""The name of the page's MIDI port, to which a preset's bindings may be bound."""


def packed_preset(preset: Preset) -> bytes:
    """Return a preset as a container; see `header_of` for its header.

    Raises
    ------
    InputError
        If it needs what a page does not have (a live input), or does not fit into an engine.
    """
    engine = Engine(SAMPLE_RATE, "sphere", 0)
    layers = engine.load(preset, inputs=inputs_of(preset, SAMPLE_RATE))
    midi_map = MidiMap(engine, mapping_of(preset), layers, {0: PORT})
    frozen = freeze(engine)
    return container.packed(header_of(preset, layers, midi_map, frozen, engine), frozen.pieces)


def header_of(preset: Preset, layers: dict[str, Layer], midi_map: MidiMap, frozen: Frozen, engine: Engine) -> dict[str, Any]:
    """Return what a page must know of a preset beside its memory.

    `name`; `layout`, the hash of the layout that it was made for; `seed`.
    `words` : [piece, byte, piece, byte], addresses to be filled in; `kernels` : [byte of the tables, trigger, 0 or 1].
    `layers` : in order, each with `index`, `generation`, `name`, `trigger`, `speaks`, and `parameters` by path.
    `master` : its numbers as the preset sets them, by path, as `parameters` are.
    `scenes` : `name`, `over_s`, `values` by layer and path.
    `cues` : `at_s`, `every_s` (0: once), `events`, each by the names of EVENT's fields.
    `actions` : what the MIDI bindings of these numbers ask the page to do, [command, name].
    """
    return {
        "name": preset.name,
        "layout": layout_hash(layout()),
        "seed": engine.seed,
        "words": frozen.words,
        "kernels": frozen.kernels,
        "layers": [_layer(layer, engine.values(layer)) for layer in layers.values()],
        "master": {path: _parameter(*THE_MASTER.slot(path), value) for path, value in preset.master.items()},
        "scenes": [_scene(scene, strips_of(layers.values())) for scene in preset.scenes],
        "cues": [_cue(cue, layers[cue.layer]) for cue in preset.cues],
        "actions": dict(_actions(midi_map)),
    }


def _layer(layer: Layer, values: dict[str, Any]) -> dict[str, Any]:
    parameters = {}
    for path, (slot, parameter) in layer.slots.items():
        parameters[path] = _parameter(slot, parameter, parameter.number(values[path]))
    own = {"index": layer.index, "generation": layer.generation, "name": layer.name, "trigger": layer.trigger.name}
    return {**own, "speaks": layer.trigger.speaks, "parameters": parameters}


def _parameter(slot: int, parameter: Parameter, value: float) -> dict[str, Any]:
    """Return a number of a layer or the master: where it lies, what it may be, what it is."""
    return parameter_row(parameter) | {"slot": slot, "value": value}


def _scene(scene: Any, strips: dict[str, Strip]) -> dict[str, Any]:
    values: dict[str, dict[str, float]] = {}
    for name, given in scene.values.items():
        paths = {slot: path for path, (slot, _) in strips[name].slots.items()}
        values[name] = {paths[slot]: number for slot, number in numbers_of(strips[name], given)}
    return {"name": scene.name, "over_s": scene.over_s, "values": values}


def _cue(cue: Any, layer: Layer) -> dict[str, Any]:
    ramp_frames = OWN_RAMP if cue.over_s is None else round(cue.over_s * SAMPLE_RATE)
    events = [event.set_number(layer, slot, number, ramp_frames, BY_CUE) for slot, number in numbers_of(layer, cue.values)]
    return {"at_s": cue.at_s, "every_s": cue.every_s, "events": [_fields(each) for each in events]}


def _fields(sent: Event) -> dict[str, float]:
    """Return an event by the names of its fields, those that are zero left out; its frame is the page's affair."""
    return {name: value for name, value in sent._asdict().items() if value and name != "frame"}


def _actions(midi_map: MidiMap) -> Iterator[tuple[str, list[str]]]:
    for index in range(midi_map.size):
        if (action := midi_map.action(index)) is not None:
            yield str(index), [action.do, action.name]
