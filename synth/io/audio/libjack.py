"""libjack: the C functions of JACK's client library, typed.  Loaded when first asked for; it is kept from chatting."""

from __future__ import annotations

import ctypes
import functools
import sys
from ctypes import POINTER, c_char_p, c_float, c_int, c_size_t, c_uint32, c_uint64, c_ulong, c_void_p
from typing import Any

from synth.io.audio.jack_callback import callbacks
from synth.parameters.errors import InputError

ELSEWHERE = "--device NAME plays through PortAudio"
_NAMES = {"darwin": "libjack.0.dylib", "win32": "libjack64.dll"}
NAME = _NAMES.get(sys.platform, "libjack.so.0")
"""The library's file."""
REMEDY = "install it: apt install jackd2 or pipewire-jack (Debian, Ubuntu), brew install jack (macOS)"

NO_START_SERVER = 1
"""An option of `client_open`."""
SERVER_FAILED = 0x10
"""A bit of its status: there is no server."""
IS_INPUT, IS_OUTPUT, IS_PHYSICAL = 1, 2, 4
"""Flags of ports."""
AUDIO, MIDI = b"32 bit float mono audio", b"8 bit raw midi"
"""Types of ports."""
ALREADY_CONNECTED = 17
PLAYBACK_LATENCY = 1
ALIAS_BYTES = 320


class LatencyRange(ctypes.Structure):
    """jack_latency_range_t, in frames."""

    _fields_ = (("least", c_uint32), ("most", c_uint32))


_Names = POINTER(c_char_p)
_FUNCTIONS: dict[str, tuple[Any, ...]] = {  # name without `jack_`: result, arguments
    "client_open": (c_void_p, c_char_p, c_int, POINTER(c_int)),
    "client_close": (c_int, c_void_p),
    "get_client_name": (c_char_p, c_void_p),
    "activate": (c_int, c_void_p),
    "is_realtime": (c_int, c_void_p),
    "get_sample_rate": (c_uint32, c_void_p),
    "get_buffer_size": (c_uint32, c_void_p),
    "set_process_callback": (c_int, c_void_p, c_void_p, c_void_p),
    "set_xrun_callback": (c_int, c_void_p, c_void_p, c_void_p),
    "on_shutdown": (None, c_void_p, c_void_p, c_void_p),
    "set_error_function": (None, c_void_p),
    "set_info_function": (None, c_void_p),
    "port_register": (c_void_p, c_void_p, c_char_p, c_char_p, c_ulong, c_ulong),
    "port_by_name": (c_void_p, c_void_p, c_char_p),
    "port_get_aliases": (c_int, c_void_p, _Names),
    "port_get_latency_range": (None, c_void_p, c_int, POINTER(LatencyRange)),
    "get_ports": (_Names, c_void_p, c_char_p, c_char_p, c_ulong),
    "free": (None, c_void_p),
    "connect": (c_int, c_void_p, c_char_p, c_char_p),
    "port_get_buffer": (POINTER(c_float), c_void_p, c_uint32),
    "midi_get_event_count": (c_uint32, c_void_p),
    "midi_event_get": (c_int, c_void_p, c_void_p, c_uint32),
    "midi_event_reserve": (c_void_p, c_void_p, c_uint32, c_size_t),
    "midi_clear_buffer": (None, c_void_p),
    "last_frame_time": (c_uint32, c_void_p),
    "get_time": (c_uint64,),
}


class Library:
    """libjack's functions as attributes, named as in C without `jack_`.

    Raises
    ------
    InputError
        If the library is missing.
    """

    def __init__(self) -> None:
        try:
            self._loaded = ctypes.CDLL(NAME)
        except OSError as error:
            raise InputError(f"JACK's library {NAME} cannot be loaded ({error}); {REMEDY}; {ELSEWHERE}") from None
        for name, (result, *arguments) in _FUNCTIONS.items():
            function = getattr(self._loaded, f"jack_{name}")
            function.restype, function.argtypes = result, arguments
        self.callbacks = callbacks()
        for name in ("set_error_function", "set_info_function"):
            self.__getattr__(name)(self.callbacks["message"].address)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loaded, f"jack_{name}")

    def address(self, name: str) -> int:
        """Return where a function lies, for calls from compiled code."""
        return int(ctypes.cast(getattr(self, name), c_void_p).value or 0)


@functools.cache
def libjack() -> Library:
    """Return the library; it and the compiled callbacks stay for the rest of the process."""
    return Library()
