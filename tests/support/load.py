"""Other work of the same process: threads that keep Python's lock, so that whatever needs Python comes late.

Only the standard library: the peers of the benchmarks, which run in Pythons of their own, are kept busy by it too.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SORTED_FLOATS = 1_000_000


@contextmanager
def busy(spinners: int = 2, sorters: int = 0) -> Iterator[list[int]]:
    """Let threads spin, which give the lock away when asked, and sort a million floats, which keeps it a third of a second.

    Yields
    ------
    list
        The number of sorts so far: proof that the load was on.
    """
    numbers = [random.random() for _ in range(SORTED_FLOATS)] if sorters else []
    going, sorts = [True], [0]

    def spin() -> None:
        turns = 0
        while going:
            turns += 1

    def sort() -> None:
        while going:
            sorted(numbers)
            sorts[0] += 1

    threads = [threading.Thread(target=work, daemon=True) for work in [spin] * spinners + [sort] * sorters]
    for thread in threads:
        thread.start()
    try:
        yield sorts
    finally:
        going.clear()
        for thread in threads:
            thread.join()
