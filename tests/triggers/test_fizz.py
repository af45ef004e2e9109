"""Fizz: a Poisson process that runs out of gas, of Helmholtz pops each at its own place."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal, stats

from synth.dsp import cavity
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry
from tests.support.measures import RATES, centroid_hz, event_times_s

FIZZ = TRIGGERS["fizz"]
LONE = {"hiss": 0.0, "glass": 0.0, "variation": 0.0, "floor": 1.0}


def test_the_rate_runs_out_exponentially():
    decay_s, seconds = 3.0, 6.0
    times = np.concatenate([event_times_s(FIZZ, seconds, seed, rate_hz=1500, decay_s=decay_s, floor=0) for seed in range(3)])
    counts, edges = np.histogram(times, bins=12, range=(0, seconds))
    slope = np.polyfit(0.5 * (edges[1:] + edges[:-1]), np.log(counts), 1, w=np.sqrt(counts))[0]
    assert -1 / slope == pytest.approx(decay_s, rel=0.1)
    assert len(times) / 3 == pytest.approx(1500 * decay_s * (1 - np.exp(-seconds / decay_s)), rel=0.05)


def test_pops_are_poisson():
    times = event_times_s(FIZZ, 10, rate_hz=300, floor=1)
    assert stats.kstest(np.diff(times), "expon", args=(0, 1 / 300)).pvalue > 0.01
    counts = np.histogram(times, bins=200, range=(0, 10))[0]
    assert counts.var() / counts.mean() == pytest.approx(1, abs=0.3)
    assert len(times) == pytest.approx(3000, abs=4 * np.sqrt(3000))


def test_it_falls_to_the_floor_and_stays():
    times = event_times_s(FIZZ, 8, rate_hz=1000, decay_s=0.5, floor=0.3)
    assert len(times[times > 5]) / 3 == pytest.approx(300, rel=0.12)


def test_the_hand_sets_the_rate():
    voice = DryVoice(FIZZ, 1, **LONE)
    voice.strike()
    voice.set(pressure=0.0)
    voice.render(64)
    before = int(voice.state["count"][0])
    assert not voice.render(9600)[0, 4800:].any()
    assert int(voice.state["count"][0]) == before
    voice.set(pressure=0.4)
    voice.render(48000)
    assert int(voice.state["count"][0]) - before == pytest.approx(250, abs=65)


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("bubble_mm", [2.5, 5.0, 8.0])
def test_a_pop_rings_as_its_helmholtz_resonator(bubble_mm, sample_rate):
    x = dry(FIZZ, 6, 1, sample_rate, velocity=0.8, params={**LONE, "rate_hz": 5, "bubble_mm": bubble_mm})
    onset = np.flatnonzero(np.abs(x) > 1e-6)[0]
    pop = x[onset : onset + int(0.004 * sample_rate)].astype(float)
    hz, power = signal.periodogram(pop, sample_rate, nfft=65536)
    begin_hz = cavity.film_hz(0.001 * bubble_mm, 0.3)
    assert begin_hz * 0.97 < hz[power.argmax()] < begin_hz * 1.3  # it rises by 30 % while the film opens
    energy = np.cumsum(pop[::-1] ** 2)[::-1]
    length_s = np.flatnonzero(energy > 0.01 * energy[0])[-1] / sample_rate
    assert 0.0003 < length_s < 0.001


def test_it_is_the_same_pops_at_every_sample_rate():
    times = [event_times_s(FIZZ, 1.5, 3, rate) for rate in RATES]
    assert len(times[0]) == len(times[1]) == len(times[2])
    assert np.abs(times[0] - times[2]).max() < 0.001


def test_smaller_bubbles_and_less_air_sound_higher():
    def centroid(**params):
        return centroid_hz(dry(FIZZ, 3, 1, params=params))

    assert centroid(bubble_mm=3) > centroid(bubble_mm=5) > centroid(bubble_mm=9)
    assert centroid(glass=1, air_cm=3) > centroid(glass=1, air_cm=12)


def test_every_pop_has_its_own_place_on_the_liquid():
    voice = DryVoice(FIZZ, 1, spread_cm=3.0)
    voice.strike()
    places = set()
    for _ in range(1500):
        voice.render(64)
        slots = voice.emitters[0]["slot"]
        places |= {(float(s["away_m"]), float(s["left_m"])) for s in slots[1:] if s["life"]}
    radius = np.hypot(*np.array(sorted(places)).T)
    assert len(places) > 500
    assert radius.max() <= 0.0301
    assert np.mean(radius**2) == pytest.approx(0.03**2 / 2, rel=0.1)
