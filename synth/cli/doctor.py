"""The check-up: what this machine has for the instrument.  versions, cache, ears, sound, controllers, priority, disk -> facts."""

from __future__ import annotations

import os
import platform
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata

from synth.parameters.errors import InputError
from synth.rt import cache
from synth.trigger import TRIGGERS

_COLD = "none compiled yet: run synth warm"
_PACKAGES = (
    "synth",
    "numba",
    "llvmlite",
    "numpy",
    "scipy",
    "soundfile",
    "sounddevice",
    "python-osc",
    "netCDF4",
    "starlette",
    "uvicorn",
    "websockets",
    "pylsl",
    "bleak",
)


def checkup() -> dict[str, str]:
    """Return each thing looked at and what was found, JSON-serialisable."""
    import hrtf

    free_bytes = shutil.disk_usage(".").free
    return {
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        **{package: _version(package) for package in _PACKAGES},
        "kernels": f"{_COLD if cache.is_cold() else 'compiled'}, in {cache.CACHE_FOLDER or 'no folder at all'}",
        **{f"ears {name}": texts["licence"] for name, texts in hrtf.names().items()},
        **{f"trigger {name}": f"broken: {why}" for name, why in TRIGGERS.broken.items()},
        "portaudio": _portaudio(),
        "jack": _jack(),
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
    from synth.io.audio.portaudio import devices, portaudio_version

    try:
        return f"{portaudio_version()}, {len(devices())} devices"
    except InputError as error:
        return str(error)


def _jack() -> str:
    from synth.io.audio.jack_server import server

    try:
        running = server()
    except InputError as error:
        return str(error)
    if running is None:
        return "no server runs; --device jack needs one: jackd -d alsa, or run synth under pw-jack where PipeWire plays"
    priority = "with real-time priority" if running.is_realtime else "without real-time priority: start it with jackd -R"
    return f"a server runs at {running.sample_rate} Hz, {running.block_frames} frames a block, {priority}"


def _midi() -> str:
    from synth.io.midi.library import binding
    from synth.io.midi.ports import look

    try:
        library = binding()
        ports, problems = look()
    except InputError as error:
        return str(error)
    names = ", ".join(f"{port['name']} ({port['system']})" for port in ports) or "no ports"
    package = f"{library.package} {_version(library.package)} for {', '.join(library.systems)}"
    return "; ".join([package, names, *problems])


def _priority() -> str:
    """Try it, on a thread that does nothing else: permissions come from more places than can be asked."""
    from synth.io.thread_priority import AUDIO, HINT, raise_priority

    if not hasattr(os, "sched_setscheduler"):
        return "the system's own sound threads see to it"
    with ThreadPoolExecutor(1) as thread:
        return "allowed" if thread.submit(raise_priority, 0, AUDIO).result() else HINT
