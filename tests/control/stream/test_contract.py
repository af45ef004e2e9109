"""A stream's contract: late, early, stalled and returning frames, clocks that drift and jump; never a step in the sound."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synth.rt.units import QUANTUM
from tests.support.probe import RATE, probe, steepest, value

pytestmark = pytest.mark.usefixtures("sine_trigger")


# ---- late, early, stalled


def test_of_late_frames_only_the_newest_acts() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], start=0, delay_s=0.01)
    engine.process(RATE)
    stream.push([[-1.0], [-3.0], [-2.0]], time_s=[0.1, 0.3, 0.2])
    engine.process(640)
    assert value(engine, layer, "level_db") == -3
    stream.push([-9.0], time_s=0.25)  # older than what acts already
    engine.process(640)
    assert value(engine, layer, "level_db") == -3
    stats = stream.stats
    assert (stats["received"], stats["late"], stats["applied"], stats["dropped"]) == (4, 4, 1, 3)


def test_a_late_frame_that_still_waits_leaves_to_a_newer_one_what_that_says_nothing_of() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db", "probe.distance_m"], start=0, delay_s=0.01)
    engine.process(RATE)
    stream.push([[-1.0, 0.5], [-3.0, math.nan]], time_s=[0.1, 0.3])
    engine.process(640)
    assert (value(engine, layer, "level_db"), value(engine, layer, "distance_m")) == (-3, 0.5)
    stream.push([math.nan, 0.9], time_s=0.25)  # older than what has acted: dropped, though it names another parameter
    engine.process(640)
    assert value(engine, layer, "distance_m") == 0.5
    stats = stream.stats
    assert (stats["late"], stats["applied"], stats["merged"], stats["dropped"]) == (3, 1, 1, 1)


@pytest.mark.parametrize("ahead_s", [0.2, 1e6])
def test_no_frame_of_a_clock_that_is_ahead_waits_longer_than_agreed(ahead_s: float) -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], start=0, ahead_s=0.06)
    for turn in range(100):
        stream.push([-turn / 10], time_s=turn / 100 + ahead_s)
        engine.process(480)
    stats = stream.stats
    assert stats["early"] == 100
    assert stats["longest_wait_s"] <= 0.06
    assert value(engine, layer, "level_db") < -8


def test_a_burst_of_ten_thousand_frames_is_over_at_once() -> None:
    engine, layer = probe(100)
    stream = engine.stream("model", ["probe.level_db"], ahead_s=0.06)
    engine.process(6400)
    steady = steepest(engine.process(RATE // 2))
    stream.push(np.linspace(-20, -6, 10_000)[:, None])
    out = engine.process(RATE // 2)
    assert value(engine, layer, "level_db") == -6
    stats = stream.stats
    assert stats["longest_wait_s"] <= 0.06
    assert (stats["received"], stats["applied"] + stats["dropped"]) == (10_000, 10_000)
    assert steepest(out) <= steady + 0.001


@pytest.mark.parametrize("hold_s", [0.0, 0.5])
def test_a_stalled_stream_holds_goes_home_lets_go_and_glides_back(hold_s: float) -> None:
    engine, layer = probe(100)
    engine.process(6400)
    steady = steepest(engine.process(RATE // 2))
    start = engine.frame
    stream = engine.stream(
        "model", ["probe.level_db", "probe.azimuth_deg"], start=start, timeout_s=0.5, hold_s=hold_s, glide_s=1.0, return_s=0.2
    )
    times = np.arange(101) / 100
    stream.push(np.stack([-12 * times, 60 * times], 1), time_s=times)
    out = [engine.process(round((0.05 + 1.0 + 0.49) * RATE))]
    assert stream.stats["phase"] == "driving"
    out.append(engine.process(round(0.03 * RATE)))
    assert stream.stats["phase"] == ("stalled" if hold_s else "going home")
    out.append(engine.process(round((hold_s + 0.4) * RATE)))
    assert -12 < value(engine, layer, "level_db") < 0
    out.append(engine.process(RATE))
    assert stream.stats["phase"] == "released"
    assert (value(engine, layer, "level_db"), value(engine, layer, "azimuth_deg")) == (0, 0)
    back_s = (engine.frame - start) / RATE
    stream.push(np.tile([-12.0, 60.0], (50, 1)), time_s=back_s + np.arange(50) / 100)
    out.append(engine.process(round(0.15 * RATE)))
    assert -12 < value(engine, layer, "level_db") < 0  # gliding
    out.append(engine.process(round(0.2 * RATE)))
    assert value(engine, layer, "level_db") == pytest.approx(-12)
    assert stream.stats["stalls"] == 1
    assert steepest(np.concatenate(out)) <= steady + 0.001


def test_a_new_sender_is_synced_anew_after_a_stall() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], timeout_s=0.1, ahead_s=0.1)
    stream.push([-3.0], time_s=100.0)
    engine.process(RATE)
    stream.push([-6.0], time_s=0.0)
    engine.process(RATE // 3)
    assert value(engine, layer, "level_db") == -6
    assert stream.stats["late"] == 0


# ---- clocks


LIVE = {"delay_s": 0.05, "ahead_s": 0.06, "timeout_s": 5.0}


def play(engine, stream, stamps: np.ndarray, at_s: np.ndarray | None = None) -> np.ndarray:
    """Let a 0.5 Hz wander of level and place come, one frame every 10 ms."""
    parts = []
    for turn, stamp_s in enumerate(stamps):
        stream.push([-6 + 6 * math.sin(turn / 30), 60 * math.sin(turn / 30 + 1)], time_s=float(stamp_s))
        parts.append(engine.process(480))
    return np.concatenate(parts)


def moved() -> tuple:
    engine, layer = probe(100)
    steady = []
    for azimuth_deg in (-60, 60, 0):
        engine.set(layer, ramp_s=0.2, azimuth_deg=azimuth_deg)
        engine.process(RATE // 2)
        steady.append(steepest(engine.process(RATE // 4)))
    return engine, engine.stream("model", ["probe.level_db", "probe.azimuth_deg"], **LIVE), max(steady)


@pytest.mark.parametrize(("jump_s", "counter"), [(-0.2, "late"), (-100, "late"), (0.2, "early"), (1e6, "early")])
def test_a_clock_that_has_jumped_is_synced_anew_after_a_second_without_a_step(jump_s: float, counter: str) -> None:
    engine, stream, steady = moved()
    play(engine, stream, np.arange(50) / 100)
    heard = play(engine, stream, 0.5 + jump_s + np.arange(99) / 100)
    assert (stream.stats[counter], stream.stats["syncs"]) == (99, 1)
    assert (stream.stats["room_s"] < 0) == (jump_s < 0)
    heard = np.concatenate([heard, play(engine, stream, 1.49 + jump_s + np.arange(200) / 100)])
    stats = stream.stats
    assert (stats[counter], stats["syncs"], stats["stalls"]) == (101, 2, 0)  # a second of them, and the next is synced
    assert stats["room_s"] == pytest.approx(0.05, abs=QUANTUM / RATE)
    assert stats["longest_wait_s"] <= 0.06
    assert steepest(heard) <= steady + 0.001


def test_what_comes_by_a_new_sync_glides() -> None:
    engine, layer = probe(100)
    stream = engine.stream("model", ["probe.level_db"], return_s=0.4, **LIVE)
    for turn in range(102):
        stream.push([-20.0], time_s=turn / 100 - 5 * (turn > 0))
        engine.process(480)
    stream.push([-10.0], time_s=1.02 - 5)
    assert stream.stats["syncs"] == 1
    engine.process(2400 + 9600)
    assert stream.stats["syncs"] == 2
    assert -17 < value(engine, layer, "level_db") < -13  # half of the way


@pytest.mark.parametrize("late", [1, 7, 99])
def test_one_late_frame_a_few_or_a_burst_of_them_sync_nothing(late: int) -> None:
    engine, stream, _ = moved()
    play(engine, stream, np.arange(50) / 100)
    play(engine, stream, np.arange(late) / 100 - 1)
    play(engine, stream, (50 + late + np.arange(50)) / 100)
    stream.push(np.zeros((10_000, 2)), time_s=np.linspace(-9, 0, 10_000))
    play(engine, stream, (100 + late + np.arange(150)) / 100)
    stats = stream.stats
    assert (stats["late"], stats["syncs"]) == (late + 10_000, 1)


def test_a_given_start_is_never_synced_anew() -> None:
    engine, _ = probe()
    stream = engine.stream("model", ["probe.level_db"], start=0, **LIVE)
    for turn in range(300):
        stream.push([-6.0], time_s=turn / 100 - 2)
        engine.process(480)
    assert (stream.stats["late"], stream.stats["syncs"]) == (299, 0)  # before frame 0 there is nothing


@pytest.mark.parametrize("drift", [-0.01, 0.01])
def test_the_room_that_a_drifting_clock_leaves_can_be_read_before_it_is_used_up(drift: float) -> None:
    """1 % slow uses 50 ms up in 5 s; then the clock is synced anew, and all is well again."""
    engine, stream, steady = moved()
    rooms, parts = [], []
    for turn in range(10):
        parts.append(play(engine, stream, (1 + drift) * (turn + np.arange(100) / 100)))
        rooms.append(stream.stats["room_s"])
    if drift < 0:
        assert rooms[0] == pytest.approx(0.05 - 0.0099, abs=QUANTUM / RATE)
        assert rooms[:5] == sorted(rooms[:5], reverse=True)
        assert min(rooms) > -0.03
    assert stream.stats["syncs"] >= 2
    assert stream.stats["longest_wait_s"] <= 0.06
    assert steepest(np.concatenate(parts)) <= steady + 0.001


def test_frames_for_which_there_is_no_room_are_those_furthest_ahead() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], rate_hz=1000, ahead_s=60, timeout_s=1e4)
    engine.process(64)
    stream.push(np.zeros((600, 1)), at=10**9 + np.arange(600))  # they would wait for hours
    stream.push([-7.0], at=4800)
    engine.process(9600)
    assert value(engine, layer, "level_db") == -7
    assert (stream.stats["dropped"], stream.stats["waiting"]) == (600 - 511, 511)


def test_a_burst_comes_at_one_time_however_long_it_takes_to_take_it_in() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], rate_hz=1000, ahead_s=0.051)
    stream.push(np.linspace(-20, -6, 10_000)[:, None])
    engine.process(4800)
    stats = stream.stats
    assert (stats["applied"], stats["dropped"]) == (1, 9_999)
    assert stats["longest_wait_s"] == 0.05
    assert value(engine, layer, "level_db") == -6
