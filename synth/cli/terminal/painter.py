"""The painter: puts rows on a terminal without flicker.  rows -> only those that changed -> one write.

`rich.live.Live` erases the whole picture before it draws the next one, a dozen times a second; here a row is written over, and
only if it differs. What others write to stdout or stderr is caught and set above the picture; it stays in the scrollback.
"""

from __future__ import annotations

import io
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from time import monotonic
from types import TracebackType
from typing import TextIO

from rich.cells import chop_cells
from rich.console import Console
from rich.control import Control
from rich.segment import ControlType, Segment, Segments

from synth.cli.terminal.cells import Row, clean

_REPAIR_S = 3.0  # all rows are written anew, over what C libraries may have scribbled
_LOST_S = 1.0  # nothing painted for so long: the process stood still, and a shell may have written since
_ERASE_REST = Control((ControlType.ERASE_IN_LINE, 0)).segment
_HIDE = Control(ControlType.CARRIAGE_RETURN, ControlType.HIDE_CURSOR).segment
_CLEAR = Control(ControlType.HOME, ControlType.CLEAR).segment


class Painter:
    """Paints rows one below the other while its `with` block runs; safe to call from several threads.

    Parameters
    ----------
    console : a terminal.
    is_alternate : paint on the terminal's second screen, which vanishes at the end.
    """

    def __init__(self, console: Console, is_alternate: bool = False) -> None:
        self._console, self._is_alternate = console, is_alternate
        self._lock = threading.RLock()
        self._painted: list[Row] = []
        self._size = console.size
        self._painted_s = self._repaired_s = 0.0
        self._caught: deque[str] = deque()

    def __enter__(self) -> Painter:
        self._streams = ExitStack()
        self._catchers = [_Catcher(stream, self._caught) for stream in (sys.stdout, sys.stderr) if stream and stream.isatty()]
        for catcher in self._catchers:
            redirect = redirect_stdout if catcher.rich_proxied_file is sys.stdout else redirect_stderr
            self._streams.enter_context(redirect(catcher))
        if self._is_alternate:
            self._console.set_alt_screen(True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._streams.close()
        self._console.control(Control(ControlType.SHOW_CURSOR))
        if self._is_alternate:
            self._console.set_alt_screen(False)
        elif self._painted:
            self._console.line()
        for catcher in self._catchers:
            catcher.end()
        with self._lock:
            self._console.print(Segments(_above(self._taken(), self._console.width)), end="", crop=False)

    def paint(self, rows: list[Row], messages: Iterable[str]) -> None:
        """Show rows, none of them wider than the terminal, in place of those before; set messages above them."""
        with self._lock:
            lines = [*messages, *self._taken()]
            now_s, size = monotonic(), self._console.size
            start, is_known = self._start(now_s, len(rows))
            is_known = is_known and not lines and now_s - self._repaired_s < _REPAIR_S
            parts = [*start, *_above(lines, size.width), *_below(self._painted if is_known else None, rows)]
            self._console.print(Segments(parts), end="", crop=False)
            self._painted, self._size, self._painted_s = rows, size, now_s
            self._repaired_s = self._repaired_s if is_known else now_s

    def _taken(self) -> list[str]:
        return [self._caught.popleft() for _ in range(len(self._caught))]

    def _start(self, now_s: float, height: int) -> tuple[list[Segment], bool]:
        """Return what brings the cursor to the picture's first row, and whether the old picture is still there."""
        if not self._painted or now_s - self._painted_s > _LOST_S:
            return [_HIDE], False
        if self._console.size != self._size or height != len(self._painted):
            return [_CLEAR], False
        up = [(ControlType.CURSOR_UP, height - 1)] if height > 1 else []
        return [Control(ControlType.CARRIAGE_RETURN, *up).segment], True


def _above(lines: Iterable[str], width: int) -> Iterator[Segment]:
    """Yield whole lines, each of them as long as it is."""
    for line in lines:
        for piece in chop_cells(clean(line), max(width - 1, 1)) or [""]:
            yield from (Segment(piece), _ERASE_REST, Segment.line())


def _below(painted: list[Row] | None, rows: list[Row]) -> Iterator[Segment]:
    """Yield the rows that differ from the painted ones, and leave the cursor in the last row."""
    skipped = 0
    for index, row in enumerate(rows):
        if painted is None or painted[index] != row:
            yield Segment("\n" * skipped)
            yield from (Segment(text, style) for text, style in row)
            yield _ERASE_REST
            skipped = 0
        skipped += 1
    yield Segment("\n" * (skipped - 1))


class _Catcher(io.TextIOBase):
    """Stands in for stdout or stderr: keeps whole lines for the painter, until the end; from then on it only hands over."""

    def __init__(self, stream: TextIO, lines: deque[str]) -> None:
        self.rich_proxied_file = stream  # where a rich console writes to all the same
        self._lines, self._rest = lines, ""
        self._is_over = False

    def write(self, text: str) -> int:
        if self._is_over:
            return self.rich_proxied_file.write(text)
        *whole, self._rest = (self._rest + text).split("\n")
        self._lines.extend(whole)
        return len(text)

    def end(self) -> None:
        """Keep a last line without an end, then no more: somebody may go on writing here, a log for example."""
        self._is_over = True
        self._lines.extend(filter(None, [self._rest]))
        self._rest = ""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.rich_proxied_file.fileno()
