"""What lies in a stream's shared memory: STREAM_RING, items, JSON that says what the values are.  Space -> bytes -> Space."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.stream.ring import MAGIC, MAX_VALUES, STREAM_RING, item_bytes
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter
from synth.parameters.space import Space


def _text(space: Space) -> bytes:
    rows = [[path, asdict(p), float(v)] for path, p, v in zip(space.paths, space.parameters, space.default, strict=True)]
    return json.dumps(rows).encode()


def size_of(space: Space, ring_bytes: int) -> int:
    """Return how many bytes a shared stream takes."""
    return ring_bytes + len(_text(space))


def describe(whole: npt.NDArray[np.uint8], space: Space, sample_rate: float) -> None:
    """Say in shared memory what a stream's values are; from then on others may use it."""
    text, head = _text(space), head_of(whole)
    whole[len(whole) - len(text) :] = np.frombuffer(text, np.uint8)
    head["sample_rate"], head["paths_bytes"], head["owner"] = sample_rate, len(text), os.getpid()
    head["magic"] = MAGIC


def head_of(whole: npt.NDArray[np.uint8]) -> Any:
    """Return the STREAM_RING record at the start."""
    return whole[: STREAM_RING.itemsize].view(STREAM_RING)[0]


def space_of(whole: npt.NDArray[np.uint8], where: str) -> Space:
    """Return what a shared stream's values are.

    Raises
    ------
    InputError
        If that is not to be found: it is not ready, or of another version.
    """
    head = head_of(whole) if len(whole) >= STREAM_RING.itemsize else np.zeros(1, STREAM_RING)[0]
    values, capacity, length = int(head["values"]), int(head["capacity"]), int(head["paths_bytes"])
    is_sound = int(head["magic"]) == MAGIC and 0 < values <= MAX_VALUES and length > 0 and 0 < capacity <= len(whole)
    if not is_sound or STREAM_RING.itemsize + capacity * item_bytes(values) + length != len(whole):
        raise InputError(f"{where}: its memory is not ready, or of another version of synth")
    try:
        rows = json.loads(whole[len(whole) - length :].tobytes())
        space = Space.of((path, Parameter(**{**p, "choices": tuple(p["choices"])}), value) for path, p, value in rows)
    except (ValueError, TypeError, KeyError):
        raise InputError(f"{where}: its memory does not say what the values are; is it of another version of synth?") from None
    space.check(int(head["hash"]), where)
    return space
