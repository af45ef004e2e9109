"""Micro-events: where a layer's emitters sound just now, and how loud.  arena -> places in metres, mean squares.

The memory is read while the audio thread writes it: what is shown for a moment may be a quantum old, or of two quanta.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hrtf.kernels.records import HISTORY
from synth.dsp.emitter import DRY_LEFT, EARS, FREE, SLOT
from synth.engine.engine import Engine
from synth.engine.kernels.state import IDLE, POINT
from synth.engine.layer import Layer
from synth.rt.units import QUANTUM

SILENT = 1e-11
"""Mean square below which an emitter does not count as sounding (-110 dB)."""
_EAR_M = 0.09  # from the head's centre: where what touches an ear is shown
_NONE, _NO_VOICES = np.zeros((0, 4), np.float32), np.zeros(0, bool)
_NO_SLOTS, _NO_POINTS = np.zeros((0, 1), SLOT), np.zeros((0, 1), POINT)
_RUNNING = slice(HISTORY, HISTORY + QUANTUM)  # of a source's line: the running quantum, for what goes past the head ...
_PAST = slice(HISTORY - QUANTUM, HISTORY)  # ... and the one that has gone into the ears


def micro_events(engine: Engine, layer: Layer, most: int) -> npt.NDArray[np.float32]:
    """Return the emitters of a layer that sound, at most the `most` loudest: (n, 4) x, y, z in metres, mean square.

    x points to the front, y to the left, z up.
    """
    is_sounding, slots, points = _emitters(engine, layer)
    sounding = np.nonzero(is_sounding[:, None] & (slots["life"] != FREE) & (points["is_placed"] != 0))
    if not len(sounding[0]):
        return _NONE
    routes, sources = slots["route"][sounding], points["source"]
    is_in_ears = routes == EARS
    lines = sources["line"]
    if is_in_ears.all():
        heard, found = lines[..., _PAST][sounding], _found(sources["position_m"][sounding])
    else:
        heard = np.where(is_in_ears[:, None], lines[..., _PAST][sounding], lines[..., _RUNNING][sounding])
        beside = np.where(routes == DRY_LEFT, _EAR_M, -_EAR_M)[:, None] * (0, 1, 0)
        found = _found(np.where(is_in_ears[:, None], sources["position_m"][sounding], beside))
    np.einsum("ij,ij->i", heard, heard, out=found[:, 3])
    found[:, 3] /= QUANTUM
    found = found[(found[:, 3] > SILENT) & np.isfinite(found).all(axis=1)]
    return found[np.argsort(-found[:, 3], kind="stable")[:most]] if len(found) > most else found


def _found(places: Any) -> npt.NDArray[np.float32]:
    """Return places beside which a mean square has room."""
    found = np.empty((len(places), 4), np.float32)
    found[:, :3] = places
    return found


def _emitters(engine: Engine, layer: Layer) -> tuple[Any, Any, Any]:
    """Return which of a layer's voices sound, and their SLOT and POINT records where they lie, (voices, emitters) each."""
    state, kind = engine.state, layer.trigger
    record = state["layers"][layer.index]
    first, count = int(record["first_voice"]), int(record["voices"])
    voices = state["voices"][first : first + count]
    sounding = np.flatnonzero(voices["life"] != IDLE)
    if not len(sounding) or int(record["emitters"]) != kind.emitters:
        return _NO_VOICES, _NO_SLOTS, _NO_POINTS
    begin, end = int(sounding[0]), int(sounding[-1]) + 1
    begins = [int(at) for at in voices["state_at"][:2]]  # a layer's voices lie evenly spaced
    stride, shape, memory = begins[-1] - begins[0], (end - begin, kind.emitters), engine.memory.bytes.data
    slots_at = int(voices["emitters_at"][begin]) + int(kind.emitters_dtype.fields["slot"][1])  # type: ignore[index]
    slots: Any = np.ndarray(shape, SLOT, memory, slots_at, (stride, SLOT.itemsize))
    points: Any = np.ndarray(shape, POINT, memory, int(voices["points_at"][begin]), (stride, POINT.itemsize))
    return voices["life"][begin:end] != IDLE, slots, points
