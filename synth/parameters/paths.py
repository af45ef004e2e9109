"""Paths: "LAYER.PARAMETER" and "master.PARAMETER", the names of numbers in presets, streams, scenes and OSC."""

from __future__ import annotations

from collections.abc import Iterable

from synth.parameters.tables import PLACE_PARAMETERS

MASTER = "master"
"""What the whole is called where a layer could be named: `master.level_db`, `master.room_db`, `master.room_t60_s`."""
_EVERY_LAYER_HAS = f".{PLACE_PARAMETERS[0].name}"


def layers_in(paths: Iterable[str]) -> list[str]:
    """Return the names of the layers of a space, by its paths, in their order."""
    return [path.removesuffix(_EVERY_LAYER_HAS) for path in paths if path.endswith(_EVERY_LAYER_HAS)]


def split_path(path: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the name that a path begins with, and the rest; the longest name where several fit, None where none does."""
    for name in sorted(names, key=len, reverse=True):
        if path.startswith(f"{name}."):
            return name, path[len(name) + 1 :]
    return None
