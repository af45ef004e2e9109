"""The limiter: quiet sound passes untouched, nothing passes the ceiling, between the samples neither."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import band_limit
from synth.dsp.limiter import CEILING_DB, LATENCY, LIMITER, limit, tune_limiter
from synth.rt.units import QUANTUM

RATE = 48000
CEILING = 10 ** (CEILING_DB / 20)


def limited(samples: np.ndarray, rate: float = RATE) -> np.ndarray:
    """Limit (2, frames); the latency is taken off."""
    limiter = np.zeros(1, LIMITER)[0]
    tune_limiter(limiter, rate)
    padded = np.concatenate([samples, np.zeros((2, LATENCY + QUANTUM))], axis=1).astype(np.float32)
    out = np.zeros((2, 0), np.float32)
    for at in range(0, padded.shape[1] // QUANTUM * QUANTUM, QUANTUM):
        block = np.ascontiguousarray(padded[:, at : at + QUANTUM])
        limit(limiter, block)
        out = np.concatenate([out, block], axis=1)
    return out[:, LATENCY : LATENCY + samples.shape[1]]


def banded(samples: np.ndarray, rate: float = RATE) -> np.ndarray:
    """Limit the band of (2, frames), as the master does before it limits the peaks."""
    samples = samples[:, : samples.shape[1] // QUANTUM * QUANTUM].astype(np.float32)
    for ear in samples:
        band = np.zeros(1, band_limit.BAND)[0]
        band_limit.tune(band, rate)
        for at in range(0, len(ear), QUANTUM):
            band_limit.limit_band(band, ear[at : at + QUANTUM])
    return samples


def mastered(samples: np.ndarray, rate: float = RATE) -> np.ndarray:
    return limited(banded(samples, rate), rate)


def true_peak(samples: np.ndarray) -> float:
    """Return the largest magnitude by 16-fold interpolation with a windowed sinc of 128 taps; ends are faded."""
    samples = samples.astype(float)
    samples[:, -500:] *= np.linspace(1, 0, 500)
    u = np.arange(-64 * 16, 64 * 16 + 1) / 16
    taps = np.sinc(u) * np.i0(9 * np.sqrt(np.maximum(0, 1 - (u / 64.5) ** 2))) / np.i0(9.0)
    return float(np.abs(signal.upfirdn(taps, samples, 16, axis=1)).max())


def test_quiet_sound_passes_untouched() -> None:
    noise = 0.2 * np.random.default_rng(1).standard_normal((2, 4800)).clip(-3, 3).astype(np.float32)
    assert np.array_equal(limited(noise), noise)


RATES = [44100, 48000, 96000]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("share", [0.002, 0.25, 0.5, 0.75, 0.89, 0.9, 0.91, 0.95, 0.99, 0.999])
def test_loud_sines_stay_below_the_ceiling_up_to_half_the_rate(share: float, rate: int) -> None:
    phase = np.pi * share * np.arange(rate // 8)
    for amplitude in (1, 100):
        assert true_peak(mastered(amplitude * np.stack([np.sin(phase + 0.3), np.cos(phase)]), rate)) <= CEILING


@pytest.mark.parametrize("rate", RATES)
def test_squares_and_random_signs_stay_below_it(rate: int) -> None:
    rng, t = np.random.default_rng(0), np.arange(rate // 8) / rate
    for amplitude in (1, 1000):
        assert true_peak(mastered(amplitude * rng.choice([-1.0, 1.0], (2, len(t))), rate)) <= CEILING
        for frequency_hz in (30, 440, 3000, rate / 6.1, rate / 4.3):
            square = np.sign(np.sin(2 * np.pi * frequency_hz * t + 0.1))
            assert true_peak(mastered(amplitude * np.stack([square, -square]), rate)) <= CEILING


def test_noise_bursts_and_clicks_stay_below_it() -> None:
    rng = np.random.default_rng(2)
    bursts = rng.standard_normal((2, RATE)) * 10 ** rng.uniform(-2, 1, RATE // 480).repeat(480)
    bursts[:, rng.integers(0, RATE, 50)] = 100
    assert true_peak(mastered(bursts)) <= CEILING
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
