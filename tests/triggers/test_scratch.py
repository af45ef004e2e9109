"""Scratch: a force of place and speed: energy as v^2, spectrum as v, the weave at v / period; nails that catch and move."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal, stats

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import centroid_hz, share_below, steady

SCRATCH = TRIGGERS["scratch"]
FORCE = {
    "body": 0, "brightness_hz": 14000, "nails": 1, "speed_m_s": 0.4, "grain_mm": 1, "tip_mm": 0.08,
    "texture": "leather", "handling": 0, "catch": 0,
}  # fmt: skip
NAIL_RADIATES_HZ = 3600


def unradiated(x: np.ndarray, sample_rate: float) -> np.ndarray:
    """Return the force whose radiation by a small nail, 12 dB/oct below its corner, was heard; its ends are faded."""
    x = x * signal.get_window(("tukey", 0.2), x.size)
    hertz = np.fft.rfftfreq(x.size, 1 / sample_rate)
    s = 1j * np.maximum(hertz, 20) / NAIL_RADIATES_HZ
    return np.fft.irfft(np.fft.rfft(x) * (s * s + s / 0.5 + 1) / (s * s) * (hertz > 20), x.size)


def path(pressure: float, seconds: float, seed: int = 1, sample_rate: float = 48000, **params) -> np.ndarray:
    """Return what is heard of one nail along a stretch that `pressure * seconds` sets, from when it has found its speed."""
    voice = DryVoice(SCRATCH, seed, sample_rate, **{**FORCE, **params})
    voice.strike(pressure)
    voice.render(round(0.1 * sample_rate))
    return voice.render(round(seconds * sample_rate)).sum(0).astype(float)


@pytest.mark.parametrize("texture", ["leather", "wood", "stone"])
def test_the_power_goes_as_the_square_of_the_speed_and_the_centroid_as_the_speed(texture):
    powers, centroids = [], []
    for pressure in (0.1, 0.2, 0.4):
        sounds = [unradiated(path(pressure, 0.8 / pressure, seed, texture=texture), 48000) for seed in range(1, 7)]
        powers.append(np.mean([np.square(x).mean() for x in sounds]))
        centroids.append(np.mean([centroid_hz(x, low_hz=1) for x in sounds]))
    assert np.polyfit(np.log([1, 2, 4]), np.log(powers), 1)[0] == pytest.approx(2, abs=0.15)
    assert np.polyfit(np.log([1, 2, 4]), np.log(centroids), 1)[0] == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize(("speed_m_s", "grain_mm"), [(0.1, 0.5), (0.2, 0.5), (0.2, 0.8), (0.4, 0.4)])
def test_a_weave_whistles_at_speed_over_period(speed_m_s, grain_mm):
    x = path(1.0, 2.0, texture="mesh", speed_m_s=speed_m_s, grain_mm=grain_mm, tip_mm=0.01, grit=0)
    hertz, power = signal.welch(x, 48000, nperseg=16384)
    expected = 1000 * speed_m_s / grain_mm
    assert hertz[np.argmax(power)] == pytest.approx(expected, rel=0.1)
    beside = np.abs(hertz - 1.5 * expected) < 0.2 * expected
    assert power.max() > 10 * power[beside].mean()


def test_a_fractal_has_no_line():
    x = path(1.0, 4.0, texture="stone", speed_m_s=0.2, grain_mm=0.8, tip_mm=0.01)
    power = signal.welch(x, 48000, nperseg=4096)[1][20:1000]
    smooth = np.convolve(power, np.ones(31) / 31, "same")
    assert (power / smooth).max() < 3


@pytest.mark.parametrize("texture", ["wood", "mesh"])
def test_the_surface_is_the_same_at_every_sample_rate(texture):
    sounds = {rate: path(0.5, 0.5, 3, rate, texture=texture, brightness_hz=3000) for rate in (48000, 96000)}
    coarse = signal.decimate(sounds[96000], 2, ftype="fir", zero_phase=True)
    correlation = signal.correlate(coarse[2000:20000], sounds[48000][2000:20000], "same", "fft")
    norm = np.linalg.norm(coarse[2000:20000]) * np.linalg.norm(sounds[48000][2000:20000])
    assert correlation.max() > 0.98 * norm


def test_a_blunt_tip_and_a_slow_hand_are_darker():
    def centroid(**params):
        return np.mean([centroid_hz(steady(SCRATCH, 1.5, seed, handling=0, **params)) for seed in range(1, 5)])

    assert centroid(tip_mm=0.12, body=0) < 0.87 * centroid(body=0)  # the bluntest nail, not a finger
    slow, fast = (centroid(speed_m_s=speed, catch=0, tip_mm=0.05) for speed in (0.06, 0.4))
    assert slow < 0.8 * fast
    assert centroid(brightness_hz=2000) < centroid(brightness_hz=12000)


def test_a_scratch_is_grainy():
    sounds = [steady(SCRATCH, 4, seed) for seed in range(1, 5)]
    assert 4 < np.mean([stats.kurtosis(x, fisher=False) for x in sounds]) < 40


def test_caught_nails_bring_grain_at_10_to_40_hz():
    def share(catch):
        x = np.concatenate([steady(SCRATCH, 4, seed, catch=catch, handling=0, body=0) for seed in range(1, 4)])
        envelope = np.sqrt(np.square(x).reshape(-1, 240).mean(1)) ** 0.3
        hertz, power = signal.welch(envelope - envelope.mean(), 200, nperseg=800)
        return power[(hertz > 10) & (hertz < 40)].sum() / np.mean(envelope) ** 2

    assert share(0.9) > 1.3 * share(0.0)


def test_a_slip_starts_bright_and_hard():
    """Where it is loud it is bright: the nail that has let go is fast."""
    x = steady(SCRATCH, 8, 2, handling=0, body=0, nails=1)
    frames = x[: x.size // 256 * 256].reshape(-1, 256)
    loud = np.square(frames).mean(1)
    spectra = np.abs(np.fft.rfft(frames * np.hanning(256))) ** 2
    above = spectra[:, 43:].sum(1) / spectra[:, 5:].sum(1)
    peak, calm = loud > np.quantile(loud, 0.95), loud < np.quantile(loud, 0.5)
    assert above[peak].mean() > 1.2 * above[calm].mean()


def test_modes_of_the_board_come_and_go_on_their_own_as_the_hand_moves():
    x = steady(SCRATCH, 6, 3, handling=0, body=1, catch=0, texture="wood")
    bands = [signal.sosfilt(signal.butter(2, edges, "bandpass", fs=48000, output="sos"), x) for edges in ((150, 300), (400, 700))]
    envelopes = [np.sqrt(np.square(band).reshape(-1, 960).mean(1)) for band in bands]
    assert np.corrcoef(*envelopes)[0, 1] < 0.8


def test_the_hand_rests_for_a_while_and_is_gone():
    voice = DryVoice(SCRATCH, 1)
    voice.strike()
    voice.render(9600)
    voice.set(pressure=0.0)
    voice.render(14400)
    assert np.abs(voice.render(4800)).max() > 1e-5
    voice.render(round(2.5 * 48000))
    assert np.abs(voice.render(4800)).max() < 10 ** (-110 / 20)


def test_textures_sound_unlike_each_other():
    def centroid(texture):
        return np.mean([centroid_hz(steady(SCRATCH, 2, seed, texture=texture, handling=0)) for seed in range(1, 4)])

    carpet, fabric, stone = (centroid(texture) for texture in ("carpet", "fabric", "stone"))
    assert carpet < fabric < stone

    def deep(texture):
        return np.mean([share_below(steady(SCRATCH, 2, seed, texture=texture), 150) for seed in range(1, 4)])

    assert deep("mic_cover") > deep("fabric") > deep("stone")


def test_nails_move_in_circles_at_the_speed_of_the_hand():
    voice = DryVoice(SCRATCH, 1, stroke_cm=6, nails=3, speed_m_s=0.2)
    voice.strike(1.0)
    voice.render(4800)
    way = []
    for _ in range(600):
        voice.render(64)
        slots = voice.emitters[0]["slot"][:3]
        assert (slots["follow"] == 1).all()
        way.append([(float(s["away_m"]), float(s["left_m"])) for s in slots])
    way = np.array(way)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=2) * 750
    np.testing.assert_allclose(steps, 0.2, rtol=0.02)
    np.testing.assert_allclose(np.diff(way[0, :, 1]), 0.018, atol=1e-5)
    assert np.linalg.norm(way[:, 1], axis=1).max() == pytest.approx(0.03, rel=0.01)


def test_fewer_nails_need_fewer_emitters():
    for nails, expected in ((1, 2), (2.5, 4), (4, 5)):
        voice = DryVoice(SCRATCH, 1, nails=nails)
        voice.strike()
        voice.render(640)
        assert voice.alive == expected
