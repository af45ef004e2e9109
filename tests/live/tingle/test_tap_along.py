"""Tapping along: the median of honest taps, whatever a few of them do; and no number where they say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.live.tingle.tap_along import CLICKS, EARLIEST_S, LEAST_TAPS, PERIOD_S, offset_of, tap_along, taps_in
from synth.parameters.errors import InputError

RATE = 48000
CLICK_FRAMES = [RATE + round(PERIOD_S * RATE) * number for number in range(CLICKS)]


def taps(late_s: float, scatter_s: float = 0.0, seed: int = 0) -> list[int]:
    rng = np.random.default_rng(seed)
    return [round(frame + RATE * (late_s + rng.normal(0, scatter_s))) for frame in CLICK_FRAMES]


@pytest.mark.parametrize("late_s", [-0.04, 0.0, 0.012, 0.18, 0.35, 0.5])
def test_a_steady_tapper_is_measured_to_the_frame(late_s: float) -> None:
    found = offset_of(CLICK_FRAMES, taps(late_s), RATE)
    assert found.total_s == pytest.approx(late_s, abs=1 / RATE)
    assert (found.spread_s, found.taps) == (pytest.approx(0, abs=1e-4), CLICKS)


def test_a_human_tapper_is_measured_within_ten_milliseconds_mostly() -> None:
    wrong_s = [abs(offset_of(CLICK_FRAMES, taps(0.2, 0.02, seed), RATE).total_s - 0.2) for seed in range(200)]
    assert np.mean(np.array(wrong_s) < 0.01) > 0.75
    assert max(wrong_s) < 0.03


def test_missed_double_and_wild_taps_change_little() -> None:
    given = taps(0.2, 0.01, 1)
    given = [*given[2:6], *given[7:], given[4] + 4000, given[9] - 9000]
    assert offset_of(CLICK_FRAMES, sorted(given), RATE).total_s == pytest.approx(0.2, abs=0.01)


def test_too_few_taps_and_taps_that_do_not_follow_are_refused() -> None:
    with pytest.raises(InputError, match=f"{LEAST_TAPS} are needed"):
        offset_of(CLICK_FRAMES, taps(0.2)[: LEAST_TAPS - 1], RATE)
    rng = np.random.default_rng(2)
    wild = [round(frame + RATE * (EARLIEST_S + PERIOD_S * rng.uniform())) for frame in CLICK_FRAMES]
    with pytest.raises(InputError, match="scatter"):
        offset_of(CLICK_FRAMES, wild, RATE)


def test_clicks_are_heard_where_they_are_counted_and_taps_are_matched_to_them() -> None:
    engine, late = Engine(RATE, "sphere"), round(0.15 * RATE)
    heard: list[np.ndarray] = []
    onsets: list[int] = []

    def attend(seconds: float) -> bool:
        block = engine.process(round(seconds * RATE))
        loud = np.flatnonzero(np.abs(block).max(1) > 0.02)
        begin = sum(map(len, heard))
        if len(loud) and (not onsets or begin + loud[0] - onsets[-1] > RATE // 4):
            onsets.append(begin + int(loud[0]))
            engine.set_master(at=onsets[-1] + late, tingle=1)
            engine.set_master(at=onsets[-1] + late + 100, tingle=0)
        heard.append(block)
        return True

    found = tap_along(engine, attend)
    assert len(onsets) == CLICKS
    assert found.total_s == pytest.approx((late + engine.latency_frames) / RATE, abs=0.003)
    assert len(taps_in(engine, 0)) == CLICKS


def test_whoever_stops_it_is_told_that_nothing_was_measured() -> None:
    with pytest.raises(InputError, match="nothing was measured"):
        tap_along(Engine(RATE, "sphere"), lambda seconds: False)
