"""Draw what each kind of gesture plays: notes and the pressure on them, by the engine's own kernels.

python docs/pictures/gestures.py        writes docs/pictures/gestures.png
"""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot

from synth.engine.kernels import gesture
from synth.parameters.parameter import numbers
from synth.rt.units import QUANTUM

RATE, SECONDS, SEED = 48000, 12, 3
SHOWN = {
    "hold": {"swell_hz": 0.5, "swell": 0.8},
    "taps": {"rate_hz": 3, "fingers": 3, "flam_s": 0.05, "dynamics": 0.6, "phrase_s": 3, "pause_s": 1.5},
    "strokes": {"rate_hz": 1, "irregularity": 0.15},
    "bursts": {"rate_hz": 1, "irregularity": 0.15},
}


def play(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the notes, (n, 2): start in seconds and velocity; and the newest note's pressure at each quantum's end."""
    record = np.zeros(1, gesture.GESTURE)[0]
    values = np.zeros(gesture.MAX_GESTURE_PARAMETERS)
    chosen = numbers(gesture.GESTURES[kind], SHOWN[kind])
    values[: len(chosen)] = list(chosen.values())
    gesture.begin(record, list(gesture.GESTURES).index(kind), np.uint64(SEED))
    notes, pressures = [], []
    for quantum in range(int(SECONDS * RATE / QUANTUM)):
        frame, stop = quantum * QUANTUM, (quantum + 1) * QUANTUM
        while (frame := gesture.next_note(record, values, RATE, frame, stop)) < stop:
            notes.append((frame / RATE, record["velocity"]))
        pressures.append(gesture.pressure(record, values, RATE, stop, QUANTUM))
    return np.array(notes), np.array(pressures)


def main() -> None:
    """Write the picture."""
    figure, grid = pyplot.subplots(len(SHOWN), 1, figsize=(10, 6), sharex=True, layout="constrained")
    for kind, axes in zip(SHOWN, grid, strict=True):
        notes, pressures = play(kind)
        times = np.arange(1, len(pressures) + 1) * QUANTUM / RATE
        if kind != "taps":
            axes.fill_between(times, pressures, color="#2e86ab", alpha=0.35, linewidth=0, label="pressure")
        axes.vlines(notes[:, 0], 0, notes[:, 1], color="#d1495b", linewidth=1.6, label="a note, as high as its velocity")
        axes.set(xlim=(0, SECONDS), ylim=(0, 1.05), yticks=[0, 1])
        settings = ", ".join(f"{name} {value:g}" for name, value in SHOWN[kind].items())
        axes.set_title(f"{kind}: {settings}", fontsize=10, loc="left")
    grid[-1].set_xlabel("s")
    grid[0].legend(fontsize=8, loc="lower right", ncols=2)
    figure.savefig(Path(__file__).with_suffix(".png"), dpi=80)


if __name__ == "__main__":
    main()
