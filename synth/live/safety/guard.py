"""The guard: adds up what reaches the ears, warns, turns down if the listener wishes so.  meters -> Exposure -> guard_db."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from synth.engine.engine import Engine
from synth.live.safety.exposure import Exposure, guard_db

_STEP_DB, _RAMP_S = 0.1, 1.0


class Guard:
    """Watches over the ears of whoever listens to an engine.

    Parameters
    ----------
    engine : what is heard.
    exposure : what the listener's ears take in.
    hours : turn the level down so that the week's allowance lasts this long; None: never.
    notify : told of warnings.
    """

    def __init__(self, engine: Engine, exposure: Exposure, hours: float | None, notify: Callable[[str], None]) -> None:
        self._engine, self._exposure, self._hours, self._notify = engine, exposure, hours, notify
        self._wanted_db = self._sent_db = 0.0
        self._heard_frame = engine.frame

    def listen(self) -> Any:
        """Take in what was heard since the last call; return its METER_ROW records."""
        rows = self._engine.meters
        rows = rows[rows["frame"] > self._heard_frame]
        if len(rows):
            self._heard_frame = int(rows["frame"][-1])
            self._add_up(rows)
        return rows

    def _add_up(self, rows: Any) -> None:
        frames = int(rows["frames"].sum())
        seconds = frames / self._engine.sample_rate
        left, right = (rows["weighted"] * rows["frames"][:, None]).sum(axis=0) / frames
        self._exposure.add(seconds, float(left), float(right), self._sent_db)
        for warning in self._exposure.take_warnings():
            self._notify(warning)
        if self._hours is not None:
            self._turn(guard_db(self._exposure, self._wanted_db, seconds, self._hours))

    def _turn(self, wanted_db: float) -> None:
        self._wanted_db = wanted_db
        if abs(wanted_db - self._sent_db) >= _STEP_DB or (wanted_db == 0.0 != self._sent_db):
            self._engine.set_master(ramp_s=_RAMP_S, guard_db=wanted_db)
            self._sent_db = wanted_db
