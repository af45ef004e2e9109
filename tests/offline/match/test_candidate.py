"""A candidate: what was rendered beside the target; silence is far, several seeds count by their mean."""

from __future__ import annotations

import numpy as np
import pytest

from synth.analysis.classes import apart, reference
from synth.offline.match.candidate import Candidate, Target
from synth.offline.match.search_space import SearchSpace

RAIN, FIRE = reference().classes["rain"].mean, reference().classes["fire"].mean
SEARCH = SearchSpace("rain")


def candidate(*statistics) -> Candidate:
    found = Candidate(SEARCH, Target(RAIN), 0)
    found.add(np.random.default_rng(1).uniform(size=(len(statistics), len(SEARCH.space))), statistics)
    return found


def test_losses_are_distances_and_silence_is_far() -> None:
    losses = candidate(RAIN, FIRE, {}).losses
    assert losses[0] == 0
    assert losses[1] == pytest.approx(apart(FIRE, RAIN))
    assert losses[2] == pytest.approx(5)


def test_even_of_silence_alone_it_proposes_something() -> None:
    assert len(candidate(*[{}] * 8).proposed(4)) == 4


def test_points_of_several_seeds_are_judged_by_their_mean() -> None:
    found = candidate(*[FIRE] * 6)
    lucky, steady = found.positions[:2]
    half = {name: (RAIN[name] + FIRE[name]) / 2 for name in RAIN}
    found.add(np.stack([lucky] * 3 + [steady] * 3), [RAIN, FIRE, FIRE, half, half, half])
    assert (found.finalists(1)[0] == steady).all()
    assert found.distance == pytest.approx(found.mean_at(steady))
    assert found.best(3)[0].shape == steady.shape


@pytest.mark.parametrize(("statistics", "rests"), [(FIRE, [False, False, True]), (RAIN, [False, True, True])])
def test_it_rests_once_two_trials_win_nothing_or_one_and_it_is_as_near_as_its_own_seeds(statistics, rests) -> None:
    found = candidate(*[statistics] * 4)
    for at_rest in rests:
        found.add(found.positions[:1], [statistics])
        found.note_trial()
        assert found.is_at_rest == at_rest
