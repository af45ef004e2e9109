"""The catch: a tip keeps up with the hand on the whole, in uneven jerks, and along the same path at any pace."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import catch
from synth.rt import kernel

APART_M, SLIP_M = 0.006, 0.001


@kernel
def _follow(state, speeds, step_m, hold, apart_m, per_slip_m):
    for n in range(speeds.size):
        speeds[n] = catch.follow(state, step_m, hold, apart_m, per_slip_m)


def speeds(way_m: float, step_m: float, hold: float = 0.8, seed: int = 3) -> np.ndarray:
    state = np.zeros(1, catch.CATCH)[0]
    catch.start(state, np.uint64(seed), APART_M)
    found = np.zeros(round(way_m / step_m))
    _follow(state, found, step_m, hold, APART_M, 1 / SLIP_M)
    return found


@kernel
def _glide(state, speeds, step_m, hold, apart_m, per_slip_m):
    for n in range(speeds.size):
        speeds[n] = catch.glide(state, n, step_m, hold, apart_m, per_slip_m)


def test_looked_up_every_eight_frames_it_is_the_same_path_and_has_no_steps() -> None:
    state, glided, step_m = np.zeros(1, catch.CATCH)[0], np.zeros(200_000), 4e-6
    catch.start(state, np.uint64(3), APART_M)
    _glide(state, glided, step_m, 0.8, APART_M, 1 / SLIP_M)
    followed = speeds(0.8, step_m)
    assert glided.mean() == pytest.approx(followed.mean(), rel=0.01)
    assert np.corrcoef(glided[8:], followed[:-8])[0, 1] > 0.98
    assert np.abs(np.diff(glided)).max() < 0.1 * glided.max()


def test_a_tip_that_does_not_hold_goes_as_the_hand_goes() -> None:
    np.testing.assert_allclose(speeds(0.1, 1e-5, hold=0.0), 1.0)


@pytest.mark.parametrize("hold", [0.3, 0.8])
def test_on_the_whole_it_keeps_up(hold: float) -> None:
    found = speeds(4.0, 4e-6, hold)
    assert found.mean() == pytest.approx(1.0, abs=0.02)
    assert found.min() == pytest.approx(1.0 - hold, abs=0.05)


def test_slips_are_as_far_apart_as_asked_and_no_two_alike() -> None:
    step_m = 4e-6
    found = speeds(4.0, step_m)
    rises = np.flatnonzero(np.diff((found > 1.5).astype(int)) > 0)
    gaps_m = np.diff(rises) * step_m
    assert gaps_m.mean() == pytest.approx(APART_M, rel=0.3)
    assert 0.4 < gaps_m.std() / gaps_m.mean() < 1.1


def test_a_slip_starts_hard_and_dies_away() -> None:
    step_m = 4e-6
    found = speeds(1.0, step_m)
    peak = int(found.argmax())
    up = peak - np.flatnonzero(found[:peak] < 0.3 * found[peak])[-1]
    down = np.flatnonzero(found[peak:] < 0.3 * found[peak])[0]
    assert found[peak] > 4
    assert down > 2.5 * up


def test_half_the_step_is_the_same_path() -> None:
    coarse, fine = speeds(0.5, 8e-6), speeds(0.5, 4e-6)
    assert np.corrcoef(coarse, fine[1::2])[0, 1] > 0.99
