"""What OSC packets do.  packet -> frames by their time tags -> messages -> one push and its strikes; replies, rejections.

A packet that is not sound from end to end changes nothing. In a sound one each message stands for itself: one that cannot be used
is left out, counted and answered with /error, and the others act.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synth.control.commands import Effects
from synth.control.rejections import Refused, Rejections, printable, worded
from synth.control.stream.stream import Stream
from synth.io.net.budget import Allowance, Budget
from synth.live.protocols.osc.addresses import ERROR, OWN, Addresses, addresses_of
from synth.live.protocols.osc.methods import Methods, Value
from synth.live.protocols.osc.packet import IMMEDIATELY, Message, build, read_packet
from synth.live.protocols.osc.pending_frame import Asked, Frame
from synth.live.protocols.osc.time_tags import Origin
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError

_ERROR, _START = f"/{ERROR}", f"/{OWN}/start"
_BYTES, _ALL_BYTES = Allowance(16e3, 32e3), Allowance(128e3, 128e3)
_ERRORS, _ALL_ERRORS = Allowance(20, 20), Allowance(100, 100)
_BEGIN_S, _LOOK_S, _MOST_WAITING = 0.5, 0.001, 1024
_TOO_LATE_S = 1.0
Send = Callable[[bytes, Any], bool]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Commands of a frame whose stream has not been synced yet."""

    stream: Stream
    time_s: float
    asked: list[Asked]
    end_s: float


class Hearing:
    """Does what OSC packets say; one thread calls it.

    Parameters
    ----------
    session_stream : what parameters go into.
    value, effects : see `Osc`.
    rejections : where what cannot be used is counted.
    send : sends a reply to a sender; whether it could.

    Attributes
    ----------
    counts : what has come and gone.
    """

    def __init__(self, session_stream: SessionStream, value: Value, effects: Effects, rejections: Rejections, send: Send) -> None:
        self._session_stream, self._rejections, self._send = session_stream, rejections, send
        self._methods = Methods(value, effects, lambda: self.stats)
        self._addresses: Addresses | None = None
        self._origin = Origin()
        self._waiting: list[_Waiting] = []
        self._bytes, self._errors = Budget(_BYTES, _ALL_BYTES), Budget(_ERRORS, _ALL_ERRORS)
        names = ("packets", "messages", "frames", "strikes", "replies", "errors_told", "answers_withheld")
        self.counts = dict.fromkeys(names, 0)

    @property
    def stats(self) -> Mapping[str, Any]:
        """What has happened so far: the stream's counters, the server's own, and what was left out, by kind."""
        return self._session_stream.stats | self.counts | {"left_out": dict(self._rejections.counts)}

    @property
    def addresses(self) -> Addresses | None:
        """The addresses that there are now; None between two presets."""
        try:
            space = self._session_stream.space
        except InputError:
            return None
        if self._addresses is None or self._addresses.space.hash != space.hash:
            self._addresses = addresses_of(space)
        return self._addresses

    def warm(self) -> None:
        """Load what the first packet needs, so that it does not come late: its arrival may sync the stream's start."""
        read_packet(build("/", "warm"))
        if self.addresses:
            with contextlib.suppress(InputError):  # another preset, just now
                self._session_stream.push(np.empty((0, len(self.addresses.space))))

    # ---- packets

    def hear(self, data: bytes, sender: Any) -> None:
        """Do what one datagram says."""
        self.counts["packets"] += 1
        self._bytes.give(_host(sender), len(data))
        self._methods.begin(sender)
        try:
            frames = read_packet(data)
        except Refused as refused:
            self._reject(_ERROR if data.startswith(_ERROR.encode()) else "/", refused, sender)
            return
        for tag, messages in frames.items():
            self._hear_frame(tag, messages, sender)

    def _hear_frame(self, tag: int, messages: list[Message], sender: Any) -> None:
        """Do what the messages of one time tag say, together."""
        addresses = self.addresses
        frame = Frame(addresses.space if addresses else None)
        for message in messages:
            self.counts["messages"] += 1
            try:
                self._hear_message(message, tag, frame, addresses, sender)
            except Refused as refused:
                self._reject(message.address, refused, sender)
        if frame.has_values or frame.asked:
            try:
                self._act(frame, tag)
                self.counts["frames"] += 1
            except InputError as error:  # another preset, just now
                self._reject(messages[0].address, Refused("no preset", str(error)), sender)

    def _hear_message(self, message: Message, tag: int, frame: Frame, addresses: Addresses | None, sender: Any) -> None:
        if _is_error(message.address):
            raise Refused("an error", "somebody answers to what came from here")
        if message.address == _START:
            self._start(tag)
            return
        reply = self._methods.do(message, frame, addresses, sender)
        if reply is not None:
            self.counts["replies"] += self._tell(build(message.address, *reply), sender)

    def _start(self, tag: int) -> None:
        if tag == IMMEDIATELY:
            raise Refused("time tag", "it belongs into a bundle, whose time tag becomes the stream's start")
        self._origin.move(tag, self._session_stream.stream)

    # ---- frames

    def _act(self, frame: Frame, tag: int) -> None:
        """Push a frame, and let its strikes act with it."""
        stream = self._session_stream.stream
        if stream is None or frame.space is None:
            raise InputError("no preset plays at the moment")
        sent: dict[str, Any] = {"hash": frame.space.hash}
        if tag != IMMEDIATELY:  # without a value too: it is what syncs the stream's start
            time_s = self._origin.time_s(tag, stream)
            self._session_stream.push(frame.vector(), time_s=time_s, **sent)
            self._play_with(_Waiting(stream, time_s, frame.asked, time.monotonic() + _BEGIN_S))
            return
        at = stream.frame_of() if frame.has_values and frame.asked else None
        if frame.has_values:
            self._session_stream.push(frame.vector(), at=at, **sent)
        self._play(frame.asked, at)

    def look(self) -> float | None:
        """Let those strikes act whose stream has been synced meanwhile; return when to look again, None: nothing waits."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._play_with(one)
        return _LOOK_S if self._waiting else None

    def _play_with(self, one: _Waiting) -> None:
        """Let strikes act at the frame of their stamp; before the quantum has synced a first stamp they have none, and wait."""
        at = one.stream.frame_of(one.time_s)
        if at is None and one.asked and time.monotonic() < one.end_s and len(self._waiting) < _MOST_WAITING:
            self._waiting.append(one)
            return
        now_s = one.stream.time_s
        self._play(one.asked, at, 0.0 if now_s is None else now_s - one.time_s - self._session_stream.contract.delay_s)

    def _play(self, asked: list[Asked], at: int | None, late_s: float = 0.0) -> None:
        """Do commands, all at one frame; a strike that comes far too late is no rhythm any more."""
        for one in asked:
            is_strike = one.call.command.name == "strike"
            try:
                if late_s > _TOO_LATE_S and is_strike:
                    raise Refused("late strike", f"it came {late_s:.1f} s after its time; allowed: {_TOO_LATE_S:g} s")
                self._methods.call(one.call, at)
                self.counts["strikes"] += is_strike
            except Refused as refused:
                self._reject(one.address, refused, one.sender)

    # ---- what cannot be used

    def _reject(self, address: str, refused: Refused, sender: Any) -> None:
        """Count it, tell the first of its kind, and answer if there is room for an answer."""
        where = printable(address)
        self._rejections.add(refused.kind, refused.why, where)
        if not _is_error(address) and self._errors.take(_host(sender), 1):
            answer = build(_ERROR, where, refused.kind, printable(worded(refused.why)))
            self.counts["errors_told"] += self._tell(answer, sender)

    def _tell(self, data: bytes, sender: Any) -> bool:
        """Answer, if the sender may have as much: who is asked in another's name sends him little more than was sent here."""
        if self._bytes.take(_host(sender), len(data)):
            return self._send(data, sender)
        self.counts["answers_withheld"] += 1
        return False


def _host(sender: Any) -> Any:
    """Return the machine that a datagram says it comes from, whatever its port."""
    return sender[0] if isinstance(sender, tuple) and sender else sender


def _is_error(address: str) -> bool:
    """Whether a message is an error, as somebody else tells it; "/errors" may be a layer."""
    return address == _ERROR or address.startswith(f"{_ERROR}/")
