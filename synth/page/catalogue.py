"""The catalogue: what an exported page can play, before it fetches any of it.  registry, presets, ears -> one table, JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hrtf.ears import Ears
from synth.engine.preset import Preset
from synth.page.ears import SAMPLE_RATE
from synth.page.layout import layout, layout_hash
from synth.page.sound_board import parameter_row, sound_board
from synth.parameters.tables import LAYER_PARAMETERS, MASTER_PARAMETERS
from synth.trigger import Trigger


def catalogue(
    presets: Sequence[Preset], triggers: Mapping[str, Trigger], ears: Mapping[str, Ears], files: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the sound board, and what only an export needs.

    `layout` : the hash of what snapshots and the .wasm have in common; `sample_rate` in hertz.
    `files` : what the page consists of beside presets and ears: what it keeps to play without a network.
    `ears` : by name: title, licence, citation. `layer`, `master` : the parameters that every layer, and the master, has.
    """
    return sound_board(presets, triggers) | {
        "layout": layout_hash(layout()),
        "sample_rate": SAMPLE_RATE,
        "files": list(files),
        "ears": {name: {"title": each.title, "licence": each.licence, "citation": each.citation} for name, each in ears.items()},
        "layer": [parameter_row(parameter) for parameter in LAYER_PARAMETERS],
        "master": [parameter_row(parameter) for parameter in MASTER_PARAMETERS],
    }
