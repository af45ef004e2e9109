"""An airway: level by the square of the push's speed, resonances where they are tuned, bands that flutter on their own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import airway, noise
from synth.rt import kernel

RATE = 48000


@kernel
def _run(source, seed, push, unevenness, sample_rate, out):
    airway.start(source, seed)
    for n in range(out.size):
        if n % 64 == 0:
            airway.advance(source, 64.0 / sample_rate)
            airway.colour(source, 6000.0, sample_rate)
            airway.tune(source, 0, 500.0, 8.0, 1.0, unevenness, sample_rate)
            airway.tune(source, 1, 1500.0, 8.0, 1.0, unevenness, sample_rate)
            airway.tune(source, 2, 4000.0, 8.0, 1.0, unevenness, sample_rate)
            airway.aim(source, push * airway.flutter(source, unevenness) ** 2, 64)
        out[n] = airway.tick(source, 0.0, sample_rate)


def aired(seconds: float, push: float = 1.0, unevenness: float = 0.0, sample_rate: float = RATE) -> np.ndarray:
    record, out = np.zeros(1, airway.SOURCE), np.zeros(int(seconds * sample_rate))
    _run(record[0], noise.mixed(np.uint64(1)), push, unevenness, float(sample_rate), out)
    return out


def test_its_resonances_lie_where_they_are_tuned() -> None:
    hertz, density = signal.welch(aired(20), RATE, nperseg=4096)
    for wanted_hz in (500, 1500, 4000):
        near = np.abs(hertz / wanted_hz - 1) < 0.3
        assert hertz[near][density[near].argmax()] == pytest.approx(wanted_hz, rel=0.06)


def test_its_level_goes_with_the_push_and_not_with_the_sample_rate() -> None:
    assert aired(5, push=2.0).std() == pytest.approx(2 * aired(5).std(), rel=1e-6)
    assert 20 * np.log10(aired(10, sample_rate=96000).std() / aired(10).std()) == pytest.approx(0, abs=0.4)


def test_unevenness_moves_each_band_by_itself_and_keeps_the_level() -> None:
    x = aired(40, unevenness=0.7)
    assert 20 * np.log10(x.std() / aired(40).std()) == pytest.approx(0, abs=2)
    curves = []
    for hertz in (500, 1500, 4000):
        sos = signal.butter(2, (0.9 * hertz, 1.1 * hertz), "bandpass", fs=RATE, output="sos")
        curves.append(np.log(np.square(signal.sosfilt(sos, x)).reshape(-1, RATE // 10).mean(axis=1)))
    likeness = np.corrcoef(curves)
    assert 0.1 < likeness[0, 1] < 0.85
    assert 0.1 < likeness[1, 2] < 0.85
