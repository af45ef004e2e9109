"""What tests/test_live_stream.py lets happen in a process of its own, beside a JACK server: python -m tests.stream_scenes NAME.

Prints one JSON object as its last line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from synth.drive import Drive
from synth.engine.engine import Engine
from synth.engine.feed import Stream
from synth.perform import Live
from tests.load import busy

RATE = 48000
VALUES = 500
_DELAY_S = 0.02
_SECONDS = 10.0


def crowd() -> Engine:
    """Return an engine with layers enough for 500 numbers."""
    engine = Engine(RATE, "sphere", seed=2)
    while sum(len(layer.slots) for layer in engine.layers) < VALUES:
        engine.add("brush", azimuth_deg=10.0 * (len(engine.layers) % 36), distance_m=0.3, level_db=-30)
    return engine


def measured(drive: Drive | Stream, rate_hz: float, how: str, where: str, sorters: int) -> dict[str, Any]:
    """Let another process send while Python is busy; return what both sides count."""
    command = [sys.executable, "-m", "tests.stream_flood", how, where, str(rate_hz), str(_SECONDS)]
    with busy(sorters=sorters) as sorts:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        stats = drive.stats
    return {**json.loads(done.stdout), "sorts": sorts[0], **{key: stats[key] for key in _COUNTED}}


_COUNTED = ("received", "applied", "late", "early", "dropped", "rejected", "fouled", "jitter_s", "longest_wait_s")


def shared() -> dict[str, Any]:
    """500 parameters, 500 frames a second, through shared memory, beside two threads that spin and one that sorts."""
    engine, name = crowd(), f"scene-{os.getpid()}"
    paths = [f"{layer.name}.{path}" for layer in engine.layers for path in layer.slots][:VALUES]
    with Live(engine, "jack") as live:
        with engine.stream("model", paths, shared=name, rate_hz=500, delay_s=_DELAY_S) as stream:
            facts = measured(stream, 500, "shared", name, 1)
        return {**facts, "values": len(paths), "gaps": live.stats.gaps, "overruns": live.stats.overruns}


SCENES: dict[str, Callable[[], dict[str, Any]]] = {scene.__name__: scene for scene in (shared,)}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]]()))  # noqa: T201
