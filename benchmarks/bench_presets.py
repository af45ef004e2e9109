"""How fast the shipped presets render on one core, and where the time goes.

every preset -> Engine.process in one-second blocks, in turns -> times real time, share of each part

The baseline in the same run is an engine that plays nothing: what a quantum costs before the first sound.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import synth
from benchmarks.timing import machine

RATE = 48000
PARTS = ("control", "kernels", "emitters", "ears", "master")


def measure(engine: synth.Engine, seconds: int) -> dict[str, float]:
    """Return times real time (median over the seconds) and the share of each part."""
    before, times = engine.cycles, []
    for _ in range(seconds):
        begin = time.process_time()
        engine.process(RATE)
        times.append(time.process_time() - begin)
    spent = {part: engine.cycles[part] - before[part] for part in PARTS}
    total = max(sum(spent.values()), 1)
    return {"times_real_time": 1 / float(np.median(times)), **{part: spent[part] / total for part in PARTS}}


def scenes() -> dict[str, synth.Engine]:
    """Return an engine for each preset, and one that plays nothing."""
    engines = {"(nothing)": synth.Engine(RATE)}
    for name in synth.preset_names():
        engines[name] = synth.Engine(RATE)
        engines[name].load(synth.load_preset(name))
    for engine in engines.values():
        engine.process(2 * RATE)
    return engines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20, help="seconds of each preset")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = {name: measure(engine, arguments.seconds) for name, engine in scenes().items()}
    speeds = [row["times_real_time"] for name, row in rows.items() if name != "(nothing)"]
    summary = {"median": float(np.median(speeds)), "slowest": min(speeds)}
    if arguments.json:
        print(json.dumps({"presets": rows, "times_real_time": summary}))
        return
    print(machine())
    print(f"{'preset':28s} {'x real time':>11s}  " + "  ".join(f"{part:>8s}" for part in PARTS))
    for name, row in sorted(rows.items(), key=lambda item: -item[1]["times_real_time"]):
        shares = "  ".join(f"{row[part]:8.0%}" for part in PARTS)
        print(f"{name:28s} {row['times_real_time']:11.1f}  {shares}")
    print(f"median {summary['median']:.1f} (target 30), slowest {summary['slowest']:.1f} (target 10) times real time on one core")


if __name__ == "__main__":
    main()
