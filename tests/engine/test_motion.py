"""Motions: where a place goes, smoothly, with the period asked for."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.kernels import motion
from synth.engine.kernels.motion import MOTIONS
from synth.parameters.parameter import numbers

STEP_S = 64 / 48000


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


def test_every_kind_declares_at_most_what_fits() -> None:
    assert all(len(parameters) <= motion.MAX_MOTION_PARAMETERS for parameters in MOTIONS.values())


def test_an_orbit_goes_round_in_its_period() -> None:
    azimuth = move("orbit", 8, period_s=8)[:, 0]
    assert azimuth[len(azimuth) // 4] == pytest.approx(90, abs=0.5)
    assert np.allclose(np.diff(azimuth), 360 * STEP_S / 8, atol=1e-6) or np.count_nonzero(np.diff(azimuth) < 0) == 1
    right = move("orbit", 2, period_s=8, turn=1)[:, 0]
    assert right[-1] == pytest.approx(-90, abs=0.5)


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
