"""The contract of a stream: what is agreed on with its sender.  numbers in seconds -> checked -> STREAM record in frames."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from synth.control.frame_numbers import frame_of
from synth.control.stream.queue import WAITING
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.parameter import Parameter

INTERPOLATIONS = ("hold", "linear", "smooth")
_LEAST_TIMEOUT_S, _TIMEOUT_FRAMES = 1.0, 3.0
_RATE = Parameter("rate_hz", 0.01, 1000, 100, "hz")
_SECONDS = {
    "delay_s": Parameter("delay_s", 0, 60, 0.05, "s"),
    "hold_s": Parameter("hold_s", 0, 86400, 1, "s"),
    "glide_s": Parameter("glide_s", 0, 86400, 2, "s"),
    "return_s": Parameter("return_s", 0, 60, 0.2, "s"),
}
_TIMEOUT = Parameter("timeout_s", 0.01, 86400, 1, "s")
_AHEAD = Parameter("ahead_s", 0, 86400, 0, "s")
_SLEW = Parameter("slew", 1e-6, 1e6, 1, "per_s")


@dataclass(frozen=True)
class Contract:
    """What is agreed on with the sender of a stream.

    Attributes
    ----------
    rate_hz : how many frames a second there are meant to be.
    delay_s : how long a frame waits after its stamp, or after its arrival: what evens out an uneven way.
    interpolation : "linear" goes straight to each frame's values, 1 / rate_hz long; "smooth" the same without corners; "hold"
        goes there in each parameter's own smoothing.
    slew : the most a value may move in a second, of its whole range; None: any.
    timeout_s : after so long without a frame the stream has stalled; None: 1 s, or three frames if that is longer; inf: never.
    hold_s, glide_s : it then holds, and goes back to the preset's values in so long, and lets them go.
    return_s : how long its values take when it comes back.
    start : the absolute frame of stamp 0; None: so that the first stamp is the frame at which it arrives.
    ahead_s : how far ahead of when it acts a stamped frame may come, at least `delay_s`; what comes from further acts after so
        long. None: `delay_s` and one frame live, any offline.
    """

    rate_hz: float = 100.0
    delay_s: float = 0.05
    interpolation: str = "linear"
    slew: float | None = None
    timeout_s: float | None = None
    hold_s: float = 1.0
    glide_s: float = 2.0
    return_s: float = 0.2
    start: int | None = None
    ahead_s: float | None = None

    def check(self, where: str) -> None:
        """Raise `InputError` if something is out of range."""
        _RATE.number(self.rate_hz, where)
        for name, parameter in _SECONDS.items():
            parameter.number(getattr(self, name), where)
        if self.interpolation not in INTERPOLATIONS:
            raise unknown("interpolation", self.interpolation, INTERPOLATIONS, where)
        if self.slew is not None:
            _SLEW.number(self.slew, where)
        if self.timeout_s is not None and self.timeout_s != math.inf:
            _TIMEOUT.number(self.timeout_s, where)
        if self.ahead_s is not None:
            _AHEAD.number(self.ahead_s, where)
            if self.ahead_s < self.delay_s:
                raise InputError(f"{where}: ahead_s = {self.ahead_s:g}; it must be at least delay_s = {self.delay_s:g}")
        try:
            frame_of(self.start)
        except InputError:
            raise InputError(
                f"{where}: start = {shown(self.start)}; it must be an absolute frame, a whole number of 0 or more"
            ) from None

    def check_live(self, where: str) -> None:
        """Raise `InputError` if, while it plays, more frames would wait than there is room for: most would be lost."""
        if self.delay_s * self.rate_hz > WAITING:
            most_s = WAITING / self.rate_hz
            raise InputError(f"{where}: delay_s = {self.delay_s:g}; allowed at rate_hz = {self.rate_hz:g}: 0 .. {most_s:g}")

    def write(self, record: Any, sample_rate: float) -> None:
        """Write it into a STREAM record."""
        timeout_s = max(_LEAST_TIMEOUT_S, _TIMEOUT_FRAMES / self.rate_hz) if self.timeout_s is None else self.timeout_s
        record["start"], record["is_synced"] = self.start or 0, self.start is not None
        record["is_start_given"] = self.start is not None
        record["delay"] = self.delay_s * sample_rate
        record["ramp_frames"] = -1 if self.interpolation == "hold" else round(sample_rate / self.rate_hz)
        record["is_eased"] = self.interpolation == "smooth"
        record["slew"] = self.slew or 0.0
        record["timeout"] = 0 if timeout_s == math.inf else max(1, round(timeout_s * sample_rate))
        record["hold"], record["glide"] = round(self.hold_s * sample_rate), round(self.glide_s * sample_rate)
        record["return_frames"] = round(self.return_s * sample_rate)

    def most_ahead(self, is_live: bool, sample_rate: float) -> int:
        """Return how many frames a frame of the stream may wait; 0: any."""
        live_s = self.delay_s + 1 / self.rate_hz if is_live else 0.0
        return math.ceil((live_s if self.ahead_s is None else self.ahead_s) * sample_rate)


def contract_of(name: str, given: Mapping[str, Any]) -> Contract:
    """Return a checked contract."""
    known = [each.name for each in fields(Contract)]
    for key in given:
        if key not in known:
            raise unknown("part of a stream's contract", key, known, f"stream '{name}'")
    contract = Contract(**given)
    contract.check(f"stream '{name}'")
    return contract
