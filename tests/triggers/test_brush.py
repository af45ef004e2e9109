"""Brush: bristle contacts at their own places about the ear, in strokes, with the rumble of pressing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal, stats

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import RATES, centroid_hz, places, share_below, steady, strokes

BRUSH = TRIGGERS["brush"]


@pytest.mark.parametrize("rate_hz", [0.5, 0.8, 1.3, 2.0])
def test_strokes_are_heard_in_the_modulation_spectrum(rate_hz):
    x = strokes(BRUSH, 16, rate_hz)
    envelope = np.square(x).reshape(-1, 480).sum(1)
    envelope -= envelope.mean()
    spectrum = np.abs(np.fft.rfft(envelope * np.hanning(envelope.size), 16 * envelope.size))
    hertz = np.fft.rfftfreq(16 * envelope.size, 0.01)
    inside = (hertz > 0.2) & (hertz < 8)
    assert hertz[inside][np.argmax(spectrum[inside])] == pytest.approx(rate_hz, rel=0.05)


def test_bristles_touch_as_often_as_they_should():
    def rate(pressure, sample_rate=48000):
        voice = DryVoice(BRUSH, 2, sample_rate, contacts_hz=200, size_cm=12, unevenness=0)
        voice.strike(pressure)
        voice.render(round(30 * sample_rate))
        return voice.births / 30

    full = rate(1.0)
    assert full == pytest.approx(200, rel=0.06)
    assert rate(0.5) == pytest.approx(0.5 * full, rel=0.08)
    for sample_rate in RATES:
        assert rate(1.0, sample_rate) == pytest.approx(full, rel=0.01)


def test_it_is_neither_a_noise_nor_a_crackle():
    kurtosis = [stats.kurtosis(steady(BRUSH, 4, seed), fisher=False) for seed in range(1, 9)]
    assert 3 < np.mean(kurtosis) < 10
    stroked = [stats.kurtosis(strokes(BRUSH, 4, 1.0, seed), fisher=False) for seed in range(1, 5)]
    assert 3 < np.mean(stroked) < 20


def test_pressed_it_rumbles_below_150_hz():
    pressed = [share_below(steady(BRUSH, 4, seed, pressure=1.0), 150) for seed in range(1, 7)]
    light = [share_below(steady(BRUSH, 4, seed, pressure=0.2), 150) for seed in range(1, 7)]
    without = [share_below(steady(BRUSH, 4, seed, pressure=1.0, rumble=0), 150) for seed in range(1, 4)]
    assert 0.1 < np.mean(pressed) < 0.6
    assert np.mean(light) < 0.5 * np.mean(pressed)
    assert np.mean(without) < 0.01


@pytest.mark.parametrize(("softness", "low", "high"), [(0.0, 6000, 12000), (0.5, 4000, 9000), (1.0, 2000, 6000)])
def test_softness_rounds_the_contacts_off(softness, low, high):
    x = np.concatenate([steady(BRUSH, 3, seed, softness=softness, rumble=0) for seed in range(1, 4)])
    hertz, power = signal.welch(x, 48000, nperseg=1024)
    assert low < hertz[np.searchsorted(np.cumsum(power), 0.9 * power.sum())] < high


def test_it_is_dark_unless_it_is_stiff():
    def centroid(softness):
        return np.mean([centroid_hz(steady(BRUSH, 2, seed, softness=softness)) for seed in range(1, 5)])

    assert centroid(1.0) < centroid(0.5) < centroid(0.0)
    assert centroid(0.5) < 3500


def test_contacts_lie_under_the_tuft_as_it_goes_round():
    found = places(BRUSH, 3, size_cm=6)
    assert len(found) > 500
    radius = np.hypot(found[:, 1], found[:, 2])
    assert radius.max() < 0.03 + 0.018 + 1e-6
    assert radius.max() > 0.035
    assert np.abs(found[:, 0]).max() < 0.01


def test_few_emitters_carry_thousands_of_bristles():
    voice = DryVoice(BRUSH, 1, contacts_hz=6000)
    voice.strike(1.0)
    voice.render(48000)
    assert voice.mean_alive <= 32
    usual = DryVoice(BRUSH, 1)
    usual.strike()
    usual.render(48000)
    assert usual.mean_alive < 24


def test_more_bristles_are_smoother():
    few, many = (
        np.mean([stats.kurtosis(steady(BRUSH, 3, seed, contacts_hz=rate, rumble=0)) for seed in range(1, 4)])
        for rate in (400, 5000)
    )
    assert few > 3 * many
