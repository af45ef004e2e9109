"""Trigger words: where their hisses lie, how many bursts they have, how often they come, that none is twice the same."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import signal

from synth.trigger import TRIGGERS
from synth.triggers.trigger_words import _WORDS
from tests.support.dry import DryVoice

TRIGGER = TRIGGERS["trigger_words"]
RATE = 48000
STEADY = {"unevenness": 0.0, "wetness": 0.0, "breathiness": 0.2}
MODEST_HZ = 11000  # spectral moments of fricatives are taken up to here (Jongman, Wayland and Wong 2000)


def said(word: str, seconds: float = 1.0, seed: int = 1, velocity: float = 0.8, **params) -> np.ndarray:
    voice = DryVoice(TRIGGER, seed, RATE, word=word, **(STEADY | params))
    voice.strike(velocity)
    return voice.render(int(seconds * RATE)).sum(0).astype(float)


def levels(x: np.ndarray, frames: int = 240) -> np.ndarray:
    """Return the rms of each 5 ms."""
    return np.sqrt(np.square(x)[: x.size // frames * frames].reshape(-1, frames).mean(axis=1))


def onsets(x: np.ndarray) -> int:
    """Count how often it begins: rises by 12 dB above what was in the 25 ms before."""
    level = 20 * np.log10(levels(x) + 1e-6)
    loud = level > level.max() - 20
    rises = [n for n in range(5, level.size) if loud[n] and level[n] > level[n - 5 : n].min() + 12]
    return sum(n - before > 6 for before, n in zip([-9, *rises], rises, strict=False))


def centroid_hz(x: np.ndarray) -> float:
    hertz, density = signal.welch(x, RATE, nperseg=2048)
    within = (hertz > 300) & (hertz < MODEST_HZ)
    return float((hertz * density)[within].sum() / density[within].sum())


@pytest.mark.parametrize("person", [0.0, 0.5, 1.0])
def test_s_and_sh_lie_at_their_places(person: float) -> None:
    assert 5000 < centroid_hz(said("ss", 0.4, person=person)) < 9000
    assert 2500 < centroid_hz(said("shh", 0.7, person=person)) < 5200


@pytest.mark.parametrize(("word", "times"), [("tk", 2), ("tuc_tuc", 4), ("ta_ta", 2), ("shh", 1), ("ss", 1), ("tch", 1)])
def test_each_stop_lets_go_once(word: str, times: int) -> None:
    assert abs(onsets(said(word)) - times) <= (1 if times > 2 else 0)


def test_a_strike_repeats_its_word_as_often_as_it_says() -> None:
    once, thrice = (onsets(said("tk", 2.0, repeat=times)) for times in (1, 3))
    assert thrice == 3 * once


def sounds_s(x: np.ndarray) -> float:
    """Return how long it is within 8 dB of its top."""
    level = levels(x)
    return 0.005 * float((level > level.max() / 2.5).sum())


def test_pace_is_how_fast_it_is_said() -> None:
    slow, fast = (sounds_s(said("shh", 2.0, pace=pace)) for pace in (0.6, 2.0))
    assert slow / fast == pytest.approx(2.0 / 0.6, rel=0.2)


def test_it_answers_at_once_and_is_still_after_its_word() -> None:
    for word in _WORDS:
        level = levels(said(word, 1.5))
        assert np.argmax(level > 0.3 * level.max()) < 0.06 / 0.005, word
        assert 0 < level[-40:].max() < 0.05 * level.max(), word


def test_nothing_is_periodic() -> None:
    x = said("ta_ta", 0.45)
    memory = np.fft.irfft(np.abs(np.fft.rfft(x, 2 * x.size)) ** 2)
    assert memory[RATE // 400 : RATE // 60].max() < 0.2 * memory[0]


def test_words_are_about_as_loud_as_each_other() -> None:
    energy = [10 * np.log10(np.square(said(word)).sum()) for word in _WORDS]
    assert np.ptp(energy) < 12


def chosen(seed: int) -> int:
    voice = DryVoice(TRIGGER, seed, RATE)
    voice.strike()
    return int(voice.state["word"][0])


def test_mixed_takes_all_words_and_none_twice_in_a_row() -> None:
    assert {chosen(seed) for seed in range(1, 80)} == set(range(len(_WORDS)))
    voice, words = DryVoice(TRIGGER, 3, RATE, repeat=5, pace=2), []
    voice.strike()
    for _ in range(600):
        voice.render(256)
        if voice.state["left"][0] and voice.state["left"][0] not in dict(words):
            words.append((voice.state["left"][0], voice.state["word"][0]))
    assert len(words) == 5
    assert all(a != b for (_, a), (_, b) in itertools.pairwise(words))


def test_no_word_sounds_twice_the_same() -> None:
    def differs(unevenness):
        tracks = [levels(said("tuc_tuc", 0.6, seed, unevenness=unevenness), 480) for seed in range(1, 7)]
        return np.std(np.log(np.maximum(tracks, 1e-4)), axis=0).mean()

    assert differs(1.0) > 1.3 * differs(0.0)
