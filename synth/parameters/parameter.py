"""A parameter: a named, ranged, united, smoothed number.  Metadata only; the values live in records.

declared once -> range errors, record fields, 0..1 mapping, documentation
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synth.parameters.errors import InputError, shown, unknown

MAX_PARAMETERS = 32
"""A trigger declares at most this many."""
NOTE_FIELDS = ("pitch", "bend", "pressure", "timbre")
"""What a note brings along: pitch and bend in semitones (0), pressure 0..1 (starts as the velocity), timbre 0..1 (0.5)."""
UNITS = ("", "s", "ms", "hz", "db", "deg", "m", "cm", "mm", "m_s", "semitones", "degrees", "n", "bpm", "l_min", "mm_h", "per_s")
_CURVES = ("lin", "exp")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a trigger, a gesture, a motion, a layer or the master.

    Attributes
    ----------
    name : identifier; ends in its unit unless it is a pure number.
    low, high : the allowed range, in the parameter's unit; ignored with `choices`.
    default : value, or for `choices` one of them.
    unit : one of `UNITS`; empty for pure numbers.
    curve : "lin", or "exp" for equal ratios over equal steps of a controller (needs low > 0).
    smoothing_s : how long a change takes unless told otherwise.
    choices : names of the values of a discrete parameter: stored as an index, never interpolated, read at the next strike.
    doc : one line for people.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    default: Any = 0.0
    unit: str = ""
    curve: str = "lin"
    smoothing_s: float = 0.02
    choices: tuple[str, ...] = ()
    doc: str = ""

    def __post_init__(self) -> None:
        if self.choices:
            object.__setattr__(self, "low", 0.0)
            object.__setattr__(self, "high", float(len(self.choices) - 1))
            if self.default not in self.choices:
                raise ValueError(f"{self.name}: default {self.default!r} is none of its choices")
        elif not self.low <= self.default <= self.high:
            raise ValueError(f"{self.name}: default {self.default} outside {self.low}..{self.high}")
        if not self.name.isidentifier() or self.unit not in UNITS or self.curve not in _CURVES:
            raise ValueError(f"{self.name}: bad name, unit {self.unit!r} or curve {self.curve!r}")
        if self.curve == "exp" and self.low <= 0:
            raise ValueError(f"{self.name}: an exponential curve needs a lowest value above 0")

    @property
    def default_number(self) -> float:
        """The default as it is stored: the index for choices."""
        return float(self.choices.index(self.default)) if self.choices else float(self.default)

    @property
    def range_text(self) -> str:
        """The allowed values, for people."""
        if self.choices:
            return " | ".join(self.choices)
        return f"{self.low:g} .. {self.high:g}" + (f" {self.unit}" if self.unit else "")

    def number(self, value: Any, where: str = "") -> float:
        """Return a value as it is stored, or raise `InputError` naming the place, the value and the range."""
        place = f"{where}: {self.name}" if where else self.name
        if self.choices and isinstance(value, str):
            if value not in self.choices:
                raise unknown(f"value of {self.name}", value, self.choices, where)
            return float(self.choices.index(value))
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise InputError(f"{place} = {shown(value)} is not a number; allowed: {self.range_text}")
        try:
            number = float(value)
        except OverflowError:  # a whole number of hundreds of digits
            number = math.inf
        if not math.isfinite(number) or not self.low <= number <= self.high:
            raise InputError(f"{place} = {number:g} is out of range; allowed: {self.range_text}")
        if self.choices and number != round(number):
            raise InputError(f"{place} = {shown(value)} is between two choices; allowed: {self.range_text}")
        return number

    def named(self, number: float) -> Any:
        """Return a stored number as it is set: a choice by its name."""
        return self.choices[round(number)] if self.choices else number

    def text(self, number: float) -> str:
        """Return a stored number for people."""
        if self.choices:
            return self.choices[round(number)]
        return f"{number:g}" + (f" {self.unit}" if self.unit else "")

    def to_unit(self, number: float) -> float:
        """Return where a stored number lies in 0..1, through the curve."""
        if self.high == self.low:
            return 0.0
        if self.curve == "exp":
            return math.log(number / self.low) / math.log(self.high / self.low)
        return (number - self.low) / (self.high - self.low)

    def from_unit(self, position: float) -> float:
        """Return the stored number at a position in 0..1; positions outside are brought to the nearest end."""
        position = min(max(position, 0.0), 1.0)
        if self.curve == "exp":
            return float(self.low * (self.high / self.low) ** position)
        number = self.low + position * (self.high - self.low)
        return float(round(number)) if self.choices else number


def record_dtype(parameters: Iterable[Parameter]) -> np.dtype[Any]:
    """Return the record that a trigger's kernels read: one f4 a parameter in order, then the note's own fields."""
    return np.dtype([(parameter.name, "f4") for parameter in parameters] + [(name, "f4") for name in NOTE_FIELDS], align=True)


def numbers(
    parameters: Sequence[Parameter], values: Mapping[str, Any], where: str = "", kind: str = "parameter"
) -> dict[str, float]:
    """Check given values against their parameters and return them as stored, defaults filled in, in order of declaration."""
    by_name = {parameter.name: parameter for parameter in parameters}
    for name in values:
        if name not in by_name:
            raise unknown(kind, name, by_name, where)
    return {p.name: p.number(values[p.name], where) if p.name in values else p.default_number for p in parameters}
