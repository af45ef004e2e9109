"""500 parameters, 500 frames a second, through shared memory into a session that plays; two threads spin, one sorts.

`python -m tests.support.shared_throughput SECONDS`, beside a JACK server; prints one JSON object.
The sender is a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np

import synth
from synth.engine.engine import Engine
from synth.live.live import Live
from tests.support.load import busy

PARAMETERS, PER_S, DELAY_S = 500, 500, 0.02


def send(name: str, seconds: float) -> None:
    """Send frames by the clock, stamped with the time at which they were due."""
    with synth.connect(name) as connection:
        values = np.random.default_rng(5).uniform(0.2, 0.4, (64, len(connection.space)))
        begin_s = time.monotonic()
        for n in range(round(seconds * PER_S)):
            time.sleep(max(0.0, begin_s + n / PER_S - time.monotonic()))
            connection.push(values[n % 64], time_s=n / PER_S)


def run(seconds: float) -> dict[str, Any]:
    """Play, and return what was counted."""
    engine, name = Engine(48000, seed=2), f"throughput-{os.getpid()}"
    paths: list[str] = []
    while len(paths) < PARAMETERS:
        layer = engine.add("brush", azimuth_deg=10.0 * (len(engine.layers) % 36), distance_m=0.3, level_db=-30)
        paths += [f"{layer.name}.{path}" for path in layer.slots]
    with Live(engine, "jack") as live:
        stream = engine.stream("model", paths[:PARAMETERS], shared=name, rate_hz=PER_S, delay_s=DELAY_S)
        with stream, busy(sorters=1) as sorts:
            subprocess.run([sys.executable, "-m", __spec__.name, "send", name, str(seconds)], check=True)
            time.sleep(0.2)
            stats, sorted_often = stream.stats, sorts[0]
        missed = live.stats.underruns
    names = ("received", "applied", "late", "early", "dropped", "rejected", "corrupt", "longest_wait_s", "jitter_s")
    return {"parameters": PARAMETERS, "missed cycles": missed, "sorts": sorted_often, **{key: stats[key] for key in names}}


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(sys.argv[2], float(sys.argv[3]))
    else:
        sys.stdout.write(json.dumps(run(float(sys.argv[1]))) + "\n")
