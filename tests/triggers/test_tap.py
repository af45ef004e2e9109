"""Tap: its material, its contact and its place, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry

TAP = TRIGGERS["tap"]
RATE = 48000
# lowest mode Hz, T60 at 1 kHz in seconds, slope of T60 over frequency: recorded objects (docs/internals/physics.md)
TABLE = {
    "glass": (840, 0.192, -0.21),
    "ceramic": (2330, 0.211, -0.41),
    "stone": (1810, 0.153, -0.28),
    "metal": (760, 0.117, -0.27),
    "hard_wood": (670, 0.134, -0.07),
    "soft_wood": (250, 0.120, -0.11),
    "plastic": (800, 0.054, -0.30),
    "cardboard": (300, 0.064, -0.15),
    "leather": (310, 0.065, 0.0),
}
SEEDS = range(1, 25)


def sound(seed: int = 1, rate: float = RATE, velocity: float = 0.8, seconds: float = 0.5, **params) -> np.ndarray:
    return dry(TAP, seconds, seed, rate, velocity, params=params).astype(float)


def centroid_hz(x: np.ndarray, rate: float = RATE) -> float:
    energy, hertz = np.abs(np.fft.rfft(x)) ** 2, np.fft.rfftfreq(x.size, 1 / rate)
    heard = hertz < 16000
    return float((energy * hertz)[heard].sum() / energy[heard].sum())


def mean_centroid_hz(**kwargs) -> float:
    return float(np.mean([centroid_hz(sound(seed, **kwargs)) for seed in SEEDS]))


def peaks_hz(x: np.ndarray, lowest_hz: float, count: int) -> list[float]:
    """Return the frequencies of the lowest strong lines."""
    size = 1 << 18
    level = np.abs(np.fft.rfft(x * np.exp(-np.arange(x.size) / RATE), size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    tops = np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] > level[2:])) + 1
    tops = tops[(hertz[tops] > 0.9 * lowest_hz) & (level[tops] > 0.02 * level[hertz > 0.9 * lowest_hz].max())]
    return list(hertz[tops][:count])


def t60_s(x: np.ndarray, hertz: float) -> float:
    """Return the decay of one mode: its level in a Hann-windowed DFT bin that moves along."""
    width = int(24 * RATE / hertz)
    window = np.hanning(width) * np.exp(-2j * np.pi * hertz / RATE * np.arange(width))
    starts = np.arange(int(0.01 * RATE), x.size - width, width // 4)
    level_db = np.array([20 * np.log10(abs(np.sum(x[at : at + width] * window)) + 1e-12) for at in starts])
    used = level_db > level_db.max() - 30
    used &= np.cumsum(~used) == 0
    return float(-60 / np.polyfit(starts[used] / RATE, level_db[used], 1)[0])


@pytest.mark.parametrize("material", TABLE)
def test_each_mode_dies_away_as_its_material_says(material: str) -> None:
    lowest_hz, t60_at_1_khz_s, slope = TABLE[material]
    ring_s = 4 * t60_at_1_khz_s * (lowest_hz / 1000) ** slope  # four times as long: narrow lines can be told apart
    x = sound(seconds=2, material=material, ring_s=ring_s, hardness=1, skin=0, thump=0, variation=0)
    lines = peaks_hz(x, lowest_hz, 4)
    assert len(lines) >= 3
    assert lines[0] == pytest.approx(lowest_hz, rel=0.01)
    for hertz in lines:
        assert t60_s(x, hertz) == pytest.approx(4 * t60_at_1_khz_s * (hertz / 1000) ** slope, rel=0.15), hertz


def test_there_are_modes_enough_for_a_thing_and_not_a_beep() -> None:
    for material, (lowest_hz, _, _) in TABLE.items():
        lines = peaks_hz(sound(seconds=2, material=material, ring_s=1, hardness=1, skin=0, thump=0, variation=0), lowest_hz, 40)
        assert len(lines) >= 4, material


def test_harder_and_faster_taps_are_brighter() -> None:
    by_hardness = [mean_centroid_hz(hardness=h) for h in (0, 0.3, 0.6, 1)]
    by_velocity = [mean_centroid_hz(velocity=v) for v in (0.1, 0.3, 1)]
    assert by_hardness == sorted(by_hardness)
    assert by_hardness[-1] > 3 * by_hardness[0]
    assert by_velocity == sorted(by_velocity)
    assert by_velocity[-1] > 1.05 * by_velocity[0]


def test_a_larger_thing_sounds_lower_and_pitch_is_in_semitones() -> None:
    def lowest(**note):
        voice = DryVoice(TAP, 1, RATE, skin=0, thump=0, variation=0, ring_s=1, size=note.pop("size", 1))
        voice.set(**note)
        voice.strike()
        return peaks_hz(voice.render(2 * RATE).sum(0), 100, 1)[0]

    assert lowest(pitch=7) / lowest() == pytest.approx(2 ** (7 / 12), rel=0.003)
    assert lowest(bend=-2) / lowest() == pytest.approx(2 ** (-2 / 12), rel=0.003)
    assert lowest(size=2) / lowest() == pytest.approx(0.5, rel=0.003)


def test_taps_differ_as_far_as_variation_goes_and_land_where_they_are_heard() -> None:
    def landed(**params):
        places, sounds = [], []
        for seed in range(1, 41):
            voice = DryVoice(TAP, seed, RATE, skin=0, **params)
            voice.strike()
            sounds.append(voice.render(2048).sum(0))
            slot = voice.emitters["slot"][0][0]
            places.append((float(slot["left_m"]), float(slot["up_m"])))
        return np.array(places), np.array(sounds)

    places, sounds = landed(variation=0)
    assert not places.any()
    assert (sounds == sounds[0]).all()
    places, sounds = landed(variation=1, spread_cm=3)
    assert places[:, 0].std() == pytest.approx(0.03, rel=0.35)
    likeness = np.corrcoef(sounds)[0, 1:]
    assert likeness.max() < 0.9999
    assert likeness.mean() > 0.5


def test_soft_taps_thud() -> None:
    def share_below_250_hz(hardness):
        x = sound(hardness=hardness)
        energy, hertz = np.abs(np.fft.rfft(x)) ** 2, np.fft.rfftfreq(x.size, 1 / RATE)
        return energy[hertz < 250].sum() / energy.sum()

    assert share_below_250_hz(0) > 0.7
    assert share_below_250_hz(1) < 0.3


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("material", TABLE)
def test_the_same_tap_at_every_sample_rate(material: str, rate: float) -> None:
    for hardness in (0.2, 1.0):
        here, there = (sound(2, r, material=material, hardness=hardness, skin=0.2) for r in (RATE, rate))
        level_db = 10 * np.log10(np.mean(there**2) / np.mean(here**2))
        assert level_db == pytest.approx(0, abs=1)
        assert centroid_hz(there, rate) == pytest.approx(centroid_hz(here), rel=0.05)
