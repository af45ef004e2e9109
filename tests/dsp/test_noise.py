"""Random streams against their distributions, and noise against flatness."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import signal, stats

from synth.dsp import noise
from synth.rt import kernel

COUNT = 40000


@kernel
def _fill(stream, kind, exponent, out):
    for n in range(out.size):
        if kind == 0:
            out[n] = noise.uniform(stream)
        elif kind == 1:
            out[n] = noise.gaussian(stream)
        elif kind == 2:
            out[n] = noise.exponential(stream)
        elif kind == 3:
            out[n] = noise.bounded_pareto(stream, exponent, 1.0, 1000.0)
        elif kind == 4:
            out[n] = noise.white(stream)
        else:
            out[n] = noise.between(stream, -3.0, 5.0)


@kernel
def _split(stream):
    return noise.split(stream)


def drawn(kind: int, seed: int = 1, exponent: float = 0.0, count: int = COUNT) -> np.ndarray:
    stream = np.zeros(1, noise.RNG)
    stream["rng"] = noise.mixed(np.uint64(seed))
    out = np.zeros(count)
    _fill(stream[0], kind, exponent, out)
    return out


@pytest.mark.parametrize(
    ("kind", "distribution"),
    [(0, stats.uniform()), (1, stats.norm()), (2, stats.expon()), (4, stats.uniform(-1, 2)), (5, stats.uniform(-3, 8))],
)
def test_draws_follow_their_distribution(kind: int, distribution) -> None:
    assert stats.kstest(drawn(kind), distribution.cdf).pvalue > 1e-3


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.5, 2.5])
def test_bounded_pareto_follows_its_power_law(exponent: float) -> None:
    x = drawn(3, exponent=exponent)
    assert x.min() >= 1
    assert x.max() <= 1000

    def cdf(x):
        return np.log(x) / np.log(1000) if exponent == 1 else (x ** (1 - exponent) - 1) / (1000 ** (1 - exponent) - 1)

    assert stats.kstest(x, cdf).pvalue > 1e-3


def test_white_noise_is_flat_and_without_memory() -> None:
    x = drawn(4, count=1 << 17)
    assert abs(x.mean()) < 4 * x.std() / np.sqrt(x.size)
    assert x.var() == pytest.approx(1 / 3, rel=0.02)
    _, density = signal.welch(x, nperseg=256)
    assert np.abs(10 * np.log10(density[1:-1] / density[1:-1].mean())).max() < 1
    memory = signal.correlate(x[:20000], x[:20000], "full")[20000:20100] / np.sum(x[:20000] ** 2)
    assert np.abs(memory).max() < 4.5 / np.sqrt(20000)


def test_split_streams_have_nothing_in_common() -> None:
    stream = np.zeros(1, noise.RNG)
    stream["rng"] = noise.mixed(np.uint64(7))
    seeds = [_split(stream[0]) for _ in range(1000)]
    assert len(set(seeds)) == 1000
    a, b = drawn(1, seed=int(seeds[0])), drawn(1, seed=int(seeds[1]))
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(COUNT)


def test_neighbouring_seeds_are_mixed_apart_and_none_is_zero() -> None:
    mixed = [int(noise.mixed(np.uint64(seed))) for seed in range(2000)]
    assert 0 not in mixed
    flips = [bin(a ^ b).count("1") for a, b in itertools.pairwise(mixed)]
    assert np.mean(flips) == pytest.approx(32, abs=0.6)
    first = np.array([drawn(0, seed, count=1)[0] for seed in range(2000)])
    assert stats.kstest(first, stats.uniform().cdf).pvalue > 1e-3


def test_a_stretch_of_white_noise_is_drawn_as_its_samples_are() -> None:
    one, many = np.zeros(2, noise.RNG)
    one["rng"] = many["rng"] = 7
    filled = np.zeros(64)
    noise.fill(many, filled, 3, 64)
    assert [noise.white(one) for _ in range(61)] == filled[3:].tolist()
    assert one["rng"] == many["rng"]
