"""Warming: compile every kernel into the cache, so that the first sound needs no compiler.

triggers, engine -> `compiling`, on all cores; what Python calls besides -> called once, here
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import numpy as np

from synth.cli.progress import Progress, note
from synth.dsp.loudness import Loudness
from synth.engine.compiling import ready
from synth.engine.engine import Engine
from synth.io.audio import device_clock, jack_callback, portaudio_callback
from synth.offline.render import render
from synth.parameters.errors import InputError
from synth.trigger import TRIGGERS

_LONGEST_SHOWN = 300


def _loudness() -> None:
    Loudness(48000).add(np.zeros((64, 2), np.float32))


def _inputs() -> None:
    engine = Engine()
    engine.stream("frames", ["master.level_db"]).push([-6.0])
    engine.push_midi(0, b"\xfe")


def _devices() -> None:
    portaudio_callback.callback()
    jack_callback.callbacks()
    clock = np.zeros(1, device_clock.CLOCK)
    device_clock.start(clock[0], 48000.0)
    device_clock.frame_at(clock.ctypes.data, 0.0)


_USES: dict[str, Callable[[], object]] = {
    "renders": lambda: render("input", 0.01),  # any layer will do: this one costs least
    "loudness": _loudness,
    "streams and MIDI": _inputs,
    "sound cards": _devices,
}
"""What Python asks of compiled code beside triggers' own, done once."""


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
    with Progress("compiling", len(names) + len(_USES)) as progress:
        for use, what in _USES.items():
            progress(0, use)
            what()
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
    note(f"compiled: engine, {', '.join(_USES)} and {len(names) - len(wrong)} triggers")
    if wrong:
        raise InputError("; ".join(f"trigger '{name}' does not compile: {why}" for name, why in wrong.items()))
