"""What the display remembers of the statuses before: held peaks, counters that grew, messages that are new.  statuses -> Held."""

from __future__ import annotations

from dataclasses import dataclass

from synth.live.status import SILENT_DB, Status

COUNTERS = {"underruns": "underruns", "gaps": "gaps", "overruns": "overruns", "late_events": "late", "dropped_events": "dropped"}
"""Status field -> the display's word for it."""
_HOLD_S, _FALL_DB_S = 1.5, 15.0
_ALARM_S = 5.0


@dataclass(frozen=True)
class Peak:
    """The highest level of late, and when it came."""

    level_db: float = SILENT_DB
    at_s: float = 0.0


@dataclass(frozen=True)
class PeakHold:
    """What was, beside what is: peaks of both ears, the limiter's deepest cut (turned positive), counters and what grew when."""

    left: Peak = Peak()
    right: Peak = Peak()
    cut: Peak = Peak(0.0)
    seconds: float = 0.0
    counts: tuple[int, ...] | None = None
    grown_s: tuple[float, ...] = (-_ALARM_S,) * len(COUNTERS)

    def is_alarming(self, index: int) -> bool:
        """Whether a counter, by its index in `COUNTERS`, grew a moment ago."""
        return self.seconds - self.grown_s[index] < _ALARM_S


def held_after(held: PeakHold, status: Status) -> PeakHold:
    """Return what is remembered once a status has been seen."""
    now_s, counts = status.seconds, tuple(getattr(status, name) for name in COUNTERS)
    before = held.counts or counts
    if now_s < held.seconds:  # another session
        held, before = PeakHold(), counts
    passed_s = now_s - held.seconds
    pairs = zip(before, counts, held.grown_s, strict=True)
    return PeakHold(
        left=_held_peak(held.left, status.left.peak_db, now_s, passed_s),
        right=_held_peak(held.right, status.right.peak_db, now_s, passed_s),
        cut=_held_peak(held.cut, -status.limiter_db, now_s, passed_s),
        seconds=now_s,
        counts=counts,
        grown_s=tuple(now_s if new > old else grown_s for old, new, grown_s in pairs),
    )


def news(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """Return the messages that were not there before, though old ones may have been dropped since."""
    for gone in range(len(before) + 1):
        kept = before[gone:]
        if kept == now[: len(kept)]:
            return now[len(kept) :]
    return now


def _held_peak(peak: Peak, level_db: float, now_s: float, passed_s: float) -> Peak:
    """Return the higher one of a level and the peak before it, which stays a while and then falls."""
    if not level_db < peak.level_db:
        return Peak(level_db, now_s)
    if now_s - peak.at_s < _HOLD_S:
        return peak
    return Peak(max(level_db, peak.level_db - _FALL_DB_S * passed_s), peak.at_s)
