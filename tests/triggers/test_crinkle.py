"""Crinkle: power-law clicks in avalanches, short and bright, spread over the film."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from synth.dsp import sheet
from synth.rt.units import QUANTUM
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import RATES, bursts, centroid_hz, energies, places, power_law_exponent, steady

CRINKLE = TRIGGERS["crinkle"]
CALM = {"unsteadiness": 0, "size_cm": 60}


@pytest.mark.parametrize("exponent", [1.0, 1.15, 1.3])
def test_energies_follow_the_power_law(exponent):
    voice = DryVoice(CRINKLE, 1, rate_hz=300, avalanche=1, exponent=exponent, body=0, **CALM)
    voice.strike()
    found = energies(voice.render_apart(8 * 48000)[sheet.HELD :].astype(float))
    assert found.size > 1200
    measured = power_law_exponent(found, np.quantile(found, 0.15), np.quantile(found, 0.99) / 2)
    assert measured == pytest.approx(exponent, abs=0.1)


def counts(seconds: float, window_s: float = 0.25, seed: int = 1, sample_rate: float = 48000, **params) -> np.ndarray:
    """Return how many clicks came in each window."""
    voice = DryVoice(CRINKLE, seed, sample_rate, **{**CALM, **params})
    voice.strike()
    born = []
    for _ in range(round(seconds / window_s)):
        before = voice.births
        voice.render(round(window_s * sample_rate / QUANTUM) * QUANTUM)
        born.append(voice.births - before)
    return np.array(born)


def test_clicks_come_in_avalanches():
    def fano(avalanche):
        found = np.concatenate([counts(40, seed=seed, rate_hz=120, avalanche=avalanche)[1:] for seed in (1, 2, 3)])
        return found.var() / found.mean()

    assert fano(1) == pytest.approx(1, abs=0.25)
    assert 3 < fano(4) < 8.5  # 2 * 4 - 1 = 7 for windows much longer than an avalanche
    assert fano(8) > 1.4 * fano(4)


def test_the_rate_is_proportional_to_the_force_and_to_nothing_else():
    def rate(pressure, **params):
        voice = DryVoice(CRINKLE, 4, **{**CALM, "rate_hz": 150, **params})
        voice.strike(pressure)
        voice.render(40 * 48000)
        return voice.births / 40

    assert rate(1.0, avalanche=1) == pytest.approx(150, rel=0.05)
    assert rate(0.5, avalanche=1) == pytest.approx(75, rel=0.07)
    assert rate(1.0, avalanche=7) == pytest.approx(150, rel=0.12)


def test_it_is_the_same_clicks_at_every_sample_rate():
    found = [counts(8, 8, 2, rate) for rate in RATES]
    assert abs(int(found[0].sum()) - int(found[1].sum())) <= 0.01 * found[0].sum()
    assert abs(int(found[0].sum()) - int(found[2].sum())) <= 0.01 * found[0].sum()


def test_clicks_are_short_and_high():
    voice = DryVoice(CRINKLE, 1, rate_hz=60, avalanche=1, **CALM)
    voice.strike()
    lengths = []
    for x in voice.render_apart(20 * 48000).astype(float):
        for burst in bursts(x):
            power = np.cumsum(np.square(burst))
            lengths.append((np.searchsorted(power, 0.9 * power[-1]) - np.searchsorted(power, 0.05 * power[-1])) / 48)
    assert 0.3 < np.median(lengths) < 2  # ms
    sounds = [steady(CRINKLE, 3, seed) for seed in range(1, 6)]
    assert 1500 < np.mean([centroid_hz(x) for x in sounds]) < 5300  # recordings: 2500 +- 1400
    assert np.mean([stats.kurtosis(x) for x in sounds]) > 15


def test_a_thick_film_and_a_bag_are_lower_than_cellophane():
    def centroid(**params):
        return np.mean([centroid_hz(steady(CRINKLE, 1.5, seed, **params)) for seed in range(1, 6)])

    assert centroid(thickness=4) < 0.75 * centroid(thickness=1) < 0.65 * centroid(thickness=0.4)
    assert centroid(material="bag") < centroid(material="wrapper") < centroid(material="cellophane")
    assert centroid(body=1) < centroid(body=0)
    assert centroid(brightness_hz=2000) < centroid(brightness_hz=9000)


def test_an_avalanche_runs_near_one_place():
    found = places(CRINKLE, 12, rate_hz=60, avalanche=20, unsteadiness=0, size_cm=60)
    apart = np.abs(found[:, None, 1] - found[None, :, 1])
    assert np.abs(found[:, 1:]).max() < 0.39
    assert found[:, 1].std() > 0.08
    assert np.mean(apart < 0.08) > 1.3 * np.mean((apart > 0.16) & (apart < 0.24))


def test_bubbles_pop_lower_and_longer_than_clicks():
    """A pop has a T60 of 20 ms, so 15 dB less after 5 ms; a click of the film, of 5 ms, has 60 dB less: far apart at 25 dB."""

    def late(material):
        voice = DryVoice(CRINKLE, 2, rate_hz=200, avalanche=1, material=material, body=0, **CALM)
        voice.strike()
        shares = []
        for x in voice.render_apart(8 * 48000)[sheet.HELD :].astype(float):
            shares += [np.square(burst[240:]).sum() / np.square(burst).sum() for burst in bursts(x)]
        return np.array(shares)

    assert np.mean(late("bubble_wrap") > 0.003) > max(0.003, 2 * np.mean(late("wrapper") > 0.003))
