"""The vocal tract: resonances, noises and pulses measured back from a whisper's sound, and the table of phones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import signal

from synth.dsp import glottis, phone_targets
from synth.dsp.phone import NAMES
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, phones

RATE = 48000
STEADY = {
    "unevenness": 0.0,
    "person": 1.0,
    "smile": 0.0,
    "wetness": 0.0,
    "breathiness": 0.7,
}
SCALE = 0.175 / 0.186
SHIFT_HZ = (255.0, 115.0, 125.0)  # of a glottis that is wide open
_WHITE = 0.9  # the brightness at which breath does not fall: where it does, it pulls two tops that are near into one


def said(*text: tuple[str, int, float], seconds: float = 1.0, seed: int = 1, **params) -> np.ndarray:
    voice = DryVoice(TRIGGERS["whisper"], seed, RATE, **(STEADY | params))
    voice.text = phones(*text)
    voice.strike(0.8)
    return voice.render(int(seconds * RATE)).sum(0).astype(float)


def held(name: str, seconds: float = 4.0, **params) -> np.ndarray:
    return said((name, 8, seconds + 1), seconds=seconds + 0.3, **params)[int(0.3 * RATE) :]


def top_hz(x: np.ndarray, low_hz: float, high_hz: float, size: int = 1024) -> float:
    hertz, density = signal.welch(x, RATE, nperseg=size)
    level = np.convolve(10 * np.log10(density), np.ones(3) / 3, "same")
    within = (hertz > low_hz) & (hertz < high_hz)
    return float(hertz[within][level[within].argmax()])


def tops_hz(x: np.ndarray) -> np.ndarray:
    hertz, density = signal.welch(x, RATE, nperseg=1024)
    level = np.convolve(10 * np.log10(density), np.ones(3) / 3, "same")
    return hertz[signal.find_peaks(level, prominence=0.3)[0]]


@pytest.mark.parametrize("name", ["AA", "AE", "EH", "IH", "IY", "ER"])  # of the others the first two run into one another
def test_resonances_lie_where_the_table_and_the_open_glottis_put_them(name: str) -> None:
    x = held(name, brightness=_WHITE)
    number = NAMES.index(name)
    for k in range(2):
        wanted_hz = phone_targets.FIRST_HZ[k][number] * SCALE + STEADY["breathiness"] * SHIFT_HZ[k]
        assert np.abs(tops_hz(x) / wanted_hz - 1).min() < 0.1, (k, wanted_hz)


def test_a_shorter_tract_resonates_higher() -> None:
    child, man = (top_hz(held("AE", person=person, breathiness=0.0), 450, 1200) for person in (0.0, 1.0))
    assert 1.2 < child / man < 1.45


@pytest.mark.parametrize("name", ["AA", "IY", "S", "Z", "M"])
def test_nothing_is_periodic(name: str) -> None:
    x = held(name)
    sos = signal.butter(4, 400, "highpass", fs=RATE, output="sos")
    envelope = np.abs(signal.hilbert(signal.sosfilt(sos, x)))
    envelope -= envelope.mean()
    for y in (x, envelope):
        spectrum = np.fft.rfft(y, 2 * y.size)
        memory = np.fft.irfft(np.abs(spectrum) ** 2)[: RATE // 60]
        assert memory[RATE // 400 :].max() < 0.2 * memory[0]


@pytest.mark.parametrize(("name", "low_hz", "high_hz"), [("S", 5000, 9000), ("SH", 2500, 5000)])
@pytest.mark.parametrize("person", [0.0, 0.5, 1.0])
def test_hisses_lie_at_their_place(name: str, low_hz: float, high_hz: float, person: float) -> None:
    assert low_hz < top_hz(held(name, person=person), 500, 16000, 512) < high_hz


def test_resonances_glide_and_never_step() -> None:
    voice = DryVoice(TRIGGERS["whisper"], 1, RATE, **STEADY)
    voice.text = phones(("AA", 8, 0.2), ("IY", 8, 0.2), ("B", 0, 0.1), ("UW", 8, 0.2))
    voice.strike(0.8)
    track = []
    for _ in range(500):
        voice.render(64)
        track.append(float(voice.state["art"]["hertz"]["now"][0, 1]))
    steps = np.abs(np.diff(track))
    assert steps.max() < 0.06 * (max(track) - min(track))
    rising = np.flatnonzero(np.diff(track) > 0.1 * steps.max())
    assert track[140] > track[100] + 60  # it sets out before the vowel ends, at quantum 150
    assert 0.04 < (rising[rising < 260].max() - rising[rising < 260].min()) * 64 / RATE < 0.16


def test_a_stop_is_shut_and_then_bursts() -> None:
    x = said(("AA", 8, 0.3), ("T", 1, 0.12), ("AA", 8, 0.3), breathiness=0.0)
    level = np.sqrt(np.square(x[: x.size // 240 * 240]).reshape(-1, 240).mean(axis=1))  # each 5 ms
    vowel, shut, burst = level[30:55].mean(), level[70:74].mean(), level[74:80].max()
    assert shut < 0.05 * vowel
    assert burst > 0.5 * vowel


def test_tables_are_whole() -> None:
    for column in (
        phone_targets.KIND,
        phone_targets.YIELDS,
        phone_targets.BREATH,
        *phone_targets.FIRST_HZ,
        *phone_targets.BAND_HZ,
    ):
        assert len(column) == len(NAMES)
    for first, second in itertools.pairwise(phone_targets.FIRST_HZ):
        assert all(a < b for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("f0_hz", [90.0, 220.0])
def test_a_glottis_has_its_pitch(f0_hz: float) -> None:
    state, out = np.zeros(1, glottis.GLOTTIS), np.zeros(64)
    glottis.start(state[0], np.uint64(7), f0_hz)
    sound = []
    for _ in range(750):
        glottis.aim(state[0], f0_hz, 1.0, 0.6, 0.003, 5.0, 0.01, 4000.0, 64 / RATE, float(RATE))
        glottis.fill(state[0], out, 0, 64, float(RATE))
        sound.append(out.copy())
    x = np.concatenate(sound)
    memory = np.fft.irfft(np.abs(np.fft.rfft(x, 2 * x.size)) ** 2)
    lag = int(0.6 * RATE / f0_hz) + memory[int(0.6 * RATE / f0_hz) : int(1.5 * RATE / f0_hz)].argmax()
    assert RATE / lag == pytest.approx(f0_hz, rel=0.01)
    assert memory[lag] > 0.7 * memory[0]
