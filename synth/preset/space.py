"""The vector space of a preset: all that can be moved in it.  layers in their order, then the master -> Space."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synth.engine.preset import Preset
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER
from synth.parameters.space import Space
from synth.parameters.tables import MASTER_PATHS
from synth.preset.library import load_preset


def space(preset: str | Path | Preset) -> Space:
    """Return all that can be moved in a preset as a flat vector: layers in their order, then the master.

    Parameters
    ----------
    preset : a preset, its name, a path to a `.toml`, or a trigger's name for its init preset (paths as "tap.hardness").

    Raises
    ------
    InputError
        If there is no such trigger or preset, the preset is not valid, or two of its paths are the same text.
    """
    return Space.of(_rows(preset if isinstance(preset, Preset) else load_preset(preset)))


def _rows(preset: Preset) -> Iterator[tuple[str, Parameter, Any]]:
    for layer in preset.layers:
        for path, parameter in layer.parameters.items():
            yield f"{layer.name}.{path}", parameter, layer.value(path)
    for path, value in preset.master.items():
        yield f"{MASTER}.{path}", MASTER_PATHS[path], value
