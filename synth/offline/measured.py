"""What is measured of a preset: performances, and what it stands for.  preset -> seeds -> renders | first layer -> class.

A sound of chance is not one performance of it: five seeds of 8 s are measured, as the recordings that it is compared with are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from synth.engine.preset import LayerSpec, Preset
from synth.offline.job import job_of
from synth.offline.render import ShouldStop, blocks, never
from synth.preset.assignments import with_values
from synth.preset.library import init_preset
from synth.trigger import TRIGGERS

SECONDS, SEEDS = 8.0, 5


def performances(
    preset: str | Path | Preset,
    seconds: float = SECONDS,
    seed: int = 0,
    seeds: int = SEEDS,
    sample_rate: float = 48000,
    should_stop: ShouldStop = never,
) -> Iterator[npt.NDArray[np.float32]]:
    """Yield renders (frames, 2) of a preset as `render` gives them, by seeds that follow each other."""
    for number in range(seed, seed + seeds):
        job = job_of(preset, seconds=seconds, seed=number, sample_rate=sample_rate)
        yield np.concatenate(list(blocks(job, should_stop)))


def class_of(preset: Preset) -> str:
    """Return the class of real recordings that a preset's first layer, its main one, stands for; "" if for none."""
    layer = preset.layers[0]
    chosen = {layer.value(parameter.name) for parameter in TRIGGERS[layer.trigger].parameters if parameter.choices}
    classes = TRIGGERS[layer.trigger].classes
    return next((name for name, choices in classes.items() if chosen & set(choices)), next(iter(classes), ""))


def presets_of(trigger: str) -> dict[str, Preset]:
    """Return, for each class that a trigger stands for, its init preset with the choice that makes it that: class -> preset."""
    start = init_preset(trigger)
    return {name: with_values(start, _choice(start.layers[0], choices)) for name, choices in TRIGGERS[trigger].classes.items()}


def _choice(layer: LayerSpec, choices: tuple[str, ...]) -> list[str]:
    """Return a class's first choice as a change of the layer, "LAYER.PARAMETER=CHOICE"; none if it needs none."""
    names = (parameter.name for parameter in TRIGGERS[layer.trigger].parameters if set(choices[:1]) & set(parameter.choices))
    return [f"{layer.name}.{name}={choices[0]}" for name in names]
