"""Standard MIDI Files: what is played, on which port, at which exact moment.  file -> tracks -> tempo map -> packets.

Moments are whole numbers of a unit so small that no tempo needs a fraction: a frame is rounded once, at the end.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from synth.control.midi.packets import PORTS
from synth.parameters.errors import InputError

_LARGEST_BYTES = 1 << 26
_LONGEST_S = 1_000_000
_FORMATS = (0, 1)
_BEAT_US = 500_000  # until the file says a tempo
_US = 1_000_000
_UNITS_A_TICK = 1001  # of time code, whose 29 means 30 / 1.001 frames a second
_UNITS_A_FRAME = {24: 24 * 1001, 25: 25 * 1001, 29: 30 * 1000, 30: 30 * 1001}
_NOTE_ON = 9


class Packet(NamedTuple):
    """Bytes of one message: when, in units of the file, on which port."""

    units: int
    port: int
    data: bytes


@dataclass(frozen=True)
class MidiFile:
    """A Standard MIDI File, read.

    Attributes
    ----------
    path : its file.
    ports : names of its ports, by number: a track's device name, or "port N", or "" where it says none.
    packets : all that is played, in order.
    units : how long it is; `units_a_second` make a second.
    """

    path: Path
    ports: Mapping[int, str]
    packets: tuple[Packet, ...]
    units: int
    units_a_second: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.units / self.units_a_second

    @property
    def has_notes(self) -> bool:
        """Whether any key is struck."""
        return any(packet.data[0] >> 4 == _NOTE_ON and packet.data[2] for packet in self.packets)

    def frame(self, units: int, sample_rate: float) -> int:
        """Return the frame nearest to a moment."""
        rate = Fraction(sample_rate)
        half = rate.denominator * self.units_a_second
        return (2 * units * rate.numerator + half) // (2 * half)


def read_midi_file(path: str | Path) -> MidiFile:
    """Read a file of format 0 or 1; tempo changes and time code are followed, system exclusive messages left out.

    Raises
    ------
    InputError
        One line: which file, and what about it cannot be played.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > _LARGEST_BYTES:
        raise InputError(f"{path}: is larger than {_LARGEST_BYTES >> 20} MiB; that is no MIDI file")
    found = _parsed(path, content)
    if found.type not in _FORMATS:
        raise InputError(f"{path}: has format {found.type}; only formats 0 and 1 play as one, save it as one of them")
    units_a_second, is_tempo = _division(path, found.ticks_per_beat)
    ports: dict[tuple[str, int], int] = {}
    messages = sorted(_messages(found.tracks, ports), key=lambda item: item[0])
    if len(ports) > PORTS:
        raise InputError(f"{path}: plays {len(ports)} MIDI ports; at most {PORTS}")
    timed = list(_timed(messages, is_tempo))
    units = timed[-1][0] if timed else 0
    if units > _LONGEST_S * units_a_second:
        raise InputError(f"{path}: is longer than {_LONGEST_S} s")
    packets = tuple(Packet(units, port, bytes(message.bytes())) for units, port, message in timed if _is_played(message))
    names = {number: name or (f"port {prefix}" if prefix else "") for (name, prefix), number in ports.items()}
    return MidiFile(path, names, packets, units, units_a_second)


def _parsed(path: Path, content: bytes) -> Any:
    import mido

    try:
        return mido.MidiFile(file=io.BytesIO(content))
    except Exception as error:  # broken bytes surface as whatever they break first
        raise InputError(f"{path}: cannot be read as a MIDI file: {str(error) or 'it ends too early'}") from None


def _division(path: Path, division: int) -> tuple[int, bool]:
    """Return how many units a second has, and whether tempos count: a file is divided into beats, or into time code."""
    if division > 0:
        return division * _US, True
    frames, ticks = 256 - (division >> 8 & 255), division & 255
    if frames not in _UNITS_A_FRAME or not ticks:
        raise InputError(f"{path}: its division is {division}; it must be ticks a beat, or time code of 24, 25, 29 or 30 frames")
    return _UNITS_A_FRAME[frames] * ticks, False


def _messages(tracks: Iterable[Any], ports: dict[tuple[str, int], int]) -> Iterator[tuple[int, int, Any]]:
    """Yield each track's messages with tick and port; ports are numbered as they come, by device name and port prefix."""
    for track in tracks:
        tick, name, prefix = 0, "", 0
        for message in track:
            tick += message.time
            name = message.name if message.type == "device_name" else name
            prefix = message.port if message.type == "midi_port" else prefix
            yield tick, ports.setdefault((name, prefix), len(ports)) if _is_played(message) else 0, message


def _timed(messages: Iterable[tuple[int, int, Any]], is_tempo: bool) -> Iterator[tuple[int, int, Any]]:
    """Turn ticks into units."""
    units, last, units_a_tick = 0, 0, _BEAT_US if is_tempo else _UNITS_A_TICK
    for tick, port, message in messages:
        units += (tick - last) * units_a_tick
        last = tick
        if is_tempo and message.type == "set_tempo":
            units_a_tick = message.tempo
        yield units, port, message


def _is_played(message: Any) -> bool:
    return not message.is_meta and message.type != "sysex"
