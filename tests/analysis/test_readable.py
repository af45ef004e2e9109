"""What is read off a spectrum, a waveform and its events, against sounds of which it is known."""

import numpy as np
import pytest

from synth import measure
from tests.support.sounds import RATE_HZ, bursts, noise, tone


@pytest.mark.parametrize(("slope", "per_octave_db"), [(0.0, 0.0), (0.5, -3.01), (1.0, -6.02)])
def test_slopes(slope, per_octave_db):
    measured = measure(noise(4, slope=slope), RATE_HZ)
    assert measured["x.tilt_250_4k_db_oct"] == pytest.approx(per_octave_db, abs=0.3)
    assert measured["x.tilt_above_4k_db_oct"] == pytest.approx(per_octave_db, abs=0.4)


def test_where_the_power_lies():
    measured = measure(tone(1000, 3) + tone(100, 3), RATE_HZ)
    assert measured["x.centroid_hz"] == pytest.approx(550, rel=0.01)
    assert measured["x.below_150_pct"] == pytest.approx(50, abs=0.5)
    assert measured["x.600_2500_pct"] == pytest.approx(50, abs=0.5)
    assert measure(tone(1000, 3), RATE_HZ)["x.crest_db"] == pytest.approx(3.01, abs=0.02)


def test_a_dip_at_5_khz_is_seen():
    spectrum = np.fft.rfft(noise(4))
    hertz = np.fft.rfftfreq(4 * RATE_HZ, 1 / RATE_HZ)
    spectrum[(hertz > 3700) & (hertz < 6400)] *= 0.5
    assert measure(np.fft.irfft(spectrum), RATE_HZ)["x.dip_5k_db"] == pytest.approx(-6.02, abs=0.4)


def test_what_a_codec_cut_is_not_measured():
    spectrum = np.fft.rfft(noise(4))
    spectrum[np.fft.rfftfreq(4 * RATE_HZ, 1 / RATE_HZ) > 8000] = 0
    measured = measure(np.fft.irfft(spectrum), RATE_HZ)
    assert measured["x.bandwidth_hz"] == pytest.approx(8000, abs=400)
    for name in ("L.12257", "cv.12257", "x.above_8k_pct", "x.dip_5k_db"):
        assert np.isnan(measured[name])
    assert measured["L.5457"] == pytest.approx(measure(noise(4), RATE_HZ)["L.5457"] + 3, abs=1)


def test_a_clock_is_regular_and_chance_is_not():
    clock = measure(bursts(np.arange(0.1, 5.9, 0.25), floor=0.01), RATE_HZ)
    assert clock["x.onsets_per_s"] == pytest.approx(4, abs=0.4)
    assert clock["x.onset_gap_cv"] < 0.1
    assert clock["x.regularity"] > 0.95
    times = 0.1 + np.cumsum(np.random.default_rng(2).uniform(0.06, 0.44, 22))
    chance = measure(bursts(times, floor=0.01), RATE_HZ)
    gaps = np.diff(times[times < 6])
    assert chance["x.onset_gap_cv"] == pytest.approx(gaps.std() / gaps.mean(), abs=0.1)
    assert chance["x.regularity"] < 0.6


def test_pauses_are_counted():
    sound = noise(6)
    sound[: 2 * RATE_HZ] *= 1e-4
    assert measure(sound, RATE_HZ)["x.silent_pct"] == pytest.approx(100 / 3, abs=2)
