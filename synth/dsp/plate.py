"""A plate: where its modes lie, and how much each moves where it is struck.  place -> shapes -> frequencies and gains of a bank.

A simply supported rectangular plate (Kirchhoff: f ~ (m/a)^2 + (n/b)^2), compressed or stretched so that its modes span what was
recorded. No real plate is ideal: glue, grain and supports make some modes strong and others weak, here by a fixed uneven series.
"""

from __future__ import annotations

import math

from synth.rt import kernel

MODES = 36
_ASPECT = 0.6  # width over length: no two of its modes lie closer than 2 %
_PLATE = sorted((m * m + (n / _ASPECT) ** 2, m, n) for m in range(1, 14) for n in range(1, 14))[:MODES]
_RATIO = tuple(square / _PLATE[0][0] for square, _, _ in _PLATE)
_ALONG, _ACROSS = tuple(float(m) for _, m, _ in _PLATE), tuple(float(n) for _, _, n in _PLATE)
_SILVER = math.sqrt(2.0) - 1.0
_UNEVEN = tuple(2.0 * ((1 + mode) * _SILVER % 1.0) - 1.0 for mode in range(MODES))  # -1..1, neighbours far apart
SHAPE_SQUARE = 0.25
"""The mean of a mode's squared shape over the plate."""


@kernel
def ratio(mode, stretch):
    """Return how many times the lowest mode's frequency a mode has."""
    return _RATIO[mode] ** stretch


@kernel
def strength(mode, uneven_db):
    """Return how strong a mode is, from `uneven_db` below the mean to as much above it."""
    return 10.0 ** (0.05 * uneven_db * _UNEVEN[mode])


@kernel
def shape(mode, along, across):
    """Return how much a mode moves at a place, 0..1 of the plate's length and width."""
    return math.sin(math.pi * _ALONG[mode] * along) * math.sin(math.pi * _ACROSS[mode] * across)
