"""Where a session of `synth explore` begins: a new explorer, or the one of its folder.  options, folder -> explorer.

All that can be refused is refused before anything is measured, and before a folder is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import synth
from synth.cli.explore_options import ExploreOptions
from synth.cli.progress import Progress, note
from synth.explore.explorer import Explorer
from synth.explore.folder import Head, read_head
from synth.explore.macros import DEFAULT, checked_names
from synth.parameters.errors import InputError

_HEAD = "session.json"
_ASKED: dict[str, tuple[str, Callable[[ExploreOptions], Any], Callable[[Head], Any]]] = {
    "policy": ("--policy", lambda options: options.policy, lambda head: head.policy),
    "macros": ("--macros", lambda options: ",".join(macros_of(options)), lambda head: ",".join(head.macros)),
    "prior": ("--prior", lambda options: str(Path(options.prior)), lambda head: str(Path(head.prior or "none"))),
    "seed": ("--seed", lambda options: options.seed, lambda head: head.seed),
    "has_duels": ("--duels", lambda options: options.has_duels, lambda head: head.questions == "auto"),
}
"""What a folder's session was made with: field of the options -> its option, what is asked for, what the folder holds."""


def macros_of(options: ExploreOptions) -> tuple[str, ...]:
    """Return the macros that are asked for; raises InputError for one that is not known."""
    return checked_names(options.macros.split(",")) if options.macros else DEFAULT


def place_of(options: ExploreOptions, where: Path | None) -> Path:
    """Return the folder of a session; None: one in the working directory."""
    return where or Path(f"{Path(options.name).stem}.explore")


def beginning(options: ExploreOptions, folder: Path, given: Collection[str]) -> tuple[synth.Preset, int]:
    """Return of which preset the session will be, and its seed, after a look at what the folder holds; nothing is made.

    Parameters
    ----------
    given : the fields of the options that the command line says: of a folder that is gone on with they must be what it holds.

    Raises
    ------
    InputError
        If there is no such preset or macro, or the folder holds a session of another preset or made otherwise.
    """
    if not (folder / _HEAD).exists():
        macros_of(options)
        return synth.load_preset(options.name), options.seed
    head, preset = read_head(folder)
    asked = Path(options.name).stem
    if preset.name != asked:
        raise InputError(f"{folder}: holds a session of '{preset.name}', not of '{asked}'; name another with -o")
    for name, (option, wish, held) in _ASKED.items():
        if name not in given or wish(options) == held(head):
            continue
        if name == "has_duels":
            raise InputError(f"--duels: {folder}: its session asks for the hold only; name another with -o")
        wrong = f"{option} {wish(options)}: {folder}: its session was made with {option} {held(head)}"
        raise InputError(f"{wrong}, which cannot be changed; leave it out, or name another folder with -o")
    return preset, head.seed


def asks_for_duels(options: ExploreOptions, folder: Path) -> bool:
    """Whether the session will ask for duels and knobs too."""
    return read_head(folder)[0].questions == "auto" if (folder / _HEAD).exists() else options.has_duels


def explorer_of(options: ExploreOptions, folder: Path) -> Explorer:
    """Return the explorer of a folder that `beginning` has looked at, made if it holds none.

    Raises
    ------
    InputError
        If there is no such policy or prior, or the folder cannot be read or written.
    """
    with Progress(f"measuring {options.name}", 1.0) as progress:
        if not (folder / _HEAD).exists():
            explorer = Explorer(
                options.name,
                options.seed,
                options.policy,
                macros=macros_of(options),
                prior=None if options.prior == "none" else options.prior,
                questions="auto" if options.has_duels else "hold",
                folder=folder,
                progress=progress,
            )
            explorer.prepare()
            return explorer
        explorer = Explorer.open(folder, progress=progress)
        explorer.prepare()
    note(f"{folder}: going on after {len(explorer.history.told)} trials")
    if left := explorer.pairs_left:
        note(f"{left} sounds of its blind pairs are left; they are all that comes now, whatever --minutes and --no-pairs say")
    return explorer
