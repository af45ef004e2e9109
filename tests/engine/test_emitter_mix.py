"""Level over distance: falls as 1/r from 25 cm on, grows towards an ear but never by more than a few decibels."""

from __future__ import annotations

import numpy as np
import pytest

import hrtf
from synth.engine.kernels.emitter_mix import distance_gain

RADIUS_M = 0.0875


def test_it_falls_as_one_over_the_distance() -> None:
    assert distance_gain(0.25, 0.0, 0.0, RADIUS_M) == pytest.approx(1.0)
    assert distance_gain(1.0, 0.0, 0.0, RADIUS_M) == pytest.approx(0.25)
    assert distance_gain(0.0, 0.0, 5.0, RADIUS_M) == pytest.approx(0.05)


@pytest.mark.parametrize("side", [1, -1])
def test_towards_an_ear_it_takes_back_part_of_what_the_ears_add(side: int) -> None:
    """The near ear's level, ears and curve together, still grows the nearer the source is: by 3 to 12 dB from 15 to 1 cm."""
    ears = hrtf.sphere()
    distances_m = RADIUS_M + np.array([0.15, 0.1, 0.05, 0.03, 0.02, 0.012])
    ear = 0 if side > 0 else 1
    heard = []
    for distance_m in distances_m:
        response = ears.impulse_response(90 * side, 0, distance_m)[ear]
        gain = distance_gain(0.0, side * distance_m, 0.0, RADIUS_M)
        heard.append(10 * np.log10(np.sum(response.astype(float) ** 2)) + 20 * np.log10(gain))
    assert np.all(np.diff(heard) > -0.5)
    assert 3 < heard[-1] - heard[0] < 12


def test_it_has_no_step_and_no_singularity() -> None:
    line = [distance_gain(0.0, y, 0.001, RADIUS_M) for y in np.linspace(-0.3, 0.3, 6001)]
    assert np.isfinite(line).all()
    assert min(line) > 0.1
    assert np.abs(np.diff(line)).max() < 0.01
