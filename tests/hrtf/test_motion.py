"""Motion is clean: what moving adds around a sine is what exact motion would add."""

import numpy as np
import pytest

import hrtf
from tests.support import ears_motion


@pytest.mark.parametrize(("frequency_hz", "floor_db"), [(1000, -75), (4000, -62)])
@pytest.mark.parametrize(("name", "start_deg", "distance_m"), [("ku100", 0, 0.15), ("ku100", 180, 0.3), ("kemar", 40, 1.0)])
def test_spurs_of_a_circling_sine(name, start_deg, distance_m, frequency_hz, floor_db):
    ears = hrtf.load(name)
    azimuth_deg = ears_motion.azimuths_deg(64 * 780, 90, 48000, start_deg)
    ours = ears_motion.in_quanta(ears, frequency_hz, azimuth_deg, 0, distance_m)
    exact = ears_motion.exact(ears, frequency_hz, azimuth_deg, 0, distance_m)
    spurs_db = ears_motion.spurs_db(ours, frequency_hz)
    assert spurs_db <= floor_db
    assert spurs_db <= ears_motion.spurs_db(exact, frequency_hz) + 1
    error = (ours[-48000:] - exact[-48000:]) ** 2
    assert 10 * np.log10(error.sum() / (exact[-48000:] ** 2).sum()) < (-65 if frequency_hz == 1000 else -48)


def test_fast_fly_by_has_no_steps():
    """10 m/s past the ear: delays change by two frames each quantum, the tone still bends smoothly."""
    ears = hrtf.load("ku100")
    bus = hrtf.Bus(ears, 1)
    tone = np.sin(2 * np.pi * 300 / 48000 * np.arange(64 * 90)).astype(np.float32).reshape(-1, 1, 64)
    along = np.linspace(-0.6, 0.6, 90)
    places = [[[np.degrees(np.arctan2(0.14, x)), 0, np.hypot(0.14, x)]] for x in along]
    out = np.concatenate([bus.process(block, place) for block, place in zip(tone, places, strict=True)])[128:].astype(float)
    bend = np.abs(np.diff(out, n=2, axis=0)).max(axis=0) / np.abs(out).max(axis=0)
    assert (bend < 4 * (2 * np.pi * 300 / 48000) ** 2).all()
