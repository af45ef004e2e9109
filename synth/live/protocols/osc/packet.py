"""OSC packets: what came in one datagram, as plain data.  bytes -> bundles by their time tags -> messages; and back, for replies.

python-osc builds messages. It does not read them: a part of size -4 makes it turn for ever, one cut short is believed, and an
unknown type of argument puts the next ones in the wrong place. So all types of OSC 1.0 and 1.1 are read here, to the byte.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from synth.control.rejections import Refused

IMMEDIATELY = 1
"""The time tag of what has no time."""
TAGS_A_SECOND = 1 << 32
"""A time tag counts 2^-32 seconds since 1900."""
DEEPEST = 8
"""Bundles within bundles."""
NUMBERS = frozenset("ifhd")
"""The types of numbers; True and False are none."""
_BUNDLE = b"#bundle\0"
_SIZED = {"i": "i", "f": "f", "h": "q", "d": "d", "t": "Q", "r": "I", "m": "I", "c": "I"}
_CONSTANTS = {"T": True, "F": False, "N": None, "I": None}
_TEXTS = "sS"
_LAST_ASCII = 127
_TYPES = frozenset((*_SIZED, *_CONSTANTS, *_TEXTS, "b", "[", "]"))
_MEANT = str.maketrans("Sc", "ss")


@dataclass(frozen=True, slots=True)
class Message:
    """An address, the types of what is said to it, and that itself; symbols and characters are texts, arrays laid out flat."""

    address: str
    types: str
    arguments: list[Any]


Frames = dict[int, list[Message]]


def read_packet(data: bytes) -> Frames:
    """Return the messages of a datagram by the time tag at which they act, in order.

    A bundle within a bundle acts at its own tag, which may not lie before that of the one around it; "immediately" within one
    that has a tag means that tag.

    Raises
    ------
    Refused
        If it is no packet from beginning to end: then nothing of it is to be used.
    """
    frames: Frames = {}
    _read(data, IMMEDIATELY, 0, frames)
    return frames


def _read(data: bytes, tag: int, depth: int, frames: Frames) -> None:
    if not data.startswith(_BUNDLE):
        frames.setdefault(tag, []).append(_message(data))
        return
    if depth >= DEEPEST:
        raise Refused("nesting", f"bundles lie more than {DEEPEST} deep in one another")
    if len(data) < 16 or len(data) % 4:
        raise Refused("no OSC", "a bundle ends before its time tag does")
    own = _inner_tag(tag, int.from_bytes(data[8:16], "big"))
    frames.setdefault(own, [])
    at = 16
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big", signed=True)
        if size <= 0 or size % 4 or at + 4 + size > len(data):
            raise Refused("no OSC", f"a part of a bundle says that it has {size} bytes; {len(data) - at - 4} are left")
        _read(data[at + 4 : at + 4 + size], own, depth + 1, frames)
        at += 4 + size


def _inner_tag(around: int, tag: int) -> int:
    if tag == IMMEDIATELY:
        return around
    if around != IMMEDIATELY and tag < around:
        raise Refused("time tag", "a bundle within a bundle is to act before the one around it")
    return tag


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return the ASCII text at a place, and where what follows it begins."""
    end = data.find(b"\0", at)
    if end < 0:
        raise Refused("no OSC", "a text has no end")
    text = data[at:end].decode("ascii", "replace")
    if not (text.isascii() and text.isprintable()):
        raise Refused("no OSC", "an address, or what says the types, holds something else than printable ASCII")
    return text, (end + 4) & ~3


def _message(data: bytes) -> Message:
    if not data.startswith(b"/") or len(data) % 4:
        raise Refused("no OSC", "it is neither a bundle nor a message, which begins with an address '/...'")
    address, at = _text(data, 0)
    if at == len(data):  # old senders say no types where there is no argument
        return Message(address, "", [])
    types, begin = _text(data, at)
    if not types.startswith(","):
        raise Refused("no OSC", "after an address come the types of its arguments, ',...'")
    types = types[1:]
    if not _TYPES.issuperset(types):
        raise Refused("argument type", f"an argument has none of the types {' '.join(sorted(_TYPES))}")
    types = _flat(types) if "[" in types or "]" in types else types
    return Message(address, types.translate(_MEANT), _arguments(data, types, begin))


def _arguments(data: bytes, types: str, at: int) -> list[Any]:
    """Return the arguments, if they fill the message to its end."""
    if NUMBERS.issuperset(types):
        return _numbers(data[at:], types)
    arguments: list[Any] = []
    for kind in types:
        if kind in _SIZED:
            size = struct.calcsize(_SIZED[kind])
            arguments += _numbers(data[at : at + size], kind)
            at += size
        elif kind in _TEXTS:
            argument, at = _string(data, at)
            arguments.append(argument)
        elif kind == "b":
            size = _numbers(data[at : at + 4], "i")[0]
            if not 0 <= size <= len(data) - at - 4:
                raise Refused("no OSC", f"a blob says that it has {size} bytes; {len(data) - at - 4} are left")
            arguments.append(data[at + 4 : at + 4 + size])
            at += 4 + (size + 3) // 4 * 4
        else:
            arguments.append(_CONSTANTS[kind])
    if at != len(data):
        raise Refused("no OSC", "its arguments are shorter or longer than their types say")
    return [_character(one) if kind == "c" else one for kind, one in zip(types, arguments, strict=True)]


def _character(code: int) -> str:
    if code > _LAST_ASCII:
        raise Refused("no OSC", f"a character has the number {code}; it must be ASCII")
    return chr(code)


def _numbers(data: bytes, types: str) -> list[Any]:
    try:
        return list(struct.unpack(">" + "".join(_SIZED[kind] for kind in types), data))
    except struct.error:
        raise Refused("no OSC", "its numbers are fewer or more than its types say") from None


def _string(data: bytes, at: int) -> tuple[str, int]:
    end = data.find(b"\0", at)
    if end < 0:
        raise Refused("no OSC", "a text has no end")
    try:
        return data[at:end].decode(), (end + 4) & ~3
    except UnicodeDecodeError:
        raise Refused("no OSC", "a text is neither ASCII nor UTF-8") from None


def _flat(types: str) -> str:
    """Return the types without the brackets of arrays, which have no bytes of their own."""
    depth = 0
    for kind in types:
        depth += (kind == "[") - (kind == "]")
        if depth < 0:
            break
    if depth:
        raise Refused("no OSC", "the brackets of an array do not pair")
    return types.replace("[", "").replace("]", "")


def build(address: str, *arguments: str | float | int) -> bytes:
    """Return a message: texts, float32 and whole numbers."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    message: bytes = builder.build().dgram
    return message
