"""What a preset's file may hold, for docs/write-a-preset.md.  Preset, LayerSpec, Cue, Scene and their parameters -> Markdown.

The names come from the data classes and the tables of parameters; a field that has no words here yet stops the build.
"""

from __future__ import annotations

from dataclasses import fields

from generate.markdown import parameter_table, table

from synth.engine.preset import Cue, LayerSpec, Preset, Scene
from synth.parameters.tables import LAYER_PARAMETERS, MASTER_PATHS
from synth.preset.schema import ROOM
from synth.preset.schema_scenes import CUE_TIMES

_KEYS = {"layers": "[[layer]]", "cues": "[[cue]]", "scenes": "[[scene]]", "room": "[room]", "midi": "[midi]"}
_OF_PRESET = {
    "title": "what it is called, for people",
    "description": "what is heard, one sentence",
    "tags": "a list of words",
    "level_db": "level of everything, before the limiter; -120 to 24, 0 if left out",
    "soften_db": "how far everything dips around 5 kHz, where listeners like less; 0 to 12, 3 if left out",
    "room": "a small room around the head: [Room](#room)",
    "layers": "what sounds, 1 to 64 of them: [Layers](#layers)",
    "cues": "changes by the clock: [Cues](#cues)",
    "scenes": "states to go to by hand: [Scenes](#scenes)",
    "midi": "what keys, knobs and buttons do: [MIDI](#midi)",
}
_OF_LAYER = {
    "name": "its name, its own among the layers; the trigger's if left out",
    "trigger": "which sound: [Triggers](#sound)",
    "level_db": "its level, -120 to 24; 0 if left out, -120 is off",
    "place": "where it is: [Place](#place)",
    "params": "the trigger's parameters: [Sound](#sound)",
    "gesture": "what plays it: [Gesture](#gesture)",
    "motion": "how its place moves: [Motion](#motion)",
    "sound": "what a trigger hears that hears: [A sound of your own](#a-sound-of-your-own)",
    "text": "what a trigger says that speaks: [A text](#a-text)",
}
_OF_CUE = {
    "layer": "which layer; may be left out where there is only one",
    "values": "what changes: parameters of the layer by their paths, as in `set = { hardness = 0.4, gesture.rate_hz = 2 }`",
}
_OF_SCENE = {
    "name": "what it is called",
    "over_s": "how long the morph takes, in seconds; 0: each parameter's own smoothing",
    "values": 'a table for each layer, as `[scene.set."left nails"]`, and `[scene.set.master]`',
}


def preset_keys() -> str:
    """Return what stands at the top of a preset's file."""
    rows = [("`schema`", "`1`, the version of this format; must be there")]
    rows += [(f"`{_KEYS.get(each.name, each.name)}`", _OF_PRESET[each.name]) for each in fields(Preset) if each.name != "name"]
    return table(("key", ""), rows)


def layer_keys() -> str:
    """Return what a layer may hold."""
    return table(("key", ""), [(f"`{each.name}`", _OF_LAYER[each.name]) for each in fields(LayerSpec)])


def place_parameters() -> str:
    """Return the place's parameters, and the level's."""
    return parameter_table(LAYER_PARAMETERS)


def master_parameters() -> str:
    """Return what can be moved on the master."""
    return parameter_table(MASTER_PATHS.values())


def room_parameters() -> str:
    """Return the room's parameters."""
    return parameter_table(ROOM)


def cue_keys() -> str:
    """Return what a cue may hold."""
    words = {parameter.name: f"{parameter.doc}; {parameter.range_text}" for parameter in CUE_TIMES} | _OF_CUE
    return table(("key", ""), [(f"`{_key(each.name)}`", words[each.name]) for each in fields(Cue)])


def scene_keys() -> str:
    """Return what a scene may hold."""
    return table(("key", ""), [(f"`{_key(each.name)}`", _OF_SCENE[each.name]) for each in fields(Scene)])


def _key(name: str) -> str:
    return "set" if name == "values" else name
