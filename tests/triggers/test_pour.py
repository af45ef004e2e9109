"""Pour: splashes of spray, bubbles of a power law in radius, and a column of air that shortens as the vessel fills."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, signal

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry
from tests.support.measures import RATES, centroid_hz, event_times_s

POUR = TRIGGERS["pour"]
STEADY = {"gulps": 0.0, "width_cm": 20.0, "height_cm": 40.0, "start_level": 0.0}


def radii_mm(seconds: float, **params: float) -> np.ndarray:
    """Return the radius of every bubble, from the frequency at which its phasor turns when it begins."""
    voice = DryVoice(POUR, 1, 48000, rise=0.0, **params)
    voice.strike()
    rings, found = voice.state["bubbles"]["chirp"][0], []
    before = rings["left"].copy()
    for _ in range(round(seconds * 750)):
        voice.render(64)
        born = rings["left"] > before
        found.append(3000 / (np.arctan2(rings["w_im"], rings["w_re"])[born] / (2 * np.pi) * 48000))
        before = rings["left"].copy()
    return np.concatenate(found)


def test_bubble_radii_follow_the_power_law():
    r = radii_mm(8, **STEADY)
    low, high = 0.35, 3.5
    assert low * 0.98 < r.min()
    assert r.max() < high * 1.02

    def unlikeliness(exponent: float) -> float:
        power = 1 - exponent
        return len(r) * np.log((high**power - low**power) / power) + exponent * np.log(r).sum()

    exponent = optimize.minimize_scalar(unlikeliness, bounds=(1.2, 4), method="bounded").x
    assert len(r) > 1700
    assert exponent == pytest.approx(2.2, abs=0.1)


def counts(seconds: float, **params: float) -> np.ndarray:
    """Return how many bubbles close in every 16 ms."""
    times = event_times_s(POUR, seconds, step=64, **{**STEADY, "bubble_mm": 0.2, **params})
    return np.histogram(times, bins=int(seconds / 0.016), range=(0.0, int(seconds / 0.016) * 0.016))[0][8:]


def test_without_spray_bubbles_are_poisson_and_splashes_bring_them_in_flocks():
    alone, flocks = counts(6, splash=0.0), counts(6, splash=1.0)
    assert alone.var() / alone.mean() == pytest.approx(1, abs=0.35)
    assert flocks.var() / flocks.mean() > 1.3 * alone.var() / alone.mean()


def test_bubbles_grow_with_the_flow():
    for flow_l_min in (0.4, 8):
        found = counts(4, flow_l_min=flow_l_min, splash=0.0).mean() / 0.016
        assert found == pytest.approx(300 * np.sqrt(flow_l_min / 1.5), rel=0.3)  # the hand is unsteady


def band_envelopes(x: np.ndarray) -> np.ndarray:
    """Return the envelopes of three bands, in 5 ms."""
    edges = ((1500, 2200), (4000, 5500), (9000, 12000))
    bands = [signal.sosfilt(signal.butter(3, edge, "band", fs=48000, output="sos"), x) for edge in edges]
    return np.array([np.sqrt(np.mean(b[: b.size // 240 * 240].reshape(-1, 240) ** 2, axis=1)) ** 0.3 for b in bands])


def test_it_is_a_broadband_jet_whose_bands_move_together_only_in_part():
    x = np.concatenate([dry(POUR, 4, seed) for seed in (1, 2)]).astype(float)
    hz, power = signal.welch(x, 48000, nperseg=4096)
    assert 0.25 < power[hz > 2500].sum() / power.sum() < 0.85  # 48 +- 20 % in recordings
    r = np.corrcoef(band_envelopes(x))
    assert min(r[0, 1], r[1, 2]) > 0.05
    assert max(r[0, 1], r[1, 2], r[0, 2]) < 0.8


def test_more_splash_is_brighter():
    heights = [centroid_hz(dry(POUR, 3, 1, params={"splash": splash})) for splash in (0.0, 0.2, 1.0)]
    assert np.all(np.diff(heights) > 0)


def answer_hz(level: float, **params: float) -> float:
    """Return where the vessel's lowest resonance is heard: the peak of the sound with resonance over that without."""
    spectra = []
    for resonance in (1.0, 0.0):
        x = dry(POUR, 4, 1, params={"start_level": level, "gulps": 0.0, "splash": 1.0, "resonance": resonance, **params})
        hz, power = signal.welch(x[4800:], 48000, nperseg=8192)
        spectra.append(power)
    gain = spectra[0] / spectra[1]
    below = hz < 1.8 * quarter_wave_hz(level, **params)
    return float(hz[below][gain[below].argmax()])


def quarter_wave_hz(level: float, height_cm: float = 14.0, width_cm: float = 12.0, **_: float) -> float:
    return 343 / (4 * (0.01 * height_cm * (1 - level) + 0.61 * 0.005 * width_cm))


@pytest.mark.parametrize("level", [0.0, 0.3, 0.6, 0.8])
@pytest.mark.parametrize("height_cm", [14.0, 30.0])
def test_the_resonance_is_a_quarter_wave_of_the_air(level, height_cm):
    vessel = {"height_cm": height_cm, "width_cm": 12.0}
    assert answer_hz(level, flow_l_min=0.5, **vessel) == pytest.approx(quarter_wave_hz(level, **vessel), rel=0.05)


def test_a_bottle_is_a_helmholtz_resonator_behind_its_neck():
    found = answer_hz(0.2, flow_l_min=0.5, vessel="bottle")
    assert 0.2 < found / quarter_wave_hz(0.2) < 0.8  # far below the glass of that height


def test_vessels_sound_as_large_as_they_are():
    low = []
    for vessel in ("tub", "glass"):
        hz, power = signal.welch(dry(POUR, 4, 1, params={"vessel": vessel}), 48000, nperseg=4096)
        low.append(power[(hz > 60) & (hz < 350)].sum() / power.sum())
    assert low[0] > 3 * low[1]


def test_the_level_rises_with_the_volume_poured():
    voice = DryVoice(POUR, 1, gulps=0.0, start_level=0.0, flow_l_min=1.5, height_cm=14.0, width_cm=7.0)
    voice.strike()
    voice.render(12 * 48000)
    assert voice.state["level_m"][0] * np.pi * 0.035**2 == pytest.approx(12 * 1.5e-3 / 60, rel=0.01)
    air_m = 0.14 - 1.5e-3 / 60 * 12 / (np.pi * 0.035**2)
    assert voice.state["column_hz"][0] == pytest.approx(343 / (4 * (air_m + 0.61 * 0.035)), rel=0.05)


def test_at_the_brim_it_stops_rising_and_pours_on():
    voice = DryVoice(POUR, 1, flow_l_min=8.0, height_cm=6.0, width_cm=5.0, gulps=0.0)
    voice.strike()
    voice.render(3 * 48000)
    full_hz = voice.state["column_hz"][0]
    x = voice.render(4 * 48000).sum(0)
    assert voice.state["column_hz"][0] == pytest.approx(full_hz, rel=0.05)
    assert voice.state["level_m"][0] <= 0.0601
    windows = x[: 4 * 48000 // 2 * 2].reshape(2, -1)
    correlation = signal.correlate(windows[0], windows[1], method="fft")
    assert np.abs(correlation).max() / np.sqrt((windows[0] ** 2).sum() * (windows[1] ** 2).sum()) < 0.3
    assert windows[1].std() == pytest.approx(windows[0].std(), rel=0.3)


def test_the_sound_rises_as_it_fills():
    heights = [centroid_hz(dry(POUR, 3, 1, params={"start_level": level, "gulps": 0.0})) for level in (0, 0.3, 0.6, 0.85)]
    assert np.all(np.diff(heights) > 0)
    assert heights[-1] > 1.05 * heights[0]  # the jet's spray stays; bubbles and column rise


def test_bubbles_rise_in_pitch_and_lie_where_the_jet_falls_in():
    voice = DryVoice(POUR, 1, width_cm=10.0)
    voice.strike()
    places = set()
    for _ in range(1500):
        voice.render(64)
        places |= {(float(s["away_m"]), float(s["left_m"])) for s in voice.emitters[0]["slot"][5:] if s["life"]}  # spray: 1 to 4
        assert voice.alive <= 25
    rings = voice.state["bubbles"]["chirp"][0]
    assert (rings["c_im"][rings["left"] > 0] > 0).all()
    radius = np.hypot(*np.array(sorted(places)).T)
    assert len(places) > 50
    assert radius.max() <= 0.041


def test_a_few_last_drops_fall_when_the_jet_has_gone():
    drops = []
    for seed in range(12):
        voice = DryVoice(POUR, seed)
        voice.strike()
        voice.render(24000)
        voice.release()
        voice.render(round(0.3 * 48000))
        before = int(voice.state["count"][0])
        voice.render(2 * 48000)
        drops.append(int(voice.state["count"][0]) - before)
    assert 0.2 < np.mean(drops) < 3


def test_it_is_the_same_bubbles_at_every_sample_rate():
    times = [event_times_s(POUR, 1.5, 3, rate, splash=0.0) for rate in RATES]
    assert len(times[0]) == len(times[1]) == len(times[2])
    assert np.abs(times[0] - times[2]).max() < 0.002
    flocks = [len(event_times_s(POUR, 1.5, 3, rate)) for rate in RATES]
    assert np.ptp(flocks) <= 3  # the air of a splash counts from the next quantum on
