"""The diffuse field: as loud as asked for after a blow, each band on its own decay, the same at every rate."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import diffuse
from synth.rt import kernel


@kernel
def _ring(field, out, sample_rate):
    for n in range(out.size):
        out[n] = diffuse.tick(field, 1.0 if n == 0 else 0.0)


def struck(band: int, t60_s: float, rate: float, seed: int, seconds: float = 0.4) -> np.ndarray:
    field = np.zeros(1, diffuse.DIFFUSE)[0]
    diffuse.start(field, np.uint64(seed))
    for other in range(diffuse.BANDS):
        diffuse.tune(field, other, t60_s, 0.5 if other == band else 0.0, rate)
    out = np.zeros(int(seconds * rate))
    _ring(field, out, rate)
    return out


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("band", range(diffuse.BANDS))
def test_a_band_begins_at_its_level_and_dies_away_in_its_time(band: int, rate: float) -> None:
    power = np.mean([struck(band, 0.3, rate, seed) ** 2 for seed in range(1, 41)], axis=0)
    at_10_ms, at_210_ms = (power[int((t - 0.005) * rate) : int((t + 0.005) * rate)].mean() for t in (0.01, 0.21))
    assert 10 * np.log10(at_10_ms / 0.25) == pytest.approx(-2, abs=1 if rate == 48000 else 2)
    assert 10 * np.log10(at_210_ms / at_10_ms) == pytest.approx(-40, abs=2)


def test_no_blow_no_sound() -> None:
    field = np.zeros(1, diffuse.DIFFUSE)[0]
    diffuse.start(field, np.uint64(3))
    for band in range(diffuse.BANDS):
        diffuse.tune(field, band, 0.1, 1.0, 48000.0)
    assert not any(diffuse.tick(field, 0.0) for _ in range(500))
