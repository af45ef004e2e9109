"""A look at the JACK server, without starting one.  libjack -> a client for a moment -> rate, block, priority.

Apart from `libjack`, which compiles the process callback: who only looks shall not wait for that.
"""

from __future__ import annotations

import ctypes
import sys
from typing import NamedTuple

from synth.io.audio.libjack import NAME, NO_START_SERVER, REMEDY
from synth.parameters.errors import InputError


class Server(NamedTuple):
    """A server that runs: sample rate in hertz, frames a block, and whether it calls with real-time priority."""

    sample_rate: int
    block_frames: int
    is_realtime: bool


def server() -> Server | None:
    """Return the JACK server that the environment names (`JACK_DEFAULT_SERVER`), None if it does not run.

    Raises
    ------
    InputError
        If libjack is missing; says how to get it.
    """
    try:
        jack = ctypes.CDLL(NAME)
    except OSError as error:
        raise InputError(f"JACK's library {NAME} cannot be loaded ({error}); {REMEDY}") from None
    _hush(jack)
    jack.jack_client_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    jack.jack_client_open.restype = ctypes.c_void_p
    client = jack.jack_client_open(b"synth look", NO_START_SERVER, None)
    if not client:
        return None
    handle = ctypes.c_void_p(client)
    found = Server(jack.jack_get_sample_rate(handle), jack.jack_get_buffer_size(handle), bool(jack.jack_is_realtime(handle)))
    jack.jack_client_close(handle)
    return found


def _hush(jack: ctypes.CDLL) -> None:
    """Keep libjack from writing to the terminal: what it says goes to `strlen`, which does nothing with it."""
    if sys.platform != "win32":  # there a process has no C functions at hand by name
        for name in ("jack_set_error_function", "jack_set_info_function"):
            getattr(jack, name)(ctypes.CDLL(None).strlen)
