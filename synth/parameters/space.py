"""The vector space of a preset's parameters: what a model drives.  paths, parameters -> arrays, 0..1 and back, hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.parameters.curves import Flags, Values, positions_of, values_at
from synth.parameters.errors import InputError, unknown
from synth.parameters.parameter import Parameter

VERSION = 1
"""Goes into the hash: a later way of reading the same numbers is another space."""
_LONGEST_SHOWN = 40


@dataclass(frozen=True, eq=False)
class Space:
    """Parameters in a fixed order, each a number of a flat vector; a choice is the index of its name.

    `synth.space(preset)` makes one. All arrays are (n,), read-only and in natural units; vectors may have any leading axes.

    Attributes
    ----------
    paths : as "left nails.hardness", "left nails.gesture.rate_hz", "master.level_db".
    parameters : what stands at each place.
    default : (n,) float64, the preset's own values.

    Raises
    ------
    InputError
        If there is no parameter, or two have the same path.
    """

    paths: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    default: Values

    def __post_init__(self) -> None:
        if not self.paths:
            raise InputError("space: no parameters; name at least one")
        if len(self._places) < len(self.paths):
            double = next(path for i, path in enumerate(self.paths) if self._places[path] != i)
            raise InputError(f"space: two parameters are called '{double}'; name each once, or call a layer something else")
        object.__setattr__(self, "default", _fixed(self.default))

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Parameter, Any]]) -> Space:
        """Return the space of (path, parameter, value) in this order; values as in a preset, choices by name."""
        paths, parameters, values = zip(*rows, strict=True) if (rows := list(rows)) else ((), (), ())
        numbers = [p.number(value, path.rpartition(".")[0]) for path, p, value in zip(paths, parameters, values, strict=True)]
        return cls(tuple(paths), tuple(parameters), np.array(numbers))

    def __len__(self) -> int:
        return len(self.paths)

    # ---- what each place holds

    @cached_property
    def low(self) -> Values:
        """The lowest values, (n,) float64."""
        return _fixed([p.low for p in self.parameters])

    @cached_property
    def high(self) -> Values:
        """The highest values, (n,) float64."""
        return _fixed([p.high for p in self.parameters])

    @cached_property
    def smoothing_s(self) -> Values:
        """How long a change takes unless told otherwise, (n,) float64; 0 for choices."""
        return _fixed([0.0 if p.choices else p.smoothing_s for p in self.parameters])

    @cached_property
    def is_discrete(self) -> Flags:
        """Where a choice stands, (n,) bool."""
        return _fixed([bool(p.choices) for p in self.parameters], np.bool_)

    @property
    def units(self) -> tuple[str, ...]:
        """The units, empty for pure numbers."""
        return tuple(p.unit for p in self.parameters)

    @property
    def curves(self) -> tuple[str, ...]:
        """The curves between a number and 0..1: "lin" or "exp"."""
        return tuple(p.curve for p in self.parameters)

    @property
    def choices(self) -> tuple[tuple[str, ...], ...]:
        """The names that an index stands for, empty for numbers."""
        return tuple(p.choices for p in self.parameters)

    @cached_property
    def hash(self) -> str:
        """16 hexadecimal digits; another where order, paths, ranges, units, curves or choices differ.

        Default values and smoothing are left out: the same vector means the same with them.
        """
        rows = [
            [path, float(p.low) + 0.0, float(p.high) + 0.0, p.unit, p.curve, *p.choices]  # + 0.0: no -0.0
            for path, p in zip(self.paths, self.parameters, strict=True)
        ]
        return hashlib.blake2b(json.dumps([VERSION, rows]).encode(), digest_size=8).hexdigest()

    @property
    def hash_number(self) -> int:
        """The hash as an unsigned 64-bit number, as records hold it."""
        return int(self.hash, 16)

    def check(self, given: object, where: str = "stream") -> None:
        """Refuse the hash of another space, given as digits or as a number.

        Raises
        ------
        InputError
            If it is another's: the order or meaning of the numbers is not the one here. `where` is the place it names.
        """
        text = f"{int(given):016x}" if isinstance(given, (int, np.integer)) else str(given)
        if text != self.hash:
            here = f"hash '{self.hash}', {len(self)} parameters"
            raise InputError(f"{where}: hash '{text[:_LONGEST_SHOWN]}' is of another space than this one ({here})")

    # ---- numbers

    def clip(self, values: npt.ArrayLike) -> Values:
        """Return vectors (..., n) brought into the range, choices to the nearest index; NaN stays NaN."""
        inside = np.clip(self._vectors(values), self.low, self.high)
        return np.where(self.is_discrete, np.rint(inside), inside)

    def to_unit(self, values: npt.ArrayLike) -> Values:
        """Return where vectors (..., n) lie in 0..1, through the curves.

        Parameters
        ----------
        values : natural units; what lies outside the range is brought to the nearest end; NaN stays NaN.

        Returns
        -------
        (..., n) float64; exactly 0 and 1 at the ends of the range.
        """
        return positions_of(self._vectors(values), self.low, self.high, self._is_exponential)

    def from_unit(self, positions: npt.ArrayLike) -> Values:
        """Return the vectors at positions (..., n) in 0..1, through the curves.

        Parameters
        ----------
        positions : what lies outside 0..1 is brought to the nearest end; NaN stays NaN.

        Returns
        -------
        (..., n) float64, natural units; exactly the ends of the range at 0 and 1, choices as whole indices.
        """
        values = values_at(self._vectors(positions), self.low, self.high, self._is_exponential)
        return np.where(self.is_discrete, np.rint(values), values)

    # ---- names

    def index(self, path: str) -> int:
        """Return the place of a path in the vector, or raise `InputError` with the nearest path."""
        if path not in self._places:
            raise unknown("parameter", path, self.paths, "space")
        return self._places[path]

    def subset(self, paths: Iterable[str]) -> Space:
        """Return the space of some of the paths, in the order in which they are given, with a hash of its own."""
        at = [self.index(path) for path in paths]
        return Space(tuple(self.paths[i] for i in at), tuple(self.parameters[i] for i in at), self.default[at])

    def vector(self, values: Mapping[str, Any], rest: npt.ArrayLike | None = None) -> Values:
        """Return a vector (n,) from values by path.

        Parameters
        ----------
        values : numbers in natural units, choices by name or index.
        rest : (n,) for the paths not named; None: the defaults. NaN leaves a parameter of a stream as it is.

        Raises
        ------
        InputError
            If a path is not known, or a value is not in its range.
        """
        row = self._row(self.default if rest is None else rest).copy()
        for path, value in values.items():
            at = self.index(path)
            row[at] = self.parameters[at].number(value, path.rpartition(".")[0])
        return row

    def mapping(self, vector: npt.ArrayLike) -> dict[str, Any]:
        """Return a vector (n,) as values by path, choices by name; where it is NaN nothing is said.

        Raises
        ------
        InputError
            If a value is beyond its range by more than rounding to float32 makes it.
        """
        row = self._row(vector)
        is_near = (row >= self.low.astype(np.float32)) & (row <= self.high.astype(np.float32))
        numbers = np.where(is_near, np.clip(row, self.low, self.high), row)
        return {
            path: _natural(path, parameter, float(number))
            for path, parameter, number in zip(self.paths, self.parameters, numbers, strict=True)
            if not np.isnan(number)
        }

    def as_dict(self) -> dict[str, Any]:
        """Return everything that is known of the vector, JSON-serialisable."""
        return {
            "version": VERSION,
            "hash": self.hash,
            "size": len(self),
            "paths": list(self.paths),
            **{name: getattr(self, name).tolist() for name in ("low", "high", "default", "smoothing_s", "is_discrete")},
            "units": list(self.units),
            "curves": list(self.curves),
            "choices": [list(names) for names in self.choices],
        }

    def box(self, unit: bool = True) -> Any:
        """Return the space as a `gymnasium.spaces.Box` (n,) of float32.

        Parameters
        ----------
        unit : positions in 0..1, for `from_unit`; otherwise natural units, the ends rounded to float32.

        Raises
        ------
        InputError
            If gymnasium is not installed.
        """
        try:
            from gymnasium.spaces import Box
        except ImportError:
            raise InputError("gymnasium is not installed; a Box needs it: pip install gymnasium") from None
        low, high = (np.zeros(len(self)), np.ones(len(self))) if unit else (self.low, self.high)
        return Box(low.astype(np.float32), high.astype(np.float32), dtype=np.float32)

    # ---- within

    @cached_property
    def _places(self) -> dict[str, int]:
        return {path: i for i, path in enumerate(self.paths)}

    @cached_property
    def _is_exponential(self) -> Flags:
        return _fixed([p.curve == "exp" for p in self.parameters], np.bool_)

    def _vectors(self, given: npt.ArrayLike) -> Values:
        try:
            array = np.asarray(given)
        except ValueError:  # rows of different lengths
            array = np.empty(0, object)
        if array.dtype.kind not in "fiu":
            raise InputError(f"space: these are not numbers in rows of one length; each row must hold {len(self)}")
        if array.ndim == 0 or array.shape[-1] != len(self):
            raise InputError(f"space: an array of shape {array.shape}; its last axis must hold {len(self)} values")
        return array.astype(np.float64)

    def _row(self, given: npt.ArrayLike) -> Values:
        row = self._vectors(given)
        if row.ndim != 1:
            raise InputError(f"space: an array of shape {row.shape}; one vector ({len(self)},) at a time")
        return row


def _fixed(values: npt.ArrayLike, kind: type = np.float64) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.array(values, kind)
    array.flags.writeable = False
    return array


def _natural(path: str, parameter: Parameter, value: float) -> Any:
    number = parameter.number(value, path.rpartition(".")[0])
    return parameter.choices[round(number)] if parameter.choices else number
