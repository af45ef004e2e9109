"""The smooth walk: within its knots, and without a step or a corner where a new one comes."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import spline

KNOTS = np.random.default_rng(1).uniform(-1, 1, 12)
SMALL = 1e-5


def walk(position: float) -> float:
    """Return the value at a position in knots."""
    knots = KNOTS[:4].copy()
    for newest in KNOTS[4 : 4 + int(position)]:
        spline.shift(knots, newest)
    return spline.value(knots, position % 1.0)


def test_it_stays_within_its_knots_and_moves() -> None:
    values = [walk(position) for position in np.linspace(0, 7.99, 500)]
    assert KNOTS.min() <= min(values) < max(values) <= KNOTS.max()
    assert np.std(values) > 0.1


@pytest.mark.parametrize("knot", range(1, 8))
def test_value_and_speed_go_on_where_a_new_knot_comes(knot: int) -> None:
    before, at, after = walk(knot - SMALL), walk(knot), walk(knot + SMALL)
    assert before == pytest.approx(at, abs=1e-4)
    assert (at - before) / SMALL == pytest.approx((after - at) / SMALL, abs=1e-3)


def test_equal_knots_give_their_value() -> None:
    for t in np.linspace(0, 1, 9):
        assert spline.value(np.full(4, 0.4), t) == pytest.approx(0.4, rel=1e-15)
