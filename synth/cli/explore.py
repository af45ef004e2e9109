"""`synth explore`: a session of the listener loop, told; `synth explore bench`: how much it finds, on simulated listeners."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from synth.cli.options import ExploreOptions
from synth.cli.progress import Progress, note
from synth.cli.table import show
from synth.explore.bench_report import PARTS, report
from synth.explore.explorer import Explorer
from synth.explore.foreign import listener_named
from synth.explore.macros import DEFAULT
from synth.explore.repertoire.atlas import draw_atlas
from synth.explore.repertoire.illuminate import cells, illuminate
from synth.explore.repertoire.keep import export_cells, save_repertoire
from synth.explore.repertoire.worth import worth_of
from synth.explore.session import DEFAULT_MIN, Answer, Report, Simulated, run_session
from synth.explore.trial import Trial
from synth.parameters.errors import InputError

BENCH = "bench"
_CELLS = 10


def explore(options: ExploreOptions, should_stop: Callable[[], bool]) -> dict[str, Any]:
    """Hold a session and keep it; a folder that holds one already is gone on with.

    Raises
    ------
    InputError
        If what is asked for is not there, or the folder holds another preset's session.
    """
    if options.listener is None and not options.repertoire:
        raise InputError("name who listens: --listener MODULE:FACTORY, such as synth.explore.listeners.family:graded")
    explorer, folder = _explorer(options)
    if options.listener is None:
        return _facts(explorer, None, folder) | _filled(explorer, folder, options, should_stop)
    listener = Simulated(listener_named(options.listener, explorer.preset, options.seed))
    minutes = DEFAULT_MIN if options.minutes is None else options.minutes

    def tell(trial: Trial, answer: Answer) -> None:
        note(f"{trial.number + 1}: hold {answer.hold.mean():.2f}{' (disliked)' if answer.disliked else ''}")  # not what it was

    found = run_session(
        explorer,
        listener,
        minutes,
        has_pairs=options.has_pairs,
        after=tell if not options.is_quiet else _nothing,
        should_stop=should_stop,
    )
    explorer.save(folder)
    facts = _facts(explorer, found, folder)
    return facts | (_filled(explorer, folder, options, should_stop) if options.repertoire else {})


def _filled(explorer: Explorer, folder: Path, options: ExploreOptions, should_stop: Callable[[], bool]) -> dict[str, Any]:
    """Fill a map by what an explorer knows; write it, its picture and the cells to play next."""
    with Progress(f"repertoire of {explorer.preset.name}", 1.0) as progress:
        found = illuminate(
            explorer.preset, worth_of(explorer), options.repertoire, seed=options.seed, progress=progress, should_stop=should_stop
        )
    save_repertoire(found, folder)
    draw_atlas(found, folder / "atlas.png")
    written = export_cells(found, cells(found, _CELLS, np.random.default_rng(options.seed)), folder / "cells")
    return {
        "repertoire": {
            "cells": found.archive.filled,
            "renders": found.archive.renders,
            "renders_per_s": found.renders_per_s,
            "outside_engine": found.outside_engine,
            "presets": [str(path) for path in written],
        }
    }


def _nothing(trial: Trial, answer: Answer) -> None:
    pass


def _explorer(options: ExploreOptions) -> tuple[Explorer, Path]:
    folder = options.output or Path(f"{Path(options.name).stem}.explore")
    with Progress(f"measuring {options.name}", 1.0) as progress:
        if (folder / "session.json").exists():
            explorer = Explorer.open(folder, progress=progress)
            asked = Path(options.name).stem
            if explorer.preset.name != asked:
                raise InputError(f"{folder}: holds a session of '{explorer.preset.name}', not of '{asked}'; name another with -o")
            note(f"{folder}: going on after {len(explorer.history.told)} trials")
            return explorer, folder
        macros = options.macros.split(",") if options.macros else DEFAULT
        explorer = Explorer(
            options.name,
            options.seed,
            options.policy,
            macros=macros,
            prior=None if options.prior == "none" else options.prior,
            questions="auto" if options.has_duels else "hold",
            folder=folder,
            progress=progress,
        )
        return explorer, folder


def _facts(explorer: Explorer, found: Report | None, folder: Path) -> dict[str, Any]:
    best, verdict = explorer.best, explorer.verdict
    return {
        "folder": str(folder),
        "preset": str(folder / "found.toml"),
        "trials": len(explorer.history.told),
        "is_over": found is not None and found.is_over,
        "best": dict(zip(explorer.macros, best.vector.tolist(), strict=True)),
        "hold": best.hold,
        "hold_interval": list(best.interval),
        "lag_s": explorer.lag_s,
        "verdict": verdict.outcome,
        "difference": verdict.difference,
        "difference_interval": list(verdict.interval),
        "pairs": verdict.pairs,
        "advice": "" if found is None else found.advice,
    }


def tell(facts: dict[str, Any], write: Callable[[str], object]) -> None:
    """Say for people how it went."""
    at = ", ".join(f"{name} {value:g}" for name, value in facts["best"].items())
    low, high = facts["hold_interval"]
    write(f"after {facts['trials']} trials: {at}; expected hold {facts['hold']:.2f} ({low:.2f} to {high:.2f})")
    low, high = facts["difference_interval"]
    if facts["verdict"] == "not enough data":
        write(f"not enough data to say whether it helps: {facts['pairs']} blind pairs")
    elif not facts["pairs"]:
        write("did not help: nothing was found that is better than the preset as it is")
    else:
        apart = f"{facts['difference']:+.2f} of the hold ({low:+.2f} to {high:+.2f})"
        write(f"{facts['verdict']}: {apart} in {facts['pairs']} blind pairs")
    if facts["advice"]:
        write(facts["advice"])
    if filled := facts.get("repertoire"):
        share, outside = 100 * filled["cells"], 100 * filled["outside_engine"]
        rate = f"{filled['renders_per_s']:.1f} sounds a second, {outside:.0f} % outside the engine"
        write(f"repertoire: {share:.0f} % of the cells, {rate}")
        write(f"its picture: {facts['folder']}/atlas.png; {len(filled['presets'])} cells as presets in {facts['folder']}/cells")
    write(f"hear it with: synth play {facts['preset']}")


def bench(options: ExploreOptions) -> dict[str, Any]:
    """Run the bench under a bar.

    Raises
    ------
    InputError
        If there is no such part.
    """
    parts = options.parts.split(",") if options.parts else list(PARTS)
    with Progress("bench", float(len(parts))) as progress:
        return report(parts, options.listeners, options.bench_preset, lambda share, part: progress(share, part))


def tell_bench(facts: dict[str, Any]) -> None:
    """Print every figure of the bench as a row."""
    show([{"figure": name, "value": value} for name, value in _rows("", facts)])


def _rows(head: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"mean", "interval"}:
            low, high = value["interval"]
            return [(head, f"{value['mean']:.3f} ({low:.3f} to {high:.3f})")]
        return [row for name, each in value.items() for row in _rows(f"{head}: {name}" if head else name, each)]
    return [(head, f"{value:.3f}" if isinstance(value, float) else str(value))]
