"""JSON lines as they come down a pipe.  bytes -> lines -> `LineActs`."""

from __future__ import annotations

import os
import select
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO

from synth.control.commands import Effects
from synth.control.rejections import Notify, Refused, Rejections
from synth.control.stream.line_splitter import PIECE_BYTES, Splitter
from synth.live.protocols.before_sound import are_past, settling, waiting
from synth.live.protocols.line_acts import LineActs
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError


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
        self.rejections = Rejections(name, notify)
        self._splitter = Splitter()
        self._lines = 0
        self.has_ended = False
        self._waiting = b""  # in the pipe, when sound begins
        self._closing = threading.Event()
        self._acts = LineActs(session_stream, effects or {}, self._closing)
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
        return {"lines": self._lines, **self._acts.counts, "rejected": self.rejections.total}

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
        self._notify(f"{self._name} has ended after {self._lines} lines; the stream stalls as its contract says")

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
            with suppress(Refused):  # told with the newest line
                self._acts.begin_late(stream, settling(lines, stream.contract))
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
        self._lines += 1
        if text is not None and not text.strip():
            return
        try:
            self._acts.do(text, is_past)
        except Refused as refused:
            self.rejections.add(refused.kind, refused.why, f"line {self._lines}")
