"""Hearing what a player touched.  bytes of a port -> messages -> one source, and how it says its values.

For `synth learn-midi`: everything that came until the hands were still for a moment is one gesture with one control.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from synth.control.midi import messages as m
from synth.control.midi.decoder import feed, flush, reset
from synth.control.midi.key_names import LAST_KEY, key_name
from synth.control.midi.mapping import MODES_FROM, Source

QUIET_S = 0.5
"""Hands are still when nothing came for this long."""
_RATE = 48000.0
_KINDS = {
    m.CONTROL: "cc", m.CONTROL_14: "cc", m.NRPN: "nrpn", m.NRPN_STEP: "nrpn", m.RPN: "rpn", m.RPN_STEP: "rpn", m.NOTE_ON: "note",
    m.PROGRAM: "program", m.CHANNEL_PRESSURE: "pressure", m.POLY_PRESSURE: "key_pressure", m.BEND: "bend",
}  # fmt: skip
"""What can be learnt; all else is silence: releases, clock, panic, zones."""
_UNASKED_CC = (0, 6, 32, 38, *range(64, 70), *range(96, 102), *range(MODES_FROM, 128))
_UNASKED_RPN = (0, 6)
"""What devices send without being touched, or a pedal: heard only when asked for."""
_ACTIVE_SENSING = 0xFE
_SLIDING = ("pressure", "key_pressure", "bend")
_MOVED = 0.25  # of its range: less is a finger that only rests
_TITLES = {"cc": "CC", "nrpn": "NRPN", "rpn": "RPN", "program": "program", "pressure": "pressure", "bend": "pitch bend"}


class Message(NamedTuple):
    """A decoded message: `kind` as in `Source`, `channel` 1 .. 16."""

    port: str
    kind: str
    channel: int
    number: int
    value: float
    is_14: bool = False


@dataclass(frozen=True)
class Heard:
    """What was touched: its `source` with port and channel, 7 or 14 bits, the way of an endless encoder, whether a button."""

    source: Source
    is_14: bool = False
    relative: str = ""
    is_button: bool = False

    @property
    def text(self) -> str:
        """What was heard, for people."""
        source = self.source
        what = _TITLES.get(source.kind, source.kind)
        if source.kind in ("note", "key_pressure"):
            low, high = key_name(source.low), key_name(source.high)
            what = ("pressure on key " if source.kind == "key_pressure" else "key ") + (
                low if low == high else f"{low} to {high}"
            )
        elif source.low == source.high:
            what += f" {source.low}"
        bits = "14 bits" if self.is_14 else "7 bits"
        how = f"endless encoder ({self.relative})" if self.relative else "button" if self.is_button else bits
        extra = f", {how}" if source.kind in ("cc", "nrpn", "rpn") else ""
        return f"{source.port or 'MIDI'}, channel {source.channel or 'any'}: {what}{extra}"


class Listener:
    """Takes in bytes and says what was touched, once the hands are still.

    Parameters
    ----------
    hears_all : also pedals, bank select, expression of single MPE notes and what else devices send without being touched.
    """

    def __init__(self, hears_all: bool = False) -> None:
        self._hears_all = hears_all
        self._decoders: dict[str, np.void] = {}
        self._out = np.zeros(m.OUT_MESSAGES, m.MESSAGE)
        self._said: list[Message] = []
        self._last_s = 0.0
        decoder = np.zeros(1, m.DECODER)[0]
        reset(decoder, _RATE)  # compiled now, not when somebody waits to be heard
        flush(decoder, feed(decoder, _ACTIVE_SENSING, 0, self._out), self._out)

    def take(self, port: str, data: Iterable[int], time_s: float) -> None:
        """Take in bytes of a port; times of a port never go back."""
        if port not in self._decoders:
            self._decoders[port] = np.zeros(1, m.DECODER)[0]
            reset(self._decoders[port], _RATE)
        for byte in data:
            self._keep(port, feed(self._decoders[port], byte, round(time_s * _RATE), self._out), time_s)

    def settle(self) -> Heard | None:
        """Return what was touched, as if the hands were still now."""
        return self.heard(self._last_s + 2 * QUIET_S)

    def heard(self, time_s: float) -> Heard | None:
        """Return what was touched if the hands are still now; forget it then."""
        for port, decoder in self._decoders.items():
            self._keep(port, flush(decoder, round(time_s * _RATE), self._out), time_s)
        if not self._said or time_s - self._last_s < QUIET_S:
            return None
        said, self._said = self._said, []
        return heard(said)

    def _keep(self, port: str, count: int, time_s: float) -> None:
        for message in self._out[:count]:
            kind = int(message["kind"])
            if kind in _KINDS and (self._hears_all or _is_touch(message)):
                channel, number, value = int(message["channel"]) + 1, int(message["number"]), float(message["value"])
                self._said.append(Message(port, _KINDS[kind], channel, number, value, kind == m.CONTROL_14))
                self._last_s = time_s


def _is_touch(message: np.void) -> bool:
    """Return whether somebody touched something, rather than a device speaking unasked."""
    kind, number = _KINDS[int(message["kind"])], int(message["number"])
    if (kind == "cc" and number in _UNASKED_CC) or (kind == "rpn" and number in _UNASKED_RPN):
        return False
    return message["scope"] != m.NOTE_SCOPE or kind in ("note", "key_pressure")


def heard(messages: Sequence[Message]) -> Heard | None:
    """Return what was touched, judged from all that came: keys before all else, then what came most often; None: only noise."""
    notes = [message for message in messages if message.kind == "note"]
    if notes:
        return Heard(_source([note for note in notes if note.port == notes[0].port]))
    groups: dict[tuple[str, str, int, int], list[Message]] = {}
    for message in messages:
        number = 0 if message.kind in _SLIDING else message.number
        groups.setdefault((message.port, message.kind, message.channel, number), []).append(message)
    found = [group for group in groups.values() if group[0].kind not in _SLIDING or _span(group) >= _MOVED]
    if not found:
        return None
    most = max(found, key=len)
    values = [round(message.value * 127) for message in most]
    is_14 = any(message.is_14 for message in most) or most[0].kind in ("nrpn", "rpn")
    is_plain = most[0].kind == "cc" and not is_14
    return Heard(
        _source(most), is_14, guess_relative(values) if is_plain else "", is_plain and set(values) <= {0, 127} and 127 in values
    )


def _span(group: Sequence[Message]) -> float:
    values = [message.value for message in group]
    return max(values) - min(*values, 0.0)


def _source(group: Sequence[Message]) -> Source:
    """Return the source of messages of one kind from one port; of keys, the range."""
    first, channels = group[0], {message.channel for message in group}
    numbers = (
        (0, LAST_KEY) if first.kind in ("pressure", "bend") else (min(x.number for x in group), max(x.number for x in group))
    )
    return Source(first.kind, *numbers, first.channel if len(channels) == 1 else 0, first.port)


_WAYS = {"twos": ((1, 16), (112, 128)), "sign": ((1, 16), (65, 80)), "offset": ((65, 80), (48, 64))}
_SLOW = {"twos": ({1, 2, 3},), "offset": ({65, 66, 67}, {61, 62, 63})}
_FEWEST = 4


def guess_relative(values: Sequence[int]) -> str:
    """Return the way in which an endless encoder says its steps, guessed from what came; "" for a knob that says where it stands.

    Turned both ways it is plain: small numbers of the two kinds and nothing between them. Turned one way, only steps that repeat
    tell it from a knob, and 1, 1, 1 is taken for the commonest of the ways that say so.
    """
    if len(values) < _FEWEST:
        return ""
    for way, (up, down) in _WAYS.items():
        is_up = [up[0] <= value < up[1] for value in values]
        is_down = [down[0] <= value < down[1] for value in values]
        if all(a or b for a, b in zip(is_up, is_down, strict=True)) and any(is_up) and any(is_down):
            return way
    repeats = sum(a == b for a, b in pairwise(values))
    is_slow = repeats >= len(values) // 2
    return next((way for way, ways in _SLOW.items() if is_slow and any(set(values) <= steps for steps in ways)), "")
