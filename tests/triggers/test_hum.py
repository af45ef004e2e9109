"""Hum: pitch, vibrato, tune, nose and breath, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry

HUM = TRIGGERS["hum"]
RATE = 48000
STEADY = {"wander": 0, "vibrato": 0, "phrase_s": 9}


def sound(seconds: float, seed: int = 1, velocity: float = 0.8, **params) -> np.ndarray:
    return dry(HUM, seconds, seed, RATE, velocity, params=params).astype(float)


def periodicity(x: np.ndarray, low_hz: float, high_hz: float) -> tuple[float, float]:
    """Return F0 and the ratio of harmonics to noise in dB, from the autocorrelation's highest peak (Boersma 1993)."""
    window = np.hanning(x.size)
    memory, own = (np.fft.irfft(np.abs(np.fft.rfft(y, 2 * x.size)) ** 2) for y in (x * window, window))
    memory = memory[: x.size // 2] / own[: x.size // 2]
    memory /= memory[0]
    first, last = int(RATE / high_hz), int(RATE / low_hz)
    top = first + int(memory[first:last].argmax())
    a, b, c = memory[top - 1 : top + 2]
    peak = min(float(b - (a - c) ** 2 / (8 * (a - 2 * b + c))), 0.99999)
    return RATE / (top + 0.5 * (a - c) / (a - 2 * b + c)), 10 * np.log10(peak / (1 - peak))


def pitches_hz(x: np.ndarray, around_hz: float, octaves: float = 0.4, size: int = 2400) -> np.ndarray:
    """Return F0 every 25 ms, by spans of 50."""
    span = (around_hz / 2**octaves, around_hz * 2**octaves)
    return np.array([periodicity(x[at : at + size], *span)[0] for at in range(0, x.size - size, size // 2)])


@pytest.mark.parametrize("pitch_hz", [80, 110, 175, 250, 330])
def test_it_hums_the_tone_it_is_told(pitch_hz: float) -> None:
    x = sound(3, pitch_hz=pitch_hz, **STEADY)[RATE // 2 :]
    found = np.median(
        [periodicity(x[at : at + 4800], 0.8 * pitch_hz, 1.25 * pitch_hz)[0] for at in range(0, x.size - 4800, 4800)]
    )
    assert found == pytest.approx(pitch_hz, rel=0.01)


@pytest.mark.parametrize("breathiness", [0.0, 0.3, 1.0])
def test_harmonics_are_ten_decibels_above_noise(breathiness: float) -> None:
    x = sound(3, breathiness=breathiness, **STEADY)[RATE // 2 :]
    ratios = [periodicity(x[at : at + 4800], 140, 220)[1] for at in range(0, x.size - 4800, 4800)]
    assert np.median(ratios) > 10


def test_breathiness_is_noise() -> None:
    def noisy(breathiness):
        x = sound(3, breathiness=breathiness, **STEADY)[RATE // 2 :]
        hertz, density = signal.welch(x, RATE, nperseg=16384)
        between = np.abs(hertz / 175 - np.round(hertz / 175)) > 0.3
        band = (hertz > 600) & (hertz < 2000)
        return density[band & between].sum() / density[band].sum()

    assert noisy(1) > 1.5 * noisy(0)


def test_vibrato_grows_in_at_its_rate() -> None:
    found = pitches_hz(sound(4, **{**STEADY, "vibrato": 1, "vibrato_hz": 5.2, "variation": 0}), 175, 0.2)
    cents = 1200 * np.log2(found / 175)
    assert np.abs(cents[4:10]).max() < 25
    late = cents[45:] - cents[45:].mean()
    assert 25 < late.max() < 70  # of half a semitone and a bit more, what spans of 50 ms leave
    hertz = np.fft.rfftfreq(1024, 0.025)
    assert hertz[np.abs(np.fft.rfft(late, 1024)).argmax()] == pytest.approx(5.2, abs=0.4)


def test_it_wanders_over_a_pentatonic_scale_or_stays_on_one_tone() -> None:
    def degrees(wander):
        voice = DryVoice(HUM, 2, RATE, wander=wander, vibrato=0)
        voice.strike(0.8)
        found = []
        for _ in range(120):
            voice.render(RATE // 2)
            found.append(int(voice.state["melody"]["degree"][0]))
        return np.array(found)

    assert (degrees(0) == 0).all()
    some, all_ = degrees(0.5), degrees(1)
    assert 2 < len(set(some)) <= len(set(all_)) <= 9
    assert np.abs(np.diff(all_)).max() <= 4  # at most two notes in half a second
    assert np.abs(all_.mean()) < 1.5  # it comes back


def test_it_glides_from_note_to_note() -> None:
    x = sound(20, **{**STEADY, "wander": 0.3, "variation": 0})
    loud = np.square(x[: x.size // 1200 * 1200]).reshape(-1, 1200).mean(axis=1)
    found = 12 * np.log2(pitches_hz(x, 175, 0.45) / 175)
    steps = np.abs(np.diff(found))[loud[: found.size - 1] > 0.2 * np.median(loud)]
    assert np.percentile(steps, 97) < 1.6  # semitones in 25 ms
    assert np.ptp(found) > 3


@pytest.mark.parametrize("phrase_s", [5, 8])
def test_it_breathes_in_between_phrases(phrase_s: float) -> None:
    x = sound(60, phrase_s=phrase_s, variation=0.3, breathiness=0.5)
    high = signal.sosfilt(signal.butter(4, 1900, "high", fs=RATE, output="sos"), x)
    low = signal.sosfilt(signal.butter(4, 500, fs=RATE, output="sos"), x)
    level, voice = (np.square(y).reshape(-1, RATE // 10).mean(axis=1) for y in (high, low))
    breathing = (level > 0.1 * level.max()) & (voice < 0.05 * np.median(voice))
    begins = np.flatnonzero(breathing[1:] & ~breathing[:-1])
    begins = begins[np.diff(begins, prepend=-99) > 15] / 10
    assert np.diff(begins).mean() == pytest.approx(phrase_s, rel=0.2)


def test_the_nose_resonates_and_little_is_left_above_a_kilohertz() -> None:
    for person, low_hz, high_hz in ((0.0, 250, 450), (0.6, 230, 450), (1.0, 230, 400)):
        x = sound(20, person=person, wander=1, vibrato=1, pitch_hz=110, closeness=0, phrase_s=9)
        hertz, density = signal.welch(x, RATE, nperseg=1024)
        assert low_hz < hertz[density.argmax()] < high_hz
        assert density[hertz > 1500].sum() < 0.02 * density.sum()


def test_parameters_move_it_as_they_say() -> None:
    def spectrum(velocity=0.8, **params):
        return signal.welch(sound(4, velocity=velocity, **{**STEADY, **params}), RATE, nperseg=8192)

    def centroid_hz(**params):
        hertz, density = spectrum(**params)
        return float((hertz * density).sum() / density.sum())

    def above_600_hz(velocity):
        hertz, density = spectrum(velocity)
        return density[hertz > 600].sum() / density.sum()

    assert centroid_hz(person=0) > 1.05 * centroid_hz(person=1)
    assert centroid_hz(closeness=1) < 0.97 * centroid_hz(closeness=0)
    assert above_600_hz(1) > 1.3 * above_600_hz(0.3)  # louder is brighter
