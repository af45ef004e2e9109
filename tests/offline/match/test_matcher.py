"""Match: a trigger's own sound is found again in it, the same each time; what cannot be matched is refused in a line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import synth
from synth.offline import measured_table
from synth.offline.match import atlas, matcher
from synth.offline.match.search_space import SearchSpace
from synth.trigger import TRIGGERS

RATE = 48000


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A search of seconds: few points, few rounds, a cache of its own."""
    for module, name, value in (
        (atlas, "POINTS", 8),
        (matcher, "POINTS", 8),
        (matcher, "_ROUNDS", ((3, 1),)),
        (matcher, "_LEGS", 1),
        (matcher, "_LEG_ROUNDS", 1),
        (matcher, "_BATCH", 4),
        (matcher, "_TRIED", 2),
        (matcher, "_TRIAL_SEEDS", 2),
        (matcher, "_FINAL_SEEDS", 2),
    ):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(measured_table, "cache_root", lambda: tmp_path)


def test_a_trigger_is_found_in_its_own_sound(tmp_path: Path) -> None:
    sound = synth.render("rain", seconds=6, seed=77)
    shares: list[float] = []
    found = synth.match(sound, RATE, "rain", progress=shares.append)
    assert [each.trigger for each in found] == ["rain"]
    assert found[0].fits
    assert sum(shares) == pytest.approx(1)
    assert len(list((tmp_path / "match").glob("rain-*.npy"))) == 1  # measured once
    again = synth.match(sound, RATE, "rain")
    assert again[0].distance == found[0].distance
    assert again[0].preset == found[0].preset
    assert len(synth.render(found[0].preset, seconds=0.5)) == RATE // 2


def test_what_cannot_be_matched_is_refused() -> None:
    with pytest.raises(synth.InputError, match="silent"):
        synth.match(np.zeros((RATE, 2)), RATE)
    with pytest.raises(synth.InputError, match="rian"):
        synth.match(np.ones((RATE, 2)) * np.random.default_rng(1).normal(size=(RATE, 1)), RATE, "rian")


@pytest.mark.parametrize("name", [name for name in TRIGGERS if not TRIGGERS[name].hears])
def test_every_position_of_a_search_space_is_a_preset(name: str) -> None:
    search = SearchSpace(name)
    size = len(search.space)
    assert size >= len(TRIGGERS[name].parameters)
    default = search.preset_at(search.space.to_unit(search.space.default))
    for path, value in zip(search.space.paths, search.space.default, strict=True):
        parameter = search.space.parameters[search.space.index(path)]
        assert parameter.number(default.layers[0].value(path.split(".", 1)[1])) == pytest.approx(value, rel=1e-6)
    for position in (np.zeros(size), np.ones(size), np.random.default_rng(1).uniform(size=size)):
        assert search.preset_at(position).layers[0].numbers
