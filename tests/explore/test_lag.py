"""The lag: found from graded holds and from keys; before anything was heard, what people have."""

from __future__ import annotations

import numpy as np
import pytest

from synth.explore.hold import RATE_HZ, checked_hold, score_of
from synth.explore.hold_process import fitted_process
from synth.explore.lag import LagEstimate
from synth.parameters.errors import InputError


def _graded(lag_s: float, worth: float, rng: np.random.Generator) -> np.ndarray:
    """Return a hold that goes up in a straight line, unlike the model's rise, and down at once."""
    at_s = np.arange(20 * RATE_HZ) / RATE_HZ
    rise = np.clip((at_s - lag_s) / 1.3, 0, 1) * (at_s < 17 + lag_s)
    return np.clip(worth * rise + 0.02 * rng.normal(size=at_s.size), 0, 1)


def _key(lag_s: float, share: float, rng: np.random.Generator) -> np.ndarray:
    hold, is_down = np.zeros(20 * RATE_HZ), False
    for at in range(hold.size):
        inside = lag_s * RATE_HZ <= at < (17 + lag_s) * RATE_HZ
        chance = (0.5 * (1 - share) if is_down else 0.5 * share) if inside else (2.0 if is_down else 0.005)
        is_down ^= bool(rng.uniform() < chance / RATE_HZ)
        hold[at] = is_down
    return hold


@pytest.mark.parametrize("lag_s", [0.5, 1.1, 2.2])
@pytest.mark.parametrize("hold", [_graded, _key])
def test_the_lag_is_found_in_twenty_minutes(hold, lag_s: float) -> None:
    errors = []
    for seed in range(4):
        rng, estimate = np.random.default_rng(seed), LagEstimate()
        for _ in range(60):
            estimate.add(hold(lag_s, rng.uniform(0.2, 0.9), rng), 17.0)
        errors.append(abs(estimate.lag_s - lag_s))
    assert np.median(errors) <= 0.2


def test_without_holds_the_lag_is_what_people_have() -> None:
    assert LagEstimate().lag_s == pytest.approx(1.1, abs=0.051)
    estimate = LagEstimate()
    for _ in range(30):
        estimate.add(np.zeros(1000), 17.0)  # somebody who never pressed says nothing of a lag
    assert estimate.lag_s == pytest.approx(1.1, abs=0.051)


def test_the_head_of_a_trial_does_not_count() -> None:
    late = np.concatenate([np.zeros(105), np.full(895, 0.8)])
    assert score_of(late, 1.1).value == pytest.approx(0.8)
    assert score_of(np.array([0.4]), 1.1).value == 0.4


def test_a_key_is_known_by_its_two_states() -> None:
    half = np.tile([0.0] * 50 + [1.0] * 50, 10)
    assert score_of(half).is_button
    assert score_of(half).value == pytest.approx(0.5, abs=0.02)
    assert not score_of(half * 0.7).is_button


@pytest.mark.parametrize("given", [[], [0.5, 1.2], [float("nan")], "much", [[0.1], [0.2]]])
def test_what_is_no_hold_is_refused(given: object) -> None:
    with pytest.raises(InputError, match="hold = "):
        checked_hold(given)


def test_the_process_says_how_soon_a_hold_sets_in_and_what_moves_that() -> None:
    rng = np.random.default_rng(0)
    worth = rng.uniform(-1, 1, 80)
    holds = [_key(1.0, 0.5 + 0.4 * each, rng) for each in worth]
    found = fitted_process(holds, worth[:, None], 1.0, 17.0)
    assert found.onset[1] > 0 > found.offset[1]
    for at in (-0.8, 0.0, 0.8):
        assert found.share([at]) == pytest.approx(0.5 + 0.4 * at, abs=0.13)
    with pytest.raises(InputError, match="a row for each hold"):
        fitted_process(holds, worth[:5, None], 1.0, 17.0)
