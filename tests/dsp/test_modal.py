"""Modes that ring, in both of their forms: as resonators (modal) and as phasors (phasor)."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import modal, phasor
from synth.rt import kernel

RATES = [44100.0, 48000.0, 96000.0]
BANK, PHASORS = modal.bank_dtype(3), phasor.bank_dtype(3)


@kernel
def _ring(bank, out):
    for n in range(out.size):
        out[n] = modal.tick(bank, 1.0 if n == 0 else 0.0)


@kernel
def _rotate(bank, out):
    for n in range(out.size):
        out[n] = 0.0
        for mode in range(bank.re.size):
            out[n] += phasor.tick(bank, mode, 1.0 if n == 0 else 0.0)


def analytic(frequency_hz: float, t60_s: float, gain: float, sample_rate: float, frames: int) -> np.ndarray:
    time_s = np.arange(frames) / sample_rate
    return gain * np.sin(2 * np.pi * frequency_hz * time_s) * 10 ** (-3 * time_s / t60_s)


def ring(frequency_hz: float, t60_s: float, gain: float, sample_rate: float, frames: int) -> np.ndarray:
    bank, out = np.zeros(1, BANK)[0], np.zeros(frames)
    modal.tune(bank, 1, frequency_hz, t60_s, gain, sample_rate)
    _ring(bank, out)
    return out


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize(("frequency_hz", "t60_s"), [(60.0, 20.0), (1000.0, 0.1), (15000.0, 0.02)])
def test_a_mode_is_the_decaying_sine_it_should_be(frequency_hz: float, t60_s: float, sample_rate: float) -> None:
    frames = 20000
    out = ring(frequency_hz, t60_s, 0.7, sample_rate, frames)
    np.testing.assert_allclose(out, analytic(frequency_hz, t60_s, 0.7, sample_rate, frames), atol=1e-7)


@pytest.mark.parametrize("sample_rate", RATES)
def test_a_phasor_rings_like_a_mode(sample_rate: float) -> None:
    bank, out = np.zeros(1, PHASORS)[0], np.zeros(20000)
    bank["gain"][2] = 0.7
    phasor.tune(bank, 2, 440.0, -phasor.decay_per_s(3.0), sample_rate)
    _rotate(bank, out)
    np.testing.assert_allclose(out, analytic(440.0, 3.0, 0.7, sample_rate, 20000), atol=1e-7)


def test_t60_measured_back_is_exact_at_100_hz_over_20_s_and_96_khz() -> None:
    out = ring(100.0, 20.0, 1.0, 96000.0, 96000 * 8)
    peaks = np.abs(out).reshape(-1, 9600).max(axis=1)
    slope_db_per_s = np.polyfit(np.arange(peaks.size) * 0.1, 20 * np.log10(peaks), 1)[0]
    assert -60 / slope_db_per_s == pytest.approx(20.0, rel=1e-3)


def test_modes_above_the_band_are_silent() -> None:
    assert np.abs(ring(30000.0, 1.0, 1.0, 48000.0, 1000)).max() == 0
    bank, out = np.zeros(1, PHASORS)[0], np.zeros(1000)
    bank["gain"][:] = 1.0
    for mode in range(3):
        phasor.tune(bank, mode, 22000.0, -1.0, 48000.0)
    _rotate(bank, out)
    assert np.abs(out).max() == 0


def test_a_phasor_keeps_its_amplitude_when_it_is_retuned() -> None:
    bank, out = np.zeros(1, PHASORS)[0], np.zeros(4801)
    bank["gain"][0] = 1.0
    phasor.tune(bank, 0, 300.0, 0.0, 48000.0)
    _rotate(bank, out)
    before = phasor.energy(bank, 0)
    bank["gain"][0] = 0.0
    phasor.tune(bank, 0, 1700.0, 0.0, 48000.0)
    _rotate(bank, out)
    assert phasor.energy(bank, 0) == pytest.approx(before, rel=1e-9)
    assert np.abs(out).max() == pytest.approx(1.0, rel=1e-2)


def test_a_driven_phasor_grows_exponentially() -> None:
    bank, out = np.zeros(1, PHASORS)[0], np.zeros(48000)
    bank["gain"][0] = 1e-3
    phasor.tune(bank, 0, 200.0, 4.0, 48000.0)
    _rotate(bank, out)
    assert np.sqrt(phasor.energy(bank, 0)) == pytest.approx(1e-3 * np.exp(4.0), rel=1e-3)
