"""Curves over arrays: where numbers lie in 0..1 of their ranges, and back.  values <-> positions, straight or in ratios."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def positions_of(values: Values, low: Values, high: Values, is_exponential: Flags) -> Values:
    """Return the positions of values in their ranges.

    Parameters
    ----------
    values : (..., n); what lies outside is brought to the nearest end; NaN stays NaN.
    low, high, is_exponential : (n,); an exponential range begins above 0.

    Returns
    -------
    (..., n), exactly 0 and 1 at the ends; 0 where a range is a single number.
    """
    inside = np.clip(values, low, high)
    is_open = high > low
    is_curved = is_exponential & is_open
    ratio = _where(is_curved, high) / _where(is_curved, low)
    straight = (inside - low) / np.where(is_open, high - low, 1.0)
    curved = np.log(_where(is_curved, inside) / _where(is_curved, low)) / np.log(np.where(is_curved, ratio, np.e))
    positions = np.clip(np.where(is_curved, curved, straight), 0.0, 1.0)
    return np.where((inside >= high) & is_open, 1.0, positions)


def values_at(positions: Values, low: Values, high: Values, is_exponential: Flags) -> Values:
    """Return the values at positions (..., n) in ranges (n,), exactly the ends at 0 and 1; the way back of `positions_of`."""
    way = np.clip(positions, 0.0, 1.0)
    ratio = _where(is_exponential, high) / _where(is_exponential, low)
    values = np.where(is_exponential, low * ratio**way, low + way * (high - low))
    return np.clip(np.where(way >= 1.0, high, values), low, high)


def _where(is_meant: Flags, numbers: Values) -> Values:
    """Return the numbers where they are meant, elsewhere 1: nothing to take a logarithm of."""
    return np.where(is_meant, numbers, 1.0)
