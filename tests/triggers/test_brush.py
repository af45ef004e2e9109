"""Brush: clumps that drag under the tuft, with colours of their own; contacts as often as asked; a rumble; never quite silent."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal, stats

from synth.rt.units import QUANTUM
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import RATES, centroid_hz, share_below, steady, strokes

BRUSH = TRIGGERS["brush"]


@pytest.mark.parametrize("rate_hz", [0.5, 1.3])
def test_strokes_are_heard_in_the_modulation_spectrum(rate_hz):
    x = strokes(BRUSH, 16, rate_hz)
    envelope = np.square(x).reshape(-1, 480).sum(1)
    envelope -= envelope.mean()
    spectrum = np.abs(np.fft.rfft(envelope * np.hanning(envelope.size), 16 * envelope.size))
    hertz = np.fft.rfftfreq(16 * envelope.size, 0.01)
    inside = (hertz > 0.2) & (hertz < 8)
    assert hertz[inside][np.argmax(spectrum[inside])] == pytest.approx(rate_hz, rel=0.06)


def test_bristles_touch_as_often_as_they_should():
    def rate(pressure, sample_rate=48000):
        voice = DryVoice(BRUSH, 2, sample_rate, contacts_hz=500)
        voice.strike(pressure)
        voice.render(round(12 * sample_rate))
        return int(voice.state["count"][0]) / 12

    full = rate(1.0)
    assert full == pytest.approx(500, rel=0.06)
    assert rate(0.5) == pytest.approx(0.5**0.6 * full, rel=0.08)  # a tuft that is pressed spreads
    for sample_rate in RATES:
        assert rate(1.0, sample_rate) == pytest.approx(full, rel=0.01)


def test_it_is_neither_a_noise_nor_a_crackle():
    kurtosis = [stats.kurtosis(steady(BRUSH, 4, seed), fisher=False) for seed in range(1, 5)]
    assert 3 < np.mean(kurtosis) < 12


def test_pressed_it_rumbles_below_150_hz():
    pressed = [share_below(steady(BRUSH, 3, seed, pressure=1.0), 150) for seed in range(1, 4)]
    without = [share_below(steady(BRUSH, 3, seed, pressure=1.0, rumble=0), 150) for seed in range(1, 3)]
    assert 0.1 < np.mean(pressed) < 0.8
    assert np.mean(without) < 0.01


def test_stiff_bristles_reach_the_top_and_soft_ones_are_dark():
    def above_8k(softness):
        x = np.concatenate([steady(BRUSH, 2, seed, softness=softness, rumble=0) for seed in range(1, 4)])
        return 1 - share_below(x, 8000)

    stiff, usual, soft = (above_8k(softness) for softness in (0.0, 0.5, 1.0))
    assert stiff > usual > soft
    assert stiff > 0.3
    assert soft < 0.35


def test_bands_move_on_their_own():
    """As recordings do: the envelopes of bands two octaves apart share less than four fifths of their shape."""
    x = steady(BRUSH, 8, 2, rumble=0)
    bands = [
        signal.sosfilt(signal.butter(2, edges, "bandpass", fs=48000, output="sos"), x) for edges in ((1500, 2500), (7e3, 1e4))
    ]
    envelopes = [np.sqrt(np.square(band).reshape(-1, 960).mean(1)) for band in bands]
    assert 0.1 < np.corrcoef(*envelopes)[0, 1] < 0.85


def test_clumps_lie_under_the_tuft_as_it_goes_round_and_take_turns():
    voice = DryVoice(BRUSH, 3, size_cm=6)
    voice.strike()
    seen = set()
    for _ in range(1500):
        voice.render(QUANTUM)
        seen |= {(float(s["away_m"]), float(s["left_m"]), float(s["up_m"])) for s in voice.slots[1:]}
    places = np.array(sorted(seen))
    assert len({round(away, 6) for away in places[:, 0]}) > 30  # each clump has a depth of its own
    radius = np.hypot(places[:, 1], places[:, 2])
    assert 0.035 < radius.max() < 0.03 + 0.018 + 1e-6


def test_skin_is_duller_than_hair():
    def centroid(surface):
        return np.mean([centroid_hz(steady(BRUSH, 2, seed, surface=surface, rumble=0)) for seed in range(1, 4)])

    assert centroid("skin") < 0.85 * centroid("hair")
    low = [share_below(steady(BRUSH, 3, 1, surface=surface), 300) for surface in ("microphone", "skin", "hair")]
    assert low == sorted(low, reverse=True)


def test_between_strokes_the_hand_is_still_there_and_the_bristles_are_not():
    voice = DryVoice(BRUSH, 1)
    voice.strike()
    voice.render(24000)
    voice.release()
    voice.render(14400)
    assert voice.alive == 1
    assert np.abs(voice.render(4800)).max() > 1e-4


def test_more_bristles_are_smoother():
    few, many = (
        np.mean([stats.kurtosis(steady(BRUSH, 3, seed, contacts_hz=rate, rumble=0, unevenness=0)) for seed in range(1, 4)])
        for rate in (500, 6000)
    )
    assert few > 1.1 * many
