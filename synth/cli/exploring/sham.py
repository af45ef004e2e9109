"""The sham as the engine plays it: flat noise straight ahead, the same in both ears.  trial -> preset, what its layer hears."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from synth.engine.layer import Input
from synth.engine.preset import Preset
from synth.explore.trial import flat_noise
from synth.preset.library import read_text

TRIGGER = "input"
_LAYER = "noise"
_TEXT = f"""
schema = 1
title = "a sound"

[[layer]]
name = "{_LAYER}"
trigger = "{TRIGGER}"
place = {{ azimuth_deg = 0, elevation_deg = 0, distance_m = 0.25 }}
motion = {{ kind = "still" }}
"""


def sham_preset() -> Preset:
    """Return the preset whose one layer hears the noise; at 25 cm it is as loud as it is made."""
    return read_text(_TEXT, "sham", "the sham", Path())


def sham_inputs(seconds: float, sample_rate: float, seed: int) -> dict[str, Input]:
    """Return what its layer hears: so many seconds of noise, once."""
    noise = np.ascontiguousarray(flat_noise(seconds, sample_rate, seed)[:, 0])
    return {_LAYER: Input(sound=noise, is_loop=False)}
