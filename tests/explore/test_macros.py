"""Macros: for every preset and trigger, inside every range, nothing at the middle, each another thing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import synth
from synth.explore.macros import NAMES, checked_names, grid, grid_index, moved_by, preset_at, snapped
from synth.parameters.errors import InputError
from synth.preset.library import dump, known_names

PRESETS = known_names()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_and_trigger_has_macros_that_keep_every_range(name: str) -> None:
    preset = synth.load_preset(name)
    assert preset_at(preset, NAMES, [0.5] * 4) == preset
    for ends in itertools.product((0.0, 1.0), repeat=4):
        for layer in preset_at(preset, NAMES, ends).layers:
            assert layer.numbers  # checks each value
    paths = moved_by(preset, NAMES)
    assert all(paths[macro] for macro in NAMES), paths
    assert not {path for path in paths["movement"] if path in paths["pace"]}


def test_closeness_is_nearer_at_the_same_level_at_the_head() -> None:
    preset = synth.load_preset("rain_on_tent")
    far, near = (preset_at(preset, ("closeness",), [end]).layers[0] for end in (0.0, 1.0))
    assert far.value("distance_m") > preset.layers[0].value("distance_m") > near.value("distance_m")
    assert far.value("level_db") - near.value("level_db") == pytest.approx(
        20 * np.log10(far.value("distance_m") / near.value("distance_m")), abs=0.01
    )


def test_pace_is_quicker_and_more_even() -> None:
    preset = synth.load_preset("nails_on_glass")
    slow, quick = (preset_at(preset, ("pace",), [end]).layers[0] for end in (0.0, 1.0))
    assert quick.value("gesture.rate_hz") > 2 * slow.value("gesture.rate_hz")
    assert quick.value("gesture.irregularity") < slow.value("gesture.irregularity")


def test_movement_sets_something_moving_that_was_still() -> None:
    preset = preset_at(synth.load_preset("rain"), ("movement",), [1.0])
    assert preset.layers[0].motion["kind"] == "sweep"
    assert dump(preset)


def test_macros_move_steadily() -> None:
    preset = synth.load_preset("slow_brushing")
    for name, path in (("closeness", "distance_m"), ("pace", "gesture.rate_hz"), ("movement", "motion.period_s")):
        values = [preset_at(preset, (name,), [at]).layers[0].value(path) for at in np.linspace(0, 1, 9)]
        steps = np.diff(values)
        assert (steps >= 0).all() or (steps <= 0).all(), name
        assert len(set(values)) > 4, name


def test_the_grid_knows_its_rows() -> None:
    for size in (1, 3, 4):
        points = grid(size)
        assert (grid_index(points) == np.arange(9**size)).all()
    assert snapped([0.49, 0.55, 1.0], 3).tolist() == [0.5, 0.5, 1.0]


@pytest.mark.parametrize("given", [[0.5], [0.5, 0.5, 1.2], [0.5, 0.5, float("nan")], [[0.5] * 3]])
def test_a_vector_of_something_else_is_refused(given: list[float]) -> None:
    with pytest.raises(InputError, match="3 numbers"):
        snapped(given, 3)


def test_a_macro_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'closeness'"):
        checked_names(["closenes"])
    with pytest.raises(InputError, match="no macros"):
        checked_names([])
