"""Loudness, the ears and silence, of whole sounds: sines, noises, delays and gains of which the answer is known."""

import math

import numpy as np
import pytest

from synth.analysis.binaural import binaural
from synth.analysis.black import black
from synth.analysis.loudness import integrated_lufs
from synth.dsp.loudness import Loudness
from tests.support.sounds import RATE_HZ, noise, tone


def ears(left, right):
    return np.stack([left, right], axis=1).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [44100, 48000, 96000])
@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_loudness_is_that_of_the_meter_that_streams(rate_hz, slope):
    sound = noise(4, slope=slope, rate_hz=rate_hz)
    sound[: 2 * rate_hz] *= 0.02  # a pause, for the gate
    channels = ears(sound, 0.5 * sound[::-1])
    meter = Loudness(rate_hz)
    meter.add(channels)
    assert integrated_lufs(channels, rate_hz) == pytest.approx(meter.integrated_lufs, abs=0.05)


def test_loudness_of_the_standards_sine_and_of_nothing():
    sine = 2 * tone(997, 2)[:, None].astype(np.float32)
    assert integrated_lufs(sine, RATE_HZ) == pytest.approx(-3.01, abs=0.01)
    assert integrated_lufs(0 * sine, RATE_HZ) == -math.inf
    assert integrated_lufs(sine[: RATE_HZ // 4], RATE_HZ) == -math.inf


@pytest.mark.parametrize("delay", [0, 20, 47])
def test_one_sound_in_both_ears_is_one_whatever_its_delay(delay):
    sound = noise(3)
    found = binaural(ears(sound, 0.5 * np.roll(sound, delay)), RATE_HZ)
    assert found["iacc"] == pytest.approx(1, abs=0.01)
    assert found["ild_mean_db"] == pytest.approx(6.02, abs=0.05)
    assert found["ild_sd_db"] < 0.1


def test_two_sounds_are_two_and_half_of_each_is_between():
    left, right, both = noise(3, 0), noise(3, 1), noise(3, 2)
    assert binaural(ears(left, right), RATE_HZ)["iacc"] < 0.05
    assert binaural(ears(left + both, right + both), RATE_HZ)["iacc"] == pytest.approx(0.5, abs=0.03)


def test_a_source_that_goes_from_ear_to_ear():
    gain = np.repeat([2.0, 0.5], RATE_HZ * 2)
    sound = noise(4)
    found = binaural(ears(gain * sound, sound / gain), RATE_HZ)
    assert found["ild_mean_db"] == pytest.approx(0, abs=0.1)
    assert found["ild_sd_db"] == pytest.approx(12.04, abs=0.1)
    assert found["ild_max_db"] == pytest.approx(12.04, abs=0.1)


def test_pauses_do_not_count_between_the_ears():
    sound = noise(4)
    sound[2 * RATE_HZ :] *= 1e-3
    other = sound.copy()
    other[2 * RATE_HZ :] *= 0.1
    assert binaural(ears(sound, other), RATE_HZ)["ild_sd_db"] < 0.1


def test_one_channel_or_silence_has_no_sides():
    for channels in (noise(1)[:, None].astype(np.float32), np.zeros((RATE_HZ, 2), np.float32)):
        assert all(math.isnan(value) for value in binaural(channels, RATE_HZ).values())


def test_black_is_what_lies_below():
    sound = np.repeat([0.1, 10 ** (-80 / 20), 0.0, 0.0], RATE_HZ)[:, None].astype(np.float32)
    assert black(sound, RATE_HZ) == {"black_75_pct": 75, "black_90_pct": 50}
