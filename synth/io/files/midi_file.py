"""Standard MIDI Files: what is played, on which port, at which exact moment.  file -> tracks -> tempo map -> packets.

Moments are whole numbers of a unit so small that no tempo needs a fraction: a frame is rounded once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from synth.control.midi.packets import PORTS
from synth.io.files.midi_events import DEVICE_NAME, MIDI_PORT, TEMPO, Event, read_events
from synth.parameters.errors import InputError

_LARGEST_BYTES = 1 << 26
_LONGEST_S = 1_000_000
_FORMATS = (0, 1)
_TEMPO_BYTES = 3
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
    remarks : what in it could not be used and was left out, in words.
    """

    path: Path
    ports: Mapping[int, str]
    packets: tuple[Packet, ...]
    units: int
    units_a_second: int
    remarks: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.units / self.units_a_second

    @property
    def is_empty(self) -> bool:
        """Whether it holds no message, and lasts no time."""
        return not self.packets and self.units == 0

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
    try:
        score = read_events(content)
    except InputError as error:
        raise InputError(f"{path}: cannot be read as a MIDI file: {error}") from None
    if score.format not in _FORMATS:
        raise InputError(f"{path}: has format {score.format}; only formats 0 and 1 play as one, save it as one of them")
    units_a_second, is_tempo = _division(path, score.division)
    ports: dict[tuple[str, int], int] = {}
    events = sorted(_with_ports(score.tracks, ports), key=lambda item: item[1].tick)
    if len(ports) > PORTS:
        raise InputError(f"{path}: plays {len(ports)} MIDI ports; at most {PORTS}")
    packets, units = _timed(events, is_tempo)
    if units > _LONGEST_S * units_a_second:
        raise InputError(f"{path}: is longer than {_LONGEST_S} s")
    names = {number: name or (f"port {prefix}" if prefix else "") for (name, prefix), number in ports.items()}
    short = sum(event.meta == TEMPO and len(event.data) < _TEMPO_BYTES for _, event in events)
    remarks = (f"{short} of its tempo changes say no tempo and are left out",) if short and is_tempo else ()
    return MidiFile(path, names, packets, units, units_a_second, remarks)


def _division(path: Path, division: int) -> tuple[int, bool]:
    """Return how many units a second has, and whether tempos count: a file is divided into beats, or into time code."""
    if division > 0:
        return division * _US, True
    frames, ticks = 256 - (division >> 8 & 255), division & 255
    if frames not in _UNITS_A_FRAME or not ticks:
        raise InputError(f"{path}: its division is {division}; it must be ticks a beat, or time code of 24, 25, 29 or 30 frames")
    return _UNITS_A_FRAME[frames] * ticks, False


def _with_ports(tracks: Iterable[list[Event]], ports: dict[tuple[str, int], int]) -> Iterator[tuple[int, Event]]:
    """Yield each track's events with their port; ports are numbered as they come, by device name and port prefix."""
    for track in tracks:
        name, prefix, port = "", 0, None
        for event in track:
            if event.meta in (DEVICE_NAME, MIDI_PORT):
                port = None
                name = _text(event.data) if event.meta == DEVICE_NAME else name
                prefix = next(iter(event.data), 0) if event.meta == MIDI_PORT else prefix
            if event.meta is None and port is None:
                port = ports.setdefault((name, prefix), len(ports))
            yield port or 0, event


def _text(data: bytes) -> str:
    """Return a text; the standard says ASCII, the world writes UTF-8 or Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _timed(events: Iterable[tuple[int, Event]], is_tempo: bool) -> tuple[tuple[Packet, ...], int]:
    """Turn ticks into units; return what is played, and when the last event of all is."""
    packets, units, last, units_a_tick = [], 0, 0, _BEAT_US if is_tempo else _UNITS_A_TICK
    for port, event in events:
        units += (event.tick - last) * units_a_tick
        last = event.tick
        if event.meta is None:
            packets.append(Packet(units, port, event.data))
        elif is_tempo and event.meta == TEMPO and len(event.data) >= _TEMPO_BYTES:
            units_a_tick = int.from_bytes(event.data[:_TEMPO_BYTES], "big")
    return tuple(packets), units
