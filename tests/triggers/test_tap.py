"""Tap: its material, its contact, its fingers and its place, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

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
    "hard_wood": (240, 0.134, -0.07),  # a board
    "plastic": (800, 0.054, -0.30),
}
LONGER = 0.4 / 0.14  # `ring_s` at its most: narrow lines can be told apart
ALL = TAP.parameters[3].choices
SEEDS = range(1, 25)
BARE = {"skin": 0, "thump": 0, "hollow": 0, "variation": 0, "flams": 0, "handling": 0}


def sound(seed: int = 1, rate: float = RATE, velocity: float = 0.8, seconds: float = 0.5, **params) -> np.ndarray:
    return dry(TAP, seconds, seed, rate, velocity, params=params).astype(float)


def modes(seconds: float = 1.0, note: dict | None = None, **params) -> np.ndarray:
    """Return every other mode of a bare tap, the lowest among them: what is heard where the finger lands."""
    voice = DryVoice(TAP, 1, RATE, **{**BARE, "hardness": 1, "ring_s": 0.4, **params})
    voice.set(**(note or {}))
    voice.strike()
    return voice.render_apart(round(seconds * RATE))[0].astype(float)


def centroid_hz(x: np.ndarray, rate: float = RATE) -> float:
    energy, hertz = np.abs(np.fft.rfft(x)) ** 2, np.fft.rfftfreq(x.size, 1 / rate)
    heard = hertz < 16000
    return float((energy * hertz)[heard].sum() / energy[heard].sum())


def mean_centroid_hz(**kwargs) -> float:
    return float(np.mean([centroid_hz(sound(seed, handling=0, **kwargs)) for seed in SEEDS]))


def peaks_hz(x: np.ndarray, lowest_hz: float, count: int) -> list[float]:
    """Return the frequencies of the lowest strong lines."""
    size = 1 << 18
    level = np.abs(np.fft.rfft(x * np.exp(-np.arange(x.size) / RATE), size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    tops = np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] > level[2:])) + 1
    tops = tops[(hertz[tops] > 0.9 * lowest_hz) & (level[tops] > 0.1 * level[hertz > 0.9 * lowest_hz].max())]
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
def test_its_lowest_mode_lies_and_dies_away_as_its_material_says(material: str) -> None:
    lowest_hz, t60_at_1_khz_s, slope = TABLE[material]
    x = modes(material=material)
    assert min(abs(np.array(peaks_hz(x, lowest_hz, 4)) / lowest_hz - 1)) < 0.02
    assert t60_s(x, lowest_hz) == pytest.approx(LONGER * t60_at_1_khz_s * (lowest_hz / 1000) ** slope, rel=0.15)


def decay_s(material: str) -> float:
    """Return the time in which a bare tap's energy between 300 Hz and 8 kHz falls to a hundredth."""
    x = sosfilt(butter(2, (300, 8000), "band", fs=RATE, output="sos"), sound(material=material, **BARE))
    left = np.cumsum(x[::-1] ** 2)[::-1]
    return float(np.argmax(left < 0.01 * left[0])) / RATE


def test_foam_cork_and_leather_are_dead_wood_is_damped_and_glass_rings() -> None:
    times = [decay_s(material) for material in ("mic_foam", "cork", "leather", "hard_wood", "glass")]
    assert times == sorted(times)
    assert times[0] < 0.02 < 0.05 < times[-1]


def test_wood_answers_with_modes_that_overlap_and_glass_with_lines() -> None:
    def flatness(material):
        x = np.concatenate([sound(seed, seconds=0.25, material=material, **BARE) for seed in range(1, 5)])
        power = np.mean([np.abs(np.fft.rfft(part)) ** 2 for part in x.reshape(4, -1)], axis=0)[500:2000]  # 2 to 8 kHz
        return np.exp(np.log(power).mean()) / power.mean()

    assert flatness("hard_wood") > 3 * flatness("glass")


def test_harder_and_faster_taps_are_brighter() -> None:
    by_hardness = [mean_centroid_hz(hardness=h) for h in (0.1, 0.4, 0.7, 1)]
    by_velocity = [mean_centroid_hz(velocity=v) for v in (0.1, 0.3, 1)]
    assert by_hardness == sorted(by_hardness)
    assert by_hardness[-1] > 2 * by_hardness[0]
    assert by_velocity == sorted(by_velocity)
    assert by_velocity[-1] > 1.05 * by_velocity[0]


def test_a_nail_on_foam_is_as_dull_as_the_foam() -> None:
    """Hertz: the softer of the two says how long they touch."""

    def brightening(material):
        nail, pad = (mean_centroid_hz(material=material, hardness=h, skin=0) for h in (1, 0.5))
        return nail / pad

    assert brightening("glass") > 1.3
    assert brightening("mic_foam") < 1.1


def test_a_larger_thing_sounds_lower_and_pitch_is_in_semitones() -> None:
    def lowest(size: float = 1, **note):
        return peaks_hz(modes(size=size, note=note), 100, 1)[0]

    assert lowest(pitch=7) / lowest() == pytest.approx(2 ** (7 / 12), rel=0.003)
    assert lowest(bend=-2) / lowest() == pytest.approx(2 ** (-2 / 12), rel=0.003)
    assert lowest(size=2) / lowest() == pytest.approx(0.5, rel=0.003)


def test_taps_differ_as_far_as_variation_goes_and_land_where_they_are_heard() -> None:
    def landed(**params):
        places, sounds = [], []
        for seed in range(1, 41):
            voice = DryVoice(TAP, seed, RATE, **{**BARE, **params})
            voice.strike()
            sounds.append(voice.render(2048).sum(0))
            slot = voice.emitters["slot"][0][0]
            places.append((float(slot["left_m"]), float(slot["up_m"])))
        return np.array(places), np.array(sounds)

    places, sounds = landed(variation=0)
    assert not places.any()
    assert np.corrcoef(sounds)[0, 1:].min() > 0.9  # the noise of each contact is its own
    places, sounds = landed(variation=1, spread_cm=3)
    assert places[:, 0].std() == pytest.approx(0.03, rel=0.35)
    likeness = np.corrcoef(sounds)[0, 1:]
    assert likeness.max() < 0.999
    assert likeness.mean() < 0.9


def test_soft_taps_thud() -> None:
    def share_below_250_hz(hardness):
        energy = np.sum([np.abs(np.fft.rfft(sound(seed, hardness=hardness, handling=0))) ** 2 for seed in SEEDS], axis=0)
        hertz = np.fft.rfftfreq(RATE // 2, 1 / RATE)
        return energy[hertz < 250].sum() / energy.sum()

    assert share_below_250_hz(0) > 0.5
    assert share_below_250_hz(1) < 0.5 * share_below_250_hz(0)


def test_a_second_finger_follows_as_often_as_asked() -> None:
    def is_double(seed, flams):
        x = sound(seed, seconds=0.065, material="cork", **{**BARE, "flams": flams, "ring_s": 0.04})
        fast = np.convolve(sosfilt(butter(2, 1000, "high", fs=RATE, output="sos"), x) ** 2, np.ones(96), "same")
        return fast[int(0.011 * RATE) :].max() > 0.02 * fast.max()

    assert not any(is_double(seed, 0) for seed in SEEDS)
    assert np.mean([is_double(seed, 1) for seed in SEEDS]) > 0.6
    assert 0.1 < np.mean([is_double(seed, 0.5) for seed in SEEDS]) < 0.9


def test_the_hand_is_heard_between_the_taps_and_goes() -> None:
    def level_db(x):
        return 10 * np.log10(np.mean(x**2) + 1e-20)

    with_hand, without = (sound(seconds=4, handling=h) for h in (0.4, 0))
    tap, later, gone = (slice(int(a * RATE), int(b * RATE)) for a, b in ((0, 0.05), (0.8, 1.2), (3.5, 4)))
    assert -60 < level_db(with_hand[later]) - level_db(with_hand[tap]) < -25
    assert level_db(without[later]) - level_db(without[tap]) < -80
    assert level_db(with_hand[gone]) < -110


def test_no_thing_is_much_louder_than_another() -> None:
    """Whatever the material, size, ring or finger: weighted by what is heard, within 10 dB."""
    hear = butter(2, 60, "high", fs=RATE, output="sos")
    corners = [
        {},
        {"size": 0.5},
        {"size": 2.5},
        {"ring_s": 0.05},
        {"ring_s": 0.4},
        {"hardness": 0},
        {"hardness": 1},
        {"thump": 0},
    ]
    energies = [
        np.mean([np.square(sosfilt(hear, sound(seed, seconds=0.4, material=m, **params))).sum() for seed in (1, 2, 3)])
        for m in ALL
        for params in corners
    ]
    assert 10 * np.log10(np.percentile(energies, 95) / np.percentile(energies, 5)) < 10


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("material", ["glass", "hard_wood", "leather", "mic_foam"])
def test_the_same_tap_at_every_sample_rate(material: str, rate: float) -> None:
    for hardness in (0.2, 1.0):
        energy, centroid = (
            np.array(
                [
                    [
                        (np.mean(x**2), centroid_hz(x, r))
                        for x in (sound(seed, r, seconds=0.25, material=material, hardness=hardness, flams=0) for seed in SEEDS)
                    ]
                    for r in (RATE, rate)
                ]
            )
            .mean(1)
            .T
        )
        assert 10 * np.log10(energy[1] / energy[0]) == pytest.approx(0, abs=1)
        assert centroid[1] == pytest.approx(centroid[0], rel=0.1)
