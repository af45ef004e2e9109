"""JACK's ports as the server lists them: names, aliases, and whether a pattern means them."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from synth.io.audio.libjack import ALIAS_BYTES, libjack


def listed(client: int, kind: bytes, flags: int) -> list[str]:
    """Return the names of all ports of a type with these flags, in the server's order."""
    found: Any = libjack().get_ports(client, None, kind, flags)
    if not found:
        return []
    names: list[str] = []
    while found[len(names)]:
        names.append(found[len(names)].decode(errors="replace"))
    libjack().free(found)
    return names


def matches(client: int, port: str, pattern: str) -> bool:
    """Whether a port's name or one of its aliases holds `pattern`, in upper or lower case."""
    wanted = pattern.casefold()
    return wanted in port.casefold() or any(wanted in alias.casefold() for alias in aliases(client, port))


def aliases(client: int, port: str) -> Sequence[str]:
    """Return what else a port is called: a sound card's MIDI port has the controller's name only here."""
    buffers = [ctypes.create_string_buffer(ALIAS_BYTES) for _ in range(2)]
    names = (ctypes.c_char_p * 2)(*(ctypes.cast(buffer, ctypes.c_char_p) for buffer in buffers))
    handle = libjack().port_by_name(client, port.encode())
    count = libjack().port_get_aliases(handle, names) if handle else 0
    return [buffer.value.decode(errors="replace") for buffer in buffers[:count]]
