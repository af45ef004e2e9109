"""A JACK server's life, through the libjack that RtMidi brings.  server up -> watch -> server gone.

RtMidi does not tell when the server dies: it goes on listing the dead server's ports. So a client of our own, which is never
activated and costs the audio graph nothing, waits for the server's end.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
from typing import Any

_NO_START_SERVER = 0x01
_CLIENT = b"synth midi watch"


class Watch:
    """Watches the JACK server that the environment names.

    Raises
    ------
    OSError
        If no server runs.

    Notes
    -----
    A JACK thread must never wait for Python, so what it calls are C functions at hand: `time`, which at the server's end writes
    the date into `_end`, and `strlen`, which does nothing with libjack's chatter; it would otherwise land on the terminal.
    """

    def __init__(self, extension: str) -> None:
        self._jack = _libjack(extension)
        self._end = ctypes.c_longlong(0)
        self._client = self._jack.jack_client_open(_CLIENT, _NO_START_SERVER, None)
        if not self._client:
            raise OSError("no JACK server runs")
        self._jack.jack_on_shutdown(self._client, ctypes.CDLL(None).time, ctypes.byref(self._end))

    @property
    def has_ended(self) -> bool:
        """Whether the server is gone."""
        return self._end.value != 0

    def is_connected(self, source: str, port: str) -> bool:
        """Return whether a source leads to a port of one of our clients; RtMidi connects without looking whether that worked."""
        handle = self._jack.jack_port_by_name(self._client, source.encode())
        found = self._jack.jack_port_get_all_connections(self._client, handle) if handle else None
        if not found:
            return False
        ours = any(name.startswith(b"synth") and name.endswith(b":" + port.encode()) for name in itertools.takewhile(bool, found))
        self._jack.jack_free(found)
        return ours

    def close(self) -> None:
        """Leave the server; also after its end."""
        self._jack.jack_client_close(self._client)


@functools.cache
def _libjack(extension: str) -> Any:
    """Return the libjack that RtMidi's extension module, given by its path, has loaded: its symbols are found through it."""
    jack = ctypes.CDLL(extension)
    jack.jack_client_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    jack.jack_client_open.restype = ctypes.c_void_p
    jack.jack_on_shutdown.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    jack.jack_on_shutdown.restype = None
    jack.jack_client_close.argtypes = [ctypes.c_void_p]
    jack.jack_port_by_name.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    jack.jack_port_by_name.restype = ctypes.c_void_p
    jack.jack_port_get_all_connections.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    jack.jack_port_get_all_connections.restype = ctypes.POINTER(ctypes.c_char_p)
    jack.jack_free.argtypes, jack.jack_free.restype = [ctypes.c_void_p], None
    for name in ("jack_set_error_function", "jack_set_info_function"):
        setter = getattr(jack, name)
        setter.argtypes, setter.restype = [ctypes.c_void_p], None
        setter(ctypes.CDLL(None).strlen)
    return jack
