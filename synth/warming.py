"""Warming: compile every kernel into the cache, so that the first sound needs no compiler."""

from __future__ import annotations

import numpy as np

from synth.engine.engine import Engine
from synth.engine.loudness import Loudness
from synth.progress import Progress, note
from synth.trigger import TRIGGERS


def compile_everything() -> None:
    """Compile the engine, the loudness meter and every trigger; what is in the cache already costs little."""
    with Progress("compiling", len(TRIGGERS) + 2) as progress:
        progress(0, "engine")
        Engine().process(64)
        progress(1, "loudness")
        Loudness(48000).add(np.zeros((64, 2), np.float32))
        progress(1)
        for name, trigger in TRIGGERS.items():
            progress(0, name)
            assert trigger.addresses
            progress(1)
    note(f"compiled: engine, loudness and {len(TRIGGERS)} triggers")
