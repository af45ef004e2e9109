"""The model of what a trigger sounds like: it expects what was heard, knows where it knows little, and leads to the target."""

from __future__ import annotations

import numpy as np
import pytest

from synth.offline.match.proposals import proposed
from synth.offline.match.search_space import SearchSpace
from synth.offline.match.texture_model import TextureModel


def sounds(positions: np.ndarray, target: np.ndarray, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """Return how statistics, bent functions of some of the parameters, differ from those at the target."""
    size = positions.shape[1]
    turn = np.random.default_rng(99).normal(size=(size, 30)) / np.sqrt(30 * size)
    turn[size // 2 :] *= 0.05
    chance = np.random.default_rng(seed).normal(0, noise, (len(positions), 30)) / np.sqrt(30)
    return np.sin(3 * positions @ turn) - np.sin(3 * target @ turn) + chance


@pytest.fixture
def tried() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    return random.uniform(size=(96, 10)), random.uniform(0.2, 0.8, 10)


def test_it_expects_at_new_points_what_is_heard_there(tried: tuple[np.ndarray, np.ndarray]) -> None:
    positions, target = tried
    model = TextureModel(positions, sounds(positions, target, 0.01))
    new = np.random.default_rng(2).uniform(size=(50, 10))
    expected, unknown = model.predict(new)
    heard = np.linalg.norm(sounds(new, target), axis=1)
    assert np.corrcoef(expected, heard)[0, 1] > 0.9
    assert ((unknown > 0) & (unknown <= 1)).all()
    assert model.predict(positions)[1].mean() < unknown.mean()


def test_what_is_not_known_of_a_point_or_of_all_does_no_harm(tried: tuple[np.ndarray, np.ndarray]) -> None:
    positions, target = tried
    differences = sounds(positions, target)
    differences[:, 3], differences[5, 7] = np.nan, np.nan
    assert np.isfinite(TextureModel(positions, differences).predict(positions)[0]).all()


def test_chance_is_expected_where_it_was_heard(tried: tuple[np.ndarray, np.ndarray]) -> None:
    positions, target = tried
    calm, wild = (sounds(np.repeat(target[None], 96, 0), target, noise) for noise in (0.0, 0.6))
    model = TextureModel(positions, np.where(positions[:, :1] > 0.5, wild, calm))
    ends = np.repeat(target[None], 2, 0)
    ends[:, 0] = 0.1, 0.9
    quiet, loud = model.predict(ends)[0]
    assert loud > 1.5 * quiet


def test_what_is_proposed_comes_nearer_round_by_round() -> None:
    search = SearchSpace("rain")
    random = np.random.default_rng(3)
    positions = random.uniform(size=(60, len(search.space)))
    target = random.uniform(size=len(search.space))

    def heard(points: np.ndarray, seed: int) -> np.ndarray:
        return sounds(search.features(points), search.features(target[None])[0], 0.02, seed)

    differences = heard(positions, 4)
    for number in range(4):
        losses = np.linalg.norm(differences, axis=1)
        model = TextureModel(search.features(positions), differences)
        found = np.array(proposed(search, model, positions, losses, 8, random))
        assert found.shape == (8, len(search.space))
        assert found.min() >= 0
        assert found.max() <= 1
        positions, differences = np.concatenate([positions, found]), np.concatenate([differences, heard(found, 5 + number)])
    losses = np.linalg.norm(differences, axis=1)
    assert losses[60:].min() < 0.5 * losses[:60].min()
