"""The hold of a stretch of sound: moved to what it answers, held from step to step, and silent about what nobody knows."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.live.tingle.hold_track import NOT_YET, HoldTrack
from synth.parameters.errors import InputError

RATE = 48000
TICK = RATE // 50


@pytest.fixture
def engine() -> Engine:
    engine = Engine(RATE, "sphere")
    engine.set_master(at=10 * TICK, tingle=0.5)
    engine.set_master(at=20 * TICK, tingle=1.0)
    engine.set_master(at=30 * TICK, tingle=0.0)
    engine.process(60 * TICK)
    return engine


def test_an_aligned_hold_begins_where_its_sound_began(engine: Engine) -> None:
    for late in (0, 3, 10):
        stretch = HoldTrack(engine, late * TICK).between(0, 40 * TICK)
        assert stretch.values.tolist() == [0] * (10 - late) + [0.5] * 10 + [1] * 10 + [0] * (10 + late)
        assert stretch.gaps == ()
        assert stretch.rate_hz == 50


def test_a_stretch_that_begins_anywhere_is_sampled_from_there(engine: Engine) -> None:
    track = HoldTrack(engine)
    assert track.between(10 * TICK - 1, 12 * TICK).values.tolist() == [0, 0.5, 0.5]
    assert track.between(10 * TICK, 10 * TICK + 1).values.tolist() == [0.5]


def test_what_was_not_heard_yet_is_not_known(engine: Engine) -> None:
    stretch = HoldTrack(engine, 5 * TICK).between(50 * TICK, 70 * TICK)
    assert np.isnan(stretch.values).tolist() == [False] * 5 + [True] * 15
    assert [(gap.start, gap.stop, gap.why) for gap in stretch.gaps] == [(55 * TICK, 70 * TICK, NOT_YET)]
    assert stretch.mean == 0


def test_a_sender_that_stalls_leaves_a_gap_and_nothing_is_made_up(engine: Engine) -> None:
    track = HoldTrack(engine, 2 * TICK)
    track.lose("its sender stalls", at=22 * TICK)
    track.lose("again", at=23 * TICK)  # it is lost already
    track.find(at=27 * TICK)
    track.find(at=28 * TICK)
    stretch = track.between(0, 40 * TICK)
    assert np.flatnonzero(np.isnan(stretch.values)).tolist() == list(range(20, 25))
    assert [(gap.start, gap.stop, gap.why) for gap in stretch.gaps] == [(20 * TICK, 25 * TICK, "its sender stalls")]


def test_one_that_is_lost_for_good_is_not_known_from_there_on(engine: Engine) -> None:
    track = HoldTrack(engine)
    track.lose("gone", at=40 * TICK)
    assert np.isnan(track.between(30 * TICK, 50 * TICK).values).tolist() == [False] * 10 + [True] * 10
    assert np.isnan(track.between(45 * TICK, 50 * TICK).mean)


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 5), (7, 2)])
def test_what_is_no_stretch_is_refused(engine: Engine, start: int, stop: int) -> None:
    with pytest.raises(InputError, match="start < stop"):
        HoldTrack(engine).between(start, stop)
