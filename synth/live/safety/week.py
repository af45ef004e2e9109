"""The dose of seven days, kept across sessions.  doses -> page of a minute -> diary -> sum of the last seven days."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from synth.io.files.exposure_log import Entry, ExposureLog, state_folder

Ears = tuple[float, float]
"""Something of the left ear and of the right one."""
_WEEK_S = 7 * 86400.0
_PAGE_S = 60.0  # of listening in one line of the diary
_AHEAD_S = 86400.0  # a clock that is as much ahead is wrong


def within_a_week(entries: Sequence[Entry], now_s: float) -> list[Entry]:
    """Return what was heard within the last seven days, whatever the clock said in the meantime.

    Entries stand in the order in which they were written, and a clock may have been wrong for a session. One from the future was
    written before the next one that is not; one from before its predecessor, after that. If most are from the future, it is now
    that the clock is wrong.
    """
    if 2 * sum(entry.end_s > now_s + _AHEAD_S for entry in entries) > len(entries):
        now_s = max(entry.end_s for entry in entries)
    ends, newest_s = [], 0.0
    for entry in entries:
        is_ahead = entry.end_s > now_s + _AHEAD_S
        newest_s = newest_s if is_ahead else max(newest_s, entry.end_s)
        ends.append(math.inf if is_ahead else newest_s)
    next_s = now_s
    for index in reversed(range(len(ends))):
        next_s = ends[index] = min(ends[index], next_s) if math.isinf(ends[index]) else ends[index]
    return [entry for entry, end_s in zip(entries, ends, strict=True) if end_s > now_s - _WEEK_S]


class Week:
    """What the ears took in within the last seven days, in this session, in earlier ones and in those that run beside it.

    Parameters
    ----------
    calibration_dba : by which the doses were updated; goes into the diary.
    folder : where the diary lies; None: SYNTH_STATE_DIR, or the user's folder for such things.
    clock : seconds since 1970.
    notify : is told, by a key and a line, that something is wrong with the diary; may be told again.
    """

    def __init__(
        self, calibration_dba: float, folder: Path | None, clock: Callable[[], float], notify: Callable[[str, str], None]
    ) -> None:
        self._calibration_dba, self._clock, self._notify = calibration_dba, clock, notify
        self._exposure_log = ExposureLog(folder or state_folder())
        self._is_read = False
        self._pages: list[Entry] = []  # not yet in the diary
        self._page_seconds = 0.0
        self._page: Ears = 0.0, 0.0  # Pa2h, of the page under way
        self._sum: Ears = 0.0, 0.0  # Pa2h, of all others
        self._sync()

    @property
    def dose_pa2h(self) -> Ears:
        """What seven days gave, left and right."""
        return self._sum[0] + self._page[0], self._sum[1] + self._page[1]

    @property
    def path(self) -> Path:
        """The diary's file."""
        return self._exposure_log.path

    @property
    def skipped(self) -> int:
        """Lines of the diary that cannot be read."""
        return self._exposure_log.skipped

    def add(self, seconds: float, left_pa2h: float, right_pa2h: float) -> None:
        """Take in what the ears took in just now."""
        self._page = self._page[0] + left_pa2h, self._page[1] + right_pa2h
        self._page_seconds += seconds
        if self._page_seconds >= _PAGE_S:
            self._turn_page()
        elif not self._is_read:
            self._sync()

    def close(self) -> None:
        """Write what is not yet in the diary; waits a moment for another session that is writing."""
        self._turn_page()
        for _ in range(10):
            if not self._pages:
                return
            time.sleep(0.05)
            self._sync()

    def _turn_page(self) -> None:
        if self._page_seconds:
            self._pages.append(Entry(self._clock(), self._page_seconds, *self._page, self._calibration_dba))
            self._page, self._page_seconds = (0.0, 0.0), 0.0
        self._sync()

    def _sync(self) -> None:
        """Exchange lines with the diary, and sum up."""
        try:
            if self._exposure_log.sync(self._pages):
                self._pages, self._is_read = [], True
        except OSError as error:
            self._is_read = True  # no use in asking at every call: again with the next page
            reason = f"{self.path}: {error.strerror}"
            self._notify(
                "exposure_log", f"the listening diary cannot be kept, so earlier and later sessions may not count: {reason}"
            )
        if self.skipped:
            self._notify("skipped", f"{self.path}: {self.skipped} lines cannot be read and do not count")
        week = within_a_week([*self._exposure_log.entries, *self._pages], self._clock())
        self._sum = math.fsum(entry.left_pa2h for entry in week), math.fsum(entry.right_pa2h for entry in week)
