"""`synth explore`: a session of the listener loop, told; `synth explore bench`: how much it finds, on simulated listeners."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from synth.cli.explore_options import ExploreOptions
from synth.cli.exploring.asking import USUAL, Timing
from synth.cli.exploring.beginning import asks_for_duels, beginning, explorer_of, place_of
from synth.cli.exploring.command import folder_of, listen, tell_beginning
from synth.cli.exploring.outcome import facts_of, lines_of
from synth.cli.progress import Progress, note
from synth.cli.table import show
from synth.explore.bench_report import PARTS, report
from synth.explore.explorer import Explorer
from synth.explore.foreign import COMPARES, listener_named
from synth.explore.repertoire.atlas import draw_atlas
from synth.explore.repertoire.illuminate import cells, illuminate
from synth.explore.repertoire.keep import export_cells, save_repertoire
from synth.explore.repertoire.worth import worth_of
from synth.explore.session import DEFAULT_MIN, Answer, Report, Simulated, run_session, trials_of
from synth.explore.trial import Trial
from synth.parameters.errors import InputError

BENCH = "bench"
_CELLS = 10


def explore(
    options: ExploreOptions,
    should_stop: Callable[[], bool],
    timing: Timing = USUAL,
    given: Collection[str] = (),
) -> dict[str, Any]:
    """Hold a session and keep it; a folder that holds one already is gone on with.

    Parameters
    ----------
    timing : of a trial with somebody who listens; tests take shorter ones.
    given : the fields of the options that the command line says; what differs from these in the folder is refused.

    Raises
    ------
    InputError
        If what is asked for is not there, or the folder holds another preset's session, or one that was made otherwise.
    """
    minutes = DEFAULT_MIN if options.minutes is None else options.minutes
    trials_of(minutes, options.has_pairs)
    if options.listener is None and options.repertoire is None:
        return _listened(options, minutes, should_stop, timing, given)
    of_listening = {"--device": options.device, "--midi": options.midi, "--consent": options.has_consent}
    of_listening |= {"--page": options.has_page, "--page-at": options.page_at}
    for name, is_said in of_listening.items():
        if is_said:
            raise InputError(f"{name} is for you who listen: not with --listener, nor with --repertoire")
    folder = place_of(options, options.output)
    preset, seed = beginning(options, folder, given)
    found = None
    if options.listener is None:
        explorer = explorer_of(options, folder)
    else:
        needs = COMPARES if asks_for_duels(options, folder) else ()
        listener = Simulated(listener_named(options.listener, preset, seed, needs))
        explorer = explorer_of(options, folder)
        found = _heard(explorer, listener, minutes, options, should_stop, folder)
    facts = facts_of(explorer, found, folder)
    return facts if options.repertoire is None else facts | _filled(explorer, folder, options.repertoire, should_stop)


def _heard(
    explorer: Explorer,
    listener: Simulated,
    minutes: float,
    options: ExploreOptions,
    should_stop: Callable[[], bool],
    folder: Path,
) -> Report:
    """Hold a session with a simulated listener; what was found is written even where that listener fails."""

    def tell(trial: Trial, answer: Answer) -> None:
        note(f"{trial.number + 1}: hold {answer.hold.mean():.2f}{' (disliked)' if answer.disliked else ''}")  # not what it was

    try:
        found = run_session(
            explorer,
            listener,
            minutes,
            has_pairs=options.has_pairs,
            after=_nothing if options.is_quiet else tell,
            should_stop=should_stop,
        )
    except InputError:
        with suppress(InputError):  # the first one says more
            explorer.save(folder)
        raise
    explorer.save(folder)
    return found


def _listened(
    options: ExploreOptions, minutes: float, should_stop: Callable[[], bool], timing: Timing, given: Collection[str]
) -> dict[str, Any]:
    """Hold a session with somebody who listens, and keep it."""
    folder = folder_of(options)
    beginning(options, folder, given)
    is_new = not folder.exists()
    explorer = explorer_of(options, folder)
    if not (options.is_quiet or options.as_json):
        tell_beginning(explorer, minutes, folder, options.has_pairs)
    try:
        found, messages = listen(explorer, options, folder, minutes, should_stop, timing)
    except InputError:
        if is_new and not explorer.history.told:  # it never began: a device or a port was not there
            explorer.close()
            shutil.rmtree(folder, ignore_errors=True)
        raise
    explorer.save(folder)
    return facts_of(explorer, found, folder) | {"messages": messages}


def _filled(explorer: Explorer, folder: Path, renders: int, should_stop: Callable[[], bool]) -> dict[str, Any]:
    """Fill a map by what an explorer knows; write it, its picture and the cells to play next."""
    with Progress(f"repertoire of {explorer.preset.name}", 1.0) as progress:
        found = illuminate(
            explorer.preset, worth_of(explorer), renders, seed=explorer.seed, progress=progress, should_stop=should_stop
        )
    save_repertoire(found, folder)
    draw_atlas(found, folder / "atlas.png")
    written = export_cells(found, cells(found, _CELLS, np.random.default_rng(explorer.seed)), folder / "cells")
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


def tell(facts: dict[str, Any], write: Callable[[str], object]) -> None:
    """Say for people how it went."""
    for line in lines_of(facts):
        write(line)
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
