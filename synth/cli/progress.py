"""Progress: a bar on stderr for whatever takes longer than two seconds, if somebody is looking.  Also notes on stderr."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from synth.parameters.errors import clean

if TYPE_CHECKING:
    from hrtf import Ears

_PATIENCE_S = 2.0


def note(text: str) -> None:
    """Say something that is no result."""
    sys.stderr.write(f"synth: {clean(text)}\n")


class Progress:
    """A context manager; call it with what was done since the last call.

    Parameters
    ----------
    title : what is being done.
    total : how much there is to do.
    """

    def __init__(self, title: str, total: float) -> None:
        self._title, self._total, self._done = title, total, 0.0
        self._due = time.monotonic() + _PATIENCE_S
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: float, title: str = "") -> None:
        """Move on."""
        self._done += done
        if self._bar is None and time.monotonic() > self._due and sys.stderr.isatty():
            self._show()
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done, description=title or self._title)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bar

        self._bar = Bar(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self._title, total=self._total)
        self._bar.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()


def loaded_ears(name: Any) -> Ears:
    """Return a set of ears by its name or file, built under a bar if need be, and say what was remarked about it.

    Raises
    ------
    hrtf.EarsError
    """
    import hrtf

    if isinstance(name, hrtf.Ears):
        return name
    with Progress(f"building ears from {name}", 1.0) as progress:
        ears = hrtf.load(name, progress)
    for remark in ears.remarks:
        note(f"{name}: {remark}")
    return ears
