"""OSC packets: what came in one datagram, as plain data.  bytes -> bundles by their time tags -> messages; and back, for replies.

python-osc reads texts and blobs, and builds messages. Its bundles are not used: a part of size -4 makes it turn for ever, one cut
short is believed, and an unknown type of argument puts the next ones in the wrong place. So sizes are checked here, to the byte.
"""

from __future__ import annotations

import functools
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
_SIZES = {"i": 4, "f": 4, "r": 4, "m": 4, "h": 8, "d": 8, "t": 8, "T": 0, "F": 0, "N": 0}
_TYPES = frozenset((*_SIZES, "s", "b"))


@dataclass(frozen=True, slots=True)
class Message:
    """An address, the types of what is said to it, and that itself."""

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
    return Message(address, types, _arguments(data, types, begin))


def _arguments(data: bytes, types: str, begin: int) -> list[Any]:
    """Return the arguments, if they fill the message to its end."""
    if NUMBERS.issuperset(types):
        return _numbers(data[begin:], types)
    OscMessage, wrong = _python_osc()  # noqa: N806
    try:
        arguments = OscMessage(data).params
    except wrong as error:
        raise Refused("no OSC", f"an argument cannot be read: {error}") from None
    if sum(map(_size_of, types, arguments)) != len(data) - begin:
        raise Refused("no OSC", "its arguments are shorter or longer than their types say")
    return list(arguments)


def _numbers(data: bytes, types: str) -> list[Any]:
    try:
        return list(struct.unpack(f">{types.replace('h', 'q')}", data))
    except struct.error:
        raise Refused("no OSC", "its numbers are fewer or more than its types say") from None


def _size_of(kind: str, argument: Any) -> int:
    if kind == "s":
        return (len(argument.encode()) + 4) & ~3
    return 4 + (len(argument) + 3) // 4 * 4 if kind == "b" else _SIZES[kind]


@functools.cache
def _python_osc() -> tuple[Any, tuple[type[Exception], ...]]:
    """Return the class that reads a message, and what it may raise: texts need not be UTF-8, time tags no date."""
    from pythonosc.osc_message import OscMessage, ParseError
    from pythonosc.parsing import osc_types

    return OscMessage, (ParseError, osc_types.ParseError, ValueError, IndexError, TypeError, OverflowError, struct.error)


def build(address: str, *arguments: str | float | int) -> bytes:
    """Return a message: texts, float32 and whole numbers."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    message: bytes = builder.build().dgram
    return message
