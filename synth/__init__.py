"""A real-time binaural trigger synthesizer.

Names are handed on lazily: importing `synth` loads neither numba nor the engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth.description import describe
    from synth.engine.engine import Engine, Note
    from synth.engine.layer import Input, Layer
    from synth.errors import InputError
    from synth.inputs import inputs_of
    from synth.offline import render, replay
    from synth.parameter import Parameter
    from synth.perform import Live
    from synth.preset import load_preset, preset_names
    from synth.preset_space import space
    from synth.schema.scene import Cue, LayerSpec, Preset, Scene
    from synth.tracing import trace
    from synth.trigger import TRIGGERS, Trigger
    from synth.vector_space import Space

_HOMES = {
    "Cue": "synth.schema.scene",
    "Engine": "synth.engine.engine",
    "Input": "synth.engine.layer",
    "InputError": "synth.errors",
    "Layer": "synth.engine.layer",
    "LayerSpec": "synth.schema.scene",
    "Live": "synth.perform",
    "Note": "synth.engine.engine",
    "Parameter": "synth.parameter",
    "Preset": "synth.schema.scene",
    "Scene": "synth.schema.scene",
    "Space": "synth.vector_space",
    "TRIGGERS": "synth.trigger",
    "Trigger": "synth.trigger",
    "connect": "synth.connection",
    "describe": "synth.description",
    "inputs_of": "synth.inputs",
    "load_preset": "synth.preset",
    "preset_names": "synth.preset",
    "render": "synth.offline",
    "replay": "synth.offline",
    "space": "synth.preset_space",
    "trace": "synth.tracing",
}

__all__ = [
    "TRIGGERS",
    "Cue",
    "Engine",
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
