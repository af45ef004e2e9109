"""A frame as OSC brings it: what the messages of one bundle change together.  numbers, positions, whole vectors -> one vector."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synth.control.commands import Call
from synth.parameters.curves import Values
from synth.parameters.space import Space


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that waits for its frame, to which address it was said, and by whom."""

    call: Call
    address: str
    sender: Any


@dataclass(slots=True)
class Frame:
    """What acts together; of two messages for one parameter the later one counts."""

    space: Space | None = None
    _whole: Values | None = None
    _numbers: dict[int, float] = field(default_factory=dict)
    _positions: dict[int, float] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def has_values(self) -> bool:
        """Whether it says anything of the parameters."""
        return self._whole is not None or bool(self._numbers or self._positions)

    def set(self, place: int, number: float) -> None:
        """Take in a number in natural units."""
        self._numbers[place] = number
        self._positions.pop(place, None)

    def set_unit(self, place: int, position: float) -> None:
        """Take in a position in 0..1."""
        self._positions[place] = position
        self._numbers.pop(place, None)

    def set_all(self, values: Values) -> None:
        """Take in a whole vector (n,); NaN leaves what was said before."""
        self._whole = np.where(np.isnan(values), self.vector(), values) if self.has_values else values
        self._numbers, self._positions = {}, {}

    def vector(self) -> Values:
        """Return it as a vector (n,); NaN where nothing is said."""
        assert self.space is not None
        vector = np.full(len(self.space), np.nan) if self._whole is None else np.array(self._whole, np.float64)
        if self._positions:
            at, positions = list(self._positions), np.full(len(self.space), np.nan)
            positions[at] = list(self._positions.values())
            vector[at] = self.space.from_unit(positions)[at]
        if self._numbers:
            vector[list(self._numbers)] = list(self._numbers.values())
        return vector
