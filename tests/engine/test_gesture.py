"""Gestures: humanised beats at the rate asked for, pauses, fingers, strokes whose pressure follows the stroke."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.kernels import gesture
from synth.engine.kernels.gesture import GESTURES
from synth.parameters.parameter import numbers
from synth.rt import kernel
from synth.rt.units import QUANTUM

_MOST_NOTES = 100_000


@kernel
def _perform(record, values, rate, notes, pressures):
    """Write frame, velocity and length of each note, and the pressure at each quantum's end; return how many notes there were."""
    count = 0
    for quantum in range(pressures.size):
        stop = (quantum + 1) * QUANTUM
        frame = gesture.next_note(record, values, rate, quantum * QUANTUM, stop)
        while frame < stop and count < notes.shape[0]:
            notes[count, 0], notes[count, 1], notes[count, 2] = frame, record.velocity, record.length
            count += 1
            frame = gesture.next_note(record, values, rate, frame, stop)
        pressures[quantum] = gesture.pressure(record, values, rate, stop, QUANTUM)
    return count


def play(
    kind: str, seconds: float, seed: int = 1, rate: int = 48000, **given: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return times_s, velocities and lengths_s of the notes, and the pressure at each quantum's end."""
    record = np.zeros(1, gesture.GESTURE)[0]
    values = np.zeros(gesture.MAX_GESTURE_PARAMETERS)
    chosen = numbers(GESTURES[kind], given)
    values[: len(chosen)] = list(chosen.values())
    gesture.begin(record, list(GESTURES).index(kind), np.uint64(seed * 7919))
    pressures = np.zeros(int(seconds * rate / QUANTUM))
    notes = np.zeros((_MOST_NOTES, 3))
    count = _perform(record, values, float(rate), notes, pressures)
    assert count < _MOST_NOTES
    times, velocities, lengths = notes[:count].T
    return times / rate, velocities, lengths / rate, pressures


@pytest.mark.parametrize("irregularity", [0.0, 0.08, 0.3])
def test_taps_keep_their_rate_and_vary_as_asked(irregularity: float) -> None:
    times, *_ = play("taps", 200, rate_hz=5, irregularity=irregularity)
    gaps = np.diff(times)
    assert np.mean(gaps) == pytest.approx(0.2, rel=0.03)
    assert np.std(gaps) / np.mean(gaps) == pytest.approx(irregularity, abs=0.02)


def test_velocities_lie_in_range_and_vary() -> None:
    _, velocities, *_ = play("taps", 100, rate_hz=8, dynamics=1)
    assert velocities.min() > 0
    assert velocities.max() <= 1
    assert velocities.std() > 0.1
    _, steady, *_ = play("taps", 20, rate_hz=8, dynamics=0, velocity=0.5)
    assert np.allclose(steady, 0.5)


def test_fingers_come_one_after_the_other() -> None:
    times, *_ = play("taps", 60, rate_hz=1, fingers=4, flam_s=0.02, irregularity=0)
    assert len(times) == pytest.approx(240, abs=4)
    gaps = np.diff(times)
    assert np.median(gaps) == pytest.approx(0.02, rel=0.05)


def test_phrases_are_followed_by_pauses() -> None:
    times, *_ = play("taps", 300, rate_hz=5, phrase_s=4, pause_s=3)
    gaps = np.diff(times)
    pauses = gaps[gaps > 1]
    assert np.mean(pauses) == pytest.approx(3.2, rel=0.25)
    assert len(pauses) == pytest.approx(300 / 7.2, rel=0.25)


def test_a_stroke_starts_harder_than_it_ends_and_reaches_its_velocity() -> None:
    times, velocities, lengths, pressure = play("strokes", 200, rate_hz=0.5, irregularity=0, duty=0.6, dynamics=0.5)
    quantum_s = QUANTUM / 48000
    assert np.allclose(lengths, 1.2, atol=1e-3)
    starts, count = (times / quantum_s).astype(int)[:-1], int(1.2 / quantum_s)
    strokes = np.array([pressure[start : start + count] for start in starts])
    assert np.allclose(strokes.max(1), velocities[:-1], rtol=0.02)
    assert np.mean(strokes.argmax(1) < 0.35 * count) > 0.95
    after = ((times + lengths + 0.05) / quantum_s).astype(int)[:-1]
    assert np.all(pressure[after] == 0)
    assert np.abs(np.diff(pressure)).max() < 0.1  # no step
    shapes = strokes / velocities[:-1, None]
    assert shapes[:, count // 2].std() > 0.08  # no two alike


def test_the_way_back_is_weaker() -> None:
    _, velocities, *_ = play("strokes", 400, rate_hz=1, dynamics=0.6)
    assert np.median(velocities[1::2]) < 0.9 * np.median(velocities[::2])


def test_strokes_are_long_and_short_as_irregularity_says() -> None:
    _, _, even, _ = play("strokes", 200, rate_hz=1, irregularity=0)
    _, _, uneven, _ = play("strokes", 200, rate_hz=1, irregularity=0.3)
    assert even.std() < 1e-4
    assert uneven.std() / uneven.mean() > 0.25


def test_the_tempo_drifts() -> None:
    times, *_ = play("taps", 2000, rate_hz=5, irregularity=0.2)
    gaps = np.log(np.diff(times))
    gaps -= gaps.mean()
    lag_one = (gaps[1:] * gaps[:-1]).mean() / gaps.var()
    assert 0.2 < lag_one < 0.4  # 0.36 of the variance carried over by 0.8


def test_bursts_have_many_lengths() -> None:
    _, _, lengths, pressure = play("bursts", 100, rate_hz=1, irregularity=0.5)
    assert lengths.std() / lengths.mean() > 0.3
    assert 0 <= pressure.min() <= pressure.max() <= 1


def test_what_is_held_is_struck_once_and_swells_within_its_depth() -> None:
    times, velocities, lengths, pressure = play("hold", 60, swell=0.5, swell_hz=0.5, velocity=0.8)
    assert len(times) == 1
    assert times[0] == 0
    assert lengths[0] < 0
    assert 0.4 <= pressure.min() < 0.6
    assert 0.65 < pressure.max() <= 0.8
    assert np.abs(np.diff(pressure)).max() < 0.01
    assert velocities[0] == pytest.approx(0.8)


def test_none_plays_nothing() -> None:
    assert len(play("none", 10)[0]) == 0


def test_the_same_seed_plays_the_same_notes_at_every_sample_rate() -> None:
    low, high = (play("strokes", 30, rate=rate, rate_hz=3, irregularity=0.4)[0] for rate in (44100, 96000))
    count = min(len(low), len(high))
    assert count > 80
    assert np.allclose(low[:count], high[:count], atol=2 / 44100)


def test_another_seed_plays_other_notes() -> None:
    first, second = (play("taps", 30, seed=seed, rate_hz=3)[0] for seed in (1, 2))
    assert not np.allclose(first[:50], second[:50])
