"""Sound devices, through PortAudio."""

from __future__ import annotations

import atexit
from typing import Any

from synth.parameters.errors import InputError

_REMEDY = "install it: apt install libportaudio2 (Debian, Ubuntu), brew install portaudio (macOS)"


def portaudio() -> Any:
    """Return the sounddevice module.

    Raises
    ------
    InputError
        If PortAudio is not installed; says how to.
    """
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise InputError(f"PortAudio cannot be loaded ({error}); {_REMEDY}") from None
    return sounddevice


def look_again() -> None:
    """Let PortAudio see what devices there are now; no stream may be open."""
    module = portaudio()
    module._terminate()
    module._initialize()


def abandon() -> None:
    """Leave PortAudio as it is when the process ends: it aborts when it is to end its client of a JACK server that has died."""
    atexit.unregister(portaudio()._exit_handler)


def portaudio_version() -> str:
    """Return the version of PortAudio, or raise `InputError` if it is missing."""
    return str(portaudio().get_portaudio_version()[1])


def devices() -> list[dict[str, Any]]:
    """Return the output devices, JSON-serialisable, or raise `InputError` if PortAudio is missing."""
    module = portaudio()
    hosts = [host["name"] for host in module.query_hostapis()]
    return [
        {
            "number": number,
            "name": device["name"],
            "system": hosts[device["hostapi"]],
            "outputs": device["max_output_channels"],
            "sample_rate": device["default_samplerate"],
            "latency_s": device["default_low_output_latency"],
        }
        for number, device in enumerate(module.query_devices())
        if device["max_output_channels"] > 0
    ]
