"""The live session: an engine and a sound device.  Engine -> compiled callback -> PortAudio -> headphones; stats beside it.

Python never enters the audio thread: it hands over events and reads counters.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from types import TracebackType

import numpy as np

from synth.control import clock
from synth.control.block import LIVE, LOADS
from synth.engine.engine import Engine
from synth.io.callback import callback, process_address
from synth.io.output import open_output

_FADE_IN_S, _FADE_OUT_S = 0.5, 0.05
_ATTEND_S = 0.02
_SWITCH_INTERVAL_S = 0.0005  # at Python's own 5 ms, another busy thread makes controls late (shared/reference/realtime.md 3.5)


@dataclass(frozen=True)
class Stats:
    """What the audio thread counted since the start."""

    callbacks: int
    frames: int
    smallest_block: int
    largest_block: int
    underruns: int
    gaps: int
    overruns: int
    late_events: int
    dropped_events: int
    load_mean: float
    load_p999: float


class Live:
    """Plays an engine on a sound device while the `with` block runs.

    Parameters
    ----------
    engine : what is played; `process` is refused meanwhile.
    device : name, part of a name, or number of the output; None: the system's default.
    block_frames : 0: whatever the host likes.
    latency : "low", "high" or seconds, as the host understands it.

    Raises
    ------
    InputError
        If PortAudio or the device is missing.
    """

    def __init__(
        self, engine: Engine, device: str | int | None = None, block_frames: int = 0, latency: str | float = "low"
    ) -> None:
        self.engine = engine
        self._function = callback()
        self._record = np.zeros(1, LIVE)
        self._record["process"] = process_address()
        clock.start(self._record["clock"][0], engine.sample_rate)
        clock.frame_at(self._record["clock"].ctypes.data, 0.0)  # loaded now, not when it is first needed
        self._stream = open_output(device, engine.sample_rate, block_frames, latency, self._function, self._record.ctypes.data)
        self._ended = threading.Event()
        self._attendant = threading.Thread(target=self._attend, name="synth attendant", daemon=True)

    def __enter__(self) -> Live:
        self._switch_interval_s = sys.getswitchinterval()
        sys.setswitchinterval(min(self._switch_interval_s, _SWITCH_INTERVAL_S))
        self.engine.set_master(ramp_s=0, fade=0)
        self.engine.set_master(ramp_s=_FADE_IN_S, fade=1)
        self._record["frames"] = self.engine.frame
        self._record["state"], self._record["tables"] = self.engine.go_live()
        self._stream.start()
        self._attendant.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.engine.set_master(ramp_s=_FADE_OUT_S, fade=0)
        time.sleep(_FADE_OUT_S + float(self._stream.latency) + self.engine.latency_frames / self.engine.sample_rate + 0.02)
        self._ended.set()
        self._attendant.join()
        self._stream.stop()
        self._stream.close()
        self.engine.leave_live()
        sys.setswitchinterval(self._switch_interval_s)

    def _attend(self) -> None:
        while not self._ended.wait(_ATTEND_S):
            self.engine.attend()

    @property
    def time_s(self) -> float:
        """Now, on the sound device's clock."""
        return float(self._stream.time)

    def frame_at(self, time_s: float) -> int:
        """Return the absolute frame that is rendered at a moment of the device's clock."""
        return round(float(clock.frame_at(self._record["clock"].ctypes.data, time_s)))

    @property
    def stats(self) -> Stats:
        """A snapshot of the counters."""
        record, counters = self._record[0].copy(), self.engine.counters
        loads = record["loads"].astype(float)
        shares = (np.arange(LOADS) + 0.5) / 200
        total = max(loads.sum(), 1.0)
        return Stats(
            callbacks=int(record["callbacks"]),
            frames=int(record["frames"]),
            smallest_block=int(record["smallest"]),
            largest_block=int(record["largest"]),
            underruns=int(record["underflows"]),
            gaps=int(record["clock"]["gaps"]),
            overruns=int(record["overruns"]),
            late_events=counters["late"],
            dropped_events=counters["dropped_events"],
            load_mean=float((loads * shares).sum() / total),
            load_p999=float(shares[min(int(np.searchsorted(np.cumsum(loads), 0.999 * total)), LOADS - 1)]),
        )
