"""Warming: compile every kernel into the cache, so that the first sound needs no compiler."""

from __future__ import annotations

import contextlib

import numpy as np

from synth.cli.progress import Progress, note
from synth.dsp.loudness import Loudness
from synth.engine.compiling import ready
from synth.engine.engine import Engine
from synth.parameters.errors import InputError
from synth.trigger import TRIGGERS

_LONGEST_SHOWN = 300


def compile_everything() -> None:
    """Compile the engine, the loudness meter and every trigger; what is in the cache already costs little.

    Raises
    ------
    InputError
        If a trigger does not compile; all others are compiled then.
    """
    broken = TRIGGERS.broken
    wrong: dict[str, str] = {}
    names = [name for name in TRIGGERS if name not in broken]
    for why in broken.values():
        note(f"left out: {why}")
    with contextlib.suppress(Exception):  # whatever numba makes of a kernel that is none: it is said below
        ready(names)
    with Progress("compiling", len(names) + 2) as progress:
        progress(0, "engine")
        Engine().process(64)
        progress(1, "loudness")
        Loudness(48000).add(np.zeros((64, 2), np.float32))
        progress(1)
        for name in names:
            progress(0, name)
            try:
                _ = TRIGGERS[name].addresses
            except (OSError, MemoryError):
                raise
            except Exception as error:  # whatever numba makes of a kernel that is none
                wrong[name] = f"{type(error).__name__}: {' '.join(str(error).split())[:_LONGEST_SHOWN]}"
            progress(1)
    note(f"compiled: engine, loudness and {len(names) - len(wrong)} triggers")
    if wrong:
        raise InputError("; ".join(f"trigger '{name}' does not compile: {why}" for name, why in wrong.items()))
