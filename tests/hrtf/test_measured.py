"""The shipped measured sets, against the equalised full-length measurement times the sphere's distance variation."""

import functools

import numpy as np
import pytest

import hrtf
from hrtf.analysis import basis, delay_fit
from hrtf.analysis.mesh import areas
from tests.support.ears_bands import spectrum
from tests.support.ears_errors import interaural_delays_s, third_octaves_db

errors_db = functools.cache(third_octaves_db)


@pytest.mark.parametrize("name", ["ku100", "kemar"])
def test_spectra_are_those_measured(name):
    distortion = np.sqrt((errors_db(name) ** 2).mean(axis=-1))
    assert distortion.mean() <= 0.6
    assert np.percentile(distortion, 95) <= 1.0


def test_level_differences_are_those_measured():
    error = errors_db("ku100")
    assert np.abs(error[:, 0] - error[:, 1]).mean() <= 0.7


def test_interaural_delays_are_those_measured():
    errors_s = interaural_delays_s("ku100")
    assert np.sqrt((errors_s**2).mean()) <= 5e-6
    assert np.abs(errors_s).max() <= 10e-6


def test_interaural_delay_has_the_right_sign_and_size():
    for name in hrtf.names():
        response = hrtf.load(name).impulse_response(90, 0, 3.0)
        low = spectrum(response, delay_fit.FIT_HZ)
        assert -900e-6 < delay_fit.interaural(low[:1], low[1:])[0] < -600e-6  # the left ear leads
        assert (response[0] ** 2).sum() > 4 * (response[1] ** 2).sum()


@pytest.mark.parametrize("name", ["ku100", "kemar"])
def test_flat_in_the_diffuse_field(name):
    ears = hrtf.load(name)
    table = ears.table
    directions = table.vertices.astype(float)
    shares = areas(directions / np.linalg.norm(directions, axis=1, keepdims=True))
    frequency_hz = np.geomspace(100, 12000, 60)
    weights = table.codes[:, -1] * table.steps * table.gains[:, -1, :, None]
    power = np.abs(weights @ basis.transfer(table.basis, frequency_hz)) ** 2
    level_db = 10 * np.log10(np.einsum("v,vef->f", shares, power) / power.shape[1])
    assert np.abs(level_db).max() < 0.5


def test_bass_is_whole_in_every_direction():
    for name in ("ku100", "kemar"):
        ears = hrtf.load(name)
        for azimuth_deg, elevation_deg in ((0, 0), (90, 0), (180, 30), (-60, -80), (0, 90)):
            bass = spectrum(ears.impulse_response(azimuth_deg, elevation_deg, 3.0), np.array([40.0, 80.0]))
            assert np.abs(20 * np.log10(np.abs(bass))).max() < 1.0


@pytest.mark.parametrize("sample_rate", [32000, 44100, 96000, 192000])
def test_other_sample_rates_sound_the_same(sample_rate):
    ears = hrtf.load("ku100")
    frequency_hz = np.geomspace(100, min(14000, 0.36 * sample_rate), 40)
    for place in ((30, 10, 0.3), (-110, -40, 1.0), (90, 0, 0.12)):
        at_48k = spectrum(ears.impulse_response(*place), frequency_hz, start=ears.base_delay_frames(48000))
        here = ears.impulse_response(*place, sample_rate=sample_rate)
        ratio = spectrum(here, frequency_hz, sample_rate, ears.base_delay_frames(sample_rate)) / at_48k
        assert np.abs(20 * np.log10(np.abs(ratio))).max() < 0.5
        low = frequency_hz < 1500
        assert np.abs(np.angle(ratio[:, low]) / (2 * np.pi * frequency_hz[low])).max() < 2e-6
