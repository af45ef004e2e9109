"""The alignment of a hold with what was heard: how much later than a frame is rendered its answer takes effect.

device, engine, way in -> seconds; or what taps along clicks have shown, kept by the device's name

A sound of frame n is heard at n + output; who answers at once presses then, and the press acts at n + output + input. Of a
wireless headphone the system knows nothing: there the measured number takes the place of the sum.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from synth.io.files.whole_file import PRIVATE, write_whole
from synth.live.live import Live
from synth.parameters.errors import InputError

_NAME = "latency.json"
_LONGEST_S = 3.0


@dataclass(frozen=True)
class Latency:
    """What taps along clicks have shown of a device: their median after the click, how far they scatter, how many, and when."""

    total_s: float
    spread_s: float
    taps: int
    measured_on: str


@dataclass(frozen=True)
class Alignment:
    """How much later than a frame is rendered an answer to it takes effect.

    Attributes
    ----------
    device : what plays.
    output_s : from a frame's number to its sound: engine and device, as they say.
    input_s : from a press to the frame at which it takes effect.
    measured : what taps have shown of this device, which then counts instead; None: nobody has tapped.
    wait_s : what a hold that comes as a signal waits beyond that, so that an uneven way changes nothing.
    """

    device: str
    output_s: float
    input_s: float
    measured: Latency | None = None
    wait_s: float = 0.0

    @property
    def total_s(self) -> float:
        """What counts."""
        return self.wait_s + (self.measured.total_s if self.measured else self.output_s + self.input_s)

    def frames(self, sample_rate: float) -> int:
        """Return it in frames."""
        return round(self.total_s * sample_rate)

    @property
    def facts(self) -> dict[str, object]:
        """All of it, JSON-serialisable."""
        return asdict(self) | {"total_s": self.total_s}


def alignment_of(
    live: Live, measured: Mapping[str, Latency] | None = None, is_midi: bool = False, wait_s: float = 0.0
) -> Alignment:
    """Return the alignment of what plays now.

    Parameters
    ----------
    measured : what `latencies` has found.
    is_midi : whether the hold comes by MIDI, which may come through the device itself, and sooner.
    wait_s : see `Alignment`.
    """
    name = device_name(live)
    stamped_s = live.event_latency_frames / live.engine.sample_rate
    input_s = live.key_latency_s - live.output_latency_s if is_midi else stamped_s
    return Alignment(name, live.output_latency_s, input_s, (measured or {}).get(name), wait_s)


def device_name(live: Live) -> str:
    """Return the name under which a device's latency is kept; JACK's client may be called otherwise tomorrow."""
    name = live.device.name
    return "JACK" if name.startswith("JACK (") else name


def latencies(folder: Path) -> dict[str, Latency]:
    """Return what was measured, by the device's name.

    Raises
    ------
    InputError
        If the file is there and says something that cannot be: a wrong number would shift every hold.
    """
    path = folder / _NAME
    try:
        rows = json.loads(path.read_bytes())
        found = {str(name): Latency(**row) for name, row in rows.items()}
        for latency in found.values():
            _check(latency)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: {error}; remove it, and calibrate again: synth tingle calibrate") from None
    return found


def _check(latency: Latency) -> None:
    numbers = [getattr(latency, field.name) for field in fields(Latency)[:3]]
    if not all(isinstance(number, (int, float)) and math.isfinite(number) for number in numbers):
        raise ValueError("a latency is no number")
    if not -_LONGEST_S < latency.total_s < _LONGEST_S:
        raise ValueError(f"total_s = {latency.total_s:g}; allowed: {-_LONGEST_S:g} .. {_LONGEST_S:g}")


def keep_latency(folder: Path, device: str, latency: Latency) -> None:
    """Keep what was measured of a device, in place of what was measured before."""
    found = latencies(folder) | {device: latency}
    text = json.dumps({name: asdict(each) for name, each in found.items()}, indent=2, ensure_ascii=False)
    write_whole(folder / _NAME, text.encode() + b"\n", PRIVATE)
