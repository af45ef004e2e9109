"""A surface: a function of place alone, smooth, of the spectrum it claims, and anti-aliased."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import surface
from synth.rt.units import QUANTUM

OCTAVES = 7


def profile(hurst: float = 1.0, tip: float = 0.0, cells_per_s: float = 0.0, seed: int = 5) -> np.ndarray:
    record = np.zeros(1, surface.profile_dtype(OCTAVES))
    surface.shape(record[0], hurst, tip, cells_per_s)
    surface.begin(record[0], np.uint64(seed))
    return record


def slopes(record: np.ndarray, positions: np.ndarray) -> np.ndarray:
    quanta = -(-positions.size // QUANTUM)
    padded = np.pad(positions, (0, quanta * QUANTUM - positions.size), "edge").reshape(quanta, QUANTUM)
    slope, curvature = np.empty(QUANTUM), np.empty(QUANTUM)
    found = []
    for quantum in padded:
        surface.feel(record[0], quantum, slope, curvature)
        found.append(slope.copy())
    return np.concatenate(found)[: positions.size]


def test_a_place_has_the_same_slope_whenever_and_how_ever_one_comes_to_it():
    way = np.linspace(10, 40, 3001)
    there, back = slopes(profile(), way), slopes(profile(), way[::-1])[::-1]
    np.testing.assert_allclose(back, there, atol=1e-9)
    np.testing.assert_allclose(slopes(profile(), way[::7]), there[::7], atol=1e-9)
    assert not np.allclose(slopes(profile(seed=6), way), there)


def test_its_slope_is_smooth_and_of_unit_size():
    way = np.arange(10, 4000, 0.37)
    for hurst in (0.2, 0.6, 1.0):
        assert slopes(profile(hurst), way).std() == pytest.approx(1, rel=0.08)
    close = slopes(profile(), np.arange(10, 20, 1e-4))
    assert np.abs(np.diff(close)).max() < 0.1


def test_the_spectrum_of_a_fractal_falls_as_its_hurst_exponent_says():
    """The slope's spectrum goes as k^(1 - 2H) within the octaves."""
    way = np.arange(10, 3000, 1 / 256)
    for hurst in (0.3, 0.6, 1.0):
        x = slopes(profile(hurst), way)
        power, per_cell = np.abs(np.fft.rfft(x * np.hanning(x.size))) ** 2, np.fft.rfftfreq(x.size, 1 / 256)
        edges = 0.4 * 2.0 ** np.arange(5)
        density = [power[(per_cell > a) & (per_cell < 2 * a)].mean() for a in edges]
        assert np.polyfit(np.log(edges), np.log(density), 1)[0] == pytest.approx(1 - 2 * hurst, abs=0.15)


def test_a_tip_smooths_and_a_high_speed_leaves_out_what_would_alias():
    way = np.arange(10, 400, 1 / 300)
    assert np.diff(slopes(profile(0.5, tip=0.3), way)).std() < 0.2 * np.diff(slopes(profile(0.5), way)).std()
    cells_per_s = 3000.0  # the finest octaves would pass at 192 000 cells a second
    x = slopes(profile(0.3, cells_per_s=cells_per_s), np.arange(10, 1500, cells_per_s / 192000))
    power = np.abs(np.fft.rfft(x * np.hanning(x.size))) ** 2
    assert power[np.fft.rfftfreq(x.size, 1 / 192000) > 22000].sum() < 1e-4 * power.sum()


def test_heights_are_smooth_and_centred():
    way = np.arange(0, 4000, 0.21)
    x = np.array([surface.height(np.uint64(3), position) for position in way])
    assert abs(x.mean()) < 0.02
    assert x.var() == pytest.approx(0.16, rel=0.08)
    assert np.abs(x).max() <= 1


def test_a_weave_has_two_harmonics_and_no_more():
    x = np.array([surface.ridge(position) for position in np.arange(0, 8, 1 / 64)])
    lines = np.abs(np.fft.rfft(x[:, 0])) ** 2
    assert x[:, 0].std() == pytest.approx(1, rel=0.01)
    assert lines[[8, 16]].sum() > 0.99999 * lines.sum()
    assert lines[16] > 0.05 * lines.sum()
    assert x[:, 1].min() >= 0
    assert x[:, 1].max() == pytest.approx(1)
