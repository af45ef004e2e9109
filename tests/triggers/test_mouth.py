"""Mouth: suction, pop, clicks and bubbles, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry

MOUTH = TRIGGERS["mouth"]
RATE = 48000
SEEDS = range(1, 13)
STEP = 48  # frames of the envelope: 1 ms


def sound(seed: int = 1, seconds: float = 0.8, velocity: float = 0.8, **params) -> np.ndarray:
    return dry(MOUTH, seconds, seed, RATE, velocity, params={"breath": 0, **params}).astype(float)


def spectrum(**params) -> tuple[np.ndarray, np.ndarray]:
    """Return the power of some of them, smoothed over 150 Hz, and the hertz."""
    power = np.mean([np.abs(np.fft.rfft(sound(seed, 1.0, **params))) ** 2 for seed in SEEDS], axis=0)
    return np.convolve(power, np.ones(150) / 150, "same"), np.fft.rfftfreq(RATE, 1 / RATE)


def centroid_hz(**params) -> float:
    power, hertz = spectrum(**params)
    return float((power * hertz).sum() / power.sum())


def lasts_s(x: np.ndarray, below_db: float = 20) -> float:
    """Return from when to when the envelope is no further below its peak."""
    level = np.square(x[: x.size // STEP * STEP]).reshape(-1, STEP).mean(axis=1)
    loud = np.flatnonzero(level > 10 ** (-below_db / 10) * level.max())
    return (loud[-1] - loud[0] + 1) * STEP / RATE


@pytest.mark.parametrize(("kind", "top_hz", "length_s"), [("tongue_click", 2000, 0.012), ("tsk", 5000, 0.03)])
def test_clicks_of_the_tongue_have_their_place_and_length(kind: str, top_hz: float, length_s: float) -> None:
    power, hertz = spectrum(kind=kind, wetness=0)
    assert hertz[power.argmax()] == pytest.approx(top_hz, rel=0.15)
    lengths = [lasts_s(sound(seed, kind=kind, wetness=0, closeness=0)) for seed in SEEDS]
    assert np.median(lengths) == pytest.approx(length_s, rel=0.4)


def test_a_tsk_is_noise_and_a_click_is_a_resonance() -> None:
    def flatness(kind, top_hz):
        power = np.mean([np.abs(np.fft.rfft(sound(s, 1.0, kind=kind, wetness=0))) ** 2 for s in SEEDS], axis=0)
        near = power[int(0.7 * top_hz) : int(1.4 * top_hz)]
        return np.exp(np.log(near).mean()) / near.mean()

    assert flatness("tsk", 5000) > 1.3 * flatness("tongue_click", 2000)


@pytest.mark.parametrize("kind", ["lip_smack", "kiss"])
def test_suction_rises_before_the_lips_let_go(kind: str) -> None:
    waits, rises, pitches = [], [], []
    for seed in SEEDS:
        x = sound(seed, kind=kind, wetness=0)
        opens = DryVoice(MOUTH, seed, RATE, kind=kind, wetness=0)
        opens.strike(0.8)
        at = int(opens.state["opens"][0])
        waits.append(at / RATE)
        thirds = [x[int(a * at / 3) : int((a + 1) * at / 3)] for a in range(3)]
        rises.append(thirds[2].std() / thirds[0].std())
        centroids = [_centroid_of(part) for part in (thirds[0], thirds[2])]
        pitches.append(centroids[1] / centroids[0])
    assert min(waits) >= 0.06
    assert max(waits) <= 0.15
    assert np.median(rises) > 3
    assert np.median(pitches) > 1.2


def _centroid_of(x: np.ndarray) -> float:
    hertz, density = signal.welch(x, RATE, nperseg=512)
    return float((hertz * density).sum() / density.sum())


@pytest.mark.parametrize("kind", ["lip_smack", "kiss"])
def test_the_pop_lies_between_300_and_1500_hz(kind: str) -> None:
    power, hertz = spectrum(kind=kind, wetness=0, suction=0)
    assert 300 < hertz[power.argmax()] < 1500


def test_a_swallow_is_two_low_bubbles() -> None:
    power, hertz = spectrum(kind="swallow", wetness=0, closeness=0)
    assert power[(hertz > 130) & (hertz < 600)].sum() > 0.8 * power.sum()
    low = signal.butter(4, 450, fs=RATE, output="sos")
    counts = []
    for seed in SEEDS:
        level = np.abs(signal.hilbert(signal.sosfilt(low, sound(seed, kind="swallow", wetness=0, closeness=0))))[::STEP]
        level = np.convolve(level, np.ones(15) / 15, "same")
        counts.append(signal.find_peaks(level, height=0.3 * level.max(), prominence=0.25 * level.max())[0].size)
    assert np.median(counts) == 2


def test_wetness_is_bubbles() -> None:
    def bubbles(**params):
        found = []
        for seed in SEEDS:
            voice = DryVoice(MOUTH, seed, RATE, **params)
            voice.strike(0.8)
            found.append((voice.state["chirp"]["left"][0][:33] > 0).sum())
        return np.mean(found)

    assert bubbles(kind="wet", wetness=0) < 1.5
    assert bubbles(kind="wet", wetness=1) > 25
    assert bubbles(kind="wet") > 2 * bubbles(kind="tsk")
    dry_, wet = (np.mean([np.square(sound(s, kind="wet", wetness=w)).sum() for s in SEEDS]) for w in (0.1, 1))
    assert wet > 2 * dry_


def test_parameters_move_it_as_they_say() -> None:
    assert centroid_hz(kind="kiss", tightness=1) > 1.15 * centroid_hz(kind="kiss", tightness=0)
    assert centroid_hz(kind="tongue_click", size=0.8, wetness=0) > 1.2 * centroid_hz(kind="tongue_click", size=1.25, wetness=0)
    assert centroid_hz(kind="tsk", closeness=1, wetness=0) > 1.02 * centroid_hz(kind="tsk", closeness=0, wetness=0)
    weak, strong = (sum(np.square(sound(s, kind="kiss", suction=x)[:2000]).sum() for s in SEEDS) for x in (0.2, 1))
    assert strong > 3 * weak


def test_a_soft_breath_goes_with_it() -> None:
    x, without = sound(1, 3, breath=0.5), sound(1, 3)
    assert 10 ** (-75 / 20) < x[RATE : RATE + RATE // 4].std() < 0.03 * np.abs(x).max()
    assert without[RATE : RATE + RATE // 4].std() < 0.1 * x[RATE : RATE + RATE // 4].std()


def test_mixed_takes_every_kind_and_none_is_much_louder() -> None:
    taken = set()
    for seed in range(1, 61):
        voice = DryVoice(MOUTH, seed, RATE)
        voice.strike(0.8)
        taken.add(int(voice.state["kind"][0]))
    assert taken == set(range(6))
    kinds = MOUTH.parameters[0].choices[1:]
    weigh = signal.butter(1, 400, "high", fs=RATE, output="sos")
    levels = [10 * np.log10(np.mean([np.square(signal.sosfilt(weigh, sound(s, kind=k))).sum() for s in SEEDS])) for k in kinds]
    assert np.ptp(levels) < 7, dict(zip(kinds, np.round(levels, 1), strict=True))
