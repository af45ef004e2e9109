"""Other work of the same process: threads that keep Python's lock, so that whatever needs Python comes late."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def busy(spinners: int = 2, sorters: int = 0) -> Iterator[None]:
    """Let threads spin, which give the lock away when asked, and sort a million floats, which keeps it a third of a second."""
    ended = threading.Event()
    numbers = [random.Random(1).random() for _ in range(1_000_000)] if sorters else []

    def spin() -> None:
        x = 0
        while not ended.is_set():
            x = (x * 31 + 1) % 1_000_003

    def sort() -> None:
        while not ended.is_set():
            sorted(numbers)

    threads = [threading.Thread(target=work, daemon=True) for work in [spin] * spinners + [sort] * sorters]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
