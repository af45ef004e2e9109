"""A real-time binaural trigger synthesizer.

Names are handed on lazily: importing `synth` loads neither numba nor the engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth.analysis.measure import measure
    from synth.engine.engine import Engine
    from synth.engine.layer import Input, Layer, Note
    from synth.engine.preset import Cue, LayerSpec, Preset, Scene
    from synth.explore.explorer import Explorer
    from synth.live.live import Live
    from synth.offline.match.matcher import match
    from synth.offline.render import render, replay
    from synth.offline.trace import trace
    from synth.parameters.errors import InputError
    from synth.parameters.parameter import Parameter
    from synth.parameters.space import Space
    from synth.preset.describe import describe
    from synth.preset.inputs import inputs_of
    from synth.preset.library import load_preset, preset_names
    from synth.preset.space import space
    from synth.trigger import TRIGGERS, Trigger

_HOMES = {
    "Cue": "synth.engine.preset",
    "Engine": "synth.engine.engine",
    "Input": "synth.engine.layer",
    "Explorer": "synth.explore.explorer",
    "InputError": "synth.parameters.errors",
    "Layer": "synth.engine.layer",
    "LayerSpec": "synth.engine.preset",
    "Live": "synth.live.live",
    "Note": "synth.engine.layer",
    "Parameter": "synth.parameters.parameter",
    "Preset": "synth.engine.preset",
    "Scene": "synth.engine.preset",
    "Space": "synth.parameters.space",
    "TRIGGERS": "synth.trigger",
    "Trigger": "synth.trigger",
    "connect": "synth.control.stream.client",
    "describe": "synth.preset.describe",
    "inputs_of": "synth.preset.inputs",
    "load_preset": "synth.preset.library",
    "match": "synth.offline.match.matcher",
    "measure": "synth.analysis.measure",
    "preset_names": "synth.preset.library",
    "render": "synth.offline.render",
    "replay": "synth.offline.render",
    "space": "synth.preset.space",
    "trace": "synth.offline.trace",
}

__all__ = [
    "TRIGGERS",
    "Cue",
    "Engine",
    "Explorer",
    "Input",
    "InputError",
    "Layer",
    "LayerSpec",
    "Live",
    "Note",
    "Parameter",
    "Preset",
    "Scene",
    "Space",
    "Trigger",
    "connect",
    "describe",
    "inputs_of",
    "load_preset",
    "match",
    "measure",
    "preset_names",
    "render",
    "replay",
    "space",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'synth' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
