"""Draw the parts of a preset and what reaches them.

python docs/pictures/preset.py        writes docs/pictures/preset.png
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

INK, LAYER, OUTSIDE, ALL = "#24303a", "#e3f1ec", "#fdf0d5", "#dfe9f5"
BOXES = {  # name: left, bottom, width, height, colour, text, key
    "gesture": (0.6, 4.3, 2.3, 1.0, "white", "gesture", "when it sounds"),
    "trigger": (3.5, 4.3, 2.3, 1.0, "white", "trigger + params", "what sounds"),
    "place": (6.4, 4.3, 2.3, 1.0, "white", "place", "where it sounds"),
    "motion": (6.4, 2.7, 2.3, 1.0, "white", "motion", "how the place moves"),
    "level": (3.5, 2.7, 2.3, 1.0, "white", "level_db", "how loud"),
    "ears": (10.1, 4.3, 1.9, 1.0, ALL, "ears", "an HRTF set"),
    "room": (10.1, 2.7, 1.9, 1.0, ALL, "[room]", "around the head"),
    "master": (12.6, 3.5, 1.9, 1.0, ALL, "level_db", "of all, limiter"),
    "cues": (0.6, 0.3, 2.6, 1.0, OUTSIDE, "[[cue]]", "changes by the clock"),
    "scenes": (3.5, 0.3, 2.6, 1.0, OUTSIDE, "[[scene]]", "states, called by hand"),
    "midi": (6.4, 0.3, 2.6, 1.0, OUTSIDE, "[midi]", "keys, knobs, buttons"),
    "models": (9.3, 0.3, 2.9, 1.0, "#f3e3ef", "models, OSC, Python", "from outside the file"),
}
ARROWS = [("gesture", "trigger"), ("trigger", "place"), ("place", "ears"), ("ears", "master"), ("room", "master")]


def box(axes: Any, left: float, bottom: float, width: float, height: float, colour: str, text: str, below: str) -> None:
    """Draw a box with a name and what it says."""
    style = "round,pad=0,rounding_size=0.12"
    axes.add_patch(FancyBboxPatch((left, bottom), width, height, boxstyle=style, facecolor=colour, edgecolor=INK, linewidth=1))
    middle = left + width / 2
    axes.text(middle, bottom + 0.62 * height, text, ha="center", va="center", fontsize=10, weight="bold", color=INK)
    axes.text(middle, bottom + 0.27 * height, below, ha="center", va="center", fontsize=8.5, color=INK)


def arrow(axes: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow between two points."""
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, color=INK, linewidth=1.2, shrinkA=0, shrinkB=0)
    )


def main() -> None:
    """Write the picture."""
    figure, axes = pyplot.subplots(figsize=(11, 4.9), layout="constrained")
    style = "round,pad=0,rounding_size=0.2"
    for shift in (0.24, 0.12, 0.0):  # several layers, one behind the other
        axes.add_patch(FancyBboxPatch((0.3 + shift, 2.4 + shift), 8.7, 3.6, boxstyle=style, facecolor=LAYER, edgecolor=INK))
    axes.text(0.6, 5.62, "[[layer]]", fontsize=12, weight="bold", color=INK, va="center")
    axes.text(2.1, 5.62, "one sound at one place; a preset has one or more", fontsize=9, color=INK, va="center")
    for each in BOXES.values():
        box(axes, *each)
    for start, end in ARROWS:
        left, bottom, width, height = BOXES[start][:4]
        to_left, to_bottom, _, to_height = BOXES[end][:4]
        arrow(axes, (left + width, bottom + height / 2), (to_left, to_bottom + to_height / 2))
    arrow(axes, (4.65, 3.7), (4.65, 4.3))
    arrow(axes, (7.55, 3.7), (7.55, 4.3))
    arrow(axes, (9.24, 3.2), (10.1, 3.2))
    arrow(axes, (14.5, 4.0), (15.1, 4.0))
    axes.text(15.2, 4.0, "out", fontsize=10.5, va="center", color=INK)
    for name in ("cues", "scenes", "midi"):
        left, _, width, _ = BOXES[name][:4]
        arrow(axes, (left + width / 2, 1.3), (left + width / 2, 2.4))
    arrow(axes, (9.9, 1.3), (8.8, 2.4))
    axes.text(2.05, 1.85, "all of them move numbers", fontsize=9, color=INK, va="center", style="italic")
    axes.text(10.2, 1.85, "keys and models strike, too", fontsize=9, color=INK, va="center", style="italic")
    axes.set(xlim=(0.1, 15.9), ylim=(0.1, 6.4))
    axes.axis("off")
    figure.savefig(Path(__file__).with_suffix(".png"), dpi=80)


if __name__ == "__main__":
    main()
