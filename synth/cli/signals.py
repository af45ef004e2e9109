"""Stopping: Ctrl-C and its like.  signal -> remembered until the next safe point, or the end at once if there is nothing to keep.

A signal's exception would be lost while kernels are loaded (llvmlite's callbacks swallow it), and could hit between the making of
a file and the keeping of it. So the handler raises nothing: whoever writes a file asks `should_stop` between its blocks.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # SIGHUP: the terminal is gone; not on every system


class Stop:
    """What a signal asked for."""

    def __init__(self) -> None:
        self.number = 0
        self._is_asked_for = False

    @property
    def code(self) -> int:
        """The exit code of a process that was stopped."""
        return 128 + (self.number or signal.SIGINT)

    def should_stop(self) -> bool:
        """Whether a signal has come; from the first call on the process waits for the next one instead of ending at once."""
        self._is_asked_for = True
        return self.number != 0

    def heed(self, number: int, _: Any) -> None:
        """Handle a signal."""
        self.number = self.number or number
        if self._is_asked_for:
            return
        show_cursor = "\r\x1b[2K\x1b[?25h" if sys.stderr is not None and sys.stderr.isatty() else ""
        with suppress(OSError):
            os.write(2, f"{show_cursor}synth: stopped; no file was written\n".encode())
        os._exit(self.code)


@contextmanager
def signals() -> Iterator[Stop]:
    """Handle the signals that ask a process to stop while the `with` block runs; those it was started to ignore stay ignored."""
    stop, before = Stop(), {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, stop.heed)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
