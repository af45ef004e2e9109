"""Macros: three or four words that a listener understands, for every preset.  preset, position 0..1 -> preset.

closeness  how near it is, at the same level    darkness  how dull and soft it is
pace       how quick and even it is             movement  how far and how fast it goes round the head

In the middle (0.5) everything is as the preset has it; towards an end, values go on from there. What belongs to a macro is known
by its name in the registry, so a new trigger has its macros without a word here. A sound is a position in steps of 1/8:
a listener hears no less, and what was played can be played again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

import synth
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.parameter import Parameter
from synth.preset.assignments import with_numbers

STEPS = 8
"""A macro runs from 0 to 1 in so many steps."""
USUAL = 0.5
Vector = npt.NDArray[np.float64]

_NEAREST_M, _FARTHER, _NEAR_M = 0.07, 4.0, 0.25  # the level falls as 1/distance beyond 25 cm (the engine's own law)
_STILL_SPAN_DEG, _STILL_PERIOD_S = 160.0, 10.0  # what a preset's main layer does at full movement if nothing moves in it


@dataclass(frozen=True)
class _Move:
    """What a macro does to a number: at 1 it lies `share` of the way to the end that `up` says, or is `ratio` times itself."""

    path: str
    up: bool = True
    share: float = 0.0
    ratio: float = 1.0

    def number(self, parameter: Parameter, usual: float, way: float) -> float:
        """Return the number at a way of -1 (macro 0) to 1 (macro 1) from the usual."""
        if self.share:
            unit, end = parameter.to_unit(usual), float((way > 0) == self.up)
            return parameter.from_unit(unit + self.share * abs(way) * (end - unit))
        return _within(parameter, usual * self.ratio ** (way if self.up else -way))


_MOVES = {
    "closeness": (_Move("closeness", share=0.8),),
    "darkness": (
        _Move("brightness", up=False, share=0.9),
        _Move("brightness_hz", up=False, share=0.8),
        _Move("hardness", up=False, share=0.8),
        _Move("softness", share=0.8),
        _Move("muffle", share=0.7),
        _Move("sibilance", up=False, share=0.8),
        _Move("tightness", up=False, share=0.7),
        _Move("high_cut_hz", up=False, share=0.5),
        _Move("tone_hz", up=False, ratio=1.6),
        _Move("size", ratio=1.3),
    ),
    "pace": (
        _Move("gesture.rate_hz", ratio=3.0),
        _Move("gesture.swell_hz", ratio=3.0),
        _Move("gesture.irregularity", up=False, ratio=1.8),
        _Move("rate_bpm", ratio=1.3),
        _Move("breath_hz", ratio=1.4),
        _Move("pace", ratio=1.35),
        _Move("intensity_mm_h", ratio=3.0),
        _Move("flow_l_min", ratio=2.0),
        _Move("contacts_hz", ratio=1.6),
    ),
    "movement": (_Move("motion.span_deg", ratio=2.0), _Move("motion.period_s", up=False, ratio=2.0)),
}
NAMES = tuple(_MOVES)
DEFAULT = NAMES[:3]


def checked_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return macros in their own order; raises InputError for one that is not known, or fewer than one."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise InputError(f"macros = {shown(names)}; needed: a list of {', '.join(NAMES)}")
    given = list(names)
    for name in given:
        if not isinstance(name, str) or name not in _MOVES:
            raise unknown("macro", name, NAMES)
        if given.count(name) > 1:
            raise InputError(f"macros = {shown(given)}; '{name}' is there twice")
    if not given:
        raise InputError(f"no macros; known: {', '.join(NAMES)}")
    return tuple(name for name in NAMES if name in given)


def snapped(vector: npt.ArrayLike, size: int) -> Vector:
    """Return a vector (size,) of macros on the grid of steps.

    Raises
    ------
    InputError
        If it is not of this size or lies outside 0..1.
    """
    try:
        given = np.asarray(vector)
        if given.size and given.dtype.kind not in "iuf":
            raise TypeError
        given = given.astype(float)
    except (TypeError, ValueError):
        raise InputError(f"vector = {shown(vector)}; needed: {size} numbers 0 .. 1, one a macro") from None
    if given.shape != (size,) or not np.isfinite(given).all() or given.min() < 0 or given.max() > 1:
        raise InputError(f"vector = {given.tolist()}; needed: {size} numbers 0 .. 1, one a macro")
    on_grid: Vector = np.round(given * STEPS) / STEPS
    return on_grid


@lru_cache(maxsize=8)
def grid(size: int) -> Vector:
    """Return every position of so many macros, (9 ** size, size), the last macro fastest."""
    axis = np.linspace(0, 1, STEPS + 1)
    points: Vector = np.stack(np.meshgrid(*[axis] * size, indexing="ij"), axis=-1).reshape(-1, size)
    points.flags.writeable = False
    return points


def grid_index(vectors: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return which rows of `grid` vectors (..., size) on the grid are."""
    steps = np.round(np.asarray(vectors, float) * STEPS).astype(np.int64)
    index: npt.NDArray[np.int64] = steps @ (STEPS + 1) ** np.arange(steps.shape[-1])[::-1]
    return index


def preset_at(preset: synth.Preset, names: Sequence[str], vector: npt.ArrayLike) -> synth.Preset:
    """Return a preset with its macros moved; the same at 0.5 each.

    Parameters
    ----------
    preset : as it usually is.
    names : macros, as `checked_names` returns them. vector : (macros,) in 0..1, on the grid or between.

    Raises
    ------
    InputError
        If the vector is not one of these macros.
    """
    position = np.asarray(vector, float)
    snapped(position, len(names))
    ways = {name: 2.0 * (float(at) - USUAL) for name, at in zip(names, position, strict=True)}
    values: dict[str, Any] = {}
    moves = ways.get("movement", 0.0)
    if moves > 0 and not any(layer.motion.get("kind", "still") != "still" for layer in preset.layers):
        values = _set_moving(preset, moves)
        preset = with_numbers(preset, {f"{preset.layers[0].name}.motion.kind": "sweep"})
    for layer in preset.layers:
        values |= _moved(layer, ways)
    if dark := ways.get("darkness", 0.0):
        soften = _Move("", share=1.0).number(preset.paths["master"]["soften_db"], preset.soften_db, dark)
        values["master.soften_db"] = soften
    if (close := ways.get("closeness", 0.0)) and "level_db" in preset.room:
        values["master.room_db"] = max(preset.room["level_db"] - 6.0 * close, -60.0)
    return with_numbers(preset, values) if values else preset


def _set_moving(preset: synth.Preset, way: float) -> dict[str, Any]:
    head = f"{preset.layers[0].name}.motion"
    return {f"{head}.span_deg": _STILL_SPAN_DEG * way, f"{head}.period_s": _STILL_PERIOD_S / (0.5 + way)}


def _moved(layer: synth.LayerSpec, ways: dict[str, float]) -> dict[str, Any]:
    """Return the changed values of a layer by path, its level with them."""
    found, gain_db = {}, 0.0
    numbers, parameters = layer.numbers, layer.parameters
    for name, way in ways.items():
        for move in _MOVES[name] if way else ():
            if move.path in parameters and not parameters[move.path].choices:
                found[move.path] = move.number(parameters[move.path], numbers[move.path], way)
    if way := ways.get("closeness", 0.0):
        found["distance_m"] = _distance_m(parameters["distance_m"], numbers["distance_m"], way)
        gain_db += 20 * math.log10(max(found["distance_m"], _NEAR_M) / max(numbers["distance_m"], _NEAR_M))
    if "gesture.rate_hz" in found:  # more events in a second are as loud as fewer
        gain_db -= 10 * math.log10(found["gesture.rate_hz"] / numbers["gesture.rate_hz"])
    if gain_db:
        found["level_db"] = min(max(layer.level_db + gain_db, -120.0), parameters["level_db"].high)
    return {f"{layer.name}.{path}": value for path, value in found.items()}


def _distance_m(parameter: Parameter, usual_m: float, way: float) -> float:
    end_m = min(_NEAREST_M, usual_m) if way > 0 else usual_m * _FARTHER
    if way > 0 and usual_m > _NEAREST_M * _FARTHER:
        end_m = usual_m / _FARTHER
    return _within(parameter, usual_m * (end_m / usual_m) ** abs(way))


def _within(parameter: Parameter, number: float) -> float:
    return float(min(max(number, parameter.low), parameter.high))


def moved_by(preset: synth.Preset, names: Sequence[str]) -> dict[str, list[str]]:
    """Return which paths of a preset each macro moves."""
    found: dict[str, list[str]] = {}
    for number, name in enumerate(names):
        ends = [preset_at(preset, names, [end if other == number else USUAL for other in range(len(names))]) for end in (0, 1)]
        paths = {
            f"{new.name}.{path}"
            for end in ends
            for old, new in zip(preset.layers, end.layers, strict=True)
            for path in new.parameters
            if path not in old.parameters or new.value(path) != old.value(path)
        }
        paths |= {"master.soften_db" for end in ends if end.soften_db != preset.soften_db}
        paths |= {"master.room_db" for end in ends if end.room != preset.room}
        found[name] = sorted(paths)
    return found


def titled(preset: synth.Preset, title: str, description: str) -> synth.Preset:
    """Return a preset under another title and description."""
    return replace(preset, title=title, description=description)
