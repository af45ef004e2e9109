"""Level over distance: falls as 1/r from 25 cm on, grows towards an ear but never by more than a few decibels."""

from __future__ import annotations

import numpy as np
import pytest

import hrtf
from synth import Engine
from synth.engine.kernels.emitter_mix import distance_gain
from synth.rt.units import QUANTUM

RADIUS_M = 0.0875
RATE = 48000


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


def test_a_layer_that_is_off_costs_no_ears_and_goes_on_where_it_would_be() -> None:
    heard, muted = (Engine(RATE, seed=1) for _ in range(2))
    layers = [engine.add("rain", azimuth_deg=30) for engine in (heard, muted)]
    for engine, layer in zip((heard, muted), layers, strict=True):
        engine.strike(layer, 0.8)
    muted.mute(layers[1], at=RATE // 2)
    muted.mute(layers[1], False, at=RATE)
    both = [engine.process(RATE - QUANTUM) for engine in (heard, muted)]
    assert heard.counters["emitting"] > 0
    assert muted.counters["emitting"] == 0
    assert not np.array_equal(*both)
    after = [engine.process(2 * RATE)[RATE:] for engine in (heard, muted)]  # when the high-pass has forgotten
    np.testing.assert_allclose(*after, atol=1e-6)
