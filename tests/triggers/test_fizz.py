"""Fizz: a Poisson process that runs out of gas, of Helmholtz pops each at its own place, under foam that collapses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal, stats

from synth.dsp import cavity
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry
from tests.support.measures import RATES, centroid_hz, event_times_s

FIZZ = TRIGGERS["fizz"]
LONE = {"hiss": 0.15, "glass": 0.0, "variation": 0.0, "floor": 1.0, "foam": 0.0}


def test_the_rate_runs_out_exponentially():
    decay_s, seconds = 3.0, 6.0
    times = np.concatenate(
        [event_times_s(FIZZ, seconds, seed, step=64, rate_hz=1500, decay_s=decay_s, floor=0.02, foam=0) for seed in range(3)]
    )
    counts, edges = np.histogram(times, bins=12, range=(0, seconds))
    rest = 0.02 * 1500 * 3 * seconds / 12
    slope = np.polyfit(0.5 * (edges[1:] + edges[:-1]), np.log(counts - rest), 1, w=np.sqrt(counts))[0]
    assert -1 / slope == pytest.approx(decay_s, rel=0.1)
    assert len(times) / 3 == pytest.approx(1500 * decay_s * (1 - np.exp(-seconds / decay_s)), rel=0.05)


def test_pops_are_poisson():
    times = event_times_s(FIZZ, 6, rate_hz=500, floor=1, foam=0)
    assert stats.kstest(np.diff(times), "expon", args=(0, 1 / 500)).pvalue > 0.01
    counts = np.histogram(times, bins=120, range=(0, 6))[0]
    assert counts.var() / counts.mean() == pytest.approx(1, abs=0.3)
    assert len(times) == pytest.approx(3000, abs=4 * np.sqrt(3000))


def rates_hz(seconds: float, seeds: int, **params: float) -> np.ndarray:
    """Return the mean rate of every second over some pours: avalanches of films make each one uneven."""
    times = np.concatenate([event_times_s(FIZZ, seconds, seed, step=64, **params) for seed in range(seeds)])
    return np.histogram(times, bins=int(seconds), range=(0.0, seconds))[0] / seeds


def test_it_falls_to_the_floor_and_stays():
    assert rates_hz(14, 2, rate_hz=1000, decay_s=2, floor=0.3, foam=1)[11:].mean() == pytest.approx(300, rel=0.15)


def test_foam_outnumbers_the_pops_at_first_and_collapses():
    found = rates_hz(6, 6, rate_hz=400, floor=1, foam=1) / 400
    assert found[0] == pytest.approx(1 + 7 * 1.1 * (1 - np.exp(-1 / 1.1)), rel=0.15)
    assert found[5] == pytest.approx(1, abs=0.25)


def test_foam_bursts_in_avalanches_and_without_foam_it_does_not():
    def unevenness(foam: float) -> float:
        times = event_times_s(FIZZ, 8, step=64, rate_hz=800, floor=1, decay_s=300, foam=foam)
        counts = np.histogram(times[times > 5], bins=60, range=(5, 8))[0]  # of 50 ms
        return float(counts.var() / counts.mean())

    assert unevenness(1.0) > 4 * unevenness(0.0)


def test_it_declines_from_a_roar_to_a_whisper():
    x = dry(FIZZ, 7, 1).astype(float)
    levels = [20 * np.log10(x[at * 48000 : (at + 1) * 48000].std()) for at in (0, 3, 6)]
    assert levels[0] - levels[1] > 4
    assert levels[1] - levels[2] > 2


def test_the_hand_sets_the_rate():
    voice = DryVoice(FIZZ, 1, **LONE, rate_hz=500)
    voice.strike()
    voice.set(pressure=0.0)
    voice.render(64)
    before = int(voice.state["count"][0])
    voice.render(9600)
    assert int(voice.state["count"][0]) == before
    voice.set(pressure=0.4)
    voice.render(48000)
    assert int(voice.state["count"][0]) - before == pytest.approx(250, abs=65)


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("bubble_mm", [2.0, 3.0, 4.0])
def test_a_pop_rings_as_its_helmholtz_resonator(bubble_mm, sample_rate):
    voice = DryVoice(FIZZ, 1, sample_rate, **LONE, bubble_mm=bubble_mm, rate_hz=400, length_ms=0.8)
    voice.strike()
    pops, found, lives = voice.state["pops"]["chirp"][0], [], []
    before = pops["left"].copy()
    for _ in range(400):
        voice.render(64)
        born = pops["left"] > before
        found.append((np.arctan2(pops["w_im"], pops["w_re"])[born]) / (2 * np.pi) * sample_rate)
        lives.append(-np.log(10) / (np.log(np.hypot(pops["w_re"], pops["w_im"])[born]) * sample_rate))
        before = pops["left"].copy()
    begin_hz, hz = cavity.film_hz(0.001 * bubble_mm, 0.3), np.concatenate(found)
    assert hz.min() == pytest.approx(begin_hz, rel=0.05)
    assert np.median(hz) < begin_hz * 1.5  # it rises by 30 % while the film opens
    assert np.concatenate(lives) == pytest.approx(0.0008, rel=0.01)


def test_pops_have_no_band_of_their_own():
    x = dry(FIZZ, 4, 1).astype(float)
    hz, power = signal.welch(x, 48000, nperseg=4096)
    octave = [power[(hz >= low) & (hz < 2 * low)].mean() for low in (1800, 3600, 7200)]
    assert np.ptp(10 * np.log10(octave)) < 15
    assert power[hz > 8000].sum() / power.sum() > 0.1  # 29 to 45 % in recordings


def test_it_is_the_same_pops_at_every_sample_rate():
    times = [event_times_s(FIZZ, 1.5, 3, rate, floor=1, foam=0) for rate in RATES]  # what declines is read once a quantum
    assert len(times[0]) == len(times[1]) == len(times[2])
    assert np.abs(times[0] - times[2]).max() < 0.001


def test_smaller_bubbles_and_less_air_sound_higher():
    def centroid(**params):
        return centroid_hz(dry(FIZZ, 3, 1, params=params))

    assert centroid(bubble_mm=1.6) > centroid(bubble_mm=2.6) > centroid(bubble_mm=4)
    assert centroid(glass=1, air_cm=3) > centroid(glass=1, air_cm=12)


def test_every_pop_has_its_own_place_on_the_liquid():
    voice = DryVoice(FIZZ, 1, spread_cm=3.0)
    voice.strike()
    places = set()
    for _ in range(1500):
        voice.render(64)
        slots = voice.emitters[0]["slot"]
        places |= {(float(s["away_m"]), float(s["left_m"])) for s in slots[5:] if s["life"]}  # foam: 0 to 3, glass: 4
    radius = np.hypot(*np.array(sorted(places)).T)
    assert len(places) > 500
    assert radius.max() <= 0.0301
    assert np.mean(radius**2) == pytest.approx(0.03**2 / 2, rel=0.1)
