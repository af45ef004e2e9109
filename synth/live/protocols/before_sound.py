"""What a pipe holds when sound begins: a model does not wait for kernels.  pipe -> lines that are past -> the newest.

A model that runs by a clock has gone on while they were compiled. Stamps that lie apart further than a frame may be ahead are
therefore past, all but the newest: what they say becomes one frame, what they strike is left out. A pipe that was full kept its
writer waiting, so the stamps may still jump once: for a moment the newest means now.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from synth.control.stream.contract import Contract
from synth.control.stream.line_splitter import PIECE_BYTES

_PAUSE_S, _LONGEST_S, _MOST_BYTES = 0.005, 0.25, 1 << 23
_SETTLES_S = 1.0
_PER_S = 1_000_000


def waiting(file: int) -> bytes:
    """Return what is in a pipe already; a writer that waited for room gets the time to write on."""
    found, end_s = b"", time.monotonic() + _LONGEST_S
    with suppress(OSError, ValueError):  # whoever reads it next says what is wrong
        while sys.platform != "win32" and select.select([file], [], [], _PAUSE_S if found else 0)[0]:
            piece = os.read(file, PIECE_BYTES)
            found += piece
            if not piece or len(found) > _MOST_BYTES or time.monotonic() > end_s:
                break
    return found


def are_past(lines: Sequence[bytes | None], contract: Contract) -> bool:
    """Whether the stamps of lines lie so far apart that all but the newest are past."""
    stamps = [stamp for stamp in map(_stamp, lines) if stamp is not None]
    ahead_s = contract.most_ahead(True, _PER_S) / _PER_S
    return contract.start is None and ahead_s > 0 and len(stamps) > 1 and stamps[-1] - stamps[0] > ahead_s


def _stamp(line: bytes | None) -> float | None:
    try:
        stamp = json.loads(line or b"")["t"]
        return float(stamp)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


class Settling:
    """Brings stamps that jump to now, for a second after a backlog.

    Parameters
    ----------
    stamp_s : the newest stamp of the backlog, which means now.
    ahead_s : how far ahead of now a stamp may be.
    clock : seconds.
    """

    def __init__(self, stamp_s: float, ahead_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._first_s, self._ahead_s, self._clock, self._begin_s = stamp_s, ahead_s, clock, clock()
        self._shift_s = 0.0

    def settled(self, stamp_s: float) -> float:
        """Return what a stamp would be, had the writer never waited."""
        passed_s = self._clock() - self._begin_s
        too_far_s = stamp_s - self._shift_s - self._first_s - passed_s
        if passed_s < _SETTLES_S and too_far_s > self._ahead_s:
            self._shift_s += too_far_s
        return stamp_s - self._shift_s


def settling(lines: Sequence[bytes | None], contract: Contract) -> Settling:
    """Return what brings the stamps after these lines to now."""
    newest = next(stamp for stamp in map(_stamp, reversed(lines)) if stamp is not None)
    return Settling(newest, contract.most_ahead(True, _PER_S) / _PER_S)
