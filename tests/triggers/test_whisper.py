"""Whisper: when it speaks, breathes and stops, and that no sentence sounds twice the same."""

from __future__ import annotations

import numpy as np
import pytest

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, phones

WHISPER = TRIGGERS["whisper"]
RATE = 48000
AH = ("AA", 8, 0.4)


def voice_of(*text: tuple[str, int, float], seed: int = 1, **params) -> DryVoice:
    voice = DryVoice(WHISPER, seed, RATE, **params)
    voice.text = phones(*text)
    voice.strike(0.8)
    return voice


def levels(x: np.ndarray) -> np.ndarray:
    """Return the rms of each 10 ms."""
    return np.sqrt(np.square(x.astype(float))[: x.size // 480 * 480].reshape(-1, 480).mean(axis=1))


def said(voice: DryVoice) -> int:
    return int(voice.emitters["said"][0])


def test_it_says_one_phone_after_the_other_and_then_all_but_nothing() -> None:
    voice = voice_of(AH, ("M", 0, 0.1), AH, unevenness=0.0, wetness=0.0)
    speech = levels(voice.render(RATE).sum(0))
    assert said(voice) == 3
    voice.render(RATE // 2)
    bed = levels(voice.render(RATE).sum(0))
    assert 1e-5 < bed.mean() < 0.05 * speech[10:30].mean()


def test_it_goes_on_when_more_comes() -> None:
    voice = voice_of(AH, wetness=0.0)
    voice.render(2 * RATE)
    quiet = levels(voice.render(RATE // 2).sum(0)).mean()
    voice.text = phones(AH, AH, AH)
    assert levels(voice.render(RATE // 2).sum(0)).mean() > 8 * quiet


@pytest.mark.parametrize("pace", [0.5, 1.0, 2.0])
def test_pace_is_how_fast_it_speaks(pace: float) -> None:
    voice = voice_of(*[AH] * 40, pace=pace, unevenness=0.0)
    voice.render(4 * RATE)
    assert said(voice) == pytest.approx(10 * pace, abs=1)


def test_released_it_finishes_its_phrase() -> None:
    voice = voice_of(AH, ("S", 0, 0.1), AH, ("PAUSE", 0, 0.5), AH)
    voice.render(RATE // 10)
    voice.release()
    assert levels(voice.render(RATE * 7 // 10).sum(0))[-10:].mean() > 1e-3
    voice.render(RATE)
    assert said(voice) == 3
    assert np.abs(voice.render(RATE // 10)).max() < 10 ** (-110 / 20)


def test_released_at_once_it_says_one_phrase() -> None:
    voice = voice_of(("PAUSE", 0, 0.1), AH, ("PAUSE", 0, 0.5), AH)
    voice.release()
    voice.render(2 * RATE)
    assert said(voice) == 2


def test_it_breathes_in_during_a_long_pause_only() -> None:
    def loudest(pause_s):
        voice = voice_of(AH, ("PAUSE", 0, pause_s), AH, wetness=0.0, unevenness=0.0)
        x = levels(voice.render(int((0.4 + pause_s) * RATE)).sum(0))
        return x[-6:].max() if pause_s < 0.5 else x[60:].max()

    assert loudest(1.0) > 3 * loudest(0.3)


def test_no_sentence_sounds_twice_the_same() -> None:
    def track(unevenness):
        rows = []
        for seed in range(1, 5):
            voice = voice_of(AH, ("IY", 8, 0.2), ("S", 0, 0.1), ("UW", 8, 0.3), seed=seed, unevenness=unevenness)
            rows.append([float(voice.state["art"]["hertz"]["now"][0, 1]) for _ in range(400) if voice.render(64) is not None])
        return np.std(rows, axis=0).mean()

    assert track(0.0) == 0.0
    assert track(0.5) > 10.0


def test_lips_and_throat_have_noises_of_their_own() -> None:
    voice = voice_of(*[AH] * 10)
    throat, left, right = voice.render_apart(2 * RATE)
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.1
    assert abs(np.corrcoef(throat, left)[0, 1]) < 0.1


def test_sibilance_moves_s_and_leaves_vowels_alone() -> None:
    def level(name, sibilance):
        voice = voice_of((name, 8, 1.0), sibilance=sibilance, unevenness=0.0, wetness=0.0)
        return levels(voice.render(RATE * 9 // 10).sum(0))[30:].mean()

    assert level("S", 1.0) > 3 * level("S", 0.0)
    assert level("AA", 1.0) == pytest.approx(level("AA", 0.0), rel=1e-6)
