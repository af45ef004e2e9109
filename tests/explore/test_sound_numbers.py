"""Sound numbers: never NaN, of one scale, and alike for what sounds alike; the prior that knows sounds by them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import synth
from synth.explore.expected import expected
from synth.explore.listeners.measures import hear
from synth.explore.prior import load_prior, refit
from synth.explore.refit import prior_of
from synth.explore.sound_numbers import NAMES, sound_numbers, spreads
from synth.explore.sounds import Sounds, between_nodes, node_index
from synth.parameters.errors import InputError


@pytest.mark.parametrize("audio", [np.zeros((48000, 2)), np.ones((48000, 2)), np.random.default_rng(0).normal(size=(48000, 2))])
def test_they_are_numbers_for_whatever_is_heard(audio: np.ndarray) -> None:
    found = sound_numbers(audio, 48000)
    assert found.shape == (len(NAMES),)
    assert np.isfinite(found).all()
    assert np.abs(found).max() <= 4


def test_a_spread_is_stored_for_each() -> None:
    mean, spread = spreads()
    assert np.isfinite(mean).all()
    assert (spread > 0).all()
    assert len(set(NAMES)) == len(NAMES)


def test_another_seed_is_nearer_than_another_sound() -> None:
    one, same = (sound_numbers(synth.render("tap", seconds=4, seed=seed), 48000) for seed in (0, 1))
    other = sound_numbers(np.random.default_rng(0).normal(size=(4 * 48000, 2)) * 0.05, 48000)
    assert np.linalg.norm(one - same) < 0.5 * np.linalg.norm(one - other)


def test_what_was_measured_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTH_CACHE_DIR", str(tmp_path))
    heard: list[int] = []

    def measure(audio: np.ndarray, sample_rate: float) -> np.ndarray:
        heard.append(len(audio))
        return hear(audio, sample_rate)

    for _ in range(2):
        rows = Sounds(synth.load_preset("tap"), ("pace",), measure, "test", 6).rows([0, 8, 0])
        assert (rows[0] == rows[2]).all()
        assert (rows[0] != rows[1]).any()
    assert len(heard) == 2


def test_between_nodes_it_is_straight() -> None:
    rows = np.array([[0.0, 1.0], [4.0, 1.0], [0.0, 3.0]])
    found = between_nodes(rows, 1)
    assert found[:, 0].tolist() == [0, 1, 2, 3, 4, 3, 2, 1, 0]
    assert found[node_index(1)].tolist() == rows.tolist()


def test_a_prior_learns_what_sessions_say_and_keeps_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    positions, numbers = rng.uniform(size=(2000, 2)), rng.normal(size=(2000, len(NAMES)))
    holds = 0.5 + 0.4 * (positions[:, 0] - 0.5)
    found = refit([(("closeness", "pace"), positions, numbers, holds)], "a test")
    assert np.corrcoef(found.at(("closeness", "pace"), positions, numbers), holds)[0, 1] > 0.5
    found.save(tmp_path / "prior.npz")
    kept = load_prior(tmp_path / "prior.npz")
    assert kept.facts["source"] == "a test"
    assert np.allclose(
        kept.at(("closeness", "pace"), positions, numbers), found.at(("closeness", "pace"), positions, numbers), atol=1e-3
    )
    with pytest.raises(InputError, match="at least one"):
        refit([], "nobody")


def test_what_ships_says_that_no_people_were_asked() -> None:
    assert "simulated" in str(load_prior().facts["source"])
    assert 0 < load_prior().constant < 1


def test_a_prior_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.npz").write_bytes(b"nothing")
    with pytest.raises(InputError, match="is no prior"):
        expected(synth.load_preset("tap"), ("pace",), str(tmp_path / "no.npz"))


def test_a_prior_is_made_of_kept_sessions(tmp_path: Path) -> None:
    for seed in range(2):
        explorer = synth.Explorer("tap", seed, macros=("pace",), prior=None, folder=tmp_path / str(seed))
        for _ in range(6):
            trial = explorer.ask()
            explorer.tell(trial, 0.2 + 0.6 * float(trial.vector[0]))
    found = prior_of([tmp_path / "0", tmp_path / "1"], "two of us")
    assert found.facts["source"] == "two of us"
    assert found.facts["sessions"] == 2
    assert 0.1 < found.constant < 0.9
