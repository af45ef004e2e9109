"""The band of the master: infrasound is gone at any gain, what is heard passes, what is no number becomes silence."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp.band_limit import scrub
from synth.rt.units import QUANTUM
from tests.dsp.test_limiter import banded, mastered


def sine(frequency_hz: float, rate: int, seconds: float = 2.0) -> np.ndarray:
    """Return (2, frames) that fades in: its beginning is part of the tone only."""
    t = np.arange(round(seconds * rate)) / rate
    return np.stack([np.sin(2 * np.pi * frequency_hz * t) * np.minimum(t / 0.5, 1)] * 2)


def level_db(samples: np.ndarray) -> float:
    """Return the level of a tone in the last second, 0: full scale."""
    return float(20 * np.log10(samples[:, samples.shape[1] // 2 :].astype(float).std() * np.sqrt(2) + 1e-30))


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
@pytest.mark.parametrize("frequency_hz", [1, 5, 10, 15, 18, 19.5])
def test_infrasound_at_60_db_above_full_scale_stays_below_minus_60(frequency_hz: float, rate: int) -> None:
    assert level_db(banded(999 * sine(frequency_hz, rate), rate)) < -59.5


@pytest.mark.parametrize("frequency_hz", [5, 15, 18])
def test_nor_does_the_limiter_bring_it_back(frequency_hz: float) -> None:
    assert level_db(mastered(999 * sine(frequency_hz, 48000))) < -59.5


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("share", [42, 60, 1000, 0.5, 0.89])
def test_what_is_heard_passes(share: float, rate: int) -> None:
    frequency_hz = share if share > 1 else share * rate / 2
    assert abs(level_db(banded(sine(frequency_hz, rate), rate))) < 0.1


@pytest.mark.parametrize("rate", [44100, 96000])
def test_close_to_half_the_rate_nothing_passes(rate: int) -> None:
    for share in (0.92, 0.95, 0.999):
        assert level_db(banded(sine(share * rate / 2, rate), rate)) < -75


def test_what_is_no_number_becomes_silence_and_is_counted() -> None:
    samples = np.zeros(QUANTUM, np.float32)
    samples[[3, 10, 20]] = [np.nan, np.inf, -np.inf]
    assert scrub(samples) == 3
    assert not samples.any()
