"""Standard MIDI Files as events, read as players read them.  bytes -> chunks -> tracks -> events, with their ticks.

What nobody needs is skipped by its length, whatever is in it: chunks of other kinds, meta events, system exclusive messages.
A note is never lost silently: what cannot be told apart is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from synth.parameters.errors import InputError

DEVICE_NAME, MIDI_PORT, END_OF_TRACK, TEMPO = 0x09, 0x21, 0x2F, 0x51
MOST_EVENTS = 1_000_000
_SYSEX, _ESCAPE, _META = 0xF0, 0xF7, 0xFF
_REAL_TIME = 0xF8
_SIZES = dict.fromkeys((*range(0x80, 0xC0), *range(0xE0, 0xF0)), 2) | dict.fromkeys(range(0xC0, 0xE0), 1)
_SIZES |= {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0, 0xF8: 0, 0xFA: 0, 0xFB: 0, 0xFC: 0, 0xFE: 0}
"""By status, how many data bytes follow it."""
_LONGEST_NUMBER = 9  # bytes: 63 bits; the standard allows 4


class Event(NamedTuple):
    """Something of a track: its tick, the number of a meta event or None for what is played, and its bytes."""

    tick: int
    meta: int | None
    data: bytes


class Score(NamedTuple):
    """A file's format, its division, and the events of each track."""

    format: int
    division: int
    tracks: list[list[Event]]


def read_events(content: bytes) -> Score:
    """Return what a file of any format says.

    Raises
    ------
    InputError
        If it is none; names the track and the byte.
    """
    if content[:4] != b"MThd":
        raise InputError(f"MThd not found at its beginning but {content[:4]!r}")
    size = int.from_bytes(content[4:8], "big")
    if len(content) < 14 or len(content) < 8 + size:
        raise InputError("it ends too early, in its header")
    if size < 6:
        raise InputError(f"its header has {size} bytes; it must have 6")
    kind, promised, division = struct.unpack_from(">HHh", content, 8)
    tracks: list[list[Event]] = []
    left = MOST_EVENTS
    for at, end in _tracks(content, 8 + size, promised):
        try:
            events = _at_most(_events(content, at, end), left)
        except InputError as error:
            raise InputError(f"track {len(tracks) + 1}: {error}") from None
        left -= len(events)
        tracks.append(events)
    return Score(kind, division, tracks)


def _tracks(content: bytes, at: int, promised: int) -> Iterator[tuple[int, int]]:
    """Yield where each track begins and ends: those that the header promises, and more if there are; other chunks are skipped."""
    found = 0
    while found < promised or content[at : at + 4] == b"MTrk":
        begin, end = at + 8, at + 8 + int.from_bytes(content[at + 4 : at + 8], "big")
        if end > len(content) or begin > len(content):
            raise InputError(f"it ends too early, in track {found + 1} of {promised}")
        if content[at : at + 4] == b"MTrk":
            found += 1
            yield begin, end
        at = end


def _at_most(events: Iterator[Event], most: int) -> list[Event]:
    found = []
    for event in events:
        found.append(event)
        if len(found) > most:
            raise InputError(f"the file holds more than {MOST_EVENTS} events; split it")
    return found


def _events(content: bytes, at: int, end: int) -> Iterator[Event]:
    """Yield a track's events. Running status is the last channel message's, whatever else came in between."""
    tick, running, is_open, wire = 0, 0, False, _Wire()
    while at < end:
        delta, at = _number(content, at, end)
        tick += delta
        first = content[at] if at < end else _cut_short(at)
        if first == _META:
            meta = content[at + 1] if at + 1 < end else _cut_short(at)
            data, at = _counted(content, at + 2, end)
            yield Event(tick, meta, data if meta in (DEVICE_NAME, MIDI_PORT, TEMPO) else b"")
            if meta == END_OF_TRACK:
                return
        elif first in (_SYSEX, _ESCAPE):
            data, at = _counted(content, at + 1, end)
            yield Event(tick, _SYSEX, b"")  # it counts as an event, and for the length of the file
            is_more = is_open and not 0x80 <= data[0] < _SYSEX if data else is_open
            if first == _SYSEX or is_more:  # a system exclusive message may come in parts, each but the first after an escape
                is_open = not data.endswith(b"\xf7")
            else:
                yield from (Event(tick, None, message) for message in wire.messages(data))
        else:
            if first >= 0x80:
                at += 1
            status = first if first >= 0x80 else running
            if status not in _SIZES:
                what = f"the status {status:#04x} means nothing" if status else "data come before any status"
                raise InputError(f"byte {at}: {what}")
            running = status if status < _SYSEX else running
            data = content[at : at + _SIZES[status]]
            at += _SIZES[status]
            if at > end:
                _cut_short(end)
            if data and max(data) > 0x7F:
                raise InputError(f"byte {at}: a data byte must be in range 0 .. 127, it is {max(data)}")
            is_open = False
            yield Event(tick, None, bytes((status, *data)))


class _Wire:
    """What escapes send as it is, byte by byte: a message may be cut in two by them."""

    def __init__(self) -> None:
        self._message = bytearray()

    def messages(self, data: bytes) -> Iterator[bytes]:
        """Yield the messages that are complete now, without system exclusive ones."""
        for byte in data:
            if byte >= _REAL_TIME:
                if byte in _SIZES:
                    yield bytes([byte])
                continue
            if byte >= 0x80:
                self._message.clear()
            self._message.append(byte)
            status = self._message[0]
            if status in _SIZES and len(self._message) == 1 + _SIZES[status]:
                yield bytes(self._message)
                del self._message[1 if status < _SYSEX else 0 :]
            elif status not in _SIZES:
                del self._message[1:]


def _number(content: bytes, at: int, end: int) -> tuple[int, int]:
    """Return a number of variable length, and where what follows it begins."""
    number = 0
    for place in range(at, min(end, at + _LONGEST_NUMBER)):
        byte = content[place]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place + 1
    if end - at >= _LONGEST_NUMBER:
        raise InputError(f"byte {at}: a number has more than {_LONGEST_NUMBER} bytes")
    _cut_short(end)


def _counted(content: bytes, at: int, end: int) -> tuple[bytes, int]:
    """Return as many bytes as they say themselves to be, and where what follows them begins."""
    size, at = _number(content, at, end)
    if at + size > end:
        _cut_short(at)
    return content[at : at + size], at + size


def _cut_short(at: int) -> NoReturn:
    raise InputError(f"byte {at}: it ends too early, within an event")
