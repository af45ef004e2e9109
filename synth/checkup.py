"""The check-up: what this machine has for the instrument.  versions, cache, ears, sound, controllers, priority, disk -> facts."""

from __future__ import annotations

import ctypes.util
import platform
import shutil
from importlib import metadata
from typing import Any

from synth import jit
from synth.errors import InputError
from synth.trigger import TRIGGERS

_PACKAGES = ("synth", "numba", "llvmlite", "numpy", "scipy", "soundfile", "sounddevice", "python-rtmidi", "python-osc", "sofar")


def checkup() -> dict[str, str]:
    """Return each thing looked at and what was found, JSON-serialisable."""
    import hrtf

    free_bytes = shutil.disk_usage(".").free
    return {
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        **{package: _version(package) for package in _PACKAGES},
        "kernels": f"{'none compiled yet: run synth warm' if jit.is_cold() else 'compiled'}, in {jit.CACHE_FOLDER}",
        **{f"ears {name}": texts["licence"] for name, texts in hrtf.names().items()},
        **{f"trigger {name}": f"broken: {why}" for name, why in TRIGGERS.broken.items()},
        "portaudio": _portaudio(),
        "jack": _library("jack", "libjack found", "no libjack"),
        "midi": _midi(),
        "real-time priority": _priority(),
        "free disk": f"{free_bytes / 1e9:.1f} GB here, {free_bytes / (48000 * 2 * 4 * 3600):.0f} hours of .wav at 48 kHz",
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _portaudio() -> str:
    from synth.io.audio import devices, portaudio_version

    try:
        return f"{portaudio_version()}, {len(devices())} devices"
    except InputError as error:
        return str(error)


def _library(name: str, yes: str, no: str) -> str:
    return yes if ctypes.util.find_library(name) else no


def _midi() -> str:
    if _version("python-rtmidi") == "not installed":
        return "python-rtmidi is not installed"
    return "python-rtmidi is installed; " + _library("asound", "ALSA found", "no ALSA library")


def _priority() -> str:
    try:
        import resource

        limit: Any = resource.getrlimit(resource.RLIMIT_RTPRIO)[0]
    except (ImportError, AttributeError, OSError):
        return "not known on this system"
    return (
        f"allowed up to {limit}" if limit > 0 else "not allowed: add this user to the audio group, or raise rtprio in limits.conf"
    )
