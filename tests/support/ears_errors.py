"""Errors of rendered ears: against the analytic sphere, and against the measurement that a set was made from.

The reference (tests/support/data/ears_reference.npz) is written by `python -m hrtf.build`: equalised spectra of 100 measured
directions of each set, before minimum phase, truncation, basis, quantisation, mesh and kernels.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import hrtf
from hrtf.analysis import basis, delay_fit
from hrtf.analysis.rigid import distance_variation, pressure
from hrtf.analysis.tables import distances_m
from tests.support.ears_bands import FINE_HZ, band_levels_db, polar_deg, spectrum

RADIUS_M = 0.0875
SPHERE_HZ = np.geomspace(100, 16000, 45)


def reference():
    """Array name -> array."""
    with np.load(Path(__file__).parent / "data" / "ears_reference.npz") as file:
        return dict(file)


def places(count, seed):
    """Half anywhere, half within 30 degrees of the ears' axis, 1 to 50 cm from the surface: unit vectors, distances."""
    rng = np.random.default_rng(seed)
    for index in range(count):
        vector = rng.standard_normal(3)
        if index % 2:
            vector[1] = np.sign(vector[1]) * np.hypot(vector[0], vector[2]) / np.tan(np.radians(rng.uniform(0.1, 30)))
        yield vector / np.linalg.norm(vector), RADIUS_M + np.exp(rng.uniform(np.log(0.01), np.log(0.5)))


def interaural_of_the_sphere(count, seed=3):
    """(count, 45) complex: the left ear over the right one as rendered, over what the analytic sphere has, at SPHERE_HZ."""
    ears, found = hrtf.sphere(), []
    for vector, distance_m in places(count, seed):
        response = ears.impulse_response(*polar_deg(vector), distance_m)
        angle = np.arccos(vector[1])
        wanted = pressure([distance_m], [angle, np.pi - angle], SPHERE_HZ, RADIUS_M)[0].T
        ratio = spectrum(response, SPHERE_HZ, start=ears.base_delay_frames(48000)) / wanted
        found.append(ratio[0] / ratio[1])
    return np.array(found)


def third_octaves_db(name):
    """(N, ears, 20): rendered less wanted third-octave levels at measured directions, distances between the table's."""
    content, ears = reference(), hrtf.load(name)
    directions, levels_db = content[f"{name}_directions"], content[f"{name}_level_db"].astype(float)
    radius_m, far_m = float(content[f"{name}_radius_m"]), float(content[f"{name}_distance_m"])
    grid, sides = distances_m(radius_m), np.linspace(0, np.pi, 721)
    between = radius_m + np.sqrt((grid[:-1] - radius_m) * (grid[1:] - radius_m))
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
    return np.array(errors)


def interaural_delays_s(name):
    """(N,): errors of the delay between the ears below 1.5 kHz, far away, at measured directions."""
    content, ears, errors = reference(), hrtf.load(name), []
    for direction, low in zip(content[f"{name}_directions"], content[f"{name}_low"], strict=True):
        rendered = spectrum(ears.impulse_response(*polar_deg(direction), 3.25), delay_fit.FIT_HZ)
        errors.append(delay_fit.interaural(rendered[:1], rendered[1:]) - delay_fit.interaural(low[:1], low[1:]))
    return np.concatenate(errors)
