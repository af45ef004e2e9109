"""Crumple: power-law energies, as many crackles as there is force, paper's decay, spread over the sheet."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from synth.dsp import sheet
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import RATES, bursts, centroid_hz, energies, places, power_law_exponent, steady

CRUMPLE = TRIGGERS["crumple"]
LONE = {"rate_hz": 80, "cluster": 1, "unsteadiness": 0, "size_cm": 60, "body": 0}


def lone_crackles(seconds: float, seed: int = 1, **params) -> np.ndarray:
    """Return every facet on its own: a crackle each, as there are few."""
    voice = DryVoice(CRUMPLE, seed, **{**LONE, **params})
    voice.strike()
    return voice.render_apart(round(seconds * 48000))[sheet.HELD :].astype(float)


@pytest.mark.parametrize("exponent", [1.3, 1.45, 1.6])
def test_energies_follow_the_power_law(exponent):
    found = energies(lone_crackles(10, exponent=exponent, rate_hz=200, ring_s=0.005))
    assert found.size > 1200
    measured = power_law_exponent(found, np.quantile(found, 0.25), np.quantile(found, 0.9975) / 2)
    assert measured == pytest.approx(exponent, abs=0.1)
    assert found.max() / np.quantile(found, 0.02) < 3000  # capped: no gunshots


def births(pressure: float, seconds: float = 8, sample_rate: float = 48000, seed: int = 1, **params) -> int:
    voice = DryVoice(CRUMPLE, seed, sample_rate, **{**LONE, "rate_hz": 200, "ring_s": 0.005, **params})
    voice.strike(pressure)
    voice.render(round(seconds * sample_rate))
    return voice.births


def test_the_rate_is_proportional_to_the_force():
    counts = np.array([sum(births(pressure, 4, seed=seed) for seed in range(1, 4)) for pressure in (0.25, 0.5, 1.0)])
    np.testing.assert_allclose(counts / counts[-1], [0.25, 0.5, 1.0], rtol=0.1)
    assert counts[-1] == pytest.approx(3 * 4 * 200, rel=0.08)
    wavering = sum(births(0.8, seed=seed, seconds=10, unsteadiness=0.45) for seed in range(1, 7))
    assert wavering == pytest.approx(6 * 10 * 200 * 0.8, rel=0.12)


def test_it_is_the_same_crackles_at_every_sample_rate():
    counts = np.array([births(0.8, 10, rate, seed=3, cluster=1.8) for rate in RATES])
    assert np.ptp(counts) <= 0.01 * counts.mean()


def test_it_decays_as_paper_does():
    decays = []
    for x in lone_crackles(8, seed=2, brightness_hz=1200):
        for burst in bursts(x):
            level = 10 * np.log10(np.cumsum(burst[::-1] ** 2)[::-1] / np.square(burst).sum() + 1e-30)
            inside = np.flatnonzero((level < -5) & (level > -30))
            if np.abs(burst).max() > 0.02 and inside.size > 50:
                decays.append(-60 / np.polyfit(inside / 48000, level[inside], 1)[0])
    assert len(decays) > 60
    assert np.median(decays) == pytest.approx(0.025, rel=0.15)


def test_it_crackles_instead_of_hissing():
    sounds = [steady(CRUMPLE, 4, seed) for seed in range(1, 7)]
    assert np.mean([stats.kurtosis(x, fisher=False) for x in sounds]) > 15
    assert 2500 < np.mean([centroid_hz(x) for x in sounds]) < 6500  # recordings of paper: 3750 +- 1200
    dense = [steady(CRUMPLE, 4, seed, rate_hz=1500, exponent=1.8, rustle=1) for seed in range(1, 4)]
    assert np.mean([stats.kurtosis(x, fisher=False) for x in dense]) < 0.6 * np.mean(
        [stats.kurtosis(x, fisher=False) for x in sounds]
    )


def test_brightness_and_stiffness_move_the_centroid():
    def centroid(**params):
        return np.mean([centroid_hz(steady(CRUMPLE, 2, seed, **params)) for seed in range(1, 6)])

    assert centroid(brightness_hz=1200) < 0.85 * centroid() < 0.72 * centroid(brightness_hz=8000)
    assert centroid(stiffness=1) < centroid(stiffness=0)


def test_crackles_lie_all_over_the_sheet():
    found = places(CRUMPLE, 4, size_cm=40)
    assert len(found) > 200
    assert np.abs(found[:, 1:]).max() < 0.24
    np.testing.assert_allclose(found[:, 1:].std(axis=0), 0.2 / np.sqrt(3), rtol=0.2)


def test_a_let_go_sheet_goes_on_crackling_for_a_moment():
    voice = DryVoice(CRUMPLE, 1)
    voice.strike()
    voice.render(48000)
    voice.release()
    after = np.square(voice.render(5 * 48000).sum(0), dtype=float).reshape(10, -1).sum(1)
    assert after[0] > 10 * after[3] > 0
    assert after[-1] < 1e-12


def band_share(x: np.ndarray, low_hz: float, high_hz: float) -> float:
    power, hertz = np.abs(np.fft.rfft(x)) ** 2, np.fft.rfftfreq(x.size, 1 / 48000)
    return float(power[(hertz >= low_hz) & (hertz < high_hz)].sum() / power.sum())


def test_the_sheet_answers_low_and_more_so_a_bag():
    def low(**params):
        return np.mean([band_share(steady(CRUMPLE, 3, seed, **params), 100, 600) for seed in range(1, 5)])

    assert low(body=1) > 2 * low(body=0)
    assert low(material="bag") > low() > low(material="tissue")


def test_tissue_is_thinner_and_softer_than_a_bag():
    sounds = {
        material: [steady(CRUMPLE, 3, seed, material=material) for seed in range(1, 6)] for material in ("tissue", "paper", "bag")
    }
    tissue, paper, bag = (np.mean([centroid_hz(x) for x in sounds[material]]) for material in ("tissue", "paper", "bag"))
    assert tissue > 1.2 * paper > 1.2 * bag
    assert np.mean([stats.kurtosis(x) for x in sounds["tissue"]]) < 0.8 * np.mean([stats.kurtosis(x) for x in sounds["bag"]])


def test_a_hand_that_holds_it_is_never_silent():
    sound = steady(CRUMPLE, 6, 3)
    frames = np.square(sound[: sound.size // 480 * 480]).reshape(-1, 480).mean(1)
    assert 10 * np.log10(frames.min() / frames.mean()) > -40
