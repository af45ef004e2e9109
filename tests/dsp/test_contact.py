"""The contact's force: its impulse, its length, its spectrum, and Hertz's law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from synth.dsp import contact
from synth.rt import kernel


@kernel
def _press(record, velocity, duration_s, sample_rate, out):
    contact.strike(record, velocity, duration_s)
    for n in range(out.size):
        out[n] = contact.tick(record, sample_rate)


def force(velocity: float = 1.0, duration_s: float = 0.002, sample_rate: float = 48000.0) -> np.ndarray:
    out = np.zeros(int(0.05 * sample_rate))
    _press(np.zeros(1, contact.CONTACT)[0], velocity, duration_s, sample_rate, out)
    assert out[-1] == 0  # the bodies have parted
    return out


def length_s(velocity: float) -> float:
    return np.count_nonzero(force(velocity, 0.002, 1e6)) / 1e6


@pytest.mark.parametrize("sample_rate", [8000, 44100, 48000, 96000])
@pytest.mark.parametrize("duration_s", [5e-5, 0.0002, 0.004])
@pytest.mark.parametrize("velocity", [0.1, 1.0])
def test_the_impulse_is_the_velocity(velocity: float, duration_s: float, sample_rate: float) -> None:
    assert force(velocity, duration_s, sample_rate).sum() == pytest.approx(velocity, rel=1e-9)


def test_the_force_is_3_db_down_at_0_59_over_its_length() -> None:
    x, rate = force(1.0, 0.002, 1e6), 1e6
    time_s = np.arange(x.size) / rate

    def level(hertz):
        return abs(np.sum(x * np.exp(-2j * np.pi * hertz * time_s)))

    corner_hz = optimize.brentq(lambda hertz: level(hertz) - np.sqrt(0.5), 10, 600)
    assert corner_hz * 0.002 == pytest.approx(0.594, rel=0.01)


def test_a_faster_finger_touches_for_a_shorter_time() -> None:
    speeds = np.array([0.05, 0.1, 0.3, 1.0])
    slope = np.polyfit(np.log(speeds), np.log([length_s(v) for v in speeds]), 1)[0]
    assert slope == pytest.approx(-0.2, abs=0.005)


def test_the_force_never_pulls() -> None:
    assert force().min() >= 0
