"""A preset that says another text.  Preset, text or text file -> Preset, how long it takes to say."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from synth.engine.layer import Input
from synth.engine.preset import Preset
from synth.parameters.errors import InputError
from synth.trigger import TRIGGERS

_ROOM_TO_BREATHE = 1.3  # of the length at an unhurried pace: breaths, and chance
_BEFORE_AND_AFTER_S = 2.0


def with_text(preset: Preset, text: str | None = None, file: str | Path | None = None) -> Preset:
    """Return a preset whose layers that speak say a text, once, or what stands in a file; neither: the preset as it is.

    Raises
    ------
    InputError
        If both are given, or no layer speaks.
    """
    if text is None and file is None:
        return preset
    if text is not None and file is not None:
        raise InputError("text and text file: give one of the two")
    speaking = [spec.name for spec in preset.layers if TRIGGERS[spec.trigger].speaks]
    if not speaking:
        raise InputError(f"preset '{preset.name}': none of its layers speaks; {_who_speaks()}")
    said = {"say": text, "loop": False} if file is None else {"file": os.path.abspath(file), "loop": False}
    layers = tuple(replace(spec, text=said) if spec.name in speaking else spec for spec in preset.layers)
    return replace(preset, layers=layers)


def _who_speaks() -> str:
    return f"triggers that do: {', '.join(trigger.name for trigger in TRIGGERS.values() if trigger.speaks) or 'none'}"


def seconds_of(inputs: dict[str, Input]) -> float:
    """Return about how long it takes to say all that layers have to say, the longest of them; 0 if none speaks."""
    lengths = [float(each.phones["seconds"].sum()) for each in inputs.values() if each.phones is not None]
    return _ROOM_TO_BREATHE * max(lengths) + _BEFORE_AND_AFTER_S if lengths else 0.0
