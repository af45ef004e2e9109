"""The bench: the same listeners for every policy, figures between 0 and 1, and losses that are told."""

from __future__ import annotations

import numpy as np
import pytest

from synth.explore import bench, bench_report
from synth.explore.bench import Run, mean_and_interval, run
from synth.explore.listeners.measures import NAMES
from synth.explore.listeners.taste import Ground
from synth.explore.macros import grid
from synth.parameters.errors import InputError


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preset whose sounds are measured as a plain function of its macros, so that nothing is rendered."""
    mix = np.random.default_rng(0).normal(size=(3, len(NAMES)))
    measures = (grid(3) - 0.5) @ mix * [8, 10, 1, 0.5, 4, 4]
    ground = Ground.of(measures)
    monkeypatch.setattr(bench, "_world", lambda preset, macros: (ground, measures, measures.mean(0)))


def _run(family: str, policy: str, number: int, **more: object) -> bench.Outcome:
    return run(Run(family, policy, number, minutes=10.0, has_prior=False, preset="tap", **more))  # type: ignore[arg-type]


def test_outcomes_are_shares_and_the_same_every_time() -> None:
    one, other = (_run("graded", "explore", 1) for _ in range(2))
    assert one.shares == other.shares
    assert set(one.shares) == {"5 min", "10 min", "end"}
    assert all(0 <= share <= 1 for share in one.shares.values())


def test_looking_finds_more_than_nothing() -> None:
    found = [_run("oracle", "explore", number).shares["end"] for number in range(4)]
    usual = [_run("oracle", "nothing", number).shares["end"] for number in range(4)]
    assert np.mean(found) > np.mean(usual) + 0.1


def test_a_run_may_end_in_a_verdict_and_span_days() -> None:
    assert _run("null", "explore", 3, is_verified=True).verdict in ("did not help", "helped")
    assert _run("graded", "sobol", 2, sessions=2).shares["end"] > 0


def test_unbearable_sounds_are_counted() -> None:
    outcomes = [_run("averse", "explore", number) for number in range(4)]
    assert all(0 <= each.banned_exposures <= each.exposures for each in outcomes)


def test_a_report_says_means_intervals_and_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [_run("oracle", policy, number) for number in range(3) for policy in ("explore", "nothing")]
    monkeypatch.setattr(bench_report, "run_all", lambda runs, done: quick)
    found = bench_report._by_policy("oracle", ("explore", "nothing"), 3, "tap", lambda share: None)
    facts = bench_report._shares(found)
    assert facts["share_of_best"]["explore"]["end"]["mean"] <= 1
    assert 0 <= facts["explore_less"]["nothing"]["losses"] <= 1
    with pytest.raises(InputError, match="unknown part"):
        bench_report.report(["luck"], 3, "tap", lambda share, part: None)


def test_an_interval_is_narrower_for_more() -> None:
    rng = np.random.default_rng(0)
    few, many = (mean_and_interval(rng.normal(size=count))[1] for count in (10, 1000))
    assert many < few / 3
