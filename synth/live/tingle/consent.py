"""Consent: what is kept, where, how to get rid of it, and that whoever is asked is 18 or older.  text -> yes -> a dated file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from synth.io.files.tingle_folder import owned
from synth.io.files.whole_file import PRIVATE, write_whole
from synth.parameters.errors import InputError, shown

VERSION = 1
"""Of the text: a new one is asked for again."""
_PATTERN = "consent-*.json"
_YES = ("yes", "y")
HOW = "add --consent if you are 18 or older and agree to what synth tingle consent shows"


def text(folder: Path) -> str:
    """Return what is agreed to; `folder`: where it is kept."""
    return f"""This records how you respond to sounds. Please read it once.

You are 18 or older.

What is kept: how strongly it tingles while you listen, as you say it with a key, a button or a controller; when; and
the performance that you heard, so that it can be played again (with what a microphone took in, if the preset plays one).
Heart rate and skin conductance are kept only if you name them yourself with --signal, each by itself.

Where: on this machine alone, in {folder}, which your account alone can open. Nothing is sent anywhere.

To see it: synth tingle list. To take it with you: synth tingle export. To get rid of it: synth tingle erase NAME, or
synth tingle erase --all, which removes this consent too. You can stop at any time.

It is an instrument and a way of finding sounds that you like. It measures nothing about your health, and promises
nothing. If a sound or a session is unpleasant, stop."""


def given(folder: Path) -> Path | None:
    """Return the file that says when the present text was agreed to, the newest; None: it was not."""
    found = [path for path in sorted(folder.glob(_PATTERN)) if _version(path) == VERSION] if folder.is_dir() else []
    return found[-1] if found else None


def is_given(folder: Path) -> bool:
    """Whether the present text was agreed to."""
    return given(folder) is not None


def _version(path: Path) -> int:
    try:
        facts = json.loads(path.read_bytes())
        return int(facts["version"]) if facts["is_adult"] is True and facts["agrees"] is True else 0
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0


def require(folder: Path, is_given_now: bool, ask: Callable[[str], str] | None = None) -> None:
    """Go on only if consent was given, before or now.

    Parameters
    ----------
    folder : of what the listener gives.
    is_given_now : whether --consent was said.
    ask : shows the text and returns what was answered; None: nobody can be asked.

    Raises
    ------
    InputError
        If there is none; nothing was recorded.
    """
    if is_given(folder):
        return
    if not is_given_now:
        if ask is None:
            raise InputError(f"nothing is recorded of a listener without consent; {HOW}")
        answer = ask(f"{text(folder)}\n\nAre you 18 or older, and do you agree? Type yes: ").strip().lower()
        if answer not in _YES:
            raise InputError(f"consent: {shown(answer)} is not yes; nothing is recorded")
    keep(folder, datetime.now().astimezone())


def keep(folder: Path, now: datetime) -> Path:
    """Write down that the present text was agreed to; return the file."""
    path = owned(folder) / f"consent-{now:%Y-%m-%d}.json"
    facts = {"version": VERSION, "is_adult": True, "agrees": True, "at": now.isoformat(timespec="seconds"), "text": text(folder)}
    write_whole(path, json.dumps(facts, indent=2, ensure_ascii=False).encode() + b"\n", PRIVATE)
    return path
