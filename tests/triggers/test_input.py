"""Input: what comes in goes out between its cuts, through its gate, with its fades; measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import noise_gate
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice

INPUT = TRIGGERS["input"]
RATE = 48000
BURST_S = 0.5


def tone(seconds: float, frequency_hz: float = 1000.0, peak: float = 0.1, rate: float = RATE) -> np.ndarray:
    return (peak * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def played(sound: np.ndarray, velocity: float = 1.0, rate: float = RATE, **params) -> np.ndarray:
    """Return what a held voice makes of a sound, all of it."""
    voice = DryVoice(INPUT, sample_rate=rate, **params)
    voice.sound = sound
    voice.strike(velocity)
    return voice.render(len(sound)).sum(0).astype(float)


def level_db(x: np.ndarray) -> float:
    return float(10 * np.log10(np.square(x, dtype=float).mean()))


def passed_db(frequency_hz: float, rate: float = RATE, **params) -> float:
    """Return by how much a tone is louder when it goes out, after half a second."""
    sound = tone(1.5, frequency_hz, rate=rate)
    settled = slice(round(0.5 * rate), None)
    return level_db(played(sound, rate=rate, **params)[settled]) - level_db(sound[settled])


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("frequency_hz", [150, 1000, 6000, 16000])
def test_between_the_cuts_it_passes_as_it_is(frequency_hz: float, rate: float) -> None:
    assert passed_db(frequency_hz, rate) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("cut_hz", [60, 300, 900])
def test_the_low_cut_is_3_db_down_at_its_frequency_and_12_an_octave_below(cut_hz: float) -> None:
    assert passed_db(cut_hz, low_cut_hz=cut_hz) == pytest.approx(-3.01, abs=0.05)
    assert passed_db(cut_hz / 4, low_cut_hz=cut_hz) == pytest.approx(-24.1, abs=0.3)
    assert passed_db(cut_hz * 4, low_cut_hz=cut_hz) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("cut_hz", [250, 2000, 8000])
def test_the_high_cut_is_3_db_down_at_its_frequency(cut_hz: float) -> None:
    assert passed_db(cut_hz, high_cut_hz=cut_hz, low_cut_hz=20) == pytest.approx(-3.01, abs=0.05)
    assert passed_db(min(4 * cut_hz, 20000), high_cut_hz=cut_hz, low_cut_hz=20) < -15


def test_the_pressure_is_a_fader() -> None:
    sound = tone(0.5)
    full = played(sound)
    for velocity in (0.25, 0.7):
        np.testing.assert_allclose(played(sound, velocity), velocity * full, atol=1e-7)


def test_a_note_comes_and_goes_in_its_fades_along_a_smooth_step() -> None:
    """A sound that does not change shows the fades themselves: half-way after half the time, no corner, then silence."""
    voice = DryVoice(INPUT, low_cut_hz=20, fade_in_s=0.4, fade_out_s=0.2)
    voice.sound = tone(1, 3000)
    voice.strike(1.0)
    held = voice.render(RATE).sum(0)
    voice.release()
    gone = voice.render(RATE).sum(0)

    def peak(x: np.ndarray, at_s: float) -> float:
        return float(np.abs(x[round(at_s * RATE) - 24 : round(at_s * RATE) + 24]).max())

    for share, gain in ((0.25, 0.156), (0.5, 0.5), (0.75, 0.844), (1.1, 1.0)):
        assert peak(held, 0.4 * share) == pytest.approx(0.1 * gain, rel=0.03)
        assert peak(gone, 0.2 * share) == pytest.approx(0.1 * (1 - gain), rel=0.03, abs=1e-6)
    assert np.abs(gone[round(0.2 * RATE) + 1 :]).max() == 0


# ---- the gate


def gained(sound: np.ndarray, gate_db: float, **params) -> np.ndarray:
    """Return the gate's gain over time, from a tone of 3 kHz whose level varies: output over input, peak by peak."""
    out = played(sound, gate_db=gate_db, fade_in_s=0.002, low_cut_hz=20, **params)
    plain = played(sound, fade_in_s=0.002, low_cut_hz=20)
    return np.abs(out).reshape(-1, 16).max(axis=1) / np.abs(plain).reshape(-1, 16).max(axis=1)


def bursts(quiet_db: float, loud_db: float, seconds: float = BURST_S) -> np.ndarray:
    """Return a tone that is quiet, loud and quiet again, each for as long."""
    levels = np.repeat(10 ** (np.array([quiet_db, loud_db, quiet_db]) / 20), round(seconds * RATE))
    return (levels * tone(3 * seconds, 3000, 1.0)).astype(np.float32)


def test_at_its_lowest_the_gate_is_off() -> None:
    quiet = tone(0.5, peak=1e-6)
    assert np.array_equal(played(quiet, gate_db=-90), played(quiet))
    assert level_db(played(quiet)[RATE // 4 :]) == pytest.approx(level_db(quiet), abs=0.1)
    assert np.abs(played(quiet, gate_db=-89)).max() == 0


def test_it_opens_at_its_threshold_and_closes_6_db_lower() -> None:
    """A tone swells and dies away slowly: fully open at the threshold, on the way down still so 5.5 dB below it, not 7.5 dB."""
    rise_db = np.linspace(-60, -20, 8 * RATE)
    sound = (10 ** (np.concatenate([rise_db, rise_db[::-1]]) / 20) * tone(16, 3000, 1.0)).astype(np.float32)
    gain = gained(sound, -40, gate_release_s=0.05)
    on_the_way_up, on_the_way_down = np.split(gain, 2)
    at_db = rise_db.reshape(-1, 16).mean(axis=1)

    def there(gain: np.ndarray, db: float) -> float:
        return float(np.interp(db, at_db, gain))

    up, down = on_the_way_up, on_the_way_down[::-1]
    assert there(up, -39.8) == pytest.approx(1, abs=0.01)
    assert there(up, -46) == pytest.approx(0.5, abs=0.05)  # the knee's middle
    assert there(up, -53) < 0.01
    assert there(down, -45.5) == pytest.approx(1, abs=0.01)
    assert there(down, -47.5) < 0.5
    assert there(down, -54) < 0.01
    assert (np.diff(up) > -0.01).all()


def test_it_opens_within_milliseconds() -> None:
    gain = gained(bursts(-80, -20), -40)
    loud = gain[round(BURST_S * RATE / 16) :]
    time_s = np.arange(len(loud)) * 16 / RATE
    assert time_s[np.argmax(loud > 1 - np.exp(-1))] == pytest.approx(noise_gate.OPENING_S, abs=0.0005)
    assert loud[round(0.02 * RATE / 16)] > 0.99


@pytest.mark.parametrize("release_s", [0.05, 0.2, 0.4])
def test_it_closes_in_its_release(release_s: float) -> None:
    """By 60 dB in its release, once the last peak is forgotten: the gain falls straight in decibels."""
    gain_db = 20 * np.log10(np.maximum(gained(bursts(-70, -20, 1.0), -40, gate_release_s=release_s), 1e-9))
    falling = gain_db[round(2 * RATE / 16) :]
    time_s = np.arange(len(falling)) * 16 / RATE
    below_20, below_40 = (time_s[np.argmax(falling < level)] for level in (-20, -40))
    assert below_40 - below_20 == pytest.approx(release_s / 3, rel=0.05)
    assert time_s[np.argmax(falling < -1)] < 8 * noise_gate.PEAK_S


def test_what_lies_at_the_threshold_does_not_flutter() -> None:
    """A tone within 2 dB of the threshold, up and down five times a second, opens the gate once."""
    wave = 10 ** ((-40 + 2 * np.sin(2 * np.pi * 5 * np.arange(4 * RATE) / RATE)) / 20)
    gain = gained((wave * tone(4, 3000, 1.0)).astype(np.float32), -40)
    assert gain[RATE // 16 :].min() > 0.99


# ---- faults


@pytest.mark.parametrize("fault", [np.nan, np.inf, -np.inf, 3e38])
def test_what_is_no_sample_is_not_heard(fault: float) -> None:
    sound = tone(0.5)
    broken, silent = sound.copy(), sound.copy()
    broken[RATE // 4 : RATE // 4 + 5], silent[RATE // 4 : RATE // 4 + 5] = fault, 0
    assert np.array_equal(played(broken), played(silent))
