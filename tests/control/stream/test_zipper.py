"""A stream moves a gain and a place without zipper: the energy beside a 1 kHz probe."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.support.probe import RATE, probe

pytestmark = pytest.mark.usefixtures("sine_trigger")


def beside_db(samples: np.ndarray, frequency_hz: float = 1000.0) -> float:
    """Return the energy further than 150 Hz from the probe against all of it."""
    windowed = samples * np.blackman(len(samples))[:, None] ** 2
    power = (np.abs(np.fft.rfft(windowed, axis=0)) ** 2).sum(1)
    bins = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(10 * np.log10(power[np.abs(bins - frequency_hz) > 150].sum() / power.sum()))


@pytest.mark.parametrize("rate_hz", [5, 50, 500])
def test_a_gain_has_no_zipper(rate_hz: int) -> None:
    engine, _ = probe()
    stream = engine.stream("model", ["probe.level_db"], rate_hz=rate_hz, start=0)
    times = np.arange(4 * rate_hz) / rate_hz
    gain = 0.55 + 0.45 * np.sin(2 * np.pi * 0.5 * times)
    stream.push(20 * np.log10(gain)[:, None], time_s=times)
    engine.process(RATE)
    assert beside_db(engine.process(2 * RATE)) < -80


@pytest.mark.parametrize("rate_hz", [5, 50, 500])
def test_a_place_has_no_zipper(rate_hz: int) -> None:
    engine, _ = probe()
    stream = engine.stream("model", ["probe.azimuth_deg"], rate_hz=rate_hz, start=0)
    times = np.arange(4 * rate_hz) / rate_hz
    stream.push(60 * np.sin(2 * np.pi * 0.5 * times)[:, None], time_s=times)
    engine.process(RATE)
    assert beside_db(engine.process(2 * RATE)) < -70


@pytest.mark.parametrize("interpolation", ["linear", "smooth"])
def test_a_step_smoothed_over_50_ms_has_no_zipper(interpolation: str) -> None:
    engine, _ = probe()
    stream = engine.stream("model", ["probe.level_db"], rate_hz=20, interpolation=interpolation, timeout_s=math.inf)
    engine.process(RATE)
    stream.push([-12.0])
    assert beside_db(engine.process(RATE // 2)) < -70
