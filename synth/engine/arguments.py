"""Arguments of the engine's calls: checked, and brought into the form in which they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from synth.control.midi.packets import PORTS
from synth.engine.addresses import Strip
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.parameter import NOTE_FIELDS
from synth.parameters.tables import NOTE_PARAMETERS, ROOM_T60


def count_of(frames: Any) -> int:
    """Return a number of frames."""
    if isinstance(frames, bool) or not isinstance(frames, (int, np.integer)) or frames < 0:
        raise InputError(f"frames = {shown(frames)}; it must be a whole number, 0 or more")
    return int(frames)


def seed_of(seed: Any) -> int:
    """Return what random streams begin with."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or abs(int(seed)) >= 1 << 63:
        raise InputError(f"seed = {shown(seed)}; it must be a whole number of at most 63 bits")
    return int(seed)


def text_of(text: Any, what: str) -> str:
    """Return a name."""
    if not isinstance(text, str) or not text:
        raise InputError(f"{what} = {shown(text)} is not a name")
    return text


def port_of(port: Any) -> int:
    """Return the number of a MIDI port."""
    if isinstance(port, bool) or not isinstance(port, (int, np.integer)) or not 0 <= port < PORTS:
        raise InputError(f"port = {shown(port)}; it must be the number of a MIDI port, 0 .. {PORTS - 1}")
    return int(port)


def t60_of(t60_s: Any) -> float:
    """Return how long a room sounds, 0 for none."""
    return ROOM_T60.number(t60_s, "room") if t60_s else 0.0


# ---- numbers by slot: all are checked before the first is sent


def numbers_of(strip: Strip, values: Mapping[str, Any]) -> list[tuple[int, float]]:
    """Return slot and number of each of a strip's values; those of `gesture` and `motion` may stand in tables of their own."""
    found = []
    for path, value in _flat(values):
        slot, parameter = strip.slot(path)
        found.append((slot, parameter.number(value, strip.where)))
    return found


def note_numbers(values: Mapping[str, Any]) -> list[tuple[int, float]]:
    """Return field and number of each of a note's own values."""
    for name in values:
        if name not in NOTE_FIELDS:
            raise unknown("field of a note", name, NOTE_FIELDS)
    return [(NOTE_FIELDS.index(name), NOTE_PARAMETERS[name].number(value, "set_note")) for name, value in values.items()]


def _flat(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Yield each path and value; the mappings `gesture` and `motion` become paths with a dot."""
    for name, value in values.items():
        if name in ("gesture", "motion"):
            if not isinstance(value, Mapping):
                raise InputError(f"{name} = {shown(value)}; it must be a table of the {name}'s parameters")
            yield from ((f"{name}.{key}", each) for key, each in value.items())
        else:
            yield name, value
