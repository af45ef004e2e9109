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
_RUNNING = slice(HISTORY, HISTORY + QUANTUM)  # of a source's line: the running quantum, for what goes past the head ...
_PAST = slice(HISTORY - QUANTUM, HISTORY)  # ... and the one that has gone into the ears


def micro_events(engine: Engine, layer: Layer, most: int) -> npt.NDArray[np.float32]:
    """Return the emitters of a layer that sound, at most the `most` loudest: (n, 4) x, y, z in metres, mean square.

    x points to the front, y to the left, z up.
    """
    is_sounding, slots, points = _emitters(engine, layer)
    sounding = np.argwhere(is_sounding[:, None] & (slots["life"] != FREE) & (points["is_placed"] != 0))
    if not len(sounding):
        return np.zeros((0, 4), np.float32)
    voices, indices = sounding.T
    routes, sources = slots["route"][voices, indices], points["source"]
    is_in_ears = routes == EARS
    lines = sources["line"][voices, indices]
    heard = np.where(is_in_ears[:, None], lines[:, _PAST], lines[:, _RUNNING])
    beside = np.zeros((len(routes), 3))
    beside[:, 1] = np.where(routes == DRY_LEFT, _EAR_M, -_EAR_M)
    found = np.empty((len(routes), 4), np.float32)
    found[:, :3] = np.where(is_in_ears[:, None], sources["position_m"][voices, indices], beside)
    found[:, 3] = np.square(heard).mean(axis=1)
    found = found[(found[:, 3] > SILENT) & np.isfinite(found).all(axis=1)]
    return found[np.argsort(-found[:, 3], kind="stable")[:most]]


def _emitters(engine: Engine, layer: Layer) -> tuple[Any, Any, Any]:
    """Return which of a layer's voices sound, and all their SLOT and POINT records where they lie, (voices, emitters) each."""
    record, kind = engine.state["layers"][layer.index], layer.trigger
    first, count = int(record["first_voice"]), int(record["voices"])
    voices = engine.state["voices"][first : first + count]
    shape = (len(voices), kind.emitters)
    if not all(shape) or int(record["emitters"]) != kind.emitters:
        return np.zeros(0, bool), np.zeros((0, 1), SLOT), np.zeros((0, 1), POINT)
    begins = [int(at) for at in voices["state_at"][:2]]  # a layer's voices lie evenly spaced
    stride = begins[-1] - begins[0]
    slots_at = int(voices["emitters_at"][0]) + int(kind.emitters_dtype.fields["slot"][1])  # type: ignore[index]
    memory = engine.memory.bytes.data
    slots: Any = np.ndarray(shape, SLOT, memory, slots_at, (stride, SLOT.itemsize))
    points: Any = np.ndarray(shape, POINT, memory, int(voices["points_at"][0]), (stride, POINT.itemsize))
    return voices["life"] != IDLE, slots, points
