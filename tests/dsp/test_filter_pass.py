"""A pass of a filter: what `filters` gives sample by sample, in one stretch or in several."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from synth.dsp import filter_pass, filters
from synth.rt import kernel

CUTS = (0, 1, 30, 64)


@kernel
def _low(svf, x):
    for n in range(x.size):
        x[n] = filters.low(svf, x[n])


@kernel
def _high(svf, x):
    for n in range(x.size):
        x[n] = filters.high(svf, x[n])


@kernel
def _colour(peak, top, bottom, x):
    for n in range(x.size):
        y = 0.3 * x[n] + 1.5 * filters.band(peak, x[n])
        x[n] = filters.high(bottom, filters.low(top, y))


def tuned(*tones: tuple[float, float]) -> list[np.ndarray[Any, Any]]:
    records = []
    for frequency_hz, q in tones:
        record = np.zeros(1, filters.SVF)
        filters.tune(record[0], frequency_hz, q, 48000.0)
        records.append(record)
    return records


@pytest.mark.parametrize(("one", "many"), [(_low, filter_pass.low), (_high, filter_pass.high)])
def test_a_pass_is_what_single_samples_are(one: Callable[..., None], many: Callable[..., None]) -> None:
    expected = np.random.default_rng(1).normal(size=64)
    found = expected.copy()
    one(tuned((700, 0.7))[0][0], expected)
    svf = tuned((700, 0.7))[0][0]
    for start, stop in pairwise(CUTS):
        many(svf, found, start, stop)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_three_in_series_are_what_they_are_one_after_the_other() -> None:
    tones = ((2500, 2.0), (9000, 0.6), (900, 0.6))
    expected = np.random.default_rng(1).normal(size=64)
    found = expected.copy()
    _colour(*(record[0] for record in tuned(*tones)), expected)
    records = tuned(*tones)
    for start, stop in pairwise(CUTS):
        filter_pass.colour(*(record[0] for record in records), 0.3, 1.5, found, start, stop)
    np.testing.assert_allclose(found, expected, atol=1e-12)
