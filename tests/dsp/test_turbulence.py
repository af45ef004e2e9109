"""Turbulent air: level by the square of the speed, Strouhal's frequency, nothing below 20 Hz."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import noise, turbulence
from synth.rt import kernel

SECONDS = 20


@kernel
def _blow(stream, speed_m_s, width_m, sample_rate, out):
    turbulence.tune(stream, speed_m_s, width_m, sample_rate)
    for n in range(out.size):
        out[n] = turbulence.tick(stream, speed_m_s)


def blown(speed_m_s: float, sample_rate: float = 48000.0, seed: int = 1) -> np.ndarray:
    record, out = np.zeros(1, turbulence.STREAM), np.zeros(int(SECONDS * sample_rate))
    record["rng"] = noise.mixed(np.uint64(seed))
    _blow(record[0], speed_m_s, 0.01, sample_rate, out)
    return out


def test_the_level_goes_with_the_square_of_the_speed() -> None:
    speeds = np.array([4.0, 8.0, 16.0])
    slope = np.polyfit(np.log(speeds), np.log([blown(u).std() for u in speeds]), 1)[0]
    assert slope == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize("sample_rate", [44100.0, 96000.0])
def test_the_level_is_the_same_at_every_sample_rate(sample_rate: float) -> None:
    assert 20 * np.log10(blown(5.0, sample_rate).std() / blown(5.0).std()) == pytest.approx(0, abs=0.5)


def test_faster_air_has_faster_eddies_and_no_infrasound() -> None:
    corners = []
    for speed in (4.0, 16.0):
        hertz, density = signal.welch(blown(speed), 48000, nperseg=1 << 15)
        assert density[hertz < 20].sum() < 0.02 * density.sum()
        corners.append((hertz * density).sum() / density.sum())
    assert corners[1] > 2 * corners[0]
