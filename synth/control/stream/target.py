"""A target: one number that a stream moves, as its record in the engine's memory says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synth.parameters.parameter import Parameter


@dataclass(frozen=True)
class Target:
    """One number that a stream moves.

    Attributes
    ----------
    path : "LAYER.PARAMETER" or "master.PARAMETER".
    layer, generation : the layer's index and generation; -1 and 0: the master's.
    slot : which of its numbers.
    parameter : range, unit, curve.
    preset_value : what it returns to when the stream stalls.
    """

    path: str
    layer: int
    generation: int
    slot: int
    parameter: Parameter
    preset_value: float

    @property
    def row(self) -> tuple[Any, ...]:
        """The TARGET record."""
        return self.generation, self.layer, self.slot, self.parameter.low, self.parameter.high, self.preset_value, 0
