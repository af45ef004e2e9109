"""A plate: its modes in order, their shapes over it, none as strong as its neighbour."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import plate

MODES = range(plate.MODES)


def test_modes_lie_in_order_and_apart_and_stretch() -> None:
    ratios = np.array([plate.ratio(mode, 1.0) for mode in MODES])
    assert ratios[0] == 1
    assert (np.diff(ratios) > 0).all()
    assert [plate.ratio(mode, 0.8) for mode in MODES] == pytest.approx(ratios**0.8)


def test_an_edge_is_at_rest_the_mean_square_is_known_and_the_middle_moves_in_odd_modes_only() -> None:
    assert [plate.shape(mode, 0.0, 0.4) for mode in MODES] == pytest.approx(np.zeros(plate.MODES), abs=1e-9)
    places = np.linspace(0, 1, 64, endpoint=False)
    for mode in (0, 5, 20):
        square = np.mean([plate.shape(mode, x, y) ** 2 for x in places for y in places])
        assert square == pytest.approx(plate.SHAPE_SQUARE, rel=1e-3)
    still = sum(abs(plate.shape(mode, 0.5, 0.5)) < 1e-9 for mode in MODES)
    assert plate.MODES // 2 <= still < plate.MODES


def test_strengths_are_uneven_about_their_mean() -> None:
    strengths_db = np.array([20 * np.log10(plate.strength(mode, 9.0)) for mode in MODES])
    assert np.abs(strengths_db).max() <= 9
    assert abs(strengths_db.mean()) < 1
    assert np.abs(np.diff(strengths_db)).min() > 2
