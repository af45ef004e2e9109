"""What the page is told of presets and triggers, without an engine.  presets, registry -> catalogue of a stand-in player."""

from __future__ import annotations

from typing import Any

import synth
from synth.page.sound_board import parameter_row, sound_board
from synth.preset.library import preset_names
from synth.trigger import TRIGGERS


def catalogue() -> dict[str, Any]:
    """Return the sound board, with what a player adds to layers once they play: their parameters."""
    presets = [synth.load_preset(name) for name in preset_names()]
    board = sound_board(presets, TRIGGERS) | {"version": "a stand-in"}
    for preset, row in zip(presets, board["presets"], strict=True):
        for layer, told in zip(preset.layers, row["layers"], strict=True):
            own = layer.parameters.items()
            told["parameters"] = {path: parameter_row(each) | {"value": layer.numbers[path]} for path, each in own}
    return board
