"""What the listener's ears take in.  A-weighted mean squares -> levels, dose of seven days -> warnings, time left, guard.

Each ear is counted by itself; what is shown, warned of and guarded is the ear that has less of its allowance left.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

from synth.live.safety.dose import (
    ASSUMED_CALIBRATION_DBA,
    allowance,
    checked_calibration_dba,
    dba_from_pa2,
    guard_target_db,
    hours_left,
    pa2_from_dba,
    pa2_from_mean_square,
)
from synth.live.safety.week import Ears, Week
from synth.parameters.errors import InputError

_SLOW_S = 1.0  # time weighting S of IEC 61672-1
_RECENT_S = 30.0
_WARNED_SHARES = (1.0, 0.8, 0.5)
_LOUD_DBA, _LOUD_S = 100.0, 5.0
_QUIET_DBA = 30.0  # a programme below this says nothing about how loud it will go on
_DOWN_DB_PER_S, _UP_DB_PER_S = 12 / 60, 1 / 60


class Exposure:
    """The dose of one listener: this session and the last seven days.

    Parameters
    ----------
    calibration_dba : A-weighted level at the ear of a 1 kHz sine at full scale, 40 .. 140; None: unknown, 100 is assumed and a
        warning says so.
    mode : "adult" or "sensitive".
    folder : where the diary lies; None: SYNTH_STATE_DIR, or the user's folder for such things.
    clock : seconds since 1970.

    Raises
    ------
    InputError
        If there is no such mode, or the calibration cannot be.
    """

    def __init__(
        self,
        calibration_dba: float | None = None,
        mode: str = "adult",
        folder: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.mode, self.allowance = mode, allowance(mode)
        self.is_assumed = calibration_dba is None
        self.calibration_dba = checked_calibration_dba(ASSUMED_CALIBRATION_DBA if calibration_dba is None else calibration_dba)
        self.seconds = 0.0
        """Heard in this session."""
        self._session: Ears = 0.0, 0.0  # Pa2h
        self._slow: Ears = 0.0, 0.0  # Pa2
        self._recent: Ears = 0.0, 0.0
        self._programme: Ears = 0.0, 0.0
        self._loud_s = 0.0
        self._warned_share = 0.0
        self._said: dict[str, str] = {}
        self._news: list[str] = []
        if self.is_assumed:
            self._notify(
                "calibration", f"how loud your headphones are is unknown: {ASSUMED_CALIBRATION_DBA:g} dBA at full scale assumed"
            )
        self._week = Week(self.calibration_dba, folder, clock, self._notify)

    def add(self, seconds: float, mean_square_left: float, mean_square_right: float, guard_db: float = 0.0) -> None:
        """Take in what was just heard; meant to be called a few times a second.

        Parameters
        ----------
        seconds : how long it was.
        mean_square_left, mean_square_right : A-weighted, over that time, of what went out.
        guard_db : by how much the guard had turned it down.

        Raises
        ------
        InputError
            If a number is negative or not finite.
        """
        if not all(math.isfinite(x) and x >= 0 for x in (seconds, mean_square_left, mean_square_right)):
            given = f"{seconds} s of mean squares {mean_square_left}, {mean_square_right}"
            raise InputError(f"exposure: {given}: they must be finite and not negative")
        per_mean_square = pa2_from_mean_square(1.0, self.calibration_dba)
        heard = mean_square_left * per_mean_square, mean_square_right * per_mean_square
        doses = heard[0] * seconds / 3600, heard[1] * seconds / 3600
        self.seconds += seconds
        self._session = self._session[0] + doses[0], self._session[1] + doses[1]
        self._slow = _smoothed(self._slow, heard, seconds / _SLOW_S)
        self._recent = _smoothed(self._recent, heard, seconds / _RECENT_S)
        unguarded = 10 ** (-guard_db / 10)
        self._programme = _smoothed(self._programme, (heard[0] * unguarded, heard[1] * unguarded), seconds / _RECENT_S)
        self._week.add(seconds, *doses)
        self._warn(seconds)

    @property
    def laeq_dba(self) -> Ears:
        """The level of the whole session, left and right; -inf before it began."""
        return _levels(self._session, 3600 / self.seconds if self.seconds else 0.0)

    @property
    def level_dba(self) -> Ears:
        """The level now, left and right: slow, over about a second."""
        return _levels(self._slow)

    @property
    def programme_dba(self) -> Ears:
        """The level of about half a minute, left and right, if the guard had not turned it down."""
        return _levels(self._programme, self._half_minute)

    @property
    def dose_pa2h(self) -> Ears:
        """What seven days gave, left and right."""
        return self._week.dose_pa2h

    @property
    def rest_pa2h(self) -> Ears:
        """What is left of the week's allowance, left and right; negative when it is overdrawn."""
        left, right = self.dose_pa2h
        return self.allowance.pa2h - left, self.allowance.pa2h - right

    @property
    def share(self) -> float:
        """How much of the week's allowance is used, by the ear that has used more: 1 is all of it."""
        return max(self.dose_pa2h) / self.allowance.pa2h

    @property
    def time_left_s(self) -> float:
        """How long the allowance lasts at the level of the last half minute; inf in silence."""
        ears = zip(self.rest_pa2h, self._recent, strict=True)
        return 3600 * min(hours_left(rest, pa2 * self._half_minute) for rest, pa2 in ears)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything that was warned of in this session, a line each."""
        return tuple(self._said.values())

    def take_warnings(self) -> list[str]:
        """Return the warnings that are new since the last call; each comes once in a session."""
        news, self._news = self._news, []
        return news

    def log_rows(self) -> list[dict[str, object]]:
        """Return the session as rows for a log, JSON-serialisable: one for the whole, one for each ear. None: no such level."""
        whole: dict[str, object] = {
            "what": "exposure",
            "seconds": self.seconds,
            "mode": self.mode,
            "calibration_dba": self.calibration_dba,
            "calibration_is_assumed": self.is_assumed,
            "allowance_pa2h": self.allowance.pa2h,
            "share": self.share,
            "time_left_s": _finite(self.time_left_s),
            "exposure_log": str(self._week.path),
            "diary_lines_skipped": self._week.skipped,
            "warnings": list(self.warnings),
        }
        ears = zip(("left", "right"), self.laeq_dba, self.level_dba, self.dose_pa2h, strict=True)
        return [whole] + [
            {"what": "exposure of an ear", "ear": ear, "laeq_dba": _finite(laeq), "level_dba": _finite(level), "dose_pa2h": dose}
            for ear, laeq, level, dose in ears
        ]

    def close(self) -> None:
        """Write what is not yet in the diary; waits a moment for another session that is writing."""
        self._week.close()

    @property
    def _half_minute(self) -> float:
        """What makes an average over half a minute out of one that began at nothing, not so long ago."""
        return 1 / -math.expm1(-self.seconds / _RECENT_S) if self.seconds else 0.0

    def _warn(self, seconds: float) -> None:
        share = self.share
        passed = next((limit for limit in _WARNED_SHARES if share >= limit), 0.0)
        if passed > self._warned_share:
            self._warned_share = passed
            whole = f"this week's sound allowance ({self.allowance.level_dba:g} dBA for {self.allowance.hours:g} h)"
            self._notify(f"share {passed:g}", f"{share:.0%} of {whole} is used")
        self._loud_s = self._loud_s + seconds if max(self.level_dba) > _LOUD_DBA else 0.0
        if self._loud_s >= _LOUD_S:
            self._notify("loud", f"above {_LOUD_DBA:g} dBA at the ear for {_LOUD_S:g} s: turn it down")

    def _notify(self, about: str, text: str) -> None:
        if about not in self._said:
            self._said[about] = text
            self._news.append(text)


def guard_db(exposure: Exposure, now_db: float, seconds: float, planned_hours: float = 8.0) -> float:
    """Return how much the programme should be turned down next: -30 .. 0 dB. Changes nothing by itself.

    From four fifths of the allowance on it moves towards the level at which the rest lasts (`dose.guard_target_db`), for the ear
    that needs it more: down by at most 12 dB a minute, up by at most 1 dB a minute. In silence it stays.

    Parameters
    ----------
    exposure : is told by `add` what the guard did.
    now_db : what this function returned the last time, 0 at the start.
    seconds : since then.
    planned_hours : how long the listening should be able to go on, above 0.
    """
    if max(exposure.programme_dba) < _QUIET_DBA:
        return now_db
    ears = zip(exposure.programme_dba, exposure.rest_pa2h, strict=True)
    target_db = min(guard_target_db(pa2_from_dba(level), rest, exposure.allowance.pa2h, planned_hours) for level, rest in ears)
    return min(max(target_db, now_db - _DOWN_DB_PER_S * seconds), now_db + _UP_DB_PER_S * seconds)


def _smoothed(before: Ears, now: Ears, shares_of_time: float) -> Ears:
    """Return the exponential average, this many time constants later."""
    kept = math.exp(-shares_of_time)
    return kept * before[0] + (1 - kept) * now[0], kept * before[1] + (1 - kept) * now[1]


def _levels(ears: Ears, factor: float = 1.0) -> Ears:
    return dba_from_pa2(ears[0] * factor), dba_from_pa2(ears[1] * factor)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
