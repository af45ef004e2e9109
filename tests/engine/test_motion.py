"""Motions: where a place goes, smoothly, with the period asked for."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.kernels import motion
from synth.engine.kernels.motion import MOTIONS
from synth.parameters.parameter import Parameter, numbers

STEP_S = 64 / 48000
REST_S = 0.37  # chosen: no part of a round, so changes meet a motion everywhere
FASTEST_DEG = 2.0
"""In a quantum. A span of 120 degrees in the shortest period, 0.5 s, goes 1 degree; a jump is tens of them."""
FASTEST_RATIO = 0.01
"""Half of the distance in the shortest period: 0.0042."""


def move(kind: str, seconds: float, seed: int = 1, **given) -> np.ndarray:
    """Return azimuth_deg, elevation_deg and distance ratio at each quantum's end: (quanta, 3)."""
    record = np.zeros(1, motion.MOTION)[0]
    values = np.zeros(motion.MAX_MOTION_PARAMETERS)
    chosen = numbers(MOTIONS[kind], given)
    values[: len(chosen)] = list(chosen.values())
    motion.begin(record, list(MOTIONS).index(kind), np.uint64(seed * 7919))
    path = []
    for _ in range(round(seconds / STEP_S)):
        motion.advance(record, values, STEP_S)
        path.append((record["azimuth_deg"], record["elevation_deg"], record["distance_ratio"]))
    return np.array(path)


def test_every_kind_declares_its_parameters_where_the_kernel_reads_them() -> None:
    for parameters in filter(None, MOTIONS.values()):
        assert len(parameters) == motion.MAX_MOTION_PARAMETERS
        assert parameters[0].name == "period_s"
        assert parameters[-1].name == "approach"


def swung(parameter: Parameter, time_s: float) -> float:
    """Return a parameter that goes from end to end and back in its own smoothing, and rests a while at each: as a slot does."""
    turns, within_s = divmod(time_s, max(parameter.smoothing_s, STEP_S) + REST_S)
    way = 1.0 if parameter.choices else min(within_s / parameter.smoothing_s, 1.0)
    return parameter.from_unit(way if turns % 2 else 1.0 - way)


@pytest.mark.parametrize(
    ("kind", "parameter"), [(kind, each) for kind, all_ in MOTIONS.items() for each in all_], ids=lambda x: getattr(x, "name", x)
)
def test_no_kind_jumps_whatever_its_parameters_do_while_it_moves(kind: str, parameter: Parameter) -> None:
    record = np.zeros(1, motion.MOTION)[0]
    given = {"period_s": 3, "height_deg": 40, "approach": 0.5}
    given = {each.name: given[each.name] for each in MOTIONS[kind] if each.name in given}
    values = np.array(list(numbers(MOTIONS[kind], given).values()), np.float64)
    place = MOTIONS[kind].index(parameter)
    motion.begin(record, list(MOTIONS).index(kind), np.uint64(5))
    path = []
    for step in range(round(12 / STEP_S)):
        values[place] = swung(parameter, step * STEP_S)
        motion.advance(record, values, STEP_S)
        path.append((record["azimuth_deg"], record["elevation_deg"], record["distance_ratio"]))
    azimuth, elevation, ratio = np.diff(np.array(path), axis=0).T
    azimuth = (azimuth + 180) % 360 - 180  # a full circle further is the same place
    assert np.abs(azimuth).max() < FASTEST_DEG
    assert np.abs(elevation).max() < FASTEST_DEG
    assert np.abs(ratio).max() < FASTEST_RATIO


def test_an_orbit_that_turns_round_goes_back_the_way_it_came() -> None:
    there = move("orbit", 2, period_s=8, height_deg=40)
    record, values = np.zeros(1, motion.MOTION)[0], np.array(list(numbers(MOTIONS["orbit"], {}).values()), np.float64)
    values[[0, 2]] = 8, 40
    motion.begin(record, motion.ORBIT, np.uint64(1))
    back = []
    for step in range(2 * len(there)):
        values[1] = step >= len(there)
        motion.advance(record, values, STEP_S)
        back.append((record["azimuth_deg"], record["elevation_deg"], record["distance_ratio"]))
    assert np.allclose(back[len(there) : -1], there[-2::-1], atol=1e-6)


def test_an_orbit_goes_round_in_its_period() -> None:
    azimuth = move("orbit", 8, period_s=8)[:, 0]
    assert azimuth[len(azimuth) // 4] == pytest.approx(90, abs=0.5)
    assert np.allclose(np.diff(azimuth), 360 * STEP_S / 8, atol=1e-6) or np.count_nonzero(np.diff(azimuth) < 0) == 1
    right = move("orbit", 2, period_s=8, turn=1)[:, 0]
    assert right[-1] - 360 == pytest.approx(-90, abs=0.5)


@pytest.mark.parametrize("kind", ["sweep", "eight"])
def test_sweeps_reach_both_ends_and_return(kind: str) -> None:
    path = move(kind, 6, period_s=6, span_deg=160, height_deg=30)
    assert path[:, 0].max() == pytest.approx(80, abs=0.1)
    assert path[:, 0].min() == pytest.approx(-80, abs=0.1)
    assert np.abs(path[:, 1]).max() == pytest.approx(15, abs=0.1)
    assert path[-1, 0] == pytest.approx(0, abs=0.5)


def test_drifting_is_smooth_bounded_and_does_not_repeat() -> None:
    path = move("drift", 400, period_s=2, span_deg=100, height_deg=40, approach=0.5)
    assert np.abs(path[:, 0]).max() <= 50
    assert np.abs(path[:, 0]).max() > 20
    assert np.abs(np.diff(path[:, 0], 2)).max() < 0.01
    assert path[:, 2].min() >= 0.5
    assert path[:, 2].max() <= 1.0
    halves = path[: len(path) // 2, 0], path[len(path) // 2 :, 0][: len(path) // 2]
    assert abs(np.corrcoef(*halves)[0, 1]) < 0.4


def test_still_stays() -> None:
    assert np.array_equal(np.unique(move("still", 1), axis=0), [[0, 0, 1]])
