"""A palate: it flutters at its rate once it is driven, bursts after each opening, unevenly."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import noise, palate
from synth.rt import kernel

RATE = 48000
HELD = np.dtype([("rng", "u8"), ("palate", palate.PALATE)], align=True)


@kernel
def _run(held, seed, rate_hz, drive, unevenness, pulses, air):
    held.rng = seed
    palate.start(held.palate, held, rate_hz, 48000.0)
    for at in range(0, pulses.size, 64):
        air[at // 64] = palate.flutter(held.palate, rate_hz, drive, 1.0, unevenness, 64.0 / 48000.0, 48000.0)
        palate.fill(held.palate, pulses[at : at + 64], 0, 64, 48000.0)


def fluttered(rate_hz: float = 45, drive: float = 1.0, unevenness: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return 10 s of pulses, and what the air's noise is times in each quantum."""
    held, pulses, air = np.zeros(1, HELD), np.zeros(10 * RATE), np.zeros(10 * RATE // 64)
    _run(held[0], noise.mixed(np.uint64(1)), float(rate_hz), drive, unevenness, pulses, air)
    return pulses, air


def periods_s(pulses: np.ndarray) -> np.ndarray:
    """Return the times between closings: the steepest fall of each period."""
    shut = np.flatnonzero((pulses < 0.4 * pulses.min()) & (np.roll(pulses, 1) >= 0.4 * pulses.min()))
    return np.diff(shut) / RATE


@pytest.mark.parametrize("rate_hz", [30, 45, 100])
def test_it_flutters_at_its_rate_and_faster_the_more_it_is_driven(rate_hz: float) -> None:
    weak, full = (1 / np.median(periods_s(fluttered(rate_hz, drive)[0][RATE:])) for drive in (0.3, 1.0))
    assert full == pytest.approx(rate_hz, rel=0.15)
    assert weak < full


def test_no_two_periods_are_alike_and_unevenness_makes_them_stumble() -> None:
    even, uneven = (periods_s(fluttered(unevenness=unevenness)[0][RATE:]) for unevenness in (0.0, 1.0))
    assert 0.005 < even.std() / even.mean() < 0.05
    assert uneven.std() / uneven.mean() > 3 * even.std() / even.mean()
    assert uneven.max() > 1.6 * np.median(uneven)


def test_undriven_air_is_steady_and_driven_air_bursts_about_as_loud() -> None:
    assert np.ptp(fluttered(drive=0.0)[1]) == 0
    air = fluttered()[1][500:]
    assert air.max() > 4 * air.min()
    assert np.sqrt(np.square(air).mean()) == pytest.approx(1, abs=0.25)
