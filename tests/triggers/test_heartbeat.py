"""Heartbeat: rate, systole, breath and spectrum, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry

HEART = TRIGGERS["heartbeat"]
RATE = 48000
STEP = 240  # frames of the envelope: 5 ms


def apart(seconds: float, seed: int = 1, **params) -> np.ndarray:
    """Return the first and the second sound each by itself, and the cloth."""
    voice = DryVoice(HEART, seed, RATE, **params)
    voice.strike(0.8)
    return voice.render_apart(int(seconds * RATE)).astype(float)


def onsets_s(x: np.ndarray) -> np.ndarray:
    """Return when sounds begin: where the envelope first rises above a quarter of its usual peak."""
    power = np.sqrt(np.square(x[: x.size // STEP * STEP]).reshape(-1, STEP).mean(axis=1))
    loud = power > 0.25 * np.percentile(power, 99)
    begins = np.flatnonzero(loud[1:] & ~loud[:-1]) * STEP / RATE
    return begins[np.diff(begins, prepend=-1.0) > 0.25]


def share(x: np.ndarray, low_hz: float, high_hz: float) -> float:
    hertz, density = signal.welch(x, RATE, nperseg=16384)
    return float(density[(hertz >= low_hz) & (hertz < high_hz)].sum() / density.sum())


@pytest.mark.parametrize("rate_bpm", [45, 70, 120])
def test_it_beats_at_its_rate(rate_bpm: float) -> None:
    first = onsets_s(apart(40, rate_bpm=rate_bpm, cloth=0)[0])
    assert 60 / np.diff(first).mean() == pytest.approx(rate_bpm, abs=1)


@pytest.mark.parametrize(("rate_bpm", "systole_s"), [(50, 0.345), (70, 0.31), (110, 0.243)])
def test_the_second_sound_follows_sooner_when_the_heart_is_fast(rate_bpm: float, systole_s: float) -> None:
    first, second, _ = apart(12, rate_bpm=rate_bpm, variability=0, cloth=0)
    begin = onsets_s(first)[: onsets_s(second).size]
    assert np.median(onsets_s(second) - begin) == pytest.approx(systole_s, abs=0.025)


def test_the_rate_follows_the_breath() -> None:
    first = onsets_s(apart(45, variability=1, breath_hz=0.2, cloth=0)[0])
    gaps = np.diff(first)
    assert 0.04 < gaps.std() / gaps.mean() < 0.12
    even = np.interp(np.arange(2, 42, 0.25), first[1:], gaps)
    hertz, density = signal.welch(even - even.mean(), 4, nperseg=160)
    assert hertz[density.argmax()] == pytest.approx(0.2, abs=0.04)
    steady = np.diff(onsets_s(apart(20, variability=0, cloth=0)[0]))
    assert steady.std() < 0.016


@pytest.mark.parametrize("params", [{}, {"muffle": 0}, {"muffle": 1}, {"cloth": 1}])
def test_nine_tenths_lie_below_200_hz(params: dict) -> None:
    x = dry(HEART, 10, params=params).astype(float)
    assert share(x, 0, 200) > 0.9
    assert share(x, 0, 20) < 0.03
    assert share(x, 60, 150) > 0.1  # what small earphones give


def test_the_second_sound_is_brighter_and_shorter() -> None:
    first, second, _ = apart(20, muffle=0, cloth=0)

    def centroid_hz(x):
        hertz, density = signal.welch(x, RATE, nperseg=8192)
        return (hertz * density).sum() / density.sum()

    assert centroid_hz(second) > 1.15 * centroid_hz(first)
    assert 0.08 < lasts_s(first) < 0.2
    assert 0.05 < lasts_s(second) < lasts_s(first)


def lasts_s(x: np.ndarray) -> float:
    """Return for how long one of these sounds is above a tenth of its peak, as a rule."""
    x, rate = x[::24], RATE / 24
    level = np.abs(signal.hilbert(x))
    level = np.convolve(level, np.ones(20) / 20, "same")
    spans = [level[int(t * rate) :][: int(0.45 * rate)] for t in onsets_s(np.repeat(x, 24))[1:-1]]
    return float(np.median([(span > 0.1 * span.max()).sum() / rate for span in spans]))


def test_parameters_move_it_as_they_say() -> None:
    def centroid_hz(**params):
        x = dry(HEART, 8, params={"cloth": 0, **params}).astype(float)
        hertz, density = signal.welch(x, RATE, nperseg=8192)
        return float((hertz * density).sum() / density.sum())

    assert centroid_hz(muffle=1) < 0.92 * centroid_hz(muffle=0)
    assert centroid_hz(size=1.3) < 0.9 * centroid_hz(size=0.75)
    weak, strong = (apart(8, second=s, cloth=0) for s in (0.3, 1.0))
    assert strong[1].std() / weak[1].std() == pytest.approx(1.0 / 0.3, rel=0.3)
    assert apart(4, cloth=1)[2].std() > 3 * apart(4, cloth=0.1)[2].std() > 0


def test_its_level_goes_with_the_pressure() -> None:
    soft, hard = (dry(HEART, 8, velocity=v, params={"cloth": 0}).astype(float).std() for v in (0.4, 0.8))
    assert hard / soft == pytest.approx(2, rel=0.1)
