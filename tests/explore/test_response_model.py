"""The response model: learns a hill, is as sure as it may be, knows noise from repeats and what is not the sound's."""

from __future__ import annotations

import numpy as np
import pytest

from synth.explore.comparisons import Comparison, along_line, likely_noise
from synth.explore.macros import grid, grid_index
from synth.explore.response_model import Observation, ResponseModel, observations_of

POINTS = grid(3)
HILL = 0.8 * np.exp(-np.square(POINTS - [0.75, 0.25, 0.5]).sum(1) / (2 * 0.3**2))


def _heard(seed: int, count: int, noise: float = 0.1) -> ResponseModel:
    rng, model = np.random.default_rng(seed), ResponseModel(3)
    rows = rng.choice(len(POINTS), count)
    for each in observations_of(rows.tolist(), (HILL[rows] + noise * rng.normal(size=count)).tolist()):
        model.add(each)
    return model


def test_it_learns_a_hill_of_sounds_that_it_did_not_hear() -> None:
    model = _heard(0, 80)
    unheard = np.setdiff1d(np.arange(len(POINTS)), model.played)
    mean, _ = model.predict(unheard)
    assert np.corrcoef(mean, HILL[unheard])[0, 1] > 0.9


def test_its_intervals_hold_what_they_say() -> None:
    inside = []
    for seed in range(6):
        model = _heard(seed, 60)
        mean, sd = model.predict(np.arange(len(POINTS)))
        inside.append(np.mean(np.abs(mean - HILL) < 1.96 * sd))
    assert 0.85 < np.mean(inside) <= 1.0


def test_before_anything_was_heard_it_expects_what_the_prior_does() -> None:
    trend = POINTS[:, 0] - 0.5
    mean, sd = ResponseModel(3, lambda: trend, 0.4).predict([0, 728])
    assert mean == pytest.approx([-0.1, 0.9])
    assert (sd > 0.2).all()


@pytest.mark.parametrize("noise", [0.05, 0.25])
def test_repeats_say_how_noisy_answers_are(noise: float) -> None:
    rng, model = np.random.default_rng(1), ResponseModel(3)
    rows = np.repeat(rng.choice(len(POINTS), 15, replace=False), 4)
    for each in observations_of(rows.tolist(), (HILL[rows] + noise * rng.normal(size=60)).tolist()):
        model.add(each)
    model.predict([0])
    assert (model.noise_sd < 0.12) == (noise < 0.12)


def test_another_level_in_another_session_is_not_the_sounds() -> None:
    rng, model = np.random.default_rng(2), ResponseModel(3)
    rows = rng.choice(len(POINTS), 90)
    for number, row in enumerate(rows):
        session = number // 30
        value = HILL[row] + (-0.15, 0.0, 0.15)[session] + 0.05 * rng.normal()
        model.add(Observation(int(row), float(value), number * 20.0, session, number % 30 * 20.0))
    model.predict([0])
    cleared = model.values() - HILL[rows]
    levels = [cleared[at : at + 30].mean() for at in (0, 30, 60)]
    assert np.ptp(levels) < 0.2  # of 0.3: levels so far apart are not expected, and are taken off in part


def test_choices_alone_order_sounds() -> None:
    rng, model = np.random.default_rng(3), ResponseModel(3)
    rows = rng.choice(len(POINTS), (60, 2))
    model.add(Observation(364, float(HILL[364]), 0.0))
    model.compare([Comparison(*(pair if HILL[pair[0]] > HILL[pair[1]] else pair[::-1]).tolist()) for pair in rows])
    mean, _ = model.predict(np.arange(len(POINTS)))
    assert np.corrcoef(mean, HILL)[0, 1] > 0.7


def test_the_noise_of_choices_is_told_apart() -> None:
    rng = np.random.default_rng(4)
    apart = rng.uniform(-0.5, 0.5, 60)
    for noise in (0.05, 0.4):
        chosen = apart + noise * np.sqrt(2) * rng.normal(size=60) > 0
        found = likely_noise(np.where(chosen, apart, -apart), np.full(60, 0.03))
        assert (found < 0.12) == (noise < 0.12)


def test_a_knob_says_nothing_of_its_neighbours() -> None:
    assert [(each.winner, each.loser) for each in along_line([5, 6, 7, 8], 1)] == [(6, 8)]
    assert grid_index(POINTS[7]) == 7
