"""Saving what sounds now as a preset in the folder at hand.  preset, engine -> a .toml file."""

from __future__ import annotations

from pathlib import Path

from synth.engine.engine import Engine
from synth.engine.layer import Layer
from synth.engine.preset import Preset
from synth.io.files.append_file import free_path
from synth.parameters.errors import InputError
from synth.preset.capture import as_it_sounds
from synth.preset.library import dump


def saved(preset: Preset, engine: Engine, layers: dict[str, Layer]) -> Path:
    """Write a file that nobody has and return its name.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    path = free_path(Path(f"{preset.name}-saved.toml"))
    kept = as_it_sounds(preset, engine, layers)
    try:
        path.write_text(dump(kept), encoding="utf-8")
    except OSError as error:
        raise InputError(f"'{path}' cannot be written: {error.strerror}") from None
    return path
