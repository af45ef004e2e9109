"""Texture statistics of noises, tones and clicks, against what theory says of them."""

from functools import lru_cache
from math import gamma, log10

import numpy as np
import pytest

from synth import measure
from synth.analysis import bands
from synth.parameters.errors import InputError
from tests.support.sounds import RATE_HZ, bursts, noise, tone

_MIDDLE = [name for name, hertz in zip(bands.NAMES, bands.CENTRES_HZ, strict=True) if 1000 < hertz < 12000]
_NARROW = bands.NAMES[3:8]  # their envelopes move slower than 200 Hz, so that nothing of them is lost


@lru_cache
def white():
    return measure(noise(), RATE_HZ)


def mean(measured, head, names=_MIDDLE):
    return np.mean([measured[f"{head}.{name}"] for name in names])


def test_the_bands_hold_all_power_once():
    total = np.zeros(RATE_HZ // 2 + 1)
    for first, gains in bands.filters(RATE_HZ):
        total[first : first + len(gains)] += np.square(gains)
    assert total[100:13500] == pytest.approx(1, abs=1e-5)


def test_white_noise_has_as_much_in_each_band_as_it_is_wide():
    widths = np.log10([bands.CENTRES_HZ[band + 1] - bands.CENTRES_HZ[band - 1] for band in range(10, 29)])
    levels = [white()[f"L.{name}"] for name in bands.NAMES[10:29]]
    assert np.diff(levels) == pytest.approx(10 * np.diff(widths), abs=0.4)


def test_the_envelopes_of_gaussian_noise_are_compressed_rayleigh():
    moments = [gamma(1 + 0.15 * order) for order in range(5)]  # E R^(0.3 k) of a Rayleigh variable, its scale apart
    one, two, three, four = moments[1:]
    variance = two - one**2
    skewness = (three - 3 * one * two + 2 * one**3) / variance**1.5
    kurtosis = (four - 4 * one * three + 6 * one**2 * two - 3 * one**4) / variance**2
    assert mean(white(), "cv", _NARROW) == pytest.approx(log10(variance**0.5 / one), abs=0.02)
    assert mean(white(), "skew", _NARROW) == pytest.approx(skewness, abs=0.1)
    assert mean(white(), "kurt", _NARROW) == pytest.approx(log10(kurtosis), abs=0.03)


def test_a_tone_is_in_its_band_and_steady_there():
    measured = measure(tone(bands.CENTRES_HZ[14]), RATE_HZ)
    here = bands.NAMES[14]
    assert measured[f"L.{here}"] == pytest.approx(0, abs=0.05)
    assert measured[f"cv.{here}"] < -2
    assert all(measured[f"L.{name}"] < -50 for index, name in enumerate(bands.NAMES) if abs(index - 14) > 1)


def test_bands_of_noise_move_on_their_own_and_of_one_event_together():
    events = measure(bursts(np.arange(0.1, 5.9, 0.25)), RATE_HZ)
    for region in bands.REGIONS:
        for lag in (3, 5):
            assert abs(white()[f"r.{region}.{lag}"]) < 0.1
            assert events[f"r.{region}.{lag}"] > 0.7


@pytest.mark.parametrize("rate_hz", [2, 8, 32])
def test_modulation_is_found_at_its_rate(rate_hz):
    swell = 1 + np.sin(2 * np.pi * rate_hz * np.arange(6 * RATE_HZ) / RATE_HZ)
    measured = measure(swell * noise(), RATE_HZ)
    for region in bands.REGIONS:
        shares = {rate: measured[f"m.{region}.{rate}"] for rate in (0.5, 1, 2, 4, 8, 16, 32, 64)}
        assert max(shares, key=shares.get) == rate_hz


def test_level_length_and_rate_do_not_matter():
    for other in (measure(0.01 * noise(), RATE_HZ), measure(noise(12, 4), RATE_HZ), measure(noise(6, 1, 0, 44100), 44100)):
        for head in ("cv", "kurt", "L"):
            names = _MIDDLE if head != "L" else _MIDDLE[:-1]
            assert mean(other, head, names) == pytest.approx(mean(white(), head, names), abs=0.3 if head == "L" else 0.02)


def test_silence_has_no_texture_and_what_is_no_sound_is_refused():
    measured = measure(np.zeros((RATE_HZ, 2)), RATE_HZ)
    assert (measured["black_90_pct"], measured["loudness_lufs"]) == (100, -np.inf)
    assert "L.1116" not in measured
    with pytest.raises(InputError, match=r"0\.1 s or longer"):
        measure(np.zeros(100), RATE_HZ)
    with pytest.raises(InputError, match="no number"):
        measure(np.full(RATE_HZ, np.nan), RATE_HZ)
