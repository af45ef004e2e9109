"""How far two sounds lie apart.  two tables of statistics, a spread of each -> z -> RMS of each family -> RMS of the families.

A z is a difference in units of the spread that real recordings of one kind of thing have among themselves. The four families
weigh the same, however many statistics each holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

Measured = Mapping[str, float]

FAMILIES = {"level": ("L.",), "marginal": ("cv.", "skew.", "kurt."), "correlation": ("r.",), "modulation": ("m.",)}
_FARTHEST = 5.0  # of a z: beyond it more is not worse
_LEAST_SPREAD = 1e-3


def by_family(one: Measured, other: Measured, spread: Measured) -> dict[str, float]:
    """Return how far each family of statistics lies apart: root mean square z; NaN where nothing can be compared.

    Parameters
    ----------
    one, other : what `measure` returns, or a class's means; what either lacks is left out.
    spread : the standard deviation of each statistic.
    """
    return {family: _rms(_z(one, other, spread, heads)) for family, heads in FAMILIES.items()}


def _z(one: Measured, other: Measured, spread: Measured, heads: tuple[str, ...]) -> list[float]:
    found = []
    for name, width in spread.items():
        if name.startswith(heads):
            z = (one.get(name, math.nan) - other.get(name, math.nan)) / max(width, _LEAST_SPREAD)
            found.append(min(max(z, -_FARTHEST), _FARTHEST) if math.isfinite(z) else math.nan)
    return found


def _rms(values: list[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return math.sqrt(sum(value * value for value in known) / len(known)) if known else math.nan


def weighted(one: Measured, other: Measured, spread: Measured) -> list[float]:
    """Return the difference of each statistic, weighted so that their squares add up to the square of `between`; NaN: unknown."""
    families = [_z(one, other, spread, heads) for heads in FAMILIES.values()]
    known = [sum(map(math.isfinite, values)) for values in families]
    share = 2 * max(sum(map(bool, known)), 1)
    return [z / math.sqrt(share * max(count, 1)) for values, count in zip(families, known, strict=True) for z in values]


def to_class(one: Measured, mean: Measured, spread: Measured) -> float:
    """Return how far a sound lies from the mean of a class: 1 is about as far as its recordings do; inf: cannot be compared."""
    found = _rms(list(by_family(one, mean, spread).values()))
    return found if math.isfinite(found) else math.inf


def between(one: Measured, other: Measured, spread: Measured) -> float:
    """Return how far two sounds lie apart: about 1 for any two of those whose spread it is; inf: cannot be compared."""
    return to_class(one, other, spread) / math.sqrt(2)  # two draws differ by sqrt(2) of the spread
