"""Loudness: what pyloudnorm reads, at every sample rate, in any pieces."""

import math

import numpy as np
import pyloudnorm
import pytest

from synth.dsp.loudness import Loudness, k_weighting


def _programme(sample_rate, seconds=6):
    """Pink-ish noise whose level falls in steps, down to below both gates, and a tone in one ear."""
    rng = np.random.default_rng(1)
    noise = np.cumsum(rng.standard_normal((int(seconds * sample_rate), 2)), axis=0)
    noise = np.diff(noise, axis=0, prepend=0) + 0.02 * np.sin(np.arange(len(noise)) * 0.03)[:, None]
    steps_db = np.repeat([-12, -30, -50, -90, -20, -12], sample_rate)
    noise *= 0.2 * 10 ** (steps_db[: len(noise), None] / 20)
    noise[:, 1] += 0.1 * np.sin(2 * np.pi * 2500 / sample_rate * np.arange(len(noise))) * (steps_db[: len(noise)] > -40)
    return noise.astype(np.float32)


def _lufs(samples, sample_rate, gain_db=0.0):
    meter = Loudness(sample_rate, gain_db)
    meter.add(samples)
    return meter.integrated_lufs


@pytest.mark.parametrize("sample_rate", [44100, 48000, 96000])
def test_reads_what_pyloudnorm_reads(sample_rate):
    samples = _programme(sample_rate)
    expected = pyloudnorm.Meter(sample_rate).integrated_loudness(samples.astype(np.float64))
    assert _lufs(samples, sample_rate) == pytest.approx(expected, abs=0.1)


def test_a_full_scale_sine_in_one_ear_reads_minus_3_01():
    """BS.1770-5 annex 1: 997 Hz at 0 dBFS in one front channel."""
    samples = np.zeros((48000, 2), np.float32)
    samples[:, 0] = np.sin(2 * np.pi * 997 / 48000 * np.arange(48000))
    assert _lufs(samples, 48000) == pytest.approx(-3.01, abs=0.01)


def test_the_filters_are_the_standards_at_48_khz():
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585]
    high_pass = [1, -2, 1, -1.99004745483398, 0.99007225036621]
    np.testing.assert_allclose(k_weighting(48000), [shelf, high_pass], atol=1e-7)


def test_pieces_do_not_matter():
    samples = _programme(48000, 3)
    meter = Loudness(48000)
    for piece in np.split(samples, [1, 64, 4801, 4803, 48000, 100001]):
        meter.add(piece)
    assert meter.integrated_lufs == pytest.approx(_lufs(samples, 48000), abs=1e-9)


def test_a_gain_counts_before_the_gates():
    samples = _programme(48000)
    quiet = (samples * 10 ** (-40 / 20)).astype(np.float32)
    assert _lufs(quiet, 48000, 40) == pytest.approx(_lufs(samples, 48000), abs=1e-3)


@pytest.mark.parametrize(
    "samples", [np.zeros((48000, 2), np.float32), np.ones((1000, 2), np.float32), np.zeros((0, 2), np.float32)]
)
def test_silence_and_too_little_have_no_loudness(samples):
    assert _lufs(samples, 48000) == -math.inf
