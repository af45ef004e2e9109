"""The master: quiet sound passes the limiter untouched, nothing passes the ceiling; infrasound and what is no number go."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp.limiter import (
    CEILING_DB,
    LATENCY,
    LIMITER,
    MASTER_HIGH_PASS,
    limit,
    remove_infrasound,
    tune_high_pass,
    tune_limiter,
)
from synth.rt.units import QUANTUM

RATE = 48000
CEILING = 10 ** (CEILING_DB / 20)


def limited(samples: np.ndarray) -> np.ndarray:
    """Limit (2, frames); the latency is taken off."""
    limiter = np.zeros(1, LIMITER)[0]
    tune_limiter(limiter, RATE)
    padded = np.concatenate([samples, np.zeros((2, LATENCY + QUANTUM))], axis=1).astype(np.float32)
    out = np.zeros((2, 0), np.float32)
    for at in range(0, padded.shape[1] // QUANTUM * QUANTUM, QUANTUM):
        block = np.ascontiguousarray(padded[:, at : at + QUANTUM])
        limit(limiter, block)
        out = np.concatenate([out, block], axis=1)
    return out[:, LATENCY : LATENCY + samples.shape[1]]


def true_peak(samples: np.ndarray) -> float:
    return float(np.abs(signal.resample_poly(samples, 16, 1, axis=1)).max())


def test_quiet_sound_passes_untouched() -> None:
    noise = 0.2 * np.random.default_rng(1).standard_normal((2, 4800)).clip(-3, 3).astype(np.float32)
    assert np.array_equal(limited(noise), noise)


@pytest.mark.parametrize("frequency_hz", [50, 997, 5000, 11990, 12000, 15000])
def test_loud_sines_stay_below_the_ceiling_between_the_samples_too(frequency_hz: float) -> None:
    t = np.arange(RATE // 2) / RATE
    sine = 4 * np.stack([np.sin(2 * np.pi * frequency_hz * t), np.cos(2 * np.pi * frequency_hz * t + 0.3)])
    assert true_peak(limited(sine)) <= CEILING


def test_noise_bursts_and_clicks_stay_below_the_ceiling() -> None:
    rng = np.random.default_rng(2)
    bursts = rng.standard_normal((2, RATE)) * 10 ** rng.uniform(-2, 1, RATE // 480).repeat(480)
    bursts[:, rng.integers(0, RATE, 50)] = 100
    assert true_peak(limited(bursts)) <= CEILING
    assert np.abs(limited(bursts)).max() <= CEILING * (1 + 1e-6)


def test_both_ears_are_turned_down_alike() -> None:
    """Or a loud click at one ear would move everything else."""
    tone = 0.1 * np.sin(2 * np.pi * 500 * np.arange(9600) / RATE)
    loud = tone.copy()
    loud[4800:4900] = 3.0
    out = limited(np.stack([loud, tone]))
    assert np.allclose(out[0, 3000:4500], out[1, 3000:4500])
    assert np.abs(out[1, 4800:4900]).max() < 0.05


def test_the_gain_moves_without_a_step() -> None:
    tone = 0.2 * np.sin(2 * np.pi * 200 * np.arange(9600) / RATE)
    gain = np.where(np.arange(9600) < 4800, 1.0, 20.0)
    out = limited(np.stack([tone, tone * gain]))[0]
    steady = np.abs(np.diff(tone, 2)).max()
    assert np.abs(np.diff(out[4650:4850], 2)).max() < 2 * steady


def test_the_gain_recovers_after_a_peak() -> None:
    samples = np.full((2, 2 * RATE), 0.1)
    samples[:, :1000] = 5
    out = limited(samples)
    assert np.allclose(out[:, -4800:], 0.1, rtol=1e-4)


def test_infrasound_and_dc_are_removed() -> None:
    frequencies_hz = np.array([2.0, 5.0, 20.0, 60.0, 1000.0])
    t = np.arange(2 * RATE) / RATE
    gains_db = []
    for frequency_hz in frequencies_hz:
        high_pass = np.zeros(1, MASTER_HIGH_PASS)[0]
        tune_high_pass(high_pass, RATE)
        samples = np.sin(2 * np.pi * frequency_hz * t).astype(np.float32)
        for at in range(0, len(samples), QUANTUM):
            remove_infrasound(high_pass, samples[at : at + QUANTUM])
        gains_db.append(20 * np.log10(samples[RATE:].std() * np.sqrt(2)))
    expected = 20 * np.log10(np.abs(signal.freqz(*signal.butter(2, 20, "high", fs=RATE), worN=frequencies_hz, fs=RATE)[1]))
    assert np.allclose(gains_db, expected, atol=0.05)


def test_what_is_no_number_becomes_silence_and_is_counted() -> None:
    high_pass = np.zeros(1, MASTER_HIGH_PASS)[0]
    tune_high_pass(high_pass, RATE)
    samples = np.zeros(QUANTUM, np.float32)
    samples[[3, 10, 20]] = [np.nan, np.inf, -np.inf]
    assert remove_infrasound(high_pass, samples) == 3
    assert np.isfinite(samples).all()
