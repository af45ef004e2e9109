"""A stream of the Lab Streaming Layer.  name -> inlet -> samples, each with its age by the sender's clock brought to ours.

The sender stamps by its own clock; `time_correction` says what to add (it measures the way there and back), again and again, so
a clock that drifts is followed and the drift is told. pylsl is an extra: pip install 'synth[lsl]'.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from synth.io.signals.sample import Deliver, Sample, Say
from synth.parameters.errors import InputError

_FIND_S, _OPEN_S, _CORRECT_S = 3.0, 5.0, 5.0
_PULL_S = 0.02
_MOST = 256  # samples at once
_CORRECT_EVERY_S = 2.0
_DRIFT_OVER_S = 20.0  # shorter stretches show the noise of the measurement
DRIFT_TOLD = 1e-3 / 60
"""A drift of a millisecond a minute; a clock of a computer is off by up to three times that."""
_STALL_PERIODS, _STALL_S = 10, 1.0
_CONFIGURED = ("lsl_api.cfg", "~/lsl_api/lsl_api.cfg", "/etc/lsl_api/lsl_api.cfg")
_QUIET = "[log]\nlevel = -2\n"  # errors and warnings; else it writes across the display


def library() -> Any:
    """Return pylsl, or raise `InputError` that says how to get it."""
    try:
        import pylsl
    except ImportError:
        raise InputError("LSL needs pylsl: pip install 'synth[lsl]'") from None
    except (OSError, RuntimeError) as error:  # the package is there, its library is not
        raise InputError(f"pylsl finds no liblsl: {error}") from None
    if not any(Path(place).expanduser().is_file() for place in (os.environ.get("LSLAPICFG", ""), *_CONFIGURED) if place):
        pylsl.set_config_content(_QUIET)  # for the first time only; a listener's own configuration is his own
    return pylsl


class Drift:
    """How fast another clock runs away from ours: the slope of its correction over the last while."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque()

    def add(self, at_s: float, correction_s: float) -> None:
        """Take in a correction measured at a moment of our clock."""
        self._points.append((at_s, correction_s))
        while at_s - self._points[0][0] > 3 * _DRIFT_OVER_S:
            self._points.popleft()

    @property
    def rate(self) -> float | None:
        """Seconds a second by least squares; None: not known yet."""
        if len(self._points) < 3 or self._points[-1][0] - self._points[0][0] < _DRIFT_OVER_S:
            return None
        begin_s = self._points[0][0]
        times = [at_s - begin_s for at_s, _ in self._points]
        mean_s = sum(times) / len(times)
        mean = sum(value for _, value in self._points) / len(times)
        spread = sum((time_s - mean_s) ** 2 for time_s in times)
        return sum((time_s - mean_s) * (value - mean) for time_s, (_, value) in zip(times, self._points, strict=True)) / spread


class LslSignal:
    """Listens to an LSL stream until it is closed.

    Parameters
    ----------
    name : the stream's name.
    deliver : called with each sample, values named as the stream's channels, else "value", "value_2" ...
    say : told what happens to the stream.
    pylsl : the library; None: it is imported.

    Raises
    ------
    InputError
        If pylsl is missing, or there is no such stream, or several.
    """

    def __init__(self, name: str, deliver: Deliver, say: Say, pylsl: Any = None) -> None:
        self._pylsl = pylsl or library()
        self._name, self._deliver, self._say = name, deliver, say
        info = _found(self._pylsl, name)
        self._rate_hz = float(info.nominal_srate())
        self._inlet = self._pylsl.StreamInlet(info, max_buflen=60, recover=True)
        try:
            self._inlet.open_stream(_OPEN_S)
            self._correction_s = float(self._inlet.time_correction(_CORRECT_S))
            self._channels = _channels(self._inlet.info(_OPEN_S))
        except Exception as error:  # pylsl's own kinds, and what ctypes makes of them
            raise InputError(f"LSL stream '{name}' does not answer: {error}") from None
        self._drift, self._has_told_drift = Drift(), False
        self._corrected_s = self._heard_s = time.monotonic()
        self._samples, self.is_stalled = 0, False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"synth lsl {name}", daemon=True)
        self._thread.start()

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of it."""
        rate = self._drift.rate
        return {
            "from": f"lsl:{self._name}",
            "stamped_by": "the sender, brought to this machine's clock by LSL's time correction",
            "rate_hz": self._rate_hz,
            "samples": self._samples,
            "time_correction_s": self._correction_s,
            "drift_ms_a_minute": None if rate is None else 60e3 * rate,
        }

    def close(self) -> None:
        """Listen no more."""
        self._closing.set()
        self._thread.join()
        self._inlet.close_stream()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                rows, stamps = self._pulled()
            except Exception as error:
                self._say(f"LSL stream '{self._name}' is gone: {error}")
                self.is_stalled = True
                return
            now_s = time.monotonic()
            if stamps:
                self._take(rows, stamps, now_s)
            self._look_for_stall(now_s)
            if now_s - self._corrected_s >= _CORRECT_EVERY_S:
                self._correct(now_s)

    def _pulled(self) -> tuple[list[list[Any]], list[float]]:
        """Return what has come, as soon as something has: a chunk alone would wait for more until its time is over."""
        row, stamp = self._inlet.pull_sample(timeout=_PULL_S)
        if row is None:
            return [], []
        rows, stamps = self._inlet.pull_chunk(timeout=0.0, max_samples=_MOST)
        return [row, *(rows or [])], [stamp, *(stamps or [])]

    def _take(self, rows: list[list[Any]], stamps: list[float], now_s: float) -> None:
        self._heard_s, self._samples = now_s, self._samples + len(stamps)
        now_lsl = self._pylsl.local_clock()
        for row, stamp in zip(rows, stamps, strict=True):
            values = {channel: value for channel, value in zip(self._channels, row, strict=False) if _is_usable(value)}
            if values:
                self._deliver(Sample(now_lsl - (stamp + self._correction_s), values))

    def _look_for_stall(self, now_s: float) -> None:
        """Say when a stream of a rate stalls; one without may be silent for as long as nothing happens."""
        patience_s = max(_STALL_S, _STALL_PERIODS / self._rate_hz) if self._rate_hz > 0 else math.inf
        is_stalled = now_s - self._heard_s > patience_s
        if is_stalled != self.is_stalled:
            self.is_stalled = is_stalled
            self._say(f"LSL stream '{self._name}' {'stalls: nothing is known of it now' if is_stalled else 'is back'}")

    def _correct(self, now_s: float) -> None:
        self._corrected_s = now_s
        try:
            self._correction_s = float(self._inlet.time_correction(_PULL_S))
        except Exception:  # no answer just now: the last correction counts on
            return
        self._drift.add(now_s, self._correction_s)
        rate = self._drift.rate
        if rate is not None and abs(rate) > DRIFT_TOLD and not self._has_told_drift:
            self._has_told_drift = True
            self._say(f"LSL stream '{self._name}': its clock drifts by {60e3 * rate:+.1f} ms a minute; it is followed")


def _is_usable(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _found(pylsl: Any, name: str, find_s: float = _FIND_S) -> Any:
    found = [info for info in pylsl.resolve_byprop("name", name, minimum=1, timeout=find_s)]
    if not found:
        there = sorted({str(info.name()) for info in pylsl.resolve_streams(0.5)})
        raise InputError(f"no LSL stream is called '{name}'; there are: {', '.join(there) or 'none'}")
    if len({info.uid() for info in found}) > 1:
        raise InputError(f"{len(found)} LSL streams are called '{name}'; end all but one")
    return found[0]


def _channels(info: Any) -> list[str]:
    """Return the names of a stream's channels."""
    count = int(info.channel_count())
    labels: list[str] = []
    channel = info.desc().child("channels").child("channel")
    for _ in range(count):
        labels.append("" if channel.empty() else str(channel.child_value("label")))
        channel = channel if channel.empty() else channel.next_sibling("channel")
    named = [label or ("value" if number == 1 else f"value_{number}") for number, label in enumerate(labels, 1)]
    return named if len(set(named)) == count else [f"value_{number}" for number in range(1, count + 1)]


def open_lsl(name: str) -> Callable[[Deliver, Say], LslSignal]:
    """Return what listens to a stream once it is told to whom it delivers."""
    return lambda deliver, say: LslSignal(name, deliver, say)
