"""The folder of an explorer: what it is of, beside its journal.  session.json, usual.toml, trials.jsonl, found.toml."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import synth
from synth.explore.hold import RATE_HZ
from synth.io.files.whole_file import PRIVATE, write_whole
from synth.parameters.errors import InputError
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
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: holds no explorer's session: {getattr(error, 'strerror', None) or error}") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise InputError(f"{folder / _HEAD}: is not of schema {SCHEMA}, which this version reads")
    try:
        names = ("preset", "seed", "policy", "macros", "prior", "questions")
        preset, seed, policy, macros, prior, questions = (content[name] for name in names)
    except KeyError as error:
        raise InputError(f"{folder / _HEAD}: lacks {error}") from None
    return Head(preset, int(seed), policy, tuple(macros), prior, questions), read_text(
        text, preset, str(folder / _PRESET), folder
    )
