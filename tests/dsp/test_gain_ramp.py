"""The gain ramp: from quantum to quantum without a step, and exactly there at the end."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp.gain_ramp import RAMP, gain_at, move, put
from synth.rt.units import QUANTUM


@pytest.mark.parametrize(("begin", "end"), [(0.0, 1.0), (1.0, 0.0), (0.3, 0.3), (1e-6, 4.0)])
def test_it_goes_straight_from_the_last_quantums_gain_to_its_own(begin: float, end: float) -> None:
    gains = np.array([begin, *(gain_at(begin, end, n) for n in range(QUANTUM))])
    assert gains[-1] == pytest.approx(end, rel=1e-15)
    np.testing.assert_allclose(np.diff(gains), (end - begin) / QUANTUM, atol=1e-15)


def test_a_gain_at_rest_is_exact() -> None:
    assert {gain_at(0.7, 0.7, n) for n in range(QUANTUM)} == {0.7}


def test_a_ramp_goes_on_from_where_it_was() -> None:
    ramp = np.zeros(1, RAMP)[0]
    put(ramp, 0.5)
    move(ramp, 1.5, 0.25)
    assert (ramp["begin"], ramp["end"]) == (0.5, 0.75)
    move(ramp, 1.5, 1.0)
    assert (ramp["begin"], ramp["end"]) == (0.75, 1.5)
