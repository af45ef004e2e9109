"""Frames as they come in: what a sender gives, checked and brought into the form in which it is sent.  values -> ITEM, f4."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.stream.ring import ARRIVED, AT, ITEM, LATEST_FRAME, LONGEST_STAMP_S, STAMPED
from synth.parameters.errors import InputError, shown
from synth.parameters.parameter import Parameter
from synth.parameters.space import Space

Vectors = npt.NDArray[np.float32]


def _number(parameter: Parameter, value: Any, where: str) -> float:
    """Return a value as it is sent; a choice may be given by its name."""
    if isinstance(value, str):
        return parameter.number(value, where)
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InputError(f"{where}: {parameter.name} = {shown(value)} is not a number; allowed: {parameter.range_text}")
    try:
        return float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return math.inf


def vectors_of(where: str, space: Space, values: npt.ArrayLike | Mapping[str, Any]) -> Vectors:
    """Return frames as they are sent, (k, n) float32: what a mapping does not name is NaN.

    Raises
    ------
    InputError
        If a path is not known, a value is no number, or the shape is wrong.
    """
    count = len(space)
    if isinstance(values, Mapping):
        vector = [math.nan] * count
        for path, value in values.items():
            place = space.index(path)
            vector[place] = _number(space.parameters[place], value, where)
        values = vector
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            vectors = np.ascontiguousarray(np.asarray(values, np.float64), np.float32)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{where}: values are not all numbers; they must have the shape ({count},) or (k, {count})") from None
    if vectors.ndim not in (1, 2) or vectors.shape[-1] != count:
        raise InputError(f"{where}: values have the shape {vectors.shape}; it must be ({count},) or (k, {count})")
    return vectors.reshape(-1, count)


def heads_of(where: str, count: int, at: Any, time_s: Any) -> npt.NDArray[np.void]:
    """Return the heads, ITEM, of frames that are pushed together."""
    heads = np.zeros(count, ITEM)
    if at is not None and time_s is not None:
        raise InputError(f"{where}: give at or time_s, not both")
    heads["kind"] = ARRIVED
    if at is not None:
        frames = _times(where, "at", at, count, np.integer, "absolute frames, whole numbers of 0 or more")
        heads["kind"], heads["frame"] = AT, frames
        if not ((heads["frame"] >= 0) & (heads["frame"] < LATEST_FRAME)).all():
            raise InputError(f"{where}: at = {shown(at)}; it must be absolute frames, whole numbers of 0 or more")
    elif time_s is not None:
        heads["kind"], heads["stamp_s"] = STAMPED, _times(where, "time_s", time_s, count, np.number, "seconds")
        if not (np.abs(heads["stamp_s"]) < LONGEST_STAMP_S).all():
            raise InputError(f"{where}: time_s = {shown(time_s)}; it must be seconds since the stream's start")
    return heads


def _times(where: str, what: str, given: Any, count: int, kind: Any, right: str) -> Any:
    times = np.asarray(given)
    if (
        not np.issubdtype(times.dtype, kind)
        or np.iscomplexobj(times)
        or times.shape not in ((count,), () if count == 1 else (count,))
    ):
        raise InputError(f"{where}: {what} = {shown(given)}; it must be {right}: one a frame, here {count}")
    return times
