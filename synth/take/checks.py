"""Every number of a take, before it reaches the engine: whoever wrote the file, kernels believe what they are told.

chunk's payload -> plain data -> ranges -> what the engine takes, or one line
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.midi.binding import MAPS
from synth.control.stream.acts import ACT, CLOSE, act_bytes
from synth.control.stream.memory import Definition
from synth.dsp import phone
from synth.engine.kernels import event_record as record
from synth.engine.kernels.state import MASTER_SLOTS, MAX_LAYERS, MAX_VOICES, SLOTS
from synth.parameters.errors import InputError, clean, shown

LONGEST_S = 7 * 86400
"""The longest take that is replayed: a week."""
_UNFLUSHED_S = 3600
LATEST = 1 << 50
"""A frame after which nothing happens."""
_NOTE_SLOTS = 4
_MOST_TARGETS = 8192
_MOST = 1e9
_LONGEST_TEXT = 200
_WRONG = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


@contextmanager
def damage(where: str) -> Iterator[None]:
    """Make one line of whatever is wrong with what is read here."""
    try:
        yield
    except InputError:
        raise
    except _WRONG as error:
        raise InputError(f"{where} is damaged: {clean(str(error) or type(error).__name__, _LONGEST_TEXT)}") from None


def fields_of(payload: bytes) -> dict[str, Any]:
    """Return the fields of a chunk that is JSON."""
    fields = json.loads(payload)
    if not isinstance(fields, dict):
        raise ValueError("not a table of fields")
    return fields


def number(name: str, value: Any, low: float, high: float, *, whole: bool = False) -> None:
    """Raise `ValueError` unless a value is a number of a range."""
    if type(value) not in ((int,) if whole else (int, float)) or not low <= value <= high:
        raise ValueError(f"{name} = {shown(value, 40)} is out of range; allowed: {low:g} .. {high:g}")


def text(name: str, value: Any) -> None:
    """Raise `ValueError` unless a value is a line of text."""
    if type(value) is not str or len(value) > _LONGEST_TEXT or not value.isprintable():
        raise ValueError(f"{name} is no line of text")


def frames_of(payload: bytes, before: int, sample_rate: float) -> int:
    """Return how many frames were played, as a FRAMES chunk says after one that said `before`: a take is flushed now and then."""
    frames = int(payload) if len(payload) <= 20 and payload.isdigit() else -1
    number("frames", frames, before, min(before + _UNFLUSHED_S * sample_rate, LONGEST_S * sample_rate), whole=True)
    return frames


def check_head(head: Any) -> None:
    """Raise `ValueError` if a head cannot be."""
    number("sample_rate", head.sample_rate, 32000, 192000)
    number("seed", head.seed, -(1 << 63), 1 << 63, whole=True)
    number("inputs", head.inputs, 0, 2, whole=True)
    text("ears", head.ears)
    text("ears_hash", head.ears_hash)
    if not isinstance(head.versions, Mapping):
        raise ValueError("versions is no table")
    for name, version in head.versions.items():
        text("versions", name)
        text(f"versions: {name}", version)


def check_layout(layout: np.dtype[np.void]) -> None:
    """Raise `ValueError` unless an event's fields are plain numbers."""
    for name in layout.names or ():
        if layout[name].kind not in "iuf" or layout[name].shape or layout[name].itemsize > 8:
            raise ValueError(f"an event's {name} is no number")


def check_layer(made: Any) -> None:
    """Raise `ValueError` if a layer cannot be; its trigger's parameters are the reader's affair."""
    number("layer's index", made.index, 0, MAX_LAYERS - 1, whole=True)
    number("layer's generation", made.generation, 1, LATEST, whole=True)
    number("layer's first voice", made.first_voice, 0, MAX_VOICES - 1, whole=True)
    for name in ("name", "trigger", "gesture", "motion"):
        text(f"layer's {name}", getattr(made, name))
    if any(type(each) is not bool for each in (made.is_loop, made.has_sound, made.has_text)):
        raise ValueError("layer's is_loop, has_sound, has_text: not true or false")
    if not isinstance(made.values, Mapping):
        raise ValueError("layer's values are no table")
    for path, value in made.values.items():
        text("a value's path", path)
        number(path, value, -_MOST, _MOST)
    if not isinstance(made.choices, Mapping):
        raise ValueError("layer's choices are no table")
    for path, names in made.choices.items():
        if not isinstance(names, list) or not all(type(name) is str for name in names):
            raise ValueError(f"{shown(path)}: its choices are no list of names")


def check_values(values: Mapping[str, Any], slots: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless a layer's numbers lie in their parameters' ranges."""
    for path, (_, parameter) in slots.items():
        number(path, values[path], parameter.low, parameter.high)


def check_stream(definition: Definition) -> None:
    """Raise `ValueError` if a stream cannot be."""
    number("stream's number", definition.number, 0, LATEST, whole=True)
    number("stream's slew", definition.slew, 0, 1e9)
    number("stream's return_frames", definition.return_frames, 0, LATEST, whole=True)
    number("stream's targets", len(definition.targets), 1, _MOST_TARGETS, whole=True)
    for row in definition.targets:
        generation, layer, slot, low, high, preset_value, glide_stop = row
        number("target's generation", generation, -1, LATEST, whole=True)
        number("target's layer", layer, -1, MAX_LAYERS - 1, whole=True)
        number("target's slot", slot, 0, (MASTER_SLOTS if layer < 0 else SLOTS) - 1, whole=True)
        for name, value in (("low", low), ("high", high), ("preset_value", preset_value)):
            number(f"target's {name}", value, -1e9, 1e9)
        number("target's glide_stop", glide_stop, -LATEST, LATEST, whole=True)


def check_acts(rows: npt.NDArray[np.uint8], values: int) -> None:
    """Raise `ValueError` if a stream of so many values cannot do this."""
    if rows.shape[1] != act_bytes(values):
        raise ValueError("a stream's acts have the wrong length")
    acts = rows[:, : ACT.itemsize].copy().view(ACT)[:, 0]
    _check("act", acts["act"], 0, CLOSE)
    _check("act's frame", acts["frame"], 0, LATEST)
    _check("act's ramp_frames", acts["ramp_frames"], -1, LATEST)
    _check("act's is_eased", acts["is_eased"], 0, 1)


_RANGES: tuple[tuple[str, tuple[int, ...] | None, float, float], ...] = (
    ("kind", None, 0, record.HUSH),
    ("frame", None, 0, LATEST),
    ("ramp_frames", None, -1, LATEST),
    ("value", None, -1e9, 1e9),
    ("note", None, 0, 1 << 62),
    ("velocity", None, 0, 1),
    ("pitch", None, -1000, 1000),
    ("owner", None, 0, record.BY_UNDO),
    ("switch", None, 0, record.FORGET),
    ("keeps_tails", None, 0, 1),
    ("table", None, 0, MAPS - 1),
    ("generation", record.ON_LAYER, 1, LATEST),
    ("layer", record.ON_LAYER, 0, MAX_LAYERS - 1),
    ("layer", (record.RELEASE_OVERRIDE,), record.ON_ALL, MAX_LAYERS - 1),
    ("slot", (record.SET,), 0, SLOTS - 1),
    ("slot", (record.NOTE, record.NOTE_ALL), 0, _NOTE_SLOTS - 1),
    ("slot", (record.MASTER, record.STEP_MASTER), 0, MASTER_SLOTS - 1),
    ("slot", (record.RELEASE_OVERRIDE,), -1, SLOTS - 1),
    ("slot", (record.SAY,), 0, len(phone.NAMES) - 1),
    ("mask", (record.SAY,), 0, phone.MOST_MARKS),
    ("value", (record.SAY,), 0, phone.LONGEST_S),
)
"""A field, the kinds of event that it says something to (None: all), and its range."""


def check_events(events: npt.NDArray[np.void]) -> None:
    """Raise `ValueError` if one of some EVENT records cannot be."""
    for name, kinds, low, high in _RANGES:
        meant = events if kinds is None else events[np.isin(events["kind"], kinds)]
        _check(f"event's {name}", meant[name], low, high)
    if (events["kind"] == record.STREAM_ACT).any():
        raise ValueError("an event is of a stream")
    if (np.diff(events["frame"]) < 0).any():
        raise ValueError("events are not in order")


def _check(name: str, values: npt.NDArray[Any], low: float, high: float) -> None:
    bad = values[~((values >= low) & (values <= high))]
    if len(bad):
        raise ValueError(f"{name} = {float(bad[0]):g} is out of range; allowed: {low:g} .. {high:g}")
