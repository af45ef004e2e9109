"""Murmur: rhythm, melody and muffling measured back from its sound; that syllables are soft, short and never the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import signal

from synth.dsp.phone import NAMES, PAUSE
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice

MURMUR = TRIGGERS["murmur"]
RATE = 48000
SOFT = {"M", "N", "L", "W", "Y", "B", "D", "HH"}


def voice_of(seed: int = 1, **params) -> DryVoice:
    voice = DryVoice(MURMUR, seed, RATE, **params)
    voice.strike(0.8)
    return voice


def sound(seconds: float, seed: int = 1, **params) -> np.ndarray:
    return voice_of(seed, **params).render(int(seconds * RATE)).sum(0).astype(float)


def spoken(seconds: float, seed: int = 1, **params) -> tuple[list[tuple[str, float]], np.ndarray]:
    """Return the phones with their lengths, and for each quantum (share of the phrase that is over, pitch in hertz)."""
    voice = voice_of(seed, **params)
    phones, tracks, elapsed_s = [], [], np.inf
    for quantum in range(int(seconds * RATE / 64)):
        voice.render(64)
        art, babble = voice.state["art"][0], voice.state["babble"][0]
        if art["elapsed_s"] < elapsed_s:
            phones.append((NAMES[art["number"]], quantum * 64 / RATE))
        elapsed_s = art["elapsed_s"]
        tracks.append((babble["gone"][0], voice.state["glottis"]["f0_hz"][0]))
    lengths = [(name, after - at) for (name, at), (_, after) in pairwise(phones)]
    return lengths, np.array(tracks)


def phrases(phones: list[tuple[str, float]]) -> list[list[tuple[str, float]]]:
    """Return the whole phrases."""
    found = [[]]
    for phone in phones:
        if phone[0] == "PAUSE":
            found.append([])
        else:
            found[-1].append(phone)
    return found[:-1]


def is_vowel(name: str) -> bool:
    return PAUSE < NAMES.index(name) < NAMES.index("B")


def test_phrases_are_of_four_to_twelve_syllables_three_to_six_a_second() -> None:
    spoke = phrases(spoken(40)[0])
    assert len(spoke) > 8
    for phrase in spoke:
        syllables = sum(is_vowel(name) for name, _ in phrase)
        assert 4 <= syllables <= 12
        assert 3 < syllables / sum(seconds for _, seconds in phrase) < 6


def test_the_last_syllable_is_drawn_out() -> None:
    vowels = [[seconds for name, seconds in phrase if is_vowel(name)] for phrase in phrases(spoken(40)[0])]
    assert np.mean([lengths[-1] for lengths in vowels]) > 1.4 * np.mean([np.mean(lengths[:-2]) for lengths in vowels])


def test_consonants_are_soft_and_no_syllable_is_the_one_before() -> None:
    phones = spoken(30)[0]
    consonants = {name for name, _ in phones if name != "PAUSE" and not is_vowel(name)}
    assert consonants == SOFT
    vowels = [[name for name, _ in phrase if is_vowel(name)] for phrase in phrases(phones)]
    assert all(a != b for phrase in vowels for a, b in pairwise(phrase))


def test_no_two_murmurs_are_the_same() -> None:
    said = {tuple(name for name, _ in spoken(4, seed)[0][:12]) for seed in range(1, 5)}
    assert len(said) == 4


def test_its_loudness_has_the_rhythm_of_speech() -> None:
    """The modulation spectrum of speech has its top at 3 to 6 Hz (Greenberg and others 2003)."""
    density = 0.0
    for seed in range(1, 8):
        x = sound(20, seed, voice=0.5)
        level = np.sqrt(np.square(x).reshape(-1, 480).mean(axis=1))
        hertz, own = signal.welch(level / level.mean(), 100, nperseg=256)
        density = density + own
    octave = density * hertz
    within = (hertz > 1.5) & (hertz < 16)
    assert 2.5 < hertz[within][octave[within].argmax()] < 6.5


def f0_hz(x: np.ndarray) -> np.ndarray:
    """Return the pitch of each 40 ms that is clearly periodic."""
    found = []
    for frame in x[: x.size // 1920 * 1920].reshape(-1, 1920):
        memory = np.fft.irfft(np.abs(np.fft.rfft(frame * np.hanning(1920), 4096)) ** 2)
        lag = RATE // 300 + int(memory[RATE // 300 : RATE // 70].argmax())
        if memory[lag] > 0.6 * memory[0] and np.square(frame).mean() > 0.1 * np.square(x).mean():
            found.append(RATE / lag)
    return np.array(found)


@pytest.mark.parametrize(("person", "low_hz", "high_hz"), [(0.0, 190, 250), (0.5, 150, 210), (1.0, 75, 105)])
def test_a_voice_has_the_pitch_of_its_person(person: float, low_hz: float, high_hz: float) -> None:
    found = f0_hz(sound(8, voice=1.0, person=person, muffle=1.0, closeness=0.0))
    assert found.size > 30
    assert low_hz < np.median(found) < high_hz


def test_its_pitch_and_level_sink_within_a_phrase() -> None:
    _, tracks = spoken(30, voice=1.0)
    gone, pitch_hz = tracks.T
    begins, ends = pitch_hz[(gone > 0.05) & (gone < 0.3)], pitch_hz[gone > 0.7]
    assert 2 < 12 * np.log2(begins.mean() / ends.mean()) < 6


def test_without_voice_nothing_is_periodic() -> None:
    x = sound(6, voice=0.0, muffle=0.0)
    sos = signal.butter(4, 400, "highpass", fs=RATE, output="sos")
    for y in (x, np.abs(signal.hilbert(signal.sosfilt(sos, x)))):
        y = y - y.mean()
        memory = np.fft.irfft(np.abs(np.fft.rfft(y, 2 * y.size)) ** 2)[: RATE // 60]
        memory = memory / memory[0]  # less what syllables do to it, which falls slowly
        assert (memory - np.convolve(memory, np.ones(241) / 241, "same"))[RATE // 400 : -121].max() < 0.2


def test_a_wall_takes_the_highs() -> None:
    def above(hertz_from: float, muffle: float) -> float:
        hertz, density = signal.welch(sound(6, muffle=muffle), RATE, nperseg=2048)
        return 10 * np.log10(density[hertz > hertz_from].sum() / density[(hertz > 150) & (hertz < 450)].sum())

    assert above(1500, 0.0) - above(1500, 1.0) > 12
    assert above(1500, 0.0) - above(1500, 0.5) > 2


def test_a_breath_is_drawn_between_phrases_and_it_is_never_quite_silent() -> None:
    x = sound(20, muffle=0.0)
    level = np.sqrt(np.square(x).reshape(-1, 480).mean(axis=1))[5:]
    assert level.min() > 1e-3 * level.max()


def test_released_it_trails_off() -> None:
    voice = voice_of()
    voice.render(RATE)
    voice.release()
    trail = voice.render(2 * RATE).sum(0)
    assert np.abs(trail[: RATE // 20]).max() > 1e-3
    assert np.abs(trail[-RATE // 10 :]).max() < 10 ** (-110 / 20)


def test_near_lips_rumble() -> None:
    def low_db(closeness: float) -> float:
        hertz, density = signal.welch(sound(6, closeness=closeness), RATE, nperseg=8192)
        return 10 * np.log10(density[(hertz > 20) & (hertz < 80)].sum())

    assert low_db(1.0) > low_db(0.3) + 6 > low_db(0.0) + 9
