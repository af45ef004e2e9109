"""CMA-ES: it finds the lowest point of bowls that are narrow, turned, noisy, or lie at the edge."""

from __future__ import annotations

import numpy as np
import pytest

from synth.offline.match.cma_es import CmaEs


def descend(loss, start, generations=120, step=0.2, seed=1, points=None):
    search = CmaEs(start, step, seed, points)
    for _ in range(generations):
        search.tell([loss(point) for point in search.ask()])
    return search


@pytest.mark.parametrize("size", [2, 8, 15])
def test_it_finds_the_bottom_of_a_narrow_turned_bowl(size: int) -> None:
    rng = np.random.default_rng(size)
    turn, bottom = np.linalg.qr(rng.normal(size=(size, size)))[0], rng.uniform(0.3, 0.7, size)
    widths = np.logspace(0, 1.5, size)
    search = descend(lambda x: np.square(widths * (turn @ (x - bottom))).sum(), np.full(size, 0.5), 60 * size)
    np.testing.assert_allclose(search.mean, bottom, atol=1e-3)


def test_noise_does_not_lead_it_astray() -> None:
    rng = np.random.default_rng(2)
    bottom = np.linspace(0.2, 0.8, 6)
    search = descend(lambda x: np.square(x - bottom).sum() + rng.normal(0, 0.01), np.full(6, 0.5))
    np.testing.assert_allclose(search.mean, bottom, atol=0.12)


def test_points_stay_inside_and_a_bottom_at_the_edge_is_found() -> None:
    search = CmaEs([0.5, 0.5, 0.5], 0.3, 3)
    for _ in range(80):
        points = search.ask()
        assert points.min() >= 0
        assert points.max() <= 1
        search.tell(((points - [0.0, 1.0, 0.4]) ** 2).sum(axis=1))
    np.testing.assert_allclose(search.mean, [0.0, 1.0, 0.4], atol=0.02)


def test_the_same_seed_asks_for_the_same_points() -> None:
    first, again, other = (CmaEs([0.5, 0.5], 0.2, seed).ask() for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
