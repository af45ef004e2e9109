"""The folder of an explorer: what it is of, beside its journal.  session.json, usual.toml, trials.jsonl, found.toml."""

from __future__ import annotations

import json
import operator
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import synth
from synth.explore.hold import RATE_HZ
from synth.explore.journal import FILE, Event, events_of
from synth.explore.macros import checked_names
from synth.explore.policy import POLICIES
from synth.explore.questions import ASKED
from synth.io.files.whole_file import PRIVATE, write_whole
from synth.parameters.errors import InputError, shown, unknown
from synth.preset.library import dump, read_text

SCHEMA = 1
_HEAD, _PRESET, _FOUND = "session.json", "usual.toml", "found.toml"


@dataclass(frozen=True)
class Head:
    """What an explorer was made with."""

    preset: str
    seed: int
    policy: str
    macros: tuple[str, ...]
    prior: str | None
    questions: str = "hold"


def checked_seed(seed: object) -> int:
    """Return a seed; raises InputError if it is no whole number of 0 or more."""
    try:
        found = operator.index(seed)  # type: ignore[arg-type]
    except TypeError:
        found = -1
    if found < 0 or isinstance(seed, bool):
        raise InputError(f"seed = {shown(seed)}; needed: a whole number, 0 or more")
    return found


def check_replaceable(folder: Path, head: Head, events: Sequence[Event]) -> None:
    """Refuse a folder that holds anything but the begin of the same session.

    Raises
    ------
    InputError
        If it does, or what it holds cannot be read.
    """
    if not any((folder / name).exists() for name in (_HEAD, FILE)):
        return
    before = list(events_of(folder)) if (folder / FILE).exists() else []
    if read_head(folder)[0] != head or before != list(events[: len(before)]):
        raise InputError(f"{folder}: holds another session, which is kept; save to another folder")


def write_head(folder: Path, head: Head, preset: synth.Preset) -> None:
    """Write what an explorer was made with; the folder is made for this user alone.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    content = {"schema": SCHEMA, "hold_rate_hz": RATE_HZ, **asdict(head)}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / _PRESET, dump(preset).encode(), PRIVATE)
        write_whole(folder / _HEAD, json.dumps(content, indent=1).encode(), PRIVATE)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None


def write_found(folder: Path, preset: synth.Preset) -> None:
    """Write the preset that was found.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        write_whole(folder / _FOUND, dump(preset).encode(), PRIVATE)
    except OSError as error:
        raise InputError(f"{folder / _FOUND}: cannot be written: {error.strerror}") from None


def read_head(folder: Path) -> tuple[Head, synth.Preset]:
    """Return what the explorer of a folder was made with, and its preset as it usually is.

    Raises
    ------
    InputError
        If the folder holds no explorer, or one that cannot be read.
    """
    try:
        content = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
        text = (folder / _PRESET).read_text(encoding="utf-8")
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{folder}: holds no explorer's session: {getattr(error, 'strerror', None) or error}") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise InputError(f"{folder / _HEAD}: is not of schema {SCHEMA}, which this version reads")
    try:
        names = ("preset", "seed", "policy", "macros", "prior", "questions")
        preset, seed, policy, macros, prior, questions = (content[name] for name in names)
    except KeyError as error:
        raise InputError(f"{folder / _HEAD}: lacks {error}") from None
    try:
        for name, value in (("preset", preset), ("policy", policy), ("questions", questions), ("prior", prior or "")):
            if not isinstance(value, str):
                raise InputError(f"{name} = {shown(value)}; needed: a word")
        for name, value, known in (("policy", policy, POLICIES), ("questions", questions, ASKED)):
            if value not in known:
                raise unknown(name, value, known)
        head = Head(preset, checked_seed(seed), policy, checked_names(macros), prior, questions)
    except InputError as error:
        raise InputError(f"{folder / _HEAD}: {error}") from None
    return head, read_text(text, preset, str(folder / _PRESET), folder)
