"""Draw the picture of a stream's contract: frames that come unevenly, stop, and come back; what the parameter does meanwhile.

python docs/pictures/stall.py        writes docs/pictures/stall.png
"""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot

import synth

RATE, BLOCK, RATE_HZ = 48000, 480, 20
STOPS_S, RETURNS_S, END_S = 1.6, 6.4, 8.2
CONTRACT = {"rate_hz": RATE_HZ, "delay_s": 0.1, "timeout_s": 0.5, "hold_s": 0.7, "glide_s": 1.5, "return_s": 0.5}
COLOURS = {"driving": "#e3f1ec", "stalled": "#fdf0d5", "going home": "#f8dfe1", "released": "#ececec"}


def model(time_s: float) -> float:
    """Return what the model wants at a moment."""
    return -9.0 + 9.0 * np.sin(2 * np.pi * 0.55 * time_s)


def play() -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
    """Return times, the level, the stream's phases, and when each frame came with what it said: (2, k)."""
    engine = synth.Engine(RATE, "sphere")
    layer = engine.add("tap", level_db=-20)
    rng = np.random.default_rng(3)
    stamps = np.array([t for t in np.arange(0, END_S, 1 / RATE_HZ) if not STOPS_S < t < RETURNS_S])
    arrivals = np.sort(stamps + rng.uniform(0, 0.08, len(stamps)))
    times, levels, phases, sent = [], [], [], 0
    with engine.stream("model", [f"{layer.name}.level_db"], start=0, ahead_s=1, **CONTRACT) as stream:
        while engine.frame < END_S * RATE:
            while sent < len(stamps) and arrivals[sent] * RATE <= engine.frame:
                stream.push([model(stamps[sent])], time_s=stamps[sent])
                sent += 1
            engine.process(BLOCK)
            times.append(engine.frame / RATE)
            levels.append(engine.values(layer)["level_db"])
            phases.append(stream.stats["phase"])
    return np.array(times), np.array(levels), phases, np.stack([arrivals, model(stamps)])


def main() -> None:
    """Write the picture."""
    times, levels, phases, frames = play()
    figure, axes = pyplot.subplots(figsize=(9, 3), layout="constrained")
    for phase, colour in COLOURS.items():
        axes.fill_between(times, -24, 8, where=[each == phase for each in phases], color=colour, linewidth=0, label=phase)
    axes.plot(*frames, ".", color="#2e86ab", markersize=4, label="frames, as they came")
    axes.plot(times, levels, color="#d1495b", linewidth=1.6, label="the parameter")
    axes.axhline(-20, color="#888888", linewidth=0.8, linestyle=":")
    axes.text(3.6, -20.3, "the preset's value", ha="right", va="top", fontsize=8, color="#666666")
    axes.set(xlim=(0, END_S), ylim=(-24, 8), xlabel="s", ylabel="level, dB")
    axes.legend(ncols=3, fontsize=8, loc="upper right", framealpha=1)
    figure.savefig(Path(__file__).parent / "stall.png", dpi=120)


if __name__ == "__main__":
    main()
