"""What an explorer takes: trials of its own, once each; holds that can be; arguments that can be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from synth.explore.explorer import Explorer
from synth.explore.hold import held
from synth.explore.prior import load_prior
from synth.explore.trial import Trial
from synth.parameters.errors import InputError


def _explorer(**given: object) -> Explorer:
    return Explorer("tap", **({"prior": None} | given))


def test_two_trials_of_ones_own_can_both_be_told() -> None:
    explorer = _explorer()
    one, other = explorer.trial([0.1] * 3), explorer.trial([0.9] * 3)
    explorer.tell(one, 0.1)
    explorer.tell(other, 0.9)
    assert [told["number"] for told in explorer.history.told] == [0, 1]
    with pytest.raises(InputError, match="told already"):
        explorer.tell(one, 0.1)


def test_an_own_trial_does_not_lose_the_one_that_was_asked() -> None:
    explorer = _explorer()
    asked = explorer.ask()
    explorer.tell(explorer.trial([0.5] * 3), 0.9)
    assert explorer.ask() is asked
    explorer.tell(asked, 0.2)
    assert len(explorer.history.told) == 2


def test_what_is_no_trial_of_its_own_is_refused() -> None:
    explorer = _explorer()
    for other in (_explorer(), _explorer(macros=["closeness"])):
        with pytest.raises(InputError, match="another explorer"):
            explorer.tell(other.ask(), 0.5)
    with pytest.raises(InputError, match="what ask or trial returned"):
        explorer.tell("x", 0.5)  # type: ignore[arg-type]
    assert not explorer.history.told


@pytest.mark.parametrize("hold", ["0.5", True, [True, False], [0.9, 0.0], np.zeros(424), np.zeros(1701), [], None])
def test_holds_that_cannot_be_are_refused(hold: object) -> None:
    explorer = _explorer()
    with pytest.raises(InputError, match="hold"):
        explorer.tell(explorer.ask(), hold)
    assert not explorer.history.told


def test_a_duel_takes_one_number() -> None:
    explorer = _explorer()
    found = explorer._made("duel", 0, [0, 1])
    with pytest.raises(InputError, match="needed: one number"):
        explorer.tell(found, np.linspace(0, 1, 1000))
    explorer.tell(found, 1)
    assert isinstance(found, Trial)


def test_pairs_compare_shares_of_time_not_their_arcsines() -> None:
    pressed = np.zeros(1000)
    pressed[105:200] = 1  # an eighth of what counts
    assert held(pressed) == pytest.approx(95 / 800)
    assert held(np.full(1000, 0.3)) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        *[({"seed": seed}, "seed = ") for seed in (-1, 1.5, "a", None, float("nan"), True)],
        ({"macros": None}, "macros = None"),
        ({"macros": "pace"}, "macros = 'pace'"),
        ({"macros": ["pace", "pace"]}, "twice"),
        ({"policy": [1]}, "policy"),
    ],
)
def test_arguments_that_cannot_be_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        _explorer(**given)


@pytest.mark.parametrize("vector", ["abc", None, 0.5, ["0.5"] * 3, [[0.5] * 3], []])
def test_vectors_that_cannot_be_are_refused(vector: object) -> None:
    explorer = _explorer()
    for take in (explorer.trial, explorer.predict):
        with pytest.raises(InputError, match="vector = "):
            take(vector)  # type: ignore[arg-type]


def test_damaged_priors_are_refused_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "whole.npz"
    held_by = {"facts": np.array("[1]"), "frequencies": 1, "phases": np.ones(1), "weights": 1, "constant": 1}
    np.savez(path, **held_by)
    (tmp_path / "cut.npz").write_bytes(path.read_bytes()[:100])
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "other.npz", a=1)
    said = {"whole": "inputs", "cut": "damaged", "text": "no prior", "other": "facts", "none": "No such file"}
    for name, words in said.items():
        with pytest.raises(InputError, match=words):
            load_prior(tmp_path / f"{name}.npz")
