"""Rain: Poisson drops, each at its own place, on surfaces that ring as their material does, and the wash of the rest."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal, stats

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry
from tests.support.measures import RATES, centroid_hz, event_times_s

RAIN = TRIGGERS["rain"]
SURFACES = RAIN.parameters[-1].choices
CALM = {"gusts": 0.0}


def expected_hz(intensity_mm_h: float) -> float:
    return 24 * intensity_mm_h**0.8


def test_drops_are_poisson():
    times = event_times_s(RAIN, 8, step=32, intensity_mm_h=8, **CALM)
    assert stats.kstest(np.diff(times), "expon", args=(0, 1 / expected_hz(8))).pvalue > 0.01
    counts = np.histogram(times, bins=160, range=(0, 8))[0]
    assert counts.var() / counts.mean() == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("intensity_mm_h", [1, 8, 50])
def test_the_rate_grows_with_intensity(intensity_mm_h):
    expected = 4 * expected_hz(intensity_mm_h)
    times = event_times_s(RAIN, 4, step=64, intensity_mm_h=intensity_mm_h, **CALM)
    assert len(times) == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_gusts_swell_and_ease():
    def fano(gusts):
        times = event_times_s(RAIN, 30, 2, step=64, gusts=gusts)
        counts = np.histogram(times, bins=30, range=(0, 30))[0]
        return counts.var() / counts.mean()

    assert fano(1.0) > 5 * fano(0.0)


def test_heavier_rain_is_denser_louder_and_less_spiky():
    sounds = [dry(RAIN, 5, 1, params={"intensity_mm_h": x, "patter": 1, **CALM}) for x in (1, 8, 60)]
    kurtosis = [stats.kurtosis(x) for x in sounds]
    assert kurtosis[0] > 2 * kurtosis[1] > 4 * kurtosis[2]
    assert kurtosis[2] < 3
    assert sounds[0].std() < sounds[1].std() < sounds[2].std()


def lone_drop(sample_rate: float = 48000, seed: int = 1, **params: float) -> np.ndarray:
    """Return a drop that has the next half second to itself."""
    step = 64
    for candidate in range(seed, seed + 40):
        voice = DryVoice(RAIN, candidate, sample_rate, patter=1.0, intensity_mm_h=0.5, **CALM, **params)
        voice.strike(0.08)
        sound, count = [], []
        for _ in range(round(1.2 * sample_rate / step)):
            sound.append(voice.render(step).sum(0))
            count.append(int(voice.state["count"][0]))
        counts = np.array(count)
        if counts[-1] >= 1:
            first = int(np.argmax(counts >= 1))
            second = int(np.argmax(counts >= 2)) if counts[-1] >= 2 else len(counts)
            if min(second, len(counts)) - first > 0.5 * sample_rate / step:
                return np.concatenate(sound[first:second])
    raise AssertionError("no lone drop")


@pytest.mark.parametrize("sample_rate", RATES)
@pytest.mark.parametrize(("surface", "t60_s"), [("tin", 0.13), ("glass", 0.075), ("wood", 0.07), ("tent", 0.055)])
def test_a_surface_rings_as_long_as_its_material_does(surface, t60_s, sample_rate):
    measured = []
    for seed in (1, 41, 81, 121, 161):
        x = lone_drop(sample_rate, seed, surface=surface, ring=2.0).astype(float)
        energy_db = 10 * np.log10(np.cumsum(x[::-1] ** 2)[::-1] / np.sum(x**2) + 1e-30)
        inside = (energy_db < -40) & (energy_db > -70)  # the lowest mode outlasts the others
        measured.append(-60 / np.polyfit(np.flatnonzero(inside) / sample_rate, energy_db[inside], 1)[0])
    assert max(measured) == pytest.approx(2 * t60_s, rel=0.1)  # some drops strike where the lowest mode hardly moves


def test_surfaces_differ_as_they_should():
    centroid = {s: centroid_hz(dry(RAIN, 3, 1, params={"surface": s, "patter": 1, **CALM})) for s in SURFACES}
    assert centroid["tent"] < centroid["umbrella"] < centroid["glass"]
    assert centroid["wood"] < centroid["tin"] < centroid["glass"]
    assert 600 < centroid["tent"] < 2000
    levels = [dry(RAIN, 3, 1, params={"surface": s, **CALM}).std() for s in SURFACES]
    assert max(levels) / min(levels) < 1.5


def test_larger_drops_sound_darker_and_the_tone_brighter():
    def centroid(**params):
        return centroid_hz(dry(RAIN, 3, 1, params={**CALM, **params}))

    roof = {"patter": 1, "surface": "tent"}
    assert centroid(drop_mm=1.2, **roof) > centroid(drop_mm=2.5, **roof) > centroid(drop_mm=5, **roof)
    assert centroid(tone_hz=1000) < centroid(tone_hz=3000) < centroid(tone_hz=9000)
    assert centroid(patter=1, tension=0.6) < centroid(patter=1, tension=1.8)


def test_on_water_drops_leave_bubbles():
    voice = DryVoice(RAIN, 1, surface="water", patter=1.0, **CALM)
    voice.strike()
    pitches = set()
    for _ in range(1500):
        voice.render(64)
        ring = voice.state["spot"][0]["bubble"]
        born = ring[ring["left"] > 0]
        pitches |= set(np.round(np.arctan2(born["c_im"], born["c_re"]) * 1e12))
    drops = int(voice.state["count"][0])
    assert len(pitches) == pytest.approx(0.35 * drops, rel=0.3)


def test_every_drop_lands_at_its_own_place_on_the_sheet():
    voice = DryVoice(RAIN, 1, spread_m=2.0, intensity_mm_h=4, **CALM)
    voice.strike()
    places = set()
    for _ in range(4000):
        voice.render(64)
        places |= {(float(s["left_m"]), float(s["up_m"])) for s in voice.emitters[0]["slot"][4:] if s["life"]}
    radius = np.hypot(*np.array(sorted(places)).T)
    drops = int(voice.state["count"][0])
    assert len(places) > 0.9 * drops
    assert radius.max() <= 2.001
    assert np.mean(radius**2) == pytest.approx(2.0, rel=0.15)


def test_it_is_the_same_drops_at_every_sample_rate():
    times = [event_times_s(RAIN, 2, 3, rate) for rate in RATES]
    assert len(times[0]) == len(times[1]) == len(times[2])
    assert np.abs(times[0] - times[2]).max() < 0.002  # gusts are read once a quantum


@pytest.mark.parametrize("surface", ["glass", "water"])
def test_every_surface_sounds_the_same_at_every_sample_rate(surface):
    """The default one is held by the shared tests."""
    levels, centroids = [], []
    for rate in RATES:
        sounds = [dry(RAIN, 2.5, seed, rate, params={"surface": surface})[rate // 10 :] for seed in range(5)]
        below = [signal.resample_poly(x, 44100 // 300, rate // 300) for x in sounds]
        levels.append(np.mean([20 * np.log10(x.std()) for x in below]))
        centroids.append(np.mean([centroid_hz(x, 44100) for x in below]))
    assert np.ptp(levels) < 1
    assert np.ptp(centroids) < 0.05 * centroids[1]


def test_open_ground_is_a_wash_that_reaches_above_eight_kilohertz():
    x = dry(RAIN, 4, 1, params=CALM).astype(float)
    hz, power = signal.welch(x, 48000, nperseg=4096)
    assert 0.02 < power[hz > 8000].sum() / power.sum() < 0.3  # 9 +- 9 % in recordings
    octaves = [10 * np.log10(power[(hz >= low) & (hz < 2 * low)].mean()) for low in (250, 500, 1000, 2000, 4000)]
    assert np.polyfit(range(5), octaves, 1)[0] == pytest.approx(-1.85, abs=2.1)  # dB an octave, as in recordings
    assert stats.kurtosis(x) < 10  # near drops stand out of it, and do not rule it


def test_the_sides_of_the_wash_move_on_their_own():
    voice = DryVoice(RAIN, 1, patter=0.0, **CALM)
    voice.strike()
    gains = []
    for _ in range(4 * 750):
        voice.render(64)
        gains.append(voice.state["wash"]["gain"][0, :, 1].copy())
    levels = np.log(np.array(gains))
    assert (levels.std(0) > 0.05).all()
    assert np.abs(np.corrcoef(levels.T)[np.triu_indices(4, 1)]).max() < 0.6
