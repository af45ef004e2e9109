"""OSC as the door should understand it, written a second time: packet -> what it changes, strikes, answers, and rejections.

Slow and plain; only which addresses a pattern means is taken from the door itself.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synth.live.protocols.osc.addresses import Addresses, matching
from synth.parameters.errors import InputError

_FIXED = {"i": ">i", "f": ">f", "h": ">q", "d": ">d", "r": ">I", "m": ">I", "t": ">Q", "c": ">I"}


@dataclass
class Expected:
    """What one packet does."""

    vectors: list[np.ndarray] = field(default_factory=list)
    strikes: int = 0
    releases: int = 0
    commands: int = 0
    replies: int = 0
    rejected: int = 0


class _Bad(Exception):  # noqa: N818
    pass


def _text(data: bytes) -> tuple[bytes, bytes]:
    if b"\0" not in data:
        raise _Bad
    text = data.split(b"\0")[0]
    end = len(text) + 4 - len(text) % 4
    if end > len(data):
        raise _Bad
    return text, data[end:]


def _parse_message(data: bytes) -> tuple[str, str, list[Any]]:
    if data[:1] != b"/" or len(data) % 4:
        raise _Bad
    address, rest = _text(data)
    if any(not 0x20 <= byte < 0x7F for byte in address):
        raise _Bad
    if not rest:
        return address.decode(), "", []
    types, rest = _text(rest)
    if types[:1] != b"," or any(byte not in b"ifhdrmtcsSbTFNI[]" for byte in types[1:]):
        raise _Bad
    arguments: list[Any] = []
    open_arrays = 0
    for kind in types[1:].decode():
        if kind in "[]":
            open_arrays += 1 if kind == "[" else -1
            if open_arrays < 0:
                raise _Bad
        elif kind in _FIXED:
            size = struct.calcsize(_FIXED[kind])
            if len(rest) < size:
                raise _Bad
            arguments.append(struct.unpack(_FIXED[kind], rest[:size])[0])
            rest = rest[size:]
        elif kind in "sS":
            text, rest = _text(rest)
            try:
                arguments.append(text.decode())
            except UnicodeDecodeError:
                raise _Bad from None
        elif kind == "b":
            if len(rest) < 4:
                raise _Bad
            size = struct.unpack(">i", rest[:4])[0]
            if size < 0 or 4 + size > len(rest):
                raise _Bad
            arguments.append(rest[4 : 4 + size])
            rest = rest[4 + (size + 3) // 4 * 4 :]
        else:
            arguments.append(kind == "T")
    if rest or open_arrays:
        raise _Bad
    said = [one for one in types[1:].decode() if one not in "[]"]
    texts = "".join("s" if kind in "Sc" else kind for kind in said)
    if any(kind == "c" and one > 127 for kind, one in zip(said, arguments, strict=True)):
        raise _Bad
    return address.decode(), texts, [chr(one) if kind == "c" else one for kind, one in zip(said, arguments, strict=True)]


def _parse(data: bytes, tag: int, depth: int, frames: dict[int, list[Any]]) -> None:
    if data[:8] != b"#bundle\0":
        frames.setdefault(tag, []).append(_parse_message(data))
        return
    if depth == 8 or len(data) < 16 or len(data) % 4:
        raise _Bad
    own = int.from_bytes(data[8:16], "big")
    if own == 1:
        own = tag
    elif tag not in (1,) and own < tag:
        raise _Bad
    rest = data[16:]
    frames.setdefault(own, [])
    while rest:
        size = struct.unpack(">i", rest[:4])[0]
        if size <= 0 or size % 4 or size > len(rest) - 4:
            raise _Bad
        _parse(rest[4 : 4 + size], own, depth + 1, frames)
        rest = rest[4 + size :]


def expect(data: bytes, addresses: Addresses) -> Expected:
    """Return what a packet does while a preset plays."""
    done, frames = Expected(), {}
    try:
        _parse(data, 1, 0, frames)
    except _Bad:
        done.rejected = 1
        return done
    for tag, messages in frames.items():
        vector = np.full(len(addresses.space), np.nan)
        acts, says = 0, False
        for message in messages:
            try:
                struck, changed = _do(message, tag, vector, addresses, done)
                acts, says = acts + struck, says or changed
            except _Bad:
                done.rejected += 1
        if says or (acts and tag != 1):
            done.vectors.append(np.float32(vector))
    return done


def _do(message: tuple[str, str, list[Any]], tag: int, vector: np.ndarray, table: Addresses, done: Expected) -> tuple[int, bool]:
    """Do one message; return how many strikes, releases and commands of layers it is, and whether it changes the vector."""
    address, types, arguments = message
    space = table.space
    if address.startswith("/error"):
        raise _Bad
    if address == "/synth/start":
        if tag == 1:
            raise _Bad
        return 0, False
    if address == "/synth/vector":
        values = _whole(types, arguments, space)
        vector[~np.isnan(values)] = values[~np.isnan(values)]
        return 0, True
    if address in ("/synth/hash", "/synth/stats"):
        if types not in ("", "N", "I"):
            raise _Bad
        done.replies += 1
        return 0, False
    if address == "/synth/panic":
        done.commands += _pressed(types, arguments)
        return 0, False
    if address in ("/synth/preset", "/synth/scene"):
        if types != "s" and not (address == "/synth/scene" and _finite(types, arguments).is_integer()):
            raise _Bad
        done.commands += 1
        return 0, False
    if address == "/synth/release_override":
        done.commands += _given_back(types, arguments, table)
        return 0, False
    is_unit = address.startswith("/synth/unit/")
    own = address[len("/synth/unit") :] if is_unit else address
    found = [own] if own in table.places or (own in table.commands and not is_unit) else []
    if not found and any(sign in own for sign in "*?[]{}"):
        try:
            found = matching(own, table.all_places if is_unit else table.all)
        except InputError:
            raise _Bad from None
        if not types and any(one in table.places for one in found):
            raise _Bad
    if not found:
        raise _Bad
    if not types and own in table.places:
        done.replies += 1
        return 0, False
    strikes = releases = commands = 0
    for one in found:
        if one in table.commands:
            name = table.commands[one][0].name
            is_strike = _strike(types, arguments) if name == "strike" else None
            if name == "say" and types not in ("s", "sT", "sF"):
                raise _Bad
            is_pressed = is_strike is None and (name == "say" or _pressed(types, arguments))
            releases += is_strike is False or (is_pressed and name == "release")
            commands += is_pressed and name != "release"
            strikes += is_strike is True
    changes = {
        table.places[one]: _number(space, table.places[one], types, arguments, is_unit) for one in found if one in table.places
    }
    for place, number in changes.items():
        vector[place] = number
    done.strikes += strikes
    done.releases += releases
    done.commands += commands
    return strikes + releases + commands, bool(changes)


def _whole(types: str, arguments: list[Any], space: Any) -> np.ndarray:
    if types[:1] == "s":
        if arguments[0] != space.hash:
            raise _Bad
        types, arguments = types[1:], arguments[1:]
    if types == "b":
        if len(arguments[0]) % 4:
            raise _Bad
        arguments = [one for (one,) in struct.iter_unpack(">f", arguments[0])]
    elif not types or any(kind not in "ifhd" for kind in types):
        raise _Bad
    if len(arguments) != len(space):
        raise _Bad
    return np.array([float(one) for one in arguments])


def _finite(types: str, arguments: list[Any]) -> float:
    if len(types) != 1 or types not in "ifhd" or not math.isfinite(arguments[0]):
        raise _Bad
    return float(arguments[0])


def _pressed(types: str, arguments: list[Any]) -> bool:
    if types in ("", "N", "I", "T", "F"):
        return types != "F"
    return _finite(types, arguments) != 0


def _strike(types: str, arguments: list[Any]) -> bool:
    if types in ("", "N", "I", "T", "F"):
        return types != "F"
    velocity = _finite(types, arguments)
    if not 0 <= velocity <= 1:
        raise _Bad
    return velocity != 0


def _given_back(types: str, arguments: list[Any], table: Addresses) -> int:
    if types in ("", "N", "I"):
        return 1
    if types != "s":
        raise _Bad
    count = sum(one == arguments[0] for one in table.places)
    if arguments[0] in table.layers:
        count = sum(one.startswith(arguments[0] + "/") for one in table.places)
    if not count:
        raise _Bad
    return count


def _number(space: Any, place: int, types: str, arguments: list[Any], is_unit: bool) -> float:
    parameter = space.parameters[place]
    if types == "s" and parameter.choices and not is_unit:
        if arguments[0] not in parameter.choices:
            raise _Bad
        return float(parameter.choices.index(arguments[0]))
    number = _finite(types, arguments)
    if not is_unit:
        return min(max(number, parameter.low), parameter.high)
    vector = np.full(len(space), np.nan)
    vector[place] = number
    return float(space.from_unit(vector)[place])
