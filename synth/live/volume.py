"""The listener's volume, kept from session to session.  state folder -> engine; engine -> state folder, when it rests.

It stands in a file of its own, a number of dB in text, so that whoever is curious can read it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.io.files.exposure_log import state_folder
from synth.io.files.whole_file import write_whole
from synth.parameters.errors import InputError
from synth.parameters.tables import VOLUME

_NAME = "volume_db"
_REST_S = 1.0
_LONGEST = 64  # bytes


class Volume:
    """Sets an engine's volume to what it was left at, and keeps what it is turned to.

    Parameters
    ----------
    engine : has not played yet.
    volume_db : what to begin with; None: what it was left at, 0 dB the first time.
    folder : where the file lies; None: the state folder.
    clock : seconds.

    Raises
    ------
    InputError
        If `volume_db` is out of range. A file that cannot be read is as good as none.
    """

    def __init__(
        self,
        engine: Engine,
        volume_db: float | None = None,
        folder: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._clock = engine, clock
        self._path = (folder or state_folder()) / _NAME
        self._kept_db = _read(self._path)
        begin_db = self._kept_db if volume_db is None else VOLUME.number(volume_db, "--volume")
        self._seen_db, self._since_s = begin_db, clock()
        engine.set_master(ramp_s=0, volume_db=begin_db)

    def attend(self) -> None:
        """Keep the volume once it has rested for a second."""
        if not self._engine.frame:
            return
        now_db, now_s = _now_db(self._engine), self._clock()
        if now_db != self._seen_db:
            self._seen_db, self._since_s = now_db, now_s
        elif now_s - self._since_s >= _REST_S:
            self._keep(now_db)

    def close(self) -> None:
        """Keep the volume as it is now, if anything was played."""
        if self._engine.frame:
            self._keep(_now_db(self._engine))

    def _keep(self, volume_db: float) -> None:
        """Write the file; a folder that refuses is let be."""
        if volume_db == self._kept_db:
            return
        self._kept_db = volume_db
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, f"{volume_db:.2f}\n".encode("ascii"))


def _now_db(engine: Engine) -> float:
    return float(engine.state["master"][state.VOLUME]["target"])


def _read(path: Path) -> float:
    try:
        with path.open("rb") as file:
            return VOLUME.number(float(file.read(_LONGEST)), str(path))
    except (OSError, ValueError, InputError):
        return VOLUME.default_number
