"""Bubbles, films, columns and drops: the generators of the water sounds against their formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import bubble, cavity, chirp, emitter, splash, swarm
from synth.dsp.emitter import emitters_dtype
from synth.rt import kernel
from tests.support.measures import RATES


def bubble_sound(
    radius_m: float, rise: float, sample_rate: float, seconds: float = 0.3, begin: int = 0, cut: int = 64
) -> np.ndarray:
    ring = np.zeros(1, chirp.CHIRP)
    bubble.strike(ring[0], radius_m, 1.0, rise, begin, float(sample_rate))
    pieces = []
    for _ in range(round(seconds * sample_rate / 64)):
        out, drive = np.zeros(64, np.float32), np.zeros(64)
        for start in range(0, 64, cut):
            chirp.add(ring[0], out, drive, start, start + cut)
        pieces.append(drive)
    return np.concatenate(pieces)


def phase_and_envelope(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    turning = signal.hilbert(x)
    return np.unwrap(np.angle(turning)), np.abs(turning)


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("radius_mm", [0.4, 1.0, 3.0, 8.0])
def test_a_bubble_rings_at_3_over_r_and_decays_as_van_den_doel_has_it(radius_mm, sample_rate):
    radius_m = 0.001 * radius_mm
    decay = 0.13 / radius_m + 0.0072 * radius_m**-1.5
    x = bubble_sound(radius_m, 0.0, sample_rate)
    phase, envelope = phase_and_envelope(x)
    span = slice(int(0.5 / decay * sample_rate), int(3.0 / decay * sample_rate))
    time_s = np.arange(len(x)) / sample_rate
    assert np.polyfit(time_s[span], phase[span], 1)[0] / (2 * np.pi) == pytest.approx(3.0 / radius_m, rel=0.02)
    assert -np.polyfit(time_s[span], np.log(envelope[span]), 1)[0] == pytest.approx(decay, rel=0.05)


@pytest.mark.parametrize("rise", [0.1, 0.5])
def test_its_pitch_rises_by_xi_d_f_per_second(rise):
    radius_m, sample_rate = 0.002, 96000
    decay = 0.13 / radius_m + 0.0072 * radius_m**-1.5
    x = bubble_sound(radius_m, rise, sample_rate)
    phase, _ = phase_and_envelope(x)
    span = slice(int(0.3 / decay * sample_rate), int(3.0 / decay * sample_rate))
    time_s = np.arange(len(x)) / sample_rate
    slope = 2 * np.polyfit(time_s[span], phase[span], 2)[0] / (2 * np.pi)
    assert slope == pytest.approx(rise * decay * 3.0 / radius_m, rel=0.05)


def test_a_fast_rise_ends_below_half_the_sample_rate():
    x = bubble_sound(0.0003, 3.0, 44100)
    hz, power = signal.periodogram(x, 44100)
    top = power[(hz > 17000) & (hz < 19000)].max()
    assert power[hz > 21000].max() < 0.02 * top
    assert np.abs(x).max() < 1.01


def test_a_bubble_is_the_same_however_it_is_cut_and_begins_when_told():
    assert np.array_equal(bubble_sound(0.002, 0.2, 48000, cut=64), bubble_sound(0.002, 0.2, 48000, cut=16))
    late = bubble_sound(0.002, 0.2, 48000, begin=100)
    assert np.array_equal(late[100:], bubble_sound(0.002, 0.2, 48000)[:-100])
    assert not late[:100].any()


def test_it_ends_at_minus_120_db():
    x = bubble_sound(0.001, 0.0, 48000)
    last = np.flatnonzero(x)[-1]
    assert 1e-7 < np.abs(x[last - 20 : last]).max() < 2e-6


@kernel
def _columns(column, drive, out):
    for n in range(drive.size):
        out[n] = cavity.tick_column(column, drive[n])


@pytest.mark.parametrize("sample_rate", RATES)
def test_a_column_sounds_at_odd_quarter_waves(sample_rate):
    column = np.zeros(1, cavity.column_dtype(3))
    lowest_hz = cavity.column_hz(0.12, 0.03)
    assert lowest_hz == pytest.approx(343 / (4 * (0.12 + 0.61 * 0.03)))
    cavity.tune_column(column[0], lowest_hz, 14.0, float(sample_rate))
    drive, out = np.zeros(sample_rate), np.zeros(sample_rate)
    drive[0] = 1.0
    _columns(column[0], drive, out)
    power = np.abs(np.fft.rfft(out))
    for order in (1, 3, 5):
        near = np.arange(int(0.8 * order * lowest_hz), int(1.2 * order * lowest_hz))
        assert near[power[near].argmax()] == pytest.approx(order * lowest_hz, rel=0.02)


def test_a_film_over_a_smaller_bubble_bursts_higher():
    assert cavity.film_hz(0.002, 0.3) == pytest.approx(2 * cavity.film_hz(0.004, 0.3))
    assert 3000 < cavity.film_hz(0.008, 0.3) < cavity.film_hz(0.002, 0.3) < 15000
    assert cavity.film_hz(0.004, 0.6) > cavity.film_hz(0.004, 0.3)


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize("tau_s", [0.0001, 0.0007])
def test_an_impact_gives_its_impulse_at_every_rate(tau_s, sample_rate):
    impact = np.zeros(1, splash.SPLASH)
    splash.strike(impact[0], 0.7, 0.5, tau_s, float(sample_rate))
    force, burst = [], []
    while impact["left"][0] > 0:
        splash.step(impact[0])
        force.append(impact["force"][0])
        burst.append(impact["noise"][0])
    assert sum(force) == pytest.approx(0.7, rel=1e-3)
    assert sum(burst) / sample_rate == pytest.approx(0.5 * 3 * tau_s, rel=0.05)
    centre_s = np.dot(force, np.arange(len(force))) / sum(force) / sample_rate
    assert centre_s == pytest.approx(2 * tau_s, abs=1.5 / sample_rate)


def test_events_share_emitters_when_there_are_many():
    emitters, chirps = np.zeros(1, emitters_dtype(6)), np.zeros(1, swarm.swarm_dtype(3, 6))
    emitters["count"] = 6
    emitter.hold(emitters[0], 0, emitter.EARS, 0.0, 0.0, 0.0)
    places = ((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.1, 0.7, 0.0))
    assert [swarm.join(chirps[0], emitters[0], 2, *place) for place in places] == [0, 1, 2]
    assert swarm.join(chirps[0], emitters[0], 2, 0.0, 0.0, 0.0) == -1  # all chirps sound
    one, other, near_other = chirps["chirp"]["emitter"][0]
    assert one != other
    assert near_other == other
    lives = emitters[0]["slot"]["life"]
    for index, expected in ((1, emitter.LIVE), (2, emitter.ENDING)):  # the shared one goes with its last chirp
        chirps["chirp"]["left"][0] = 100
        chirps["chirp"]["left"][0, index:0:-1] = 0
        swarm.add(chirps[0], emitters[0], 0, 64)
        assert (lives[one], lives[other]) == (emitter.LIVE, expected)
