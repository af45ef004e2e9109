"""The format of takes: what chunks there are, what stands in each, and how older formats are read.  chunk -> record, and back.

HEAD first; LAYER (behind its SOUND or TEXT) and STREAM before what concerns them; EVENTS, ACTS, INPUT and FRAMES as they came.
A take is read by the names of its fields and parameters, so that one of any format plays for ever.
"""

from __future__ import annotations

import ast
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.stream.memory import Definition
from synth.engine.kernels import event_record as record
from synth.engine.kernels.event_record import EVENT, STREAM_FIELDS
from synth.parameters.errors import InputError, shown
from synth.take.checks import check_events, check_head, check_layer, check_layout, check_stream, damage, fields_of

FORMAT = 3
HEAD, LAYER, SOUND, TEXT, PRESET = b"head", b"layr", b"soun", b"text", b"prst"
EVENTS, INPUT, FRAMES = b"evnt", b"inpt", b"fram"
STREAM, ACTS = b"strm", b"acts"
"""The kinds of chunks."""

Records = npt.NDArray[np.void]
_ACTS_HEAD = struct.Struct("<2Q")
_EVENT_1 = np.dtype(
    [
        ("frame", "i8"),
        ("sequence", "i8"),
        ("kind", "i4"),
        ("layer", "i4"),
        ("generation", "i8"),
        ("note", "i8"),
        ("ramp_frames", "i8"),
        ("slot", "i4"),
        ("value", "f8"),
        ("pitch", "f8"),
    ],
    align=True,
)
_KEPT = np.dtype([(name, EVENT[name]) for name in EVENT.names or () if name not in ("sequence", *STREAM_FIELDS)])
EVENT_LAYOUT = [[name, _KEPT[name].str] for name in _KEPT.names or ()]
"""How an event lies in EVENTS today, for the head: names and types. What a stream does stands in ACTS."""
_MEANT_1: tuple[tuple[tuple[int, ...], str, str], ...] = (
    ((record.SET, record.MASTER), "note", "owner"),
    ((record.STRIKE,), "value", "velocity"),
    ((record.REMOVE,), "value", "keeps_tails"),
    ((record.RELEASE_ALL, record.NOTE_ALL), "generation", "mask"),
    ((record.HOLD, record.FREEZE, record.PAUSE), "value", "switch"),
    ((record.MAP,), "value", "table"),
)
"""What format 1 kept under another name: for events of these kinds, there, here."""


@dataclass(frozen=True)
class Head:
    """What a take begins with.

    Attributes
    ----------
    format : of the whole file.
    sample_rate, seed : of the engine.
    ears, ears_hash : name and hash of what was listened with.
    inputs : channels of live input.
    event : how an event lies in EVENTS.
    versions : what the samples depend on beside.
    """

    format: int
    sample_rate: float
    seed: int
    ears: str
    ears_hash: str
    inputs: int
    event: Any
    versions: Mapping[str, str]


@dataclass(frozen=True)
class LayerRecord:
    """A layer as it was made.

    `channel`, `is_loop`, `has_sound` and `has_text` say what it hears or says, `values` are its stored numbers by path, in the
    order of their slots, and `choices` the names of those that are choices, from format 3 on.
    """

    index: int
    generation: int
    name: str
    trigger: str
    gesture: str
    motion: str
    channel: int | None
    is_loop: bool
    has_sound: bool
    first_voice: int
    values: dict[str, float]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    has_text: bool = False


def packed(one: Head | LayerRecord | Definition) -> bytes:
    """Return a HEAD, LAYER or STREAM chunk's payload."""
    return json.dumps(asdict(one)).encode()


def layer_of(payload: bytes) -> LayerRecord:
    """Return what a LAYER chunk holds."""
    made = LayerRecord(**fields_of(payload))
    check_layer(made)
    return made


def stream_of(payload: bytes) -> Definition:
    """Return what a STREAM chunk holds."""
    definition = Definition(**fields_of(payload))
    check_stream(definition)
    return definition


def packed_acts(number: int, rows: npt.NDArray[np.uint8]) -> bytes:
    """Return an ACTS chunk's payload: a stream's number, how many acts there are, and these."""
    return _ACTS_HEAD.pack(number, len(rows)) + rows.tobytes()


def acts_of(payload: bytes) -> tuple[int, npt.NDArray[np.uint8]]:
    """Return what an ACTS chunk holds: the stream's number, and its acts, (k, bytes)."""
    number, count = _ACTS_HEAD.unpack_from(payload)
    if not count or (len(payload) - _ACTS_HEAD.size) % count:
        raise ValueError("a stream's acts have the wrong length")
    return number, np.frombuffer(payload, np.uint8, offset=_ACTS_HEAD.size).reshape(count, -1)


# ---- the head, and with it the events


def head_of(payload: bytes, where: str) -> Head:
    """Return what a HEAD chunk holds.

    Raises
    ------
    InputError
        If it is of a format that is not known here.
    """
    with damage(f"{where}: its head"):
        fields = fields_of(payload)
        try:
            head = Head(**fields)
            _layout(head)
        except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
            found = fields.get("format")
            if type(found) is int and found in _LAYOUTS:
                raise InputError(f"{where}: its head is not as format {found} has it: damaged, or of another version") from None
            found = shown(found)
            raise InputError(f"{where} has format {found} of another version; this one reads formats 1 .. {FORMAT}") from None
        check_head(head)
    return head


def _layout(head: Head) -> np.dtype[np.void]:
    """Return how an event lies in a take's EVENTS; raise an error if that is not known."""
    layout = _LAYOUTS[head.format](head.event)
    if not {"frame", "kind"} <= set(layout.names or ()) <= set(EVENT.names or ()) or layout.hasobject:
        raise ValueError("not an event's fields")
    check_layout(layout)
    return layout


def _layout_1(written: Any) -> np.dtype[np.void]:
    if ast.literal_eval(written) != _EVENT_1.descr:
        raise ValueError("not the fields of format 1")
    return _EVENT_1


def _layout_2(written: Any) -> np.dtype[np.void]:
    return np.dtype([(str(name), str(kind)) for name, kind in written])


_LAYOUTS = {1: _layout_1, 2: _layout_2, 3: _layout_2}


def packed_events(events: Records) -> bytes:
    """Return an EVENTS chunk's payload."""
    kept = np.empty(len(events), _KEPT)
    for name in _KEPT.names or ():
        kept[name] = events[name]
    return kept.tobytes()


def events_of(head: Head, payload: bytes) -> Records:
    """Return what an EVENTS chunk holds, as EVENT records of today."""
    then = np.frombuffer(payload, _layout(head))
    events = np.zeros(len(then), EVENT)
    for name in then.dtype.names or ():
        events[name] = then[name]
    events = _renamed_1(events, then) if head.format == 1 else events
    check_events(events)
    return events


def _renamed_1(events: Records, then: Records) -> Records:
    """Put where it belongs what format 1 kept in another field."""
    for kinds, there, here in _MEANT_1:
        is_meant = np.isin(then["kind"], kinds)
        events[there][is_meant] = 0
        events[here][is_meant] = then[there][is_meant]
    return events
