"""Filters: their measured response against the analytic one, and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import filters
from synth.rt import kernel

RATE = 48000.0


@kernel
def _svf(record, kind, x, out):
    for n in range(x.size):
        if kind == 0:
            out[n] = filters.low(record, x[n])
        elif kind == 1:
            out[n] = filters.band(record, x[n])
        else:
            out[n] = filters.high(record, x[n])


@kernel
def _one_pole(record, x, out):
    for n in range(x.size):
        out[n] = filters.smooth(record, x[n])


@kernel
def _sweep(record, x, out):
    """Retune at every quantum, wildly."""
    for n in range(x.size):
        if n % 64 == 0:
            filters.tune(record, 100.0 if (n // 64) % 2 else 9000.0, 0.7 if (n // 128) % 2 else 8.0, 48000.0)
        out[n] = filters.low(record, x[n])


def impulse(size: int = 1 << 15) -> np.ndarray:
    return np.eye(1, size)[0]


@pytest.mark.parametrize("frequency_hz", [30.0, 1000.0, 12000.0])
@pytest.mark.parametrize("q", [0.5, 0.707, 6.0])
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_state_variable_filter_is_the_bilinear_transform(frequency_hz: float, q: float, kind: int) -> None:
    record, out = np.zeros(1, filters.SVF)[0], np.zeros(1 << 15)
    filters.tune(record, frequency_hz, q, RATE)
    _svf(record, kind, impulse(), out)
    warped = 2 * RATE * np.tan(np.pi * frequency_hz / RATE)
    numerator = ([warped**2], [warped / q, 0], [1, 0, 0])[kind]
    b, a = signal.bilinear(numerator, [1, warped / q, warped**2], RATE)
    np.testing.assert_allclose(out, signal.lfilter(b, a, impulse()), atol=1e-9)


@pytest.mark.parametrize("cutoff_hz", [5.0, 300.0, 4000.0])
def test_one_pole_is_impulse_invariant_and_passes_dc(cutoff_hz: float) -> None:
    record, out = np.zeros(1, filters.ONE_POLE)[0], np.zeros(1 << 15)
    filters.tune_one_pole(record, cutoff_hz, RATE)
    _one_pole(record, np.ones(1 << 15), out)
    time_s = np.arange(1, out.size + 1) / RATE
    np.testing.assert_allclose(out, 1 - np.exp(-2 * np.pi * cutoff_hz * time_s), atol=1e-9)


def test_one_pole_is_3_db_down_at_its_cutoff() -> None:
    record, out = np.zeros(1, filters.ONE_POLE)[0], np.zeros(1 << 15)
    filters.tune_one_pole(record, 300.0, RATE)
    _one_pole(record, impulse(), out)
    response = abs(np.sum(out * np.exp(-2j * np.pi * 300 / RATE * np.arange(out.size))))
    assert 20 * np.log10(response) == pytest.approx(-3.01, abs=0.1)


def test_cutoffs_beyond_the_sample_rate_stay_stable() -> None:
    for frequency_hz in (0.0, 23900.0, 1e6):
        record, out = np.zeros(1, filters.SVF)[0], np.zeros(4096)
        filters.tune(record, frequency_hz, 0.7, RATE)
        _svf(record, 0, impulse(4096), out)
        assert np.isfinite(out).all()
        assert np.abs(out).max() <= 1.5


def test_wild_retuning_neither_explodes_nor_clicks() -> None:
    x = np.sin(2 * np.pi * 50 * np.arange(48000) / RATE)
    record, out = np.zeros(1, filters.SVF)[0], np.zeros(48000)
    _sweep(record, x, out)
    assert np.abs(out).max() < 10
    assert np.abs(np.diff(out[100:])).max() < 1.0
