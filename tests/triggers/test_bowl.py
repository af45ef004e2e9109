"""The singing bowl: its modes, their beating, and what rubbing does, measured back from the sound."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice, dry

BOWL = TRIGGERS["bowl"]
RATE = 48000
TONE_HZ = 186.0
RATIOS = (1.0, 2.778, 5.181, 8.163, 11.66)  # a Tibetan bowl of 180 mm (docs/internals/physics.md)


def struck(seconds: float = 4, velocity: float = 0.8, seed: int = 1, rate: float = RATE, **params) -> np.ndarray:
    return dry(BOWL, seconds, seed, rate, velocity, params={"variation": 0, "air": 0, **params}).astype(float)


def envelope(x: np.ndarray, hertz: float, width_hz: float, rate: float = RATE) -> np.ndarray:
    """Return the amplitude within a band, at 200 Hz."""
    shifted = x * np.exp(-2j * np.pi * hertz / rate * np.arange(x.size))
    sos = signal.butter(4, width_hz / 2, fs=rate, output="sos")
    return 2 * np.abs(signal.sosfiltfilt(sos, shifted))[:: int(rate / 200)]


def line_hz(x: np.ndarray, near_hz: float, rate: float = RATE) -> float:
    size = 1 << 20
    level, hertz = np.abs(np.fft.rfft(x * np.hanning(x.size), size)), np.fft.rfftfreq(size, 1 / rate)
    level[(hertz < 0.94 * near_hz) | (hertz > 1.06 * near_hz)] = 0
    return float(hertz[level.argmax()])


def rate_of(curve: np.ndarray, lowest_hz: float, highest_hz: float) -> float:
    """Return the frequency of the strongest ripple of a curve sampled at 200 Hz, its trend taken out."""
    curve = signal.detrend(np.log(curve + 1e-9), type="linear")
    level = np.abs(np.fft.rfft(curve * np.hanning(curve.size), 1 << 17))
    hertz = np.fft.rfftfreq(1 << 17, 1 / 200)
    level[(hertz < lowest_hz) | (hertz > highest_hz)] = 0
    return float(hertz[level.argmax()])


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_the_modes_lie_where_a_tibetan_bowls_do(rate: int) -> None:
    x = struck(3, rate=rate, beat_hz=0, hardness=1)
    for ratio in RATIOS:
        assert line_hz(x, TONE_HZ * ratio, rate) == pytest.approx(TONE_HZ * ratio, rel=0.003)


@pytest.mark.parametrize(("ring_s", "orders"), [(20.0, 4), (8.0, 4)])
def test_higher_modes_die_away_sooner(ring_s: float, orders: int) -> None:
    """T60 of 20, 12, 6 and 3 s, and in proportion."""
    x = struck(6, beat_hz=0, hardness=1, ring_s=ring_s)
    for order in range(orders):
        t60_s = ring_s * (1.0, 0.6, 0.3, 0.15)[order]
        level_db = 20 * np.log10(envelope(x, TONE_HZ * RATIOS[order], 60) + 1e-12)
        used = slice(60, int(200 * min(5.0, 0.5 * t60_s)))
        slope = np.polyfit(np.arange(level_db.size)[used] / 200, level_db[used], 1)[0]
        assert -60 / slope == pytest.approx(t60_s, rel=0.03)


@pytest.mark.parametrize("beat_hz", [0.5, 0.9, 1.8])
def test_the_lowest_pair_beats_at_its_split(beat_hz: float) -> None:
    x = struck(12, beat_hz=beat_hz, ring_s=30)
    assert rate_of(envelope(x, TONE_HZ, 60), 0.3, 5) == pytest.approx(beat_hz, rel=0.03)
    second = envelope(x, TONE_HZ * RATIOS[1], 60)
    assert rate_of(second, 0.3, 5) == pytest.approx(beat_hz * np.sqrt(RATIOS[1]), rel=0.05)


def test_the_beating_goes_around_the_rim() -> None:
    voice = DryVoice(BOWL, 1, RATE, variation=0, ring_s=30)
    voice.strike()
    around = [envelope(x.astype(float), TONE_HZ, 40)[100:1100] for x in voice.render_apart(6 * RATE)]
    likeness = np.corrcoef([signal.detrend(x) for x in around])
    assert likeness[0, 1] < -0.5  # where one place is loud, its neighbour is soft
    assert likeness[0, 2] > 0.5


def test_pitch_and_bend_move_every_mode() -> None:
    voice = DryVoice(BOWL, 1, RATE, variation=0, beat_hz=0)
    voice.set(pitch=5)
    voice.strike()
    assert line_hz(voice.render(2 * RATE).sum(0), 186 * 2 ** (5 / 12)) == pytest.approx(186 * 2 ** (5 / 12), rel=0.003)
    voice.set(bend=-2)
    assert line_hz(voice.render(2 * RATE).sum(0), 186 * 2 ** (3 / 12)) == pytest.approx(186 * 2 ** (3 / 12), rel=0.003)


def test_a_hard_mallet_is_brighter() -> None:
    def second_over_first(hardness):
        x = struck(2, hardness=hardness, beat_hz=0)
        return np.median(envelope(x, TONE_HZ * RATIOS[2], 60)[:100]) / np.median(envelope(x, TONE_HZ, 60)[:100])

    ratios = [second_over_first(h) for h in (0, 0.5, 1)]
    assert ratios == sorted(ratios)
    assert ratios[-1] > 5 * ratios[0]


def test_rubbing_builds_up_exponentially_and_stays_within_its_limit() -> None:
    x = struck(8, velocity=0.5, rub=1, beat_hz=0, hardness=0.2)
    level = envelope(x, TONE_HZ, 20)
    top = np.median(level[-400:])
    begin, end = np.argmax(level > 0.03 * top), np.argmax(level > 0.4 * top)
    assert end - begin > 60
    time_s, growth = np.arange(end - begin) / 200, np.log(level[begin:end])
    slope, offset = np.polyfit(time_s, growth, 1)
    assert np.std(growth - slope * time_s - offset) < 0.15  # a straight line in the logarithm, but for the turning of the stick
    assert 0.5 < slope < 6
    assert level[-800:].max() < 2 * top


def test_rubbing_turns_at_its_rate() -> None:
    voice = DryVoice(BOWL, 1, RATE, variation=0, rub=1, rub_hz=0.7, beat_hz=0)
    voice.strike()
    around = voice.render_apart(14 * RATE)[:, 5 * RATE :].astype(float)
    share = np.array([envelope(x, TONE_HZ, 20) for x in around])
    share /= share.sum(axis=0)
    for place in range(4):
        assert rate_of(share[place][100:-100], 0.2, 5) == pytest.approx(0.7, rel=0.05)


def test_harder_pressure_sings_louder_and_a_lifted_stick_lets_it_ring() -> None:
    voice = DryVoice(BOWL, 1, RATE, rub=1, variation=0)
    voice.strike(1.0)
    levels = []
    for pressure in (0.4, 0.7, 1.0):
        voice.set(pressure=pressure)
        voice.render(4 * RATE)
        levels.append(voice.render(2 * RATE).std())
    assert levels == sorted(levels)
    voice.set(pressure=0.0)
    voice.render(RATE)
    resting = voice.render(2 * RATE).std()
    assert 0.3 * levels[-1] < resting < levels[-1]


def test_a_struck_bowl_does_not_grow_and_a_hand_stops_it() -> None:
    voice = DryVoice(BOWL, 1, RATE, variation=0, air=0)
    voice.strike(1.0)
    first = voice.render(3 * RATE).std()
    assert voice.render(3 * RATE).std() < first
    ringing = voice.render(RATE // 10).std()
    voice.set(hand=1)
    voice.render(int(0.5 * RATE))  # its T60
    assert voice.render(RATE // 10).std() < 2e-3 * ringing


def test_a_blow_rings_many_partials() -> None:
    voice = DryVoice(BOWL, 1, RATE, variation=0)
    voice.strike(0.8)
    x = voice.render_apart(RATE)[0].astype(float)  # at one place of the rim
    start = int(np.argmax(np.abs(x) > 1e-3)) + RATE // 20  # 50 ms after the blow
    level = np.abs(np.fft.rfft(x[start : start + RATE // 4] * np.hanning(RATE // 4)))
    hertz = np.fft.rfftfreq(RATE // 4, 1 / RATE)
    top_db = 20 * np.log10(level.max())
    ratios = (*RATIOS, 15.64, 20.0, 24.7)
    levels_db = [20 * np.log10(level[np.abs(hertz / (TONE_HZ * ratio) - 1) < 0.02].max()) for ratio in ratios]
    heard = [ratio for ratio, level_db in zip(ratios, levels_db, strict=True) if level_db > top_db - 50]
    assert len(heard) >= 7
    assert heard[-1] * TONE_HZ > 2000


def test_the_mallet_scuffs_brightly_for_a_few_hundredths_of_a_second() -> None:
    x = struck(1, hardness=0.6)
    sos = signal.butter(4, 6000, "highpass", fs=RATE, output="sos")
    level = np.sqrt(np.square(signal.sosfilt(sos, x)).reshape(-1, RATE // 100).mean(axis=1))
    assert level[:3].max() > 10 * level[30:60].mean()
    assert level[:3].max() > 3 * level[10]


def test_the_pairs_beat_by_a_few_decibels_where_both_are_struck() -> None:
    level_db = 20 * np.log10(envelope(struck(12, ring_s=30), TONE_HZ, 60)[100:-100])
    slope = np.polyval(np.polyfit(np.arange(level_db.size), level_db, 1), np.arange(level_db.size))
    assert 3 < np.ptp(level_db - slope) < 20


def test_the_air_of_the_room_is_set() -> None:
    def above_4khz(seconds, **params):
        x = dry(BOWL, seconds, 1, RATE, 0.8, params={"variation": 0, "ring_s": 10, **params}).astype(float)
        return np.diff(x, 2)[-RATE // 2 :].std()

    assert above_4khz(3, air=1.0) > 1.3 * above_4khz(3, air=0.4) > 4 * above_4khz(3, air=0.0)


def test_the_room_is_heard_while_the_hand_is_there_and_then_as_long_as_the_bowl_is() -> None:
    voice = DryVoice(BOWL, 1, RATE, variation=0, ring_s=8, air=1)
    voice.strike(0.8)
    near = np.diff(voice.render(3 * RATE)[0].astype(float), 2)[-RATE // 2 :].std()
    voice.render(25 * RATE)
    assert np.diff(voice.render(RATE)[0].astype(float), 2).std() == pytest.approx(near, rel=0.2)
    voice.release()
    voice.render(15 * RATE)
    assert np.diff(voice.render(RATE)[0].astype(float), 2).std() < 1e-2 * near
