"""Purr: its pulses, its breath, its size and its air, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry

PURR = TRIGGERS["purr"]
RATE = 48000
STEP = 240  # frames of the envelope: 5 ms


def sound(seconds: float, seed: int = 1, velocity: float = 0.8, **params) -> np.ndarray:
    return dry(PURR, seconds, seed, RATE, velocity, params=params).astype(float)


def envelope(x: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(x[: x.size // STEP * STEP]).reshape(-1, STEP).mean(axis=1))


def centroid_hz(x: np.ndarray) -> float:
    hertz, density = signal.welch(x, RATE, nperseg=8192)
    return float((hertz * density).sum() / density.sum())


def rates_hz(seconds: float, **params) -> tuple[float, float]:
    """Return how many pulses a second there are while it breathes in, and out, from the state."""
    voice = DryVoice(PURR, 1, RATE, **params)
    voice.strike(0.8)
    counted, frames = [0.0, 0.0], [0, 0]
    for _ in range(int(seconds * RATE / 64)):
        before = float(voice.state["pulse"][0])
        voice.render(64)
        out = int(voice.state["out"][0])
        counted[out] += (float(voice.state["pulse"][0]) - before) % 1.0
        frames[out] += 64
    return counted[0] / frames[0] * RATE, counted[1] / frames[1] * RATE


@pytest.mark.parametrize("rate_hz", [22, 26, 30])
def test_the_envelope_beats_at_its_rate(rate_hz: float) -> None:
    level = envelope(sound(30, rate_hz=rate_hz, unlike=0.5))
    hertz, density = signal.welch(level - level.mean(), RATE / STEP, nperseg=400)
    heard = (hertz > 12) & (hertz < 45)
    mean_hz = (hertz * density)[heard & (density > 0.3 * density[heard].max())].sum()
    mean_hz /= density[heard & (density > 0.3 * density[heard].max())].sum()
    assert mean_hz == pytest.approx(rate_hz, abs=1.6)


def test_out_is_faster_than_in_by_two_or_three_hertz() -> None:
    inward, outward = rates_hz(20, variation=0)
    assert 2 < outward - inward < 3
    assert (inward + outward) / 2 == pytest.approx(26, abs=0.5)


@pytest.mark.parametrize("breath_hz", [0.3, 0.5])
def test_it_breathes(breath_hz: float) -> None:
    level = envelope(sound(40, breath_hz=breath_hz, variation=0.2, unlike=1))
    hertz, density = signal.welch(np.log(level + 1e-4), RATE / STEP, nperseg=2000)
    slow = (hertz > 0.15) & (hertz < 0.9 * 2 * breath_hz)  # half the breath is either way: twice the rate is there as well
    assert hertz[slow][density[slow].argmax()] == pytest.approx(breath_hz, abs=0.11)


def test_no_two_pulses_are_alike() -> None:
    def regularity(variation):
        level = envelope(sound(12, variation=variation))
        memory = np.correlate(level - level.mean(), level - level.mean(), "full")[level.size - 1 :]
        return memory[6:12].max() / memory[0]

    assert regularity(1) < regularity(0)


def test_deep_pulses_stand_apart() -> None:
    def depth_db(depth):
        level = envelope(sound(10, depth=depth, variation=0, breathiness=0, breath_hz=0.25)).reshape(-1, 40)
        return 20 * np.log10(np.median(level.max(axis=1) / np.percentile(level, 10, axis=1)))

    assert depth_db(1) > depth_db(0) + 4


def test_it_is_a_low_sound_with_air_above() -> None:
    hertz, density = signal.welch(sound(10), RATE, nperseg=8192)
    share = density / density.sum()
    assert share[(hertz > 60) & (hertz < 900)].sum() > 0.8
    assert share[hertz < 20].sum() < 0.02
    above = [share[(hertz > 2000) & (hertz < 8000)].sum() for share in (share, _shares(breathiness=0), _shares(breathiness=1))]
    assert above[1] < 0.1 * above[0] < above[0] < above[2]


def _shares(**params) -> np.ndarray:
    density = signal.welch(sound(10, **params), RATE, nperseg=8192)[1]
    return density / density.sum()


def test_a_kitten_is_higher_than_a_tom_and_fur_takes_the_highs() -> None:
    kitten, tom = (centroid_hz(sound(8, size=size, breathiness=0)) for size in (0.7, 1.5))
    assert kitten > 1.4 * tom
    near, under = (centroid_hz(sound(8, muffle=muffle)) for muffle in (0, 1))
    assert under < 0.8 * near


def test_out_is_louder_than_in() -> None:
    def louder_db(unlike):
        voice = DryVoice(PURR, 3, RATE, unlike=unlike, variation=0)
        voice.strike(0.8)
        power, frames = [0.0, 0.0], [0, 0]
        for _ in range(int(12 * RATE / 960)):
            x = voice.render(960).astype(float)
            out = int(voice.state["out"][0])
            power[out] += np.square(x).sum()
            frames[out] += 960
        return 10 * np.log10(power[1] / frames[1] / power[0] * frames[0])

    assert 2 < louder_db(0.5) < 7
    assert abs(louder_db(0)) < 1.2
