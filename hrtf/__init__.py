"""The ears: places around a head to two ears, near and far.

load / sphere -> Ears -> Bus

Imports numpy, netCDF4 to read SOFA, scipy to build, and of `synth` only `synth.rt`.  Never knows a sound, an engine or a preset.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hrtf.bus import Bus
    from hrtf.ears import Ears
    from hrtf.errors import EarsError
    from hrtf.sets import load, names, sphere

_HOMES = {
    "Bus": "hrtf.bus",
    "Ears": "hrtf.ears",
    "EarsError": "hrtf.errors",
    "load": "hrtf.sets",
    "names": "hrtf.sets",
    "sphere": "hrtf.sets",
}

__all__ = ["Bus", "Ears", "EarsError", "load", "names", "sphere"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'hrtf' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
