"""What was disliked is not played again, and a session in which nothing is left ends cleanly."""

from __future__ import annotations

import numpy as np
import pytest

from synth.explore.bans import NothingLeftError
from synth.explore.comparisons import Comparison
from synth.explore.explorer import Explorer
from synth.explore.macros import grid, grid_index
from synth.explore.policy import POLICIES, candidates_of, within_reach
from synth.explore.questions import duel_of, knob_of
from synth.explore.response_model import Observation, ResponseModel
from synth.explore.session import Answer, Simulated, run_session
from synth.explore.trial import Trial
from synth.explore.verdict import PAIRS

POINTS = grid(3)
USUAL = len(POINTS) // 2


def _explorer(policy: str = "explore", macros: tuple[str, ...] = ("closeness", "darkness", "pace"), seed: int = 0) -> Explorer:
    return Explorer("tap", seed, policy, prior=None, macros=macros)


class _Hates:
    """Dislikes whatever it hears."""

    def hear(self, trial: Trial) -> Answer:
        return Answer(np.array([0.1]), trial.kind != "sham")


@pytest.mark.parametrize("seed", range(4))
def test_dislikes_from_the_first_trial_on_do_not_end_it(seed: int) -> None:
    explorer = _explorer(seed=seed)
    for number in range(8):
        trial = explorer.ask()
        assert trial.kind == "sham" or explorer.allowed[grid_index(trial.vector)]
        explorer.tell(trial, 0.1, disliked=number < 3)


def test_where_all_in_reach_is_left_out_the_nearest_is_played() -> None:
    explorer = _explorer()
    explorer.tell(explorer.trial([0.5] * 3), 0.1, disliked=True)
    model, allowed = explorer.history.model, explorer.allowed
    assert not (allowed & within_reach(model, explorer.usual)).any()
    assert np.abs(POINTS[candidates_of(model, allowed, explorer.usual)] - 0.5).max() == 0.375  # a step beyond the ban
    assert explorer.allowed[grid_index(explorer.ask().vector)]


@pytest.mark.parametrize("policy", POLICIES)
def test_when_everything_is_left_out_it_says_so_and_the_session_ends(policy: str) -> None:
    explorer = _explorer(policy, ("closeness",))
    report = run_session(explorer, _Hates(), 10)
    assert report.is_over
    assert "everything is left out" in report.advice
    assert report.verdict.outcome == "not enough data"
    with pytest.raises(NothingLeftError):
        explorer.ask()
    with pytest.raises(NothingLeftError):
        POLICIES[policy](explorer.history.model, explorer.allowed, explorer.usual, np.random.default_rng(0))


def test_the_prior_plays_the_best_again_once_all_was_played() -> None:
    explorer = _explorer("prior", ("closeness",))
    explorer.tell(explorer.trial([0.0]), 0.1, disliked=True)
    for _ in range(15):
        trial = explorer.ask()
        assert trial.kind == "sham" or explorer.allowed[grid_index(trial.vector)]
        explorer.tell(trial, 0.5)


def test_no_duel_where_no_two_are_left_and_knobs_stay_in_reach() -> None:
    rng, line, three = np.random.default_rng(0), ResponseModel(1), ResponseModel(3)
    assert duel_of(line, np.arange(9) > 6, 4, rng) == []
    assert knob_of(line, np.arange(9) > 6, 4, rng) == []
    everything = np.ones(len(POINTS), bool)
    rows = knob_of(three, everything, USUAL, rng)
    assert len(rows) == 5
    assert within_reach(three, USUAL)[rows].all()


def _verifying(disliked: str) -> tuple[Explorer, int]:
    """Return an explorer whose pairs ended by a dislike of that side, and how often it was heard after that."""
    explorer, after = _explorer(), 0
    for _ in range(8):
        trial = explorer.ask()
        explorer.tell(trial, float(trial.vector.mean()) * (trial.kind != "sham"))
    assert explorer.verify() == 2 * PAIRS
    while explorer.pairs_left:
        trial = explorer.ask()
        assert trial.kind == "pair"
        assert explorer.allowed[grid_index(trial.vector)]
        after += trial.side == disliked
        explorer.tell(trial, 0.5, disliked=trial.side == disliked)
    return explorer, after


@pytest.mark.parametrize("side", ["usual", "best"])
def test_pairs_end_when_one_of_both_is_disliked(side: str) -> None:
    explorer, exposures = _verifying(side)
    assert exposures == 1
    assert explorer.verdict.outcome == "not enough data"
    if side == "usual":
        assert explorer.verify() == 0


def test_no_verdict_before_anything_but_the_usual_was_heard() -> None:
    explorer = _explorer()
    assert explorer.verify() == 0
    explorer.tell(explorer.trial([0.5] * 3), 0.5)
    assert explorer.verify() == 0
    assert explorer.verdict.outcome == "not enough data"
    assert explorer.verdict.interval == (-1.0, 1.0)


def test_verify_goes_on_with_pairs_that_are_not_over() -> None:
    explorer = _explorer()
    explorer.tell(explorer.trial([1.0, 0.5, 0.5]), 0.9)
    explorer.verify()
    for _ in range(3):
        explorer.tell(explorer.ask(), 0.5)
    running = explorer.ask()
    assert explorer.verify() == 2 * PAIRS - 3
    assert explorer.ask() is running


def test_a_disliked_duel_leaves_out_what_lost_a_knob_where_it_was_left() -> None:
    def told(kind: str, vectors: list[list[float]], hold: float) -> np.ndarray:
        explorer = _explorer()
        event = {"event": "told", "number": 0, "kind": kind, "vector": vectors[0], "vectors": vectors, "hold": [hold]}
        explorer.history.add(event | {"disliked": True})
        return explorer.allowed[grid_index(vectors)]

    apart = [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
    assert told("duel", apart, 1.0).tolist() == [False, True]
    assert told("duel", apart, 0.0).tolist() == [True, False]
    assert not told("duel", apart, 0.5).any()
    assert told("knob", [[at, 0.5, 0.5] for at in (0.0, 0.5, 1.0)], 0.5).tolist() == [True, False, True]


class _Comparing:
    disliked = True

    def listen(self, audio: np.ndarray, sample_rate: float) -> np.ndarray:
        return np.zeros(1000)

    def compare(self, *_: object) -> int:
        return 1

    def turn_knob(self, *_: object) -> int:
        return 0


@pytest.mark.parametrize("kind", ["duel", "knob"])
def test_simulated_listeners_dislike_compared_sounds_too(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "render_each", lambda self, rate: [np.zeros((9, 2), np.float32)] * 3)
    explorer = _explorer()
    trial = Trial(0, kind, POINTS[0], explorer.preset, explorer.macros, POINTS[:3])
    assert Simulated(_Comparing()).hear(trial).disliked


def test_played_rows_that_are_left_out_are_not_repeated() -> None:
    model = ResponseModel(1)
    model.add(Observation(0, 0.9, 0.0))
    model.compare([Comparison(4, 0)])
    allowed = np.arange(9) > 0
    row = POLICIES["prior"](model, allowed, 4, np.random.default_rng(0))
    assert allowed[row]
