"""The rigid sphere: its formula against another way to compute it, and the whole renderer against the formula."""

import numpy as np
import pytest
from scipy.special import eval_legendre, spherical_jn, spherical_yn

import hrtf
from hrtf.analysis.rigid import distance_variation, pressure
from tests.support.ears_errors import RADIUS_M, SPHERE_HZ, interaural_of_the_sphere


def directly(distance_m, angle_rad, frequency_hz, terms=40):
    """The series with scipy's Bessel functions: overflows far out or with many terms, fine in between."""
    mu = 2 * np.pi * frequency_hz / 343 * RADIUS_M
    rho = distance_m / RADIUS_M
    m = np.arange(terms)
    near = spherical_jn(m, mu * rho) + 1j * spherical_yn(m, mu * rho)
    slope = spherical_jn(m, mu, derivative=True) + 1j * spherical_yn(m, mu, derivative=True)
    total = ((2 * m + 1) * eval_legendre(m, np.cos(angle_rad)) * near / slope).sum()
    return np.conj(-(rho / mu) * np.exp(-1j * mu * rho) * total)


@pytest.mark.parametrize("frequency_hz", [500.0, 3000.0, 8000.0])
@pytest.mark.parametrize("angle_deg", [0.0, 70.0, 150.0, 180.0])
def test_series_agrees_with_direct_sum(frequency_hz, angle_deg):
    ours = pressure([0.3], [np.radians(angle_deg)], [frequency_hz], RADIUS_M)[0, 0, 0]
    assert ours == pytest.approx(directly(0.3, np.radians(angle_deg), frequency_hz), rel=1e-6)


@pytest.mark.parametrize(
    ("from_surface_m", "expected_db"),
    [(0.01, (33.9, 33.9, 36.8, 46.9)), (0.0225, (26.3, 26.4, 29.3, 38.4)), (0.0625, (16.8, 17.6, 20.2, 27.6))],
)
def test_level_differences_close_to_the_ear(from_surface_m, expected_db):
    field = np.abs(pressure([RADIUS_M + from_surface_m], [0, np.pi], [100, 1000, 4000, 16000], RADIUS_M)[0])
    assert 20 * np.log10(field[:, 0] / field[:, 1]) == pytest.approx(expected_db, abs=0.06)


def test_finite_at_5_mm_and_0_hz_and_unity_far_and_low():
    assert np.isfinite(pressure([RADIUS_M + 0.005], np.linspace(0, np.pi, 19), [0, 20, 24000], RADIUS_M)).all()
    assert np.abs(pressure([1000.0], [0, 2, np.pi], [1], RADIUS_M)) == pytest.approx(1, abs=2e-3)


def test_distance_variation_is_one_at_the_far_distance():
    change = distance_variation([0.12, 3.25], [0.1, 2.0], [200, 5000], 0.095, 3.25)
    assert change[1] == pytest.approx(1, abs=1e-12)
    assert abs(change[0, 0, 0]) > 5


def test_rendered_sphere_follows_the_analytic_one():
    ratio = interaural_of_the_sphere(200)
    level_db = 20 * np.log10(np.abs(ratio))
    assert np.sqrt((level_db**2).mean()) < 0.3
    assert np.abs(level_db).max() < 2
    low = (SPHERE_HZ > 200) & (SPHERE_HZ < 1500)
    lag_s = np.angle(ratio)[:, low] / (2 * np.pi * SPHERE_HZ[low])
    assert np.sqrt((lag_s**2).mean()) < 5e-6


def test_other_radius_is_built_and_cached(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTH_CACHE_DIR", str(tmp_path))
    built = hrtf.sphere(radius_m=0.07)
    monkeypatch.setattr("hrtf.analysis.tables.of_sphere", lambda radius_m: pytest.fail("built twice"))
    cached = hrtf.sphere(radius_m=0.07)
    assert cached.hash == built.hash != hrtf.sphere().hash
    assert np.array_equal(cached.impulse_response(50, 0, 0.2), built.impulse_response(50, 0, 0.2))


@pytest.mark.parametrize("radius_m", [0.0, 0.04, 0.2, float("nan")])
def test_impossible_radius_is_refused(radius_m):
    with pytest.raises(hrtf.EarsError, match="radius_m"):
        hrtf.sphere(radius_m)
