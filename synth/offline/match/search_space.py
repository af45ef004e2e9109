"""What a match varies of a trigger: its own parameters, and how its init preset plays it.  trigger -> Space; position -> preset.

Place, motion, room and levels stay the init preset's: texture says next to nothing about them. How often it is played lies
within a factor of four of the usual: beyond it other triggers are meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from synth.engine.preset import Preset
from synth.parameters.parameter import Parameter
from synth.parameters.space import Space
from synth.preset.assignments import with_values
from synth.preset.library import init_preset
from synth.preset.space import space
from synth.trigger import TRIGGERS

_PLAYED = ("rate_hz", "irregularity", "velocity", "dynamics", "duty", "swell_hz", "swell")
_FASTER = 4.0
_OTHER = 0.7  # two choices are as far apart as the ends of a range

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SearchSpace:
    """A trigger's parameters and its gesture's as positions in 0..1."""

    trigger: str

    @cached_property
    def start(self) -> Preset:
        """The init preset."""
        return init_preset(self.trigger)

    @cached_property
    def space(self) -> Space:
        """What is varied, ranges as they are searched."""
        layer = self.start.layers[0]
        own = [parameter.name for parameter in TRIGGERS[self.trigger].parameters]
        played = [f"gesture.{name}" for name in _PLAYED if f"gesture.{name}" in layer.parameters]
        found = space(self.start).subset([f"{layer.name}.{path}" for path in (*own, *played)])
        parameters = tuple(
            _narrowed(parameter, value) if path.endswith(("gesture.rate_hz", "gesture.swell_hz")) else parameter
            for path, parameter, value in zip(found.paths, found.parameters, found.default, strict=True)
        )
        return Space(found.paths, parameters, found.default)

    def preset_at(self, position: npt.ArrayLike) -> Preset:
        """Return the preset at a position (n,) in 0..1."""
        values = self.space.mapping(self.space.from_unit(position))
        return with_values(self.start, [f"{path}={value}" for path, value in values.items()])

    def features(self, positions: Array) -> Array:
        """Return positions (points, n) as numbers whose distances mean something (points, m): a choice has an axis for each."""
        columns = []
        for column, parameter in zip(positions.T, self.space.parameters, strict=True):
            if parameter.choices:
                chosen = np.rint(column * parameter.high).astype(int)
                columns += [_OTHER * (chosen == index) for index in range(len(parameter.choices))]
            else:
                columns.append(column)
        return np.stack(columns, axis=1)


def _narrowed(parameter: Parameter, usual: float) -> Parameter:
    return replace(parameter, low=max(parameter.low, usual / _FASTER), high=min(parameter.high, usual * _FASTER), default=usual)
