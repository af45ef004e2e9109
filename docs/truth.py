"""Measure how true every sound is, and write truth.md with its pictures.  triggers, presets -> 5 seeds -> classes -> page.

python docs/truth.py           on all cores; prints the tables, writes docs/truth.md and docs/truth/
python docs/truth.py NAME...   prints those of some triggers and presets; writes nothing
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from generate.off_class import off, off_table

from synth.analysis.classes import apart
from synth.analysis.comparison import Comparison, with_class
from synth.analysis.measure import mean_of, measure
from synth.analysis.picture import draw
from synth.engine.compiling import cores
from synth.engine.preset import Preset
from synth.offline.measured import SEEDS, class_of, performances, presets_of
from synth.preset.library import load_preset, preset_names
from synth.trigger import TRIGGERS

PAGE, FOLDER = Path(__file__).with_suffix(".md"), Path(__file__).with_suffix("")
RATE_HZ = 48000
TWINS = 0.4
COLOURS = 64
HEAD = """# How true the sounds are

Written by `make truth`; do not edit.

Every trigger and every preset is rendered with five seeds of 8 s, measured, and set beside real recordings of the thing that it
stands for ([where those numbers come from](../synth/analysis/data/PROVENANCE.md)). `synth measure NAME` says more about one of
them, and measures files of your own.

- **distance**: how far its texture (spectrum, unsteadiness of 30 bands, correlations between them, modulation) lies from the mean
  of the class, in units of the spread inside classes. **Bold**: no farther than the middle real recording lies from the rest of
  its class; ~~struck out~~: farther than 90 % of them.
- **real**: these two figures of the real recordings; empty where there are too few.
- **rank**: which of {classes} classes the right one is by nearness. **worst family**: where most of the distance comes from.
- **black**: 10 ms frames under -75 dBFS. **ILD sd**: how much the level difference between the ears moves. **IACC**: how alike
  both ears hear it (1: the same). **low**, **top**: share of the power below 150 Hz and above 8 kHz.

Texture is necessary, not sufficient: of real recordings it finds the right class first in 37 %, among the first three in 58 %.

![Distance of every trigger from its class, beside what real recordings score](truth/overview.png)
"""
OFF = """### What lies off

What one reads off a sound, wherever it lies more than two standard deviations from the mean of the recordings, and why. Of few
recordings that happen to agree, half the spread within all classes counts as theirs.
"""
PRESETS = """
## Presets

Of a preset the first layer, its main one, says what it stands for.
"""


@dataclass(frozen=True)
class Row:
    """A sound and what it stands for; `kind`: the class to which a trigger is set, "" of a preset."""

    name: str
    kind: str

    @property
    def preset(self) -> Preset:
        """What is rendered."""
        return presets_of(self.name)[self.kind] if self.kind else load_preset(self.name)

    @cached_property
    def stands_for(self) -> str:
        """The class that it is compared with."""
        return self.kind or class_of(self.preset)


def rows(names: Sequence[str] = ()) -> list[Row]:
    """Return every trigger, once for each class that it stands for, then every preset; or only those of some names."""
    triggers = [Row(name, kind) for name, trigger in TRIGGERS.items() for kind in trigger.classes]
    presets = [Row(name, "") for name in preset_names()]
    every = triggers + [row for row in presets if row.stands_for]
    return [row for row in every if row.name in names] if names else every


def performed(row: Row, seed: int) -> tuple[dict[str, float], np.ndarray | None]:
    """Return what one seed of a sound is like, and of the first one also the sound of a trigger."""
    audio = next(performances(row.preset, seed=seed, seeds=1, sample_rate=RATE_HZ))
    return measure(audio, RATE_HZ), audio if row.kind and seed == 0 else None


def all_measured(what: list[Row]) -> tuple[dict[Row, dict[str, float]], dict[Row, np.ndarray]]:
    """Return what every sound is like over its seeds, and the first performance of each trigger, rendered on all cores."""
    jobs = list(itertools.product(what, range(SEEDS)))
    with ProcessPoolExecutor(cores(), get_context("spawn")) as pool:
        done = list(pool.map(performed, *zip(*jobs, strict=True)))
    found = {row: mean_of(done[first : first + SEEDS][seed][0] for seed in range(SEEDS)) for row, first in _firsts(what)}
    return found, {row: audio for row, first in _firsts(what) if (audio := done[first][1]) is not None}


def _firsts(what: list[Row]) -> list[tuple[Row, int]]:
    return [(row, index * SEEDS) for index, row in enumerate(what)]


def cells(row: Row, measured: dict[str, float], beside: Comparison) -> dict[str, str]:
    """Return a sound's figures by column."""
    real = beside.like
    worst = max(beside.families, key=lambda family: beside.families[family])
    return {
        "sound": f"`{row.name}`",
        "class": f"{real.name} ({real.recordings})",
        "distance": verdict(beside),
        "real": "" if real.real_median is None else f"{real.real_median:.2f} / {real.real_p90:.2f}",
        "rank": str(beside.rank),
        "worst family": f"{worst} {beside.families[worst]:.1f}",
        "black %": f"{measured['black_75_pct']:.0f}",
        "ILD sd dB": f"{measured['ild_sd_db']:.1f}",
        "IACC": f"{measured['iacc']:.2f}",
        "LUFS": f"{measured['loudness_lufs']:.1f}",
        "low %": f"{measured['x.below_150_pct']:.1f}",
        "top %": f"{measured['x.above_8k_pct']:.2f}",
    }


def verdict(beside: Comparison) -> str:
    """Return the distance, marked by what real recordings score."""
    text, real = f"{beside.distance:.2f}", beside.like
    if real.real_median is None or real.real_p90 is None:
        return text
    return f"**{text}**" if beside.distance <= real.real_median else text if beside.distance <= real.real_p90 else f"~~{text}~~"


def table(found: list[dict[str, str]]) -> str:
    """Return rows as a Markdown table whose columns line up; of none, nothing."""
    if not found:
        return ""
    widths = {key: max(len(key), *(len(row[key]) for row in found)) for key in found[0]}
    lines = [widths.keys(), ["-" * width for width in widths.values()], *(row.values() for row in found)]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths.values(), strict=True)] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in padded)


def twins(found: dict[Row, dict[str, float]]) -> str:
    """Say which presets lie too near to each other."""
    pairs = itertools.combinations([row for row in found if not row.kind], 2)
    near = sorted((apart(found[one], found[other]), one.name, other.name) for one, other in pairs)
    listed = ", ".join(f"`{one}` and `{other}` {far:.2f}" for far, one, other in near if far < TWINS)
    return (
        f"Two presets lie {np.median([far for far, *_ in near]):.2f} apart (median). Nearer than {TWINS:g}: {listed or 'none'}.\n"
    )


def overview(beside: dict[Row, Comparison], path: Path) -> None:
    """Draw the triggers' distances beside those of real recordings."""
    from matplotlib import pyplot

    triggers = [row for row in beside if row.kind]
    figure, axis = pyplot.subplots(figsize=(9, 0.32 * len(triggers) + 0.8), layout="constrained")
    for at, row in enumerate(triggers):
        real = beside[row].like
        if real.real_median is not None and real.real_p90 is not None:
            axis.barh(at, real.real_p90, color="#205080", alpha=0.2)
            axis.plot([real.real_median] * 2, [at - 0.4, at + 0.4], color="#205080")
        axis.plot(beside[row].distance, at, "o", color="#d1495b")
    names = [row.name if row.kind == row.name else f"{row.name}: {row.kind}" for row in triggers]
    axis.set_yticks(range(len(triggers)), names)
    axis.invert_yaxis()
    axis.set(xlim=(0, None), xlabel="distance from the class; bar: 90 % of real recordings, line: the middle one, point: ours")
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def smaller(path: Path) -> None:
    """Save a picture with few colours: a quarter of the bytes."""
    from PIL import Image

    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def pictures(beside: dict[Row, Comparison], found: dict[Row, dict[str, float]], audio: dict[Row, np.ndarray]) -> str:
    """Draw every trigger; returns the part of the page that shows them."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    text = ""
    for row, sound in audio.items():
        title = f"{row.name} beside {row.kind}: {beside[row].distance:.2f}"
        draw(FOLDER / f"{row.name}-{row.kind}.png", sound, RATE_HZ, found[row], beside[row].like, title, dpi=70)
        text += f"\n### {row.name}: {row.kind}\n\n![{title}](truth/{row.name}-{row.kind}.png)\n"
        text += f"\n{worst_off(beside[row], found[row])}\n"
    overview(beside, FOLDER / "overview.png")
    for path in FOLDER.glob("*.png"):
        smaller(path)
    return text


def worst_off(beside: Comparison, measured: dict[str, float]) -> str:
    """Say which readable statistics lie more than two standard deviations from the real mean."""
    names = ", ".join(difference.name.removeprefix("x.") for difference in off(beside, measured))
    return f"More than two standard deviations off: {names or 'nothing'}."


def main(names: Sequence[str]) -> int:
    """Measure, print, write."""
    found, audio = all_measured(rows(names))
    beside = {row: with_class(measured, row.stands_for) for row, measured in found.items()}
    lines = {row: cells(row, found[row], beside[row]) for row in found}
    triggers = table([line for row, line in lines.items() if row.kind])
    presets = table([line for row, line in lines.items() if not row.kind])
    far = off_table((row.name, beside[row], found[row]) for row in found if row.kind)
    print(f"{triggers}\n{presets}\n{far}")
    if names:
        return 0
    print(twins(found))
    head = HEAD.format(classes=len(next(iter(beside.values())).nearest))
    parts = [head, "## Triggers\n", triggers, OFF, far, PRESETS, presets, twins(found)]
    PAGE.write_text("\n".join([*parts, "## Pictures\n" + pictures(beside, found, audio)]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
