"""JSON lines as they come down a pipe.  bytes -> lines -> frames and commands -> session stream.

Everything in a line acts at one frame: at its stamp, or `delay_s` after its arrival.
"""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from synth.control.commands import Call, Effects
from synth.control.rejections import Notify, Refused, Rejections
from synth.control.stream.json_lines import Line, Vocabulary, parse_line
from synth.control.stream.line_splitter import PIECE_BYTES, Splitter
from synth.control.stream.stream import Stream
from synth.engine.commands import refusals
from synth.live.protocols.backlog import Settling, are_past, settling, waiting
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError

Vector = npt.NDArray[np.float32] | None
_PATIENCE_S, _LOOK_S = 0.25, 0.001  # until the quantum has synced a first stamp


class Lines:
    """Reads lines from a file and hands what they say to a drive, while the `with` block runs.

    Parameters
    ----------
    session_stream : where values go.
    file : a pipe, or anything else with a file number from which nothing has been read yet.
    notify : told in one line of the first line of each kind that cannot be used, and of the end.
    effects : what else lines may do, as `synth.control.commands.Call.do` calls it; by default nothing.
    name : of the file, for people.

    Attributes
    ----------
    rejections : what could not be used.
    has_ended : whether nothing more can come; the session plays on.

    Raises
    ------
    InputError
        If the file is the terminal, whose keys are the performer's.
    """

    def __init__(
        self, session_stream: SessionStream, file: BinaryIO, notify: Notify, effects: Effects | None = None, name: str = "stdin"
    ) -> None:
        if file.isatty():
            raise InputError(f"stream '{name}' is the terminal, whose keys play; let a program's output go into it, or a file")
        self._session_stream, self._file, self._notify, self._name = session_stream, file.fileno(), notify, name
        self._effects: Effects = effects or {}
        self.rejections = Rejections(name, notify)
        self._known: Vocabulary | None = None
        self._splitter = Splitter()
        self._counts = dict.fromkeys(("lines", "frames", "acts"), 0)
        self.has_ended = False
        self._is_heard = True
        self._waiting = b""  # in the pipe, when sound begins
        self._settling: Settling | None = None
        self._past: Vector = None
        self._closing = threading.Event()
        self._wake_read, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, name="synth lines", daemon=True)

    def __enter__(self) -> Lines:
        self._waiting = waiting(self._file)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.set()
        os.close(self._wake)
        if sys.platform != "win32":  # where a pipe can only be waited for by reading from it
            self._thread.join()
            os.close(self._wake_read)
        self.rejections.sum_up()

    @property
    def stats(self) -> dict[str, int]:
        """How many `lines` came, `frames` were handed on, `acts` were done, and how much was `rejected`."""
        return self._counts | {"rejected": self.rejections.total}

    # ---- reading

    def _run(self) -> None:
        self._begin(list(self._splitter.feed(self._waiting)))
        while piece := self._read():
            self.hear(piece)
        if self._closing.is_set():
            return
        for line in self._splitter.end():
            self._take(line)
        self.has_ended = True
        self._notify(f"{self._name} has ended after {self._counts['lines']} lines; the stream stalls as its contract says")

    def _read(self) -> bytes:
        """Return what has come, as soon as something has; nothing at the end. Never holds a lock that the program's end needs."""
        try:
            if sys.platform != "win32" and self._wake_read in select.select([self._file, self._wake_read], [], [])[0]:
                return b""
            return os.read(self._file, PIECE_BYTES)
        except OSError as error:
            self._notify(f"{self._name} cannot be read: {error.strerror}")
            return b""

    def _begin(self, lines: list[bytes | None]) -> None:
        """Take in what the pipe held when sound began: all but the newest is past if its stamps say so."""
        stream = self._session_stream.stream
        is_past = stream is not None and are_past(lines, stream.contract)
        for line in lines[:-1]:
            self._take(line, is_past)
        if is_past and stream is not None:
            self._notify(f"{self._name}: {len(lines)} lines came before sound began; the newest counts")
            self._settling = settling(lines, stream.contract)
            with suppress(Refused):  # told with the newest line
                self._push(stream, self._past)
        for line in lines[-1:]:
            self._take(line)

    def hear(self, piece: bytes) -> None:
        """Take in what came."""
        for line in self._splitter.feed(piece):
            if self._closing.is_set():
                return
            self._take(line)

    # ---- what a line says

    def _take(self, text: bytes | None, is_past: bool = False) -> None:
        self._counts["lines"] += 1
        if text is not None and not text.strip():
            return
        try:
            self._do(text, is_past)
        except Refused as refused:
            self.rejections.add(refused.kind, refused.why, f"line {self._counts['lines']}")

    def _do(self, text: bytes | None, is_past: bool) -> None:
        stream = self._session_stream.stream
        if stream is not None and (self._known is None or self._known.space is not stream.space):
            self._known = Vocabulary(stream.space, self._effects)
        if self._known is None:
            raise Refused("no preset", "no preset plays yet")
        line = parse_line(text, self._known)
        if line.vector is None and line.call and not line.call.command.is_timed:
            self._call(line.call, None)
            return
        if stream is None:
            raise Refused("no preset", "no preset plays at the moment")
        if is_past and line.time_s is not None:
            if line.vector is not None:
                self._past = line.vector if self._past is None else np.where(np.isnan(line.vector), self._past, line.vector)
        elif line.time_s is None:
            self._timeless(stream, line)
        else:
            self._stamped(stream, line, line.time_s)

    def _timeless(self, stream: Stream, line: Line) -> None:
        at = stream.frame_of() if line.call and stream.contract.delay_s else None  # without a delay, now is now
        self._push(stream, line.vector, at)
        if line.call:
            self._call(line.call, at)

    def _stamped(self, stream: Stream, line: Line, time_s: float) -> None:
        time_s = self._settling.settled(time_s) if self._settling else time_s
        self._push(stream, line.vector, time_s=time_s)
        if line.call:
            self._call(line.call, stream.frame_of(time_s))

    def _push(self, stream: Stream, vector: Vector, at: int | None = None, time_s: float | None = None) -> None:
        """Hand on a frame. One that moves nothing would take another's place: it is sent only to have its stamp synced."""
        is_first = time_s is not None and stream.frame_of(time_s) is None
        if vector is None and not is_first:
            return
        try:
            self._counts["frames"] += stream.push({} if vector is None else vector, at, time_s)
        except InputError as error:  # closed between two presets
            raise Refused("no preset", str(error)) from None
        if is_first:
            self._is_heard = self._is_heard and self._wait_for_sync(stream)
        elif time_s is not None:
            self._is_heard = True

    def _wait_for_sync(self, stream: Stream) -> bool:
        """Wait until the quantum has heard a first stamp, a block later: what is struck at another one needs to know.

        A pipe holds what comes meanwhile. (Datagrams would come late by it: OSC lets strikes wait instead.)
        """
        end_s = time.monotonic() + _PATIENCE_S
        while stream.frame_of(0.0) is None:
            if self._closing.wait(_LOOK_S) or time.monotonic() > end_s:
                return False  # the device is lost, or stands still
        return True

    def _call(self, call: Call, at: int | None) -> None:
        with refusals():
            call.do(self._effects, at)
        self._counts["acts"] += 1
