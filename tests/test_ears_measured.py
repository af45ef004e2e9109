"""The shipped measured sets, against the equalised full-length measurement times the sphere's distance variation.

The reference (tests/data/ears_reference.npz) is written by `python -m hrtf.build`: equalised spectra of 100 measured directions
of each set, before minimum phase, truncation, basis, quantisation, mesh and kernels.
"""

from pathlib import Path

import numpy as np
import pytest

import hrtf
from hrtf import basis, delay
from hrtf.mesh import areas
from hrtf.rigid import distance_variation
from hrtf.table import distances_m
from tests.ears_bands import FINE_HZ, band_levels_db, polar_deg, spectrum

REFERENCE = Path(__file__).parent / "data" / "ears_reference.npz"


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE) as file:
        return dict(file)


@pytest.fixture(scope="module")
def comparison(reference):
    """name -> rendered less wanted third-octave levels (N, ears, 20), distances between the table's."""
    found = {}
    for name in ("ku100", "kemar"):
        ears = hrtf.load(name)
        directions, levels_db = reference[f"{name}_directions"], reference[f"{name}_level_db"].astype(float)
        radius_m, far_m = float(reference[f"{name}_radius_m"]), float(reference[f"{name}_distance_m"])
        grid = distances_m(radius_m)
        between = radius_m + np.sqrt((grid[:-1] - radius_m) * (grid[1:] - radius_m))
        sides = np.linspace(0, np.pi, 721)
        change = np.abs(distance_variation(between, sides, FINE_HZ[::4], radius_m, far_m))
        errors = []
        for index, direction in enumerate(directions):
            shell = index % len(between)
            rendered = np.abs(spectrum(ears.impulse_response(*polar_deg(direction), between[shell]), FINE_HZ)) ** 2
            row = []
            for ear in range(levels_db.shape[1]):
                angle = np.arccos(np.clip(direction[1] * (1 - 2 * ear), -1, 1))
                near = np.array([np.interp(angle, sides, line) for line in change[shell]])
                wanted_db = np.interp(FINE_HZ, basis.FREQUENCIES_HZ, levels_db[index, ear])
                wanted_db = wanted_db + 20 * np.log10(np.interp(FINE_HZ, FINE_HZ[::4], near))
                row.append(band_levels_db(rendered[ear]) - band_levels_db(10 ** (wanted_db / 10)))
            errors.append(row)
        found[name] = np.array(errors)
    return found


@pytest.mark.parametrize("name", ["ku100", "kemar"])
def test_spectral_distortion(comparison, name):
    distortion = np.sqrt((comparison[name] ** 2).mean(axis=-1))
    assert distortion.mean() <= 0.6
    assert np.percentile(distortion, 95) <= 1.0


def test_level_difference(comparison):
    error = np.abs(comparison["ku100"][:, 0] - comparison["ku100"][:, 1]).mean(axis=-1)
    assert error.mean() <= 0.7


def test_interaural_delay(reference):
    ears = hrtf.load("ku100")
    errors = []
    for direction, low in zip(reference["ku100_directions"], reference["ku100_low"], strict=True):
        rendered = spectrum(ears.impulse_response(*polar_deg(direction), 3.25), delay.FIT_HZ)
        errors.append(delay.interaural(rendered[:1], rendered[1:]) - delay.interaural(low[:1], low[1:]))
    errors = np.concatenate(errors)
    assert np.sqrt((errors**2).mean()) <= 5e-6
    assert np.abs(errors).max() <= 10e-6


def test_interaural_delay_has_the_right_sign_and_size():
    for name in hrtf.names():
        response = hrtf.load(name).impulse_response(90, 0, 3.0)
        low = spectrum(response, delay.FIT_HZ)
        assert -900e-6 < delay.interaural(low[:1], low[1:])[0] < -600e-6  # the left ear leads
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
