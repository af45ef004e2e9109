"""Draw the README's picture: where every micro-event of a preset lies round the head, and what both ears get.

python docs/pictures/overview.py        writes docs/pictures/overview.png
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot
from matplotlib.patches import Circle, Ellipse

import synth
from synth.dsp.emitter import EARS, FREE, SLOT, emitters_dtype
from synth.engine.kernels.state import IDLE, POINT
from synth.rt.records import offset

RATE, SECONDS, SEED = 48000, 40, 0
PRESET = "demo"
COLOURS = ("#d1495b", "#2e86ab", "#edae49", "#3caea3", "#7768ae", "#66a182", "#8d6a9f", "#f26419")


def places(engine: synth.Engine) -> list[tuple[int, float, float]]:
    """Return layer, x and y in metres of every emitter that sounds through the ears at this moment."""
    state, arena, found = engine._arena.state[0], engine._arena.bytes, []
    for voice in state["voices"]:
        if voice["life"] == IDLE:
            continue
        layer = state["layers"][voice["layer"]]
        count = int(layer["emitters"])
        first = int(voice["emitters_at"]) + offset(emitters_dtype(1), "slot")
        slots = arena[first : first + count * SLOT.itemsize].view(SLOT)
        points = arena[int(voice["points_at"]) :][: count * POINT.itemsize].view(POINT)
        for slot, point in zip(slots, points, strict=True):
            if slot["life"] != FREE and slot["route"] == EARS and point["is_placed"]:
                own = np.array([slot["away_m"], slot["left_m"], slot["up_m"]], float) @ layer["axes"]
                found.append((int(voice["layer"]), float(layer["x_m"] + own[0]), float(layer["y_m"] + own[1])))
    return found


def head(axes: Any) -> None:
    """Draw a head seen from above, nose up."""
    for y in (-0.09, 0.09):
        axes.add_patch(Ellipse((y, 0), 0.025, 0.05, color="#b9a394", zorder=2))
    axes.add_patch(Ellipse((0, 0.1), 0.03, 0.035, color="#b9a394", zorder=2))
    axes.add_patch(Circle((0, 0), 0.09, color="#cbb7a9", zorder=3))


def main() -> None:
    """Render the preset and draw it."""
    engine = synth.Engine(RATE, seed=SEED)
    layers = engine.load(synth.load_preset(PRESET))
    blocks, seen = [], []
    for _ in range(SECONDS * RATE // 1920):
        blocks.append(engine.process(1920))
        seen += places(engine)
    audio = np.concatenate(blocks) + 1e-8 * np.random.default_rng(0).standard_normal((SECONDS * RATE, 2))
    figure = pyplot.figure(figsize=(13, 5), layout="constrained")
    above, left, right = figure.subplot_mosaic("AL;AR", width_ratios=(1, 1.5)).values()
    head(above)
    for layer in layers.values():
        own = np.array([(x, y) for index, x, y in seen if index == layer.index]).reshape(-1, 2)
        above.scatter(
            -own[:, 1], own[:, 0], s=5, alpha=0.35, color=COLOURS[layer.index % len(COLOURS)], label=layer.name, linewidth=0
        )
    above.set(aspect="equal", xlim=(-0.55, 0.55), ylim=(-0.5, 0.5), xlabel="m", title="every micro-event, seen from above")
    above.legend(fontsize=7, loc="lower right", markerscale=2)
    for axes, ear, name in ((left, 0, "left ear"), (right, 1, "right ear")):
        axes.specgram(audio[:, ear], NFFT=2048, Fs=RATE, noverlap=1024, vmin=-140, vmax=-50, cmap="magma")
        axes.set(yscale="symlog", ylim=(50, 20000), ylabel=name)
        axes.set_yticks([100, 1000, 10000], ["100 Hz", "1 kHz", "10 kHz"])
    right.set_xlabel("s")
    figure.savefig(Path(__file__).parent / "overview.png", dpi=90)


if __name__ == "__main__":
    main()
