"""A repertoire on disk: the map as npz, its cells as presets.  archive -> repertoire.npz; cells -> cell-ROW-COLUMN.toml.

In each of these presets the pads of a controller call the others, so that a map is played by hand.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

import synth
from synth.control.midi.mapping import ActionBinding, Source
from synth.explore.macros import titled
from synth.explore.repertoire.archive import Archive
from synth.explore.repertoire.descriptors import Axes
from synth.explore.repertoire.illuminate import Illumination, searched_space
from synth.io.files.whole_file import PRIVATE, write_whole
from synth.parameters.errors import InputError
from synth.preset.library import dump

FILE = "repertoire.npz"
FIRST_PAD = 36  # the lowest pad of drum pads as they are sold: General MIDI's bass drum
PADS = 64  # of the largest grids of pads


def save_repertoire(found: Illumination, folder: Path) -> None:
    """Write a map into a folder.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    content, archive, axes = io.BytesIO(), found.archive, found.axes
    facts = {"preset": found.usual.name, "space": found.space.hash, "labels": list(axes.labels), "renders": archive.renders}
    facts |= {"renders_per_s": found.renders_per_s, "outside_engine": found.outside_engine}
    np.savez_compressed(
        content,
        solutions=archive.solutions.astype(np.float32),
        quality=archive.quality,
        spread=archive.spread,
        mean=axes.mean,
        directions=axes.directions,
        low=axes.low,
        high=axes.high,
        facts=np.array(json.dumps(facts)),
    )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / FILE, content.getvalue(), PRIVATE)
    except OSError as error:
        raise InputError(f"{folder / FILE}: cannot be written: {error.strerror}") from None


def open_repertoire(folder: Path, preset: synth.Preset) -> Illumination:
    """Return the map of a folder, of a preset as it usually is.

    Raises
    ------
    InputError
        If there is none, it cannot be read, or it is of another preset.
    """
    path = folder / FILE
    try:
        with np.load(path, allow_pickle=False) as held:
            facts = json.loads(str(held["facts"]))
            parts = {name: np.asarray(held[name], float) for name in held.files if name != "facts"}
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or 'it is no repertoire'}") from None
    except (ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(f"{path}: cannot be read as a repertoire: {error}") from None
    space = searched_space(preset)
    space.check(facts["space"], str(path))
    archive = Archive(parts["low"], parts["high"], len(space), len(parts["quality"]), int(facts["renders"]))
    archive.solutions, archive.quality, archive.spread = parts["solutions"], parts["quality"], parts["spread"]
    labels = (str(facts["labels"][0]), str(facts["labels"][1]))
    axes = Axes(parts["mean"], parts["directions"], parts["low"], parts["high"], labels)
    return Illumination(archive, axes, space, preset, float(facts["renders_per_s"]), float(facts["outside_engine"]))


def export_cells(found: Illumination, cells: Iterable[tuple[int, int]], folder: Path) -> list[Path]:
    """Write cells as presets, cell-ROW-COLUMN.toml; returns their paths.

    Keys 36 and up call the presets in their order, up to 64 of them, from each of them alike.

    Raises
    ------
    InputError
        If a cell is empty, or a file cannot be written.
    """
    chosen = list(cells)
    paths = [folder / f"cell-{row:02d}-{column:02d}.toml" for row, column in chosen]
    pads = _pads(paths)
    for (row, column), path in zip(chosen, paths, strict=True):
        title = f"{found.usual.title or found.usual.name}, cell {row} {column}"
        said = f"From a repertoire of {found.archive.renders} sounds; expected hold {found.archive.quality[row, column]:.2f}."
        preset = _on_pads(titled(found.preset_at(row, column), title, said), pads)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, dump(preset).encode(), PRIVATE)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    return paths


def _pads(paths: list[Path]) -> tuple[ActionBinding, ...]:
    """Return what pads call; by whole paths, since a preset's own place is not known to what it calls."""
    keys = range(FIRST_PAD, FIRST_PAD + PADS)
    return tuple(
        ActionBinding(Source("note", key, key), "preset", str(path.resolve())) for key, path in zip(keys, paths, strict=False)
    )


def _on_pads(preset: synth.Preset, pads: tuple[ActionBinding, ...]) -> synth.Preset:
    """Return a preset with pads; what it binds to the same keys itself goes."""
    taken = {pad.source.low for pad in pads}
    own = tuple(each for each in preset.midi.actions if each.source.kind != "note" or each.source.low not in taken)
    return replace(preset, midi=replace(preset.midi, actions=(*own, *pads)))
