"""The display of a session with a listener: one line, and messages above it.  text, messages -> stderr."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence

from synth.cli.progress import note
from synth.cli.terminal.cells import cut
from synth.cli.terminal.peak_hold import news

_EVERY_S = 1 / 12
_CLEAR = "\r\x1b[2K"


class Line:
    """Shows it, a dozen times a second, if stderr is a terminal; else messages alone. `is_quiet`: neither."""

    def __init__(self, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._draws = not is_quiet and sys.stderr.isatty()
        self._told: tuple[str, ...] = ()
        self._due_s = 0.0

    def show(self, text: str, messages: Sequence[str]) -> None:
        """Show the line as it is now, and what is new among the messages of late."""
        fresh, self._told = news(self._told, tuple(messages)), tuple(messages)
        if self._is_quiet:
            return
        if fresh:
            self.end()
        for each in fresh:
            note(each)
        if self._draws and (fresh or time.monotonic() >= self._due_s):
            self._due_s = time.monotonic() + _EVERY_S
            sys.stderr.write(_CLEAR + cut(text, max(shutil.get_terminal_size().columns - 1, 1)))
            sys.stderr.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._draws:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
