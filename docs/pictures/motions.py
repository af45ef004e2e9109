"""Draw where each kind of motion goes, from above and over its height: the engine's own kernel, run for a few rounds.

python docs/pictures/motions.py        writes docs/pictures/motions.png
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot
from matplotlib.patches import Circle, Ellipse

from synth.engine.kernels import motion
from synth.parameters.parameter import numbers

STEP_S = 64 / 48000
PERIOD_S, ROUNDS, SEED = 4.0, {"drift": 12}, 5
PLACES = {"still": 60.0, "drift": 60.0}  # azimuth in degrees; elsewhere the front
ROUND = {"orbit"}  # kinds that go all the way round: drawn over 0 to 360 degrees, not about the front
DISTANCE_M = 0.4


def path(kind: str, **given: float) -> np.ndarray:
    """Return azimuth and elevation in degrees and distance in metres, at each quantum's end: (quanta, 3)."""
    record = np.zeros(1, motion.MOTION)[0]
    values = np.zeros(motion.MAX_MOTION_PARAMETERS)
    own = {parameter.name for parameter in motion.MOTIONS[kind]}
    chosen = numbers(motion.MOTIONS[kind], {name: value for name, value in given.items() if name in own})
    values[: len(chosen)] = list(chosen.values())
    motion.begin(record, list(motion.MOTIONS).index(kind), np.uint64(SEED))
    steps = []
    for _ in range(round(ROUNDS.get(kind, 1) * PERIOD_S / STEP_S)):
        motion.advance(record, values, STEP_S)
        steps.append((record["azimuth_deg"], record["elevation_deg"], record["distance_ratio"]))
    return np.array(steps) * (1, 1, DISTANCE_M) + (PLACES.get(kind, 0.0), 0, 0)


def head(axes: Any) -> None:
    """Draw a head seen from above, nose up."""
    for left in (-0.09, 0.09):
        axes.add_patch(Ellipse((left, 0), 0.025, 0.05, color="#b9a394"))
    axes.add_patch(Ellipse((0, 0.1), 0.03, 0.035, color="#b9a394"))
    axes.add_patch(Circle((0, 0), 0.09, color="#cbb7a9"))


def above(axes: Any, steps: np.ndarray, label: str, colour: str) -> None:
    """Draw a path from above, with a dot where it begins."""
    azimuth = np.radians(steps[:, 0])
    left, front = steps[:, 2] * np.sin(azimuth), steps[:, 2] * np.cos(azimuth)
    axes.plot(-left, front, color=colour, linewidth=1.5, label=label)
    axes.plot(-left[0], front[0], "o", color=colour, markersize=5)


def main() -> None:
    """Write the picture."""
    figure, grid = pyplot.subplots(2, len(motion.MOTIONS), figsize=(13, 5), height_ratios=(2, 1), layout="constrained")
    for kind, (top, bottom) in zip(motion.MOTIONS, grid.T, strict=True):
        head(top)
        above(top, path(kind, period_s=PERIOD_S, approach=0.6), "approach 0.6", "#edae49")
        above(top, path(kind, period_s=PERIOD_S), "approach 0", "#d1495b")
        top.set(aspect="equal", xlim=(-0.5, 0.5), ylim=(-0.5, 0.5), title=kind)
        top.set(xticks=[-0.4, 0, 0.4], yticks=[-0.4, 0, 0.4])
        high = path(kind, period_s=PERIOD_S, height_deg=80)
        order = np.argsort(high[:, 0]) if kind in ROUND else slice(None)
        bottom.plot(high[order, 0], high[order, 1], color="#2e86ab", linewidth=1.2)
        bottom.plot(high[0, 0], high[0, 1], "o", color="#2e86ab", markersize=5)
        bottom.set(xlim=(365, -5) if kind in ROUND else (185, -185), ylim=(-50, 50), xlabel="azimuth, degrees")
        bottom.set_xticks([360, 270, 180, 90, 0] if kind in ROUND else [180, 90, 0, -90, -180])
    grid[0, 0].set_ylabel("metres, front up")
    grid[1, 0].set_ylabel("elevation,\nwith height 80")
    grid[0, 2].legend(fontsize=8, loc="lower center")
    figure.savefig(Path(__file__).with_suffix(".png"), dpi=80)


if __name__ == "__main__":
    main()
