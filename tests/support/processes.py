"""Processes that a test starts end with it, whether it passes or fails."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any


@contextmanager
def killed_at_last(*processes: subprocess.Popen[Any]) -> Iterator[Any]:
    """Kill what still runs when the `with` ends; yields the process, or all of them if there are several."""
    with ExitStack() as pipes:
        for process in processes:
            pipes.enter_context(process)
            pipes.callback(process.kill)
        yield processes[0] if len(processes) == 1 else processes
