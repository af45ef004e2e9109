"""Pour: Poisson bubbles of a power law in radius, and a column of air that shortens as the vessel fills."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, signal, stats

from synth.trigger import TRIGGERS
from tests.dry import DryVoice, dry
from tests.water import RATES, click_ratios, corners, event_times_s, level_and_centroid, paired, split_renders

POUR = TRIGGERS["pour"]
STEADY = {"gulps": 0.0, "width_cm": 40.0, "start_level": 0.0}


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
    r = radii_mm(12, **STEADY)
    low, high = 0.6, 6.0
    assert low * 0.98 < r.min()
    assert r.max() < high * 1.02

    def unlikeliness(exponent: float) -> float:
        power = 1 - exponent
        return len(r) * np.log((high**power - low**power) / power) + exponent * np.log(r).sum()

    exponent = optimize.minimize_scalar(unlikeliness, bounds=(1.2, 4), method="bounded").x
    assert len(r) > 2500
    assert exponent == pytest.approx(2.2, abs=0.1)


def test_bubbles_are_poisson_and_grow_with_the_flow():
    times = event_times_s(POUR, 8, step=32, **STEADY)
    assert stats.kstest(np.diff(times), "expon", args=(0, 1 / 300)).pvalue > 0.01
    counts = np.histogram(times, bins=160, range=(0, 8))[0]
    assert counts.var() / counts.mean() == pytest.approx(1, abs=0.3)
    for flow_l_min in (0.2, 8):
        expected = 4 * 300 * np.sqrt(flow_l_min / 1.5)
        assert 100 < expected / 4 < 700
        found = len(event_times_s(POUR, 4, step=64, flow_l_min=flow_l_min, **STEADY))
        assert found == pytest.approx(expected, abs=4 * np.sqrt(expected))


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


def quarter_wave_hz(level: float, height_cm: float = 14.0, width_cm: float = 20.0, **_: float) -> float:
    return 343 / (4 * (0.01 * height_cm * (1 - level) + 0.61 * 0.005 * width_cm))


@pytest.mark.parametrize("level", [0.0, 0.3, 0.6, 0.8])
@pytest.mark.parametrize("height_cm", [14.0, 30.0])
def test_the_resonance_is_a_quarter_wave_of_the_air(level, height_cm):
    vessel = {"height_cm": height_cm, "width_cm": 20.0}
    assert answer_hz(level, flow_l_min=0.5, **vessel) == pytest.approx(quarter_wave_hz(level, **vessel), rel=0.05)


def test_the_level_rises_with_the_volume_poured():
    voice = DryVoice(POUR, 1, gulps=0.0, start_level=0.0, flow_l_min=1.5, height_cm=14.0, width_cm=7.0)
    voice.strike()
    for _ in range(3):
        voice.render(4 * 48000)
        seconds = voice.state["column_hz"][0] and voice.state["level_m"][0] * np.pi * 0.035**2 / (1.5e-3 / 60)
    assert seconds == pytest.approx(12, rel=0.01)
    air_m = 0.14 - 1.5e-3 / 60 * 12 / (np.pi * 0.035**2)
    assert voice.state["column_hz"][0] == pytest.approx(343 / (4 * (air_m + 0.61 * 0.035)), rel=0.05)


def test_at_the_brim_it_stops_rising_and_pours_on():
    voice = DryVoice(POUR, 1, flow_l_min=10.0, height_cm=6.0, width_cm=5.0, gulps=0.0)
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
    heights = [
        level_and_centroid(dry(POUR, 3, 1, params={"start_level": level, "gulps": 0.0}), 48000)[1]
        for level in (0, 0.3, 0.6, 0.85)
    ]
    assert np.all(np.diff(heights) > 0)
    assert heights[-1] > 1.4 * heights[0]


def test_bubbles_rise_in_pitch_and_lie_where_the_jet_falls_in():
    voice = DryVoice(POUR, 1, width_cm=10.0)
    voice.strike()
    places = set()
    for _ in range(1500):
        voice.render(64)
        places |= {(float(s["away_m"]), float(s["left_m"])) for s in voice.emitters[0]["slot"][1:] if s["life"]}
        assert voice.alive <= 20
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
    times = [event_times_s(POUR, 1.5, 3, rate) for rate in RATES]
    assert len(times[0]) == len(times[1]) == len(times[2])
    assert np.abs(times[0] - times[2]).max() < 0.002


def test_it_sounds_the_same_at_every_sample_rate():
    for difference in paired(POUR, range(5), 3).values():
        assert abs(difference["level_db"][0]) < 1
        assert difference["level_db"][1] < 0.33
        assert abs(difference["centroid"][0]) < 0.05
        assert difference["centroid"][1] < 0.0167


def test_finite_everywhere_and_silent_after_its_tail():
    random = np.random.default_rng(0)
    for corner in corners(POUR, 24):
        voice = DryVoice(POUR, 1, **corner)
        voice.strike()
        x = voice.render(9600)
        voice.release()
        tail = voice.render(round(POUR.tail_s * 48000) + 2400)
        assert np.isfinite(x).all()
        assert np.abs(tail[:, -2400:]).max() < 10 ** (-110 / 20)
    voice.strike()
    for _ in range(500):
        voice.set(**{p.name: p.from_unit(random.random()) for p in POUR.parameters}, pressure=random.random())
        assert np.isfinite(voice.render(64)).all()


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("flow_l_min", 0.3, 6),
        ("bubble_mm", 0.4, 1.5),
        ("resonance", 0, 1),
        ("height_cm", 6, 40),
        ("width_cm", 4, 20),
        ("splash", 0, 1),
    ],
)
def test_no_click_when_a_parameter_steps(name, low, high):
    assert max(click_ratios(POUR, {name: low}, {name: high})) < 1.5


def test_deterministic_and_the_same_however_the_quantum_is_split():
    whole, parts = split_renders(POUR, 2, flow_l_min=6.0)
    assert np.array_equal(whole, parts)
    assert np.array_equal(dry(POUR, 0.5, 4), dry(POUR, 0.5, 4))
    assert not np.array_equal(dry(POUR, 0.5, 4), dry(POUR, 0.5, 5))
