"""The repertoire: cells hold the best that fell into them; what is kept opens again; a map of a trigger fills."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import synth
from synth.explore.explorer import Explorer
from synth.explore.repertoire.archive import Archive
from synth.explore.repertoire.atlas import draw_atlas
from synth.explore.repertoire.descriptors import axes_of
from synth.explore.repertoire.illuminate import Illumination, cells, illuminate
from synth.explore.repertoire.keep import export_cells, open_repertoire, save_repertoire
from synth.explore.repertoire.worth import worth_of
from synth.explore.sound_numbers import NAMES
from synth.parameters.errors import InputError


def _bright(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    value = 1 / (1 + np.exp(-numbers[:, NAMES.index("log centroid_hz")]))
    return value, np.full(len(value), 0.1)


@pytest.fixture(scope="module")
def filled() -> Illumination:
    return illuminate(synth.load_preset("tap"), _bright, 48, side=6)


def test_a_cell_keeps_the_best_that_fell_into_it() -> None:
    archive = Archive(np.zeros(2), np.ones(2), 1, side=2)
    places = np.array([[0.1, 0.1], [0.2, 0.2], [0.9, 0.1], [7.0, -3.0]])
    taken = archive.put(np.array([[1.0], [2.0], [3.0], [4.0]]), places, np.array([0.2, 0.5, 0.1, 0.05]), np.zeros(4))
    assert taken == 3
    assert archive.solutions[0, 0] == 2
    assert archive.solutions[1, 0] == 3  # what lies beyond the map falls into its outermost cell, and was worse
    assert archive.filled == 0.5


def test_parents_are_solutions_of_the_map_and_half_of_them_liked() -> None:
    archive = Archive(np.zeros(2), np.ones(2), 1, side=10)
    places = np.random.default_rng(0).uniform(size=(80, 2))
    archive.put(np.arange(80.0)[:, None], places, np.linspace(0, 1, 80), np.zeros(80))
    parents = archive.parents(400, np.random.default_rng(1), 0.9)
    assert np.isin(parents, archive.solutions[archive.is_filled]).all()
    assert 0.5 < np.mean(parents >= 0.9 * 79) < 0.8


def test_a_map_of_one_sound_is_one_and_of_none_is_refused(tmp_path: Path) -> None:
    found = illuminate(synth.load_preset("tap"), _bright, 1, side=6)
    assert (found.archive.renders, int(found.archive.is_filled.sum())) == (1, 1)
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    draw_atlas(found, tmp_path / "atlas.png")
    assert (tmp_path / "atlas.png").stat().st_mode & 0o777 == 0o600
    for renders in (0, -5):
        with pytest.raises(InputError, match="1 or more"):
            illuminate(synth.load_preset("tap"), _bright, renders)


def test_axes_are_what_differs_most() -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(300, len(NAMES))) * 0.1
    numbers[:, 4] += 3 * rng.normal(size=300)
    axes = axes_of(numbers)
    assert NAMES[4] in axes.labels[0]
    named = axes_of(numbers, "rate x centroid")
    assert named.labels == ("log onsets_per_s", "log centroid_hz")
    with pytest.raises(InputError, match="unknown axes"):
        axes_of(numbers, "pcb")


def test_a_map_fills_and_its_cells_play(filled: Illumination, tmp_path: Path) -> None:
    assert filled.archive.renders == 48
    assert filled.archive.filled > 0.3
    assert filled.renders_per_s > 0
    assert 0 < filled.outside_engine < 1
    chosen = list(cells(filled, 3, np.random.default_rng(0)))
    assert len(chosen) == 3
    written = export_cells(filled, chosen, tmp_path)
    assert all(np.abs(synth.render(path, seconds=1.0)).max() > 0 for path in written)
    empty = np.argwhere(~filled.archive.is_filled)
    with pytest.raises(InputError, match="is empty"):
        filled.preset_at(*empty[0])


def test_pads_call_the_cells_from_each_of_them(filled: Illumination, tmp_path: Path) -> None:
    written = export_cells(filled, cells(filled, 3, np.random.default_rng(0)), tmp_path)
    for path in written:
        calls = [(each.source.low, each.do, Path(each.name)) for each in synth.load_preset(path).midi.actions]
        assert calls == [(36 + n, "preset", other.resolve()) for n, other in enumerate(written)]


def test_a_map_that_is_kept_opens_again(filled: Illumination, tmp_path: Path) -> None:
    save_repertoire(filled, tmp_path)
    again = open_repertoire(tmp_path, synth.load_preset("tap"))
    assert (again.archive.is_filled == filled.archive.is_filled).all()
    row, column = np.argwhere(filled.archive.is_filled)[0]
    assert again.preset_at(row, column).layers[0].trigger == "tap"
    draw_atlas(again, tmp_path / "atlas.png")
    assert (tmp_path / "atlas.png").stat().st_size > 1000
    with pytest.raises(InputError, match="of another space"):
        open_repertoire(tmp_path, synth.load_preset("brush"))


def test_without_answers_all_sounds_are_worth_the_same() -> None:
    worth = worth_of(Explorer("tap", prior=None))
    value, spread = worth(np.random.default_rng(0).normal(size=(5, len(NAMES))))
    assert np.ptp(value) == 0
    assert (spread > 0).all()
