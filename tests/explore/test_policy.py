"""Policies: what may be played, what comes next, what is banned."""

from __future__ import annotations

import numpy as np
import pytest

from synth.explore.bans import banned
from synth.explore.macros import grid, grid_index
from synth.explore.policy import POLICIES, REACH, recommended, within_reach
from synth.explore.response_model import Observation, ResponseModel

POINTS = grid(3)
USUAL = len(POINTS) // 2
EVERYTHING = np.ones(len(POINTS), bool)
HILL = 0.8 * np.exp(-np.square(POINTS - [0.75, 0.25, 0.5]).sum(1) / (2 * 0.3**2))


def _played(policy: str, count: int, seed: int = 0, allowed: np.ndarray = EVERYTHING) -> ResponseModel:
    model, rng = ResponseModel(3), np.random.default_rng(seed)
    for number in range(count):
        index = POLICIES[policy](model, allowed, USUAL, np.random.default_rng([seed, number]))
        model.add(Observation(index, float(HILL[index] + 0.1 * rng.normal()), number * 20.0, 0, number * 20.0))
    return model


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_plays_only_what_is_allowed(policy: str) -> None:
    allowed = POINTS[:, 0] <= 0.5
    model = _played(policy, 20, allowed=allowed)
    assert allowed[model.played].all()


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_seed_asks_the_same(policy: str) -> None:
    assert [each.index for each in _played(policy, 12).observations] == [each.index for each in _played(policy, 12).observations]


def test_explore_finds_the_hill_and_recommends_what_it_played() -> None:
    found = []
    for seed in range(4):
        model = _played("explore", 50, seed)
        best = recommended(model, EVERYTHING)
        assert best in model.played
        found.append(HILL[best] / HILL.max())
    assert np.mean(found) > 0.8


def test_steps_from_what_is_liked_are_bounded() -> None:
    model, rng = ResponseModel(3), np.random.default_rng(0)
    for number in range(30):
        index = POLICIES["explore"](model, EVERYTHING, USUAL, np.random.default_rng([0, number]))
        known = [USUAL, *(each.index for each in model.observations)]
        assert np.abs(POINTS[known] - POINTS[index]).max(1).min() <= REACH
        model.add(Observation(index, float(HILL[index] + 0.1 * rng.normal()), number * 20.0))
    assert within_reach(model, USUAL).sum() > 27


def test_sobol_is_even() -> None:
    heard = POINTS[[each.index for each in _played("sobol", 64).observations]]
    assert heard.mean(0) == pytest.approx([0.5] * 3, abs=0.06)


def test_two_dislikes_ban_a_region_and_one_its_surroundings() -> None:
    one, near, far = (int(grid_index(at)) for at in ([0.25, 0.25, 0.25], [0.375, 0.25, 0.25], [0.875, 0.875, 0.875]))
    first = banned(POINTS, [one], [USUAL])
    both = banned(POINTS, [one, near], [USUAL])
    assert first[one]
    assert first.sum() == 5**3
    assert both[[one, near]].all()
    assert both.sum() > first.sum()
    assert not both[int(grid_index([0.875, 0.25, 0.25]))]
    assert banned(POINTS, [one, far], [USUAL]).sum() <= 2 * 5**3  # far from each other: no region
    assert not banned(POINTS, [], []).any()
