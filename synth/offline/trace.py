"""A trace: what a take's parameters did and what was struck, as arrays.  take -> replay without sound -> rows, notes -> Trace."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.engine.hold_history import RATE_HZ as TINGLE_RATE_HZ
from synth.engine.hold_history import sampled, steps_in
from synth.engine.kernels import event_record as record
from synth.engine.layer import Layer
from synth.engine.preset import Preset
from synth.offline.silent_engine import Rows, SilentEngine
from synth.parameters.errors import InputError, shown
from synth.parameters.parameter import Parameter
from synth.parameters.space import Space
from synth.parameters.tables import MASTER_PATHS, PLACE_PARAMETERS
from synth.preset.library import read_text
from synth.take.reader import Player, Take, load_take

STRIKE = np.dtype(
    [("time_s", "f8"), ("end_s", "f8"), ("layer", "i4"), ("velocity", "f4"), ("pitch", "f4"), ("is_gesture", "?")], align=True
)
_RATE = Parameter("rate_hz", 0.01, 1000, 100, "hz")
_FROM_THE_START = -1
_AZIMUTH = PLACE_PARAMETERS[0]


@dataclass(frozen=True, eq=False)
class Trace:
    """What a take's parameters did, and what was struck.

    Attributes
    ----------
    rate_hz : rows a second.
    times_s : (k,) float64, of each row, since the take's beginning.
    values : (k, n) float32, natural units, choices as indices; NaN while a layer is not there. An azimuth that passes the back
        goes on beyond 180.
    space : what a row's places are: that of `synth.space(preset)` for the preset that was played.
    layers : their names.
    strikes : (m,) records, in order: time_s, end_s (when it was released, or cut off; NaN: never), layer (index into `layers`),
        velocity 0..1, pitch in semitones, is_gesture (struck by the layer's own gesture, not by a key or from Python).
    preset : what was played, if the take holds its text.
    tingle : (j,) float32, 0..1 at 50 Hz since the take's or the part's beginning: how strongly it tingled, as the listener said;
        what was said last counts until something else is. What was heard just then is older by the latency of the output.
    """

    rate_hz: float
    times_s: npt.NDArray[np.float64]
    values: npt.NDArray[np.float32]
    space: Space
    layers: tuple[str, ...]
    strikes: npt.NDArray[np.void]
    preset: Preset | None = None
    tingle: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))


def trace(take: str | Path | Take, rate_hz: float = 100.0, part: int | None = None) -> Trace:
    """Return what a take's parameters did, sampled evenly, and what was struck.

    A row holds the numbers that the engine read at the end of the quantum (64 frames) nearest to its time.

    Parameters
    ----------
    take : a `.take` file, or a loaded take.
    rate_hz : rows a second, 0.01 to 1000.
    part : which part of a take in which presets were switched, from 0; a new one begins where layers come after others have
        gone. None: the take has but one.

    Raises
    ------
    InputError
        If it is no take, holds nothing, has several parts and none is named, or has no such part.
    """
    rate_hz = _RATE.number(rate_hz, "trace")
    take = take if isinstance(take, Take) else load_take(take)
    engine = SilentEngine(take.sample_rate, take.head.seed, rate_hz)
    for _ in Player(engine, take).blocks():
        pass
    if not engine.rows:
        raise InputError(f"take '{take.path}' holds nothing: it ends before its first frame")
    answers = np.concatenate(engine.answers) if engine.answers else np.zeros(0, record.RESPONSE)
    parts = list(_parts(answers))
    number = _chosen(take, parts, part)
    found = _trace_of(parts[number], engine.rows, answers, rate_hz, take.sample_rate)
    found = replace(found, tingle=_tingle(parts[number], answers, take))
    return replace(found, preset=_preset(take, number)) if len(take.presets) == len(parts) else found


def _preset(take: Take, number: int) -> Preset:
    return read_text(take.presets[number], take.path.stem, f"take '{take.path}': preset", take.path.parent)


def _tingle(part: _Part, answers: npt.NDArray[np.void], take: Take) -> npt.NDArray[np.float32]:
    """Return the hold of a part, sampled evenly from its beginning."""
    start, stop = max(part.start, 0.0), min(part.stop, float(take.frames))
    frames = np.arange(start, stop, take.sample_rate / TINGLE_RATE_HZ)
    return sampled(steps_in(answers["event"][answers["kind"] == record.APPLIED]), frames)


# ---- parts


@dataclass
class _Part:
    """A stretch of a take: the first frame that it is about, the first after it, and its layers' generations."""

    start: float
    stop: float = math.inf
    layers: list[int] = field(default_factory=list)


def _parts(answers: npt.NDArray[np.void]) -> Iterator[_Part]:
    """Yield the parts of a take: a new one begins where a layer comes after another has gone."""
    events = answers["event"][answers["kind"] == record.APPLIED]
    part, there, has_lost = _Part(_FROM_THE_START), set[int](), False
    for event in events[np.isin(events["kind"], (record.ADD, record.REMOVE))]:
        generation = int(event["generation"])
        if event["kind"] == record.REMOVE:
            there, has_lost = there - {generation}, True
            continue
        if has_lost:
            part.stop = float(event["frame"])
            yield part
            part, has_lost = _Part(part.stop, layers=[each for each in part.layers if each in there]), False
        there.add(generation)
        part.layers.append(generation)
    yield part


def _chosen(take: Take, parts: Sequence[_Part], part: int | None) -> int:
    last = len(parts) - 1
    if part is None and last:
        times = ", ".join(f"{max(each.start, 0) / take.sample_rate:.1f}" for each in parts)
        raise InputError(f"take '{take.path}' has {last + 1} parts, from {times} s on: say which with part=0 .. {last}")
    if part is not None and (type(part) is not int or not 0 <= part <= last):
        raise InputError(f"take '{take.path}': part = {shown(part)}; allowed: 0 .. {last}")
    return part or 0


# ---- notes


def _notes(answers: npt.NDArray[np.void]) -> list[tuple[Any, list[float]]]:
    """Return the event that struck each note, and the frame at which it ended.

    A note is let go, and its voice ends later; or its voice ends at once, because it was cut off.
    """
    notes: list[tuple[Any, list[float]]] = []
    sounding: dict[tuple[int, int], deque[list[float]]] = {}
    for answer in answers:
        event, kind = answer["event"], int(answer["event"]["kind"])
        key = int(answer["layer"]), int(answer["note"])
        if answer["kind"] == record.NOTE_ENDED:
            if sounding.get(key):
                _release([sounding[key].popleft()], float(answer["frame"]))
        elif answer["kind"] != record.APPLIED:
            continue
        elif kind == record.STRIKE:
            notes.append((event, [math.nan]))
            sounding.setdefault(key, deque()).append(notes[-1][1])
        elif kind == record.RELEASE:
            _release(sounding.get(key, ()), float(event["frame"]))
        elif kind == record.RELEASE_ALL:
            for (_, note), ends in sounding.items():
                if note >= 0 and not (note ^ key[1]) & int(event["mask"]):
                    _release(ends, float(event["frame"]))
    return notes


def _release(ends: Sequence[list[float]] | deque[list[float]], frame: float) -> None:
    for end in ends:
        if math.isnan(end[0]):
            end[0] = frame


# ---- the trace


def _trace_of(part: _Part, rows: Sequence[Rows], answers: npt.NDArray[np.void], rate_hz: float, sample_rate: float) -> Trace:
    by_generation = {layer.generation: layer for each in rows for layer in each.layers}
    layers = [by_generation[generation] for generation in part.layers if generation in by_generation]
    frames = np.concatenate([np.array(each.frames) for each in rows])
    is_in = (frames > part.start) & (frames <= part.stop)
    values = np.concatenate([_columns(each, layers) for each in rows])[is_in]
    space = _space(layers, values)
    for column, parameter in enumerate(space.parameters):
        if parameter is _AZIMUTH:
            values[:, column] = _turned_on(values[:, column])
    return Trace(
        rate_hz,
        np.flatnonzero(is_in) / rate_hz,
        values,
        space,
        tuple(layer.name for layer in layers),
        _strikes(part, layers, answers, sample_rate),
    )


def _columns(rows: Rows, layers: Sequence[Layer]) -> npt.NDArray[np.float32]:
    """Return rows (k, n) with the numbers of some layers, then the master's; NaN for those that were not there."""
    first, begin = {}, 0
    for layer in rows.layers:
        first[layer.generation], begin = begin, begin + len(layer.slots)
    values = np.array(rows.values)
    nothing = np.full(len(values), np.nan, np.float32)
    at = [first[layer.generation] + i if layer.generation in first else None for layer in layers for i in range(len(layer.slots))]
    own = [nothing if place is None else values[:, place] for place in at]
    return np.stack([*own, *values[:, begin:].T], 1)


def _turned_on(degrees: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return directions without the jumps at the back of the head, within the range of an azimuth."""
    is_there = ~np.isnan(degrees)
    straight = np.unwrap(degrees[is_there], period=360)
    whole = degrees.copy()
    whole[is_there] = straight - 360 * np.sign(straight) * np.ceil(np.maximum(np.abs(straight) - 360, 0) / 360)
    return whole


def _space(layers: Sequence[Layer], values: npt.NDArray[np.float32]) -> Space:
    """Return what the columns are; each default is the number with which its column begins."""
    rows = [(f"{layer.name}.{path}", p) for layer in layers for path, (_, p) in layer.slots.items()]
    rows += [(f"master.{name}", p) for name, p in MASTER_PATHS.items()]
    begin = [column[~np.isnan(column)][:1] for column in values.T]
    numbers = (
        min(max(float(n[0]), p.low), p.high) if len(n) else p.default_number for n, (_, p) in zip(begin, rows, strict=True)
    )
    return Space.of((path, p, number) for (path, p), number in zip(rows, numbers, strict=True))


def _strikes(part: _Part, layers: Sequence[Layer], answers: npt.NDArray[np.void], sample_rate: float) -> npt.NDArray[np.void]:
    index = {layer.generation: i for i, layer in enumerate(layers)}
    rows = [
        (
            event["frame"] / sample_rate,
            end[0] / sample_rate,
            index[int(event["generation"])],
            event["velocity"],
            event["pitch"],
            event["note"] < 0,
        )
        for event, end in _notes(answers)
        if part.start <= event["frame"] < part.stop and int(event["generation"]) in index
    ]
    return np.array(rows, STRIKE)
