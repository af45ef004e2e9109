"""Breath: its rhythm, its resonances, sighs and yawns, and its gusts at the ears, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import tract
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


@pytest.mark.parametrize(("rate_hz", "manner"), [(0.2, "calm"), (0.24, "asleep"), (0.5, "calm")])
def test_it_breathes_at_its_rate(rate_hz: float, manner: str) -> None:
    x = routes(60, rate_hz=rate_hz, variation=0, manner=manner)[0]
    power = np.square(x).reshape(-1, 480).mean(axis=1)  # at 100 Hz
    memory = np.correlate(power - power.mean(), power - power.mean(), "full")[power.size - 1 :]
    lags = np.arange(memory.size) / 100
    window = (lags > 0.7 / rate_hz) & (lags < 1.4 / rate_hz)
    assert 60 / lags[window][memory[window].argmax()] == pytest.approx(60 * rate_hz, abs=min(1, 1.8 * rate_hz))  # a minute


def test_in_and_out_alternate_and_between_a_little_air_still_moves() -> None:
    x = routes(28, rate_hz=0.25, variation=0)[0].reshape(-1, int(4 * RATE))
    inhaled, turn, exhaled, rest = (
        x[:, int(a * RATE) : int(b * RATE)] for a, b in ((0.2, 0.9), (1.52, 1.72), (2.0, 2.8), (3.65, 3.92))
    )
    assert 0.01 * inhaled.std() < turn.std() < 0.35 * inhaled.std()
    assert 0.01 * exhaled.std() < rest.std() < 0.35 * exhaled.std()
    assert centroid_hz(inhaled.ravel()) > 1.15 * centroid_hz(exhaled.ravel())


def test_in_starts_sharper_than_it_ends() -> None:
    x = routes(28, rate_hz=0.25, variation=0)[0].reshape(-1, int(4 * RATE))
    level = np.sqrt(np.square(x).reshape(x.shape[0], -1, RATE // 20).mean(axis=(0, 2)))[:27]  # of an inhalation, each 50 ms
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
    throat, left, right = _apart(20, phase="exhale", variation=0.5)
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


@pytest.mark.parametrize("mouth", [0.0, 0.6, 1.0])
def test_the_resonances_of_the_tract_are_heard_on_the_way_in(mouth: float) -> None:
    voice = DryVoice(BREATH, 1, RATE, phase="inhale", mouth=mouth, brightness=0.8)
    voice.strike(0.8)
    voice.render(RATE)
    wanted_hz = np.zeros(4)
    pieces = []
    for _ in range(40):  # they slide
        pieces.append(voice.render_apart(RATE // 2)[tract.THROAT])
        wanted_hz += voice.state["tract"]["outlet"]["bank"]["hertz"][0, tract.THROAT, :4] / 40
    hertz, density = spectrum(np.concatenate(pieces).astype(float), size=1024)
    level = signal.savgol_filter(np.log(density), 5, 2)
    tops = hertz[signal.find_peaks(level, prominence=0.03)[0]]
    for resonance_hz in wanted_hz[1:3] if mouth == 0.0 else wanted_hz[:3]:  # the nose's first one lies too low to be apart
        assert np.abs(tops / resonance_hz - 1).min() < 0.1, (wanted_hz, tops[tops < 4000])


def _resonances_hz(manner: str, seconds: float, **params) -> np.ndarray:
    """Return the tract's first two resonances, ten times a second: (2, tenths)."""
    voice = DryVoice(BREATH, 1, RATE, manner=manner, **({"variation": 0.0} | params))
    voice.strike(0.8)
    track = []
    for _ in range(round(10 * seconds)):
        voice.render(RATE // 10)
        track.append(voice.state["tract"]["outlet"]["bank"]["hertz"][0, tract.THROAT, :2].copy())
    return np.array(track).T


def test_a_yawn_opens_wide_for_seconds_and_falls() -> None:
    first, second = _resonances_hz("yawn", 9, rate_hz=0.2)
    top = int(first.argmax())
    assert 3.5 < top / 10 < 6
    assert first[top] > 1.5 * first[3]
    assert second[top] < 0.9 * second[3]
    assert first[80] < 0.65 * first[top]
    x = routes(9, manner="yawn", rate_hz=0.2, variation=0)[0]
    early, late = x[: int(1.5 * RATE)], x[int(2.7 * RATE) : int(4.2 * RATE)]
    assert late.std() > 1.5 * early.std()
    assert centroid_hz(late, low_hz=300, high_hz=1100) > 1.06 * centroid_hz(early, low_hz=300, high_hz=1100)


def test_a_sigh_falls_and_is_deeper_than_the_breaths_after_it() -> None:
    first, _ = _resonances_hz("sigh", 7.5, rate_hz=0.2)
    out = slice(25, 60)  # out from 2.3 s to 6.5 s
    assert (np.diff(first[out]) <= 1).all()
    assert first[out][-1] < 0.75 * first[out][0]
    sigh, after = (routes(7.5, manner=manner, rate_hz=0.2, variation=0)[0] for manner in ("sigh", "calm"))
    assert np.square(sigh).sum() > 1.3 * np.square(after[: 5 * RATE]).sum()


def test_the_glottis_is_wider_on_the_way_in() -> None:
    first, second = _resonances_hz("calm", 4, rate_hz=0.25)
    assert first[8] > 1.1 * first[22]
    assert second[8] > second[22]


def test_a_child_resonates_higher_than_a_man() -> None:
    child, man = (routes(6, phase="inhale", person=person)[0] for person in (0.0, 1.0))
    assert centroid_hz(child) > 1.1 * centroid_hz(man)


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
    assert 1.15 < fast.std() / slow.std() < 8  # the square would be 16: most of it is made up for
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
