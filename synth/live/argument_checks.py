"""What commands may be asked with, said to whoever asks before a session does it.  name -> check of the argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from synth.engine.arguments import seed_of
from synth.engine.preset import Preset, Scene
from synth.parameters.errors import InputError
from synth.parameters.tables import SLEEP

CHECKS: Mapping[str, Callable[[Any, str], object]] = {
    "sleep": SLEEP.number,
    "fade_out": SLEEP.number,
    "perform": lambda seed, _: seed_of(seed),
}
"""Each takes the argument and the command's name, and raises `InputError`."""


def scene_of(preset: Preset, which: str | int) -> Scene:
    """Return a preset's scene by its name or its number from 1; raises `InputError` if there is none such."""
    scenes = {scene.name: scene for scene in preset.scenes}
    names = list(scenes)
    name = names[which - 1] if isinstance(which, int) and 0 < which <= len(names) else str(which)
    if name not in scenes:
        raise InputError(f"{preset.name} has no scene {name}; it has {', '.join(names) or 'none'}")
    return scenes[name]
