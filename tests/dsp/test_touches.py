"""Touches: their impulse, their order in time, their noise."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import touches
from synth.rt import kernel


@kernel
def _press(touch, force, rough, sample_rate):
    for n in range(force.size):
        touches.step(touch, sample_rate)
        force[n], rough[n] = touch.force, touch.noise


def pressed(*strikes: tuple, rate: float = 48000.0, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    touch = np.zeros(1, touches.TOUCH)[0]
    touches.start(touch, np.uint64(seed))
    for strike in strikes:
        touches.strike(touch, *strike, rate)
    force, rough = np.zeros((2, int(0.1 * rate)))
    _press(touch, force, rough, rate)
    return force, rough


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_each_touch_brings_its_impulse_when_its_time_has_come(rate: float) -> None:
    first, second = (touches.FIRST, 0.0, 0.8, 0.001, 1.0, 0.0), (touches.SECOND, 0.03, 0.4, 0.002, 1.0, 0.0)
    lift = (touches.LIFT, 0.06, 0.5, 0.004, -0.2, 0.0)
    force, rough = pressed(first, second, lift, rate=rate)
    parts = [force[int(a * rate) : int(b * rate)].sum() for a, b in ((0, 0.02), (0.029, 0.05), (0.059, 0.1))]
    assert parts == pytest.approx([0.8, 0.4, -0.1], rel=1e-6)
    assert not rough.any()


def test_without_a_strike_nothing_is_touched() -> None:
    force, rough = pressed()
    assert not force.any()
    assert not rough.any()


def test_roughness_is_noise_of_the_same_density_at_every_rate_and_lasts_as_long_as_the_force() -> None:
    def density(rate):
        return np.mean(
            [np.square(pressed((touches.FIRST, 0.0, 1.0, 0.002, 1.0, 0.5), rate=rate, seed=s)[1]).sum() for s in range(1, 201)]
        )

    assert density(96000.0) == pytest.approx(density(48000.0), rel=0.15)
    assert density(48000.0) == pytest.approx(0.25 / 3 * np.pi**2 / 8 / (0.002 * 48000), rel=0.15)
    assert not pressed((touches.FIRST, 0.0, 1.0, 0.002, 1.0, 0.5))[1][98:].any()
