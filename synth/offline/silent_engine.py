"""An engine without sound: everything that moves numbers and strikes notes happens, no kernel plays.  events -> rows, answers.

Hundreds of times as fast as real time. The triggers' kernels are replaced by ones that do nothing; the rest is the engine itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from numba import types

from synth.engine.engine import Engine
from synth.engine.kernels.state import MAX_LAYERS
from synth.engine.layer import Layer
from synth.parameters.tables import MASTER_TARGETS
from synth.rt import kernel, native_address
from synth.rt.units import QUANTUM

Answers = npt.NDArray[np.void]
_EARS = "sphere"  # any: nothing is heard
_AT_ONCE = 16 * QUANTUM  # so that the ring of answers never fills
_STRIKE = (types.intp, types.intp, types.float64, types.float64)
_RENDER = (types.intp, types.intp, types.float64, types.float64, types.intp, types.int64, types.int64)


@kernel
def _strike_nothing(state, params, velocity, sample_rate):  # type: ignore[no-untyped-def]
    pass


@kernel
def _render_nothing(state, params, gate, sample_rate, emitters, start, stop):  # type: ignore[no-untyped-def]
    pass


@cache
def _nothing() -> tuple[int, int]:
    """Return the addresses of the kernels that do nothing; records come as pointers, so one pair fits every trigger."""
    return native_address(_strike_nothing, _STRIKE), native_address(_render_nothing, _RENDER)


@dataclass(frozen=True)
class Rows:
    """Rows of numbers, read while the same layers were there.

    Attributes
    ----------
    layers : which, in their order.
    owners, slots : (n,) where each number is: the layer's index in the engine, its slot.
    frames : when each row was read.
    values : (n and the master's,) float32 each; NaN while the number's layer is not there.
    """

    layers: tuple[Layer, ...]
    owners: npt.NDArray[np.intp]
    slots: npt.NDArray[np.intp]
    frames: list[int] = field(default_factory=list)
    values: list[npt.NDArray[np.float32]] = field(default_factory=list)

    @classmethod
    def of(cls, layers: tuple[Layer, ...]) -> Rows:
        """Return none yet."""
        places = [(layer.index, slot) for layer in layers for slot, _ in layer.slots.values()]
        owners, slots = np.array(places, np.intp).reshape(-1, 2).T
        return cls(layers, owners, slots)


class SilentEngine(Engine):
    """An engine that reads its numbers at an even rate instead of sounding.

    Parameters
    ----------
    sample_rate, seed : see `Engine`.
    rate_hz : rows a second; each is read at the end of the quantum nearest to its time.

    Attributes
    ----------
    rows : what was read.
    answers : RESPONSE records: events as they took effect, those of gestures among them, and notes that ended.
    """

    def __init__(self, sample_rate: float, seed: int, rate_hz: float) -> None:
        super().__init__(sample_rate, _EARS, seed)
        self._state["report_applied"] = 1
        self._quanta_a_row = sample_rate / rate_hz / QUANTUM
        self._read = 0
        self.rows: list[Rows] = []
        self.answers: list[Answers] = []

    def install(self, layer: Layer, values: dict[str, float], first_voice: int | None = None) -> None:
        """Write a layer into memory, with kernels that do nothing."""
        super().install(layer, values, first_voice)
        self._arena.tables["kernels"][0][layer.index] = _nothing()

    def process(self, frames: int, live_input: npt.NDArray[np.float32] | None = None) -> npt.NDArray[np.float32]:
        """Let so many frames pass; returns none."""
        stop = self.frames_out + frames
        while (now := self.frames_out) < stop:
            super().process(min(self._next_frame, now + _AT_ONCE, stop) - now)
            while self.frame >= self._next_frame:
                self._read_row()
        return np.zeros((0, 2), np.float32)

    def _take_responses(self) -> Answers:
        answers = super()._take_responses()
        if len(answers):
            self.answers.append(answers)
        return answers

    @property
    def _next_frame(self) -> int:
        """When the next row is to be read; the first one when there is something to read."""
        return max(round(self._read * self._quanta_a_row), 1) * QUANTUM

    def _read_row(self) -> None:
        layers = tuple(self._layers.values())
        if not self.rows or self.rows[-1].layers != layers:
            self.rows.append(Rows.of(layers))
        rows, state = self.rows[-1], self._state[0]
        records = state["layers"]
        is_there = np.zeros(MAX_LAYERS, np.bool_)
        for layer in layers:
            record = records[layer.index]
            is_there[layer.index] = record["is_active"] and not record["is_ending"] and record["generation"] == layer.generation
        own = np.where(is_there[rows.owners], records["slots"]["value"][rows.owners, rows.slots], np.nan)
        rows.frames.append(self._next_frame)
        rows.values.append(np.concatenate([own, state["master"]["value"][list(MASTER_TARGETS.values())]]).astype(np.float32))
        self._read += 1
