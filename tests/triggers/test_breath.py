"""Breath: its rhythm, its colours and its gusts at the ears, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import centroid_hz

BREATH = TRIGGERS["breath"]
RATE = 48000


def routes(seconds: float, velocity: float = 0.8, seed: int = 1, rate: float = RATE, **params) -> np.ndarray:
    """Return what goes to the ears' bus, the left and the right ear."""
    voice = DryVoice(BREATH, seed, rate, **params)
    voice.strike(velocity)
    return voice.render(int(seconds * rate)).astype(float)


def spectrum(x: np.ndarray, rate: float = RATE, size: int = 1 << 14) -> tuple[np.ndarray, np.ndarray]:
    hertz, density = signal.welch(x, rate, nperseg=size)
    return hertz, density


def share(x: np.ndarray, low_hz: float, high_hz: float) -> float:
    hertz, density = spectrum(x, size=1 << 16)
    return float(density[(hertz >= low_hz) & (hertz < high_hz)].sum() / density.sum())


@pytest.mark.parametrize("rate_hz", [0.2, 0.24, 0.5])
def test_it_breathes_at_its_rate(rate_hz: float) -> None:
    x = routes(60, rate_hz=rate_hz, variation=0)[0]
    power = np.square(x).reshape(-1, 480).mean(axis=1)  # at 100 Hz
    memory = np.correlate(power - power.mean(), power - power.mean(), "full")[power.size - 1 :]
    lags = np.arange(memory.size) / 100
    window = (lags > 0.7 / rate_hz) & (lags < 1.4 / rate_hz)
    assert 1 / lags[window][memory[window].argmax()] == pytest.approx(rate_hz, rel=0.03)


def test_in_and_out_alternate_and_between_a_little_air_still_moves() -> None:
    x = routes(28, rate_hz=0.25, variation=0)[0].reshape(-1, int(4 * RATE))
    inhaled, turn, exhaled, rest = (
        x[:, int(a * RATE) : int(b * RATE)] for a, b in ((0.2, 0.9), (1.55, 1.7), (2.1, 2.9), (3.7, 3.95))
    )
    assert 0.01 * inhaled.std() < turn.std() < 0.35 * inhaled.std()
    assert 0.01 * exhaled.std() < rest.std() < 0.35 * exhaled.std()
    assert centroid_hz(inhaled.ravel()) > 1.15 * centroid_hz(exhaled.ravel())


def test_in_starts_sharper_than_it_ends() -> None:
    x = routes(28, rate_hz=0.25, variation=0)[0].reshape(-1, int(4 * RATE))
    level = np.sqrt(np.square(x).reshape(x.shape[0], -1, RATE // 20).mean(axis=(0, 2)))[:29]  # of an inhalation, each 50 ms
    top = int(level.argmax())
    above = np.flatnonzero(level > 0.5 * level[top])
    assert top - above[0] < above[-1] - top
    assert level[:6].max() > 10 ** (-10 / 20) * level[top]  # within 0.3 s all but there


def test_no_two_breaths_are_alike() -> None:
    def spread(variation):
        power = np.square(routes(120, phase="breath", variation=variation)[0]).reshape(-1, RATE // 10).mean(axis=1)
        memory = np.correlate(power - power.mean(), power - power.mean(), "full")[power.size - 1 :]
        return memory[25:45].max() / memory[0]

    assert spread(0.0) > 0.6
    assert spread(0.6) < 0.4


def test_bands_flutter_on_their_own() -> None:
    left, right, throat = _apart(20, phase="exhale", variation=0.5)
    curves = []
    for x, low_hz, high_hz in ((left, 2000, 3500), (left, 6000, 9000), (right, 2000, 3500), (throat, 400, 900)):
        sos = signal.butter(4, (low_hz, high_hz), "bandpass", fs=RATE, output="sos")
        power = np.square(signal.sosfilt(sos, x)).reshape(-1, RATE // 10).mean(axis=1)[5:]
        curves.append(np.diff(np.log(power)))  # what is quicker than the chest
    likeness = np.corrcoef(curves)
    assert likeness[0, 1] < 0.9  # one source, two bands
    assert likeness[0, 2] < 0.8  # the same band of two sources
    assert likeness[0, 3] < 0.8
    assert np.std(curves[0]) > 0.3


def _apart(seconds: float, **params) -> np.ndarray:
    voice = DryVoice(BREATH, 1, RATE, **params)
    voice.strike(0.8)
    return voice.render_apart(int(seconds * RATE)).astype(float)[:3]


def test_breathing_in_is_bright_and_out_is_dark() -> None:
    inhaled, exhaled = routes(6, phase="inhale")[0], routes(6, phase="exhale")[0]
    assert share(inhaled, 350, 2200) > 0.3 > share(inhaled, 0, 300)
    assert share(inhaled, 8000, 16000) > 3 * share(exhaled, 8000, 16000)
    assert centroid_hz(exhaled) < 0.8 * centroid_hz(inhaled)


@pytest.mark.parametrize("mouth", [0.0, 1.0])
def test_the_resonances_of_nose_and_mouth_are_heard(mouth: float) -> None:
    hertz, density = spectrum(routes(30, phase="inhale", mouth=mouth, brightness=0.8)[0], size=2048)
    level = np.log(density) + np.log(hertz + 1)  # against a slope of -3 dB an octave
    tops = hertz[signal.find_peaks(signal.savgol_filter(level, 5, 2), prominence=0.1)[0]]
    for nose_hz, mouth_hz in ((1000.0, 1400.0), (2100.0, 2500.0)):
        wanted_hz = nose_hz + mouth * (mouth_hz - nose_hz)
        assert np.abs(tops / wanted_hz - 1).min() < 0.1, (wanted_hz, tops[tops < 4000])


def test_brightness_brightens() -> None:
    centroids = [centroid_hz(routes(4, phase="inhale", brightness=b)[0]) for b in (0, 0.5, 1)]
    assert centroids == sorted(centroids)
    assert centroids[2] > 1.5 * centroids[0]


@pytest.mark.parametrize(("blow", "route"), [(0.0, 0), (1.0, 1)])
def test_the_level_goes_with_the_square_of_the_pressure(blow: float, route: int) -> None:
    by_pressure = [routes(8, velocity=v, blow=blow, phase="exhale", variation=0)[route].std() for v in (0.25, 0.5, 1.0)]
    assert np.polyfit(np.log((0.25, 0.5, 1.0)), np.log(by_pressure), 1)[0] == pytest.approx(2, abs=0.3)


def test_faster_air_is_brighter_and_louder_but_not_by_its_square() -> None:
    slow, fast = (routes(8, speed_m_s=u, phase="exhale", variation=0)[0] for u in (1.5, 6.0))
    assert 1.3 < fast.std() / slow.std() < 8  # the square would be 16: half of it is made up for
    assert centroid_hz(fast) > 1.1 * centroid_hz(slow)


@pytest.mark.parametrize("speed_m_s", [1.5, 3.5, 6.0])
def test_a_blow_is_low_gusts_without_infrasound(speed_m_s: float) -> None:
    left = routes(20, blow=1, phase="exhale", speed_m_s=speed_m_s)[1]
    assert share(left, 0, 300) > 0.5
    assert share(left, 0, 20) < 0.02
    assert abs(left.mean()) < 3e-3 * left.std()


def test_the_two_ears_have_nothing_in_common() -> None:
    _, left, right = routes(40, blow=1, ear="both", phase="exhale")
    hertz, coherence = signal.coherence(left, right, RATE, nperseg=4096)
    assert coherence[(hertz > 20) & (hertz < 8000)].max() < 0.3
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.05
    assert left.std() == pytest.approx(right.std(), rel=0.15)


def test_air_goes_where_it_is_blown() -> None:
    for blow, ear, sounding in (
        (0, "both", (0,)),
        (1, "left", (1,)),
        (1, "right", (2,)),
        (1, "both", (1, 2)),
        (0.5, "left", (0, 1)),
    ):
        heard = routes(0.5, blow=blow, ear=ear, phase="exhale").std(axis=1) > 1e-6
        assert tuple(np.flatnonzero(heard)) == sounding


def test_ears_cost_nothing_until_they_are_blown_into() -> None:
    voice = DryVoice(BREATH, 1, RATE)
    voice.strike()
    voice.render(RATE)
    assert voice.alive == 3
    voice.set(blow=0.5)
    voice.render(RATE // 10)
    assert voice.alive == 5
    voice.set(blow=0)
    voice.render(RATE)
    assert voice.alive == 3


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("blow", [0, 1])
def test_the_same_air_at_every_sample_rate(rate: int, blow: int) -> None:
    here, there = (routes(20, rate=r, blow=blow, phase="inhale", variation=0)[blow] for r in (RATE, rate))
    assert 20 * np.log10(there.std() / here.std()) == pytest.approx(0, abs=0.5)
    assert centroid_hz(there, rate) == pytest.approx(centroid_hz(here), rel=0.05)
