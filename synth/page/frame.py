"""The status frame: meters, and where layers and their micro-events are, as one binary message.  engine -> bytes.

A frame is one HEAD, then `layers` LAYER records in the order of the preset, then `events` EVENT records: those of the first
layer, those of the second, ... All is little-endian and has no gaps. x points to the front, y to the left, z up, from the head's
centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.engine.engine import Engine
from synth.engine.kernels.state import IDLE
from synth.engine.layer import Layer
from synth.engine.micro_events import micro_events
from synth.live.status import Status

VERSION = 1
RATE_HZ = 30
"""How often one is sent."""
MOST_EVENTS = 48
"""Of a layer; the loudest are shown."""
HEAD = np.dtype(
    [
        ("version", "<u2"),
        ("layers", "<u2"),
        ("events", "<u4"),
        ("preset", "<u4"),  # as the message "preset" numbers it
        ("missed_blocks", "<u4"),  # underruns and gaps since the start
        ("frame", "<f8"),  # the first one not yet rendered
        ("sample_rate", "<f4"),
        ("load", "<f4"),  # share of a block's time that rendering takes
        ("peak_left", "<f4"),  # the highest samples of the last 50 ms, 1: full scale
        ("peak_right", "<f4"),
        ("weighted", "<f4"),  # mean square of both ears, A-weighted
        ("limiter", "<f4"),  # its lowest gain, 1: at rest
    ]
)
LAYER = np.dtype([("x_m", "<f4"), ("y_m", "<f4"), ("z_m", "<f4"), ("mean_square", "<f4"), ("events", "<u4")])
EVENT = np.dtype([("x_m", "<f4"), ("y_m", "<f4"), ("z_m", "<f4"), ("mean_square", "<f4")])
_PLACE = ("x_m", "y_m", "z_m")


@dataclass(frozen=True)
class Frame:
    """A status frame taken apart.

    Attributes
    ----------
    head : a HEAD record. layers : LAYER records. events : of each layer, EVENT records.
    """

    head: Any
    layers: npt.NDArray[np.void]
    events: list[npt.NDArray[np.void]]


def packed(engine: Engine, layers: Sequence[Layer], preset: int, status: Status | None) -> bytes:
    """Return a status frame; `status`: the session's newest, for what only it knows."""
    heard = [_layer(engine, layer) for layer in layers]
    head = np.zeros(1, HEAD)
    head["version"], head["layers"], head["preset"] = VERSION, len(layers), preset
    head["events"] = sum(len(events) for _, events in heard)
    head["frame"], head["sample_rate"] = engine.frame, engine.sample_rate
    if status:
        head["missed_blocks"], head["load"] = status.underruns + status.gaps, status.load_mean
    head["limiter"] = 1.0
    rows = engine.meters[-1:]
    if len(rows):
        head["peak_left"], head["peak_right"] = rows["peak"][-1]
        head["weighted"], head["limiter"] = rows["weighted"][-1].mean(), rows["gain"][-1]
    return b"".join([head.tobytes(), *(record for record, _ in heard), *(events.tobytes() for _, events in heard)])


def _layer(engine: Engine, layer: Layer) -> tuple[bytes, npt.NDArray[np.float32]]:
    """Return a LAYER record, and its micro-events."""
    state = engine.state
    record, found = state["layers"][layer.index], np.zeros(1, LAYER)
    if int(record["generation"]) != layer.generation:  # another one has its place by now
        return found.tobytes(), np.zeros((0, 4), np.float32)
    events = micro_events(engine, layer, MOST_EVENTS)
    first = int(record["first_voice"])
    voices = state["voices"][first : first + int(record["voices"])]
    for axis in _PLACE:
        found[axis] = record[axis]
    found["mean_square"], found["events"] = voices["level"][voices["life"] != IDLE].sum(), len(events)
    return found.tobytes(), events


def unpacked(data: bytes) -> Frame:
    """Take a status frame apart; raises `ValueError` if it is none."""
    if len(data) < HEAD.itemsize:
        raise ValueError(f"{len(data)} bytes are no status frame; its head alone has {HEAD.itemsize}")
    head = np.frombuffer(data, HEAD, 1)[0]
    if head["version"] != VERSION:
        raise ValueError(f"a status frame of version {head['version']}; this one is {VERSION}")
    layers, events = int(head["layers"]), int(head["events"])
    size = HEAD.itemsize + layers * LAYER.itemsize + events * EVENT.itemsize
    if size != len(data):
        raise ValueError(f"{len(data)} bytes are no status frame; its head says {size}")
    rows = np.frombuffer(data, LAYER, layers, HEAD.itemsize)
    found = np.frombuffer(data, EVENT, events, HEAD.itemsize + rows.nbytes)
    return Frame(head, rows, np.split(found, np.cumsum(rows["events"])[:-1]) if layers else [])
