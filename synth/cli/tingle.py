"""What `synth tingle` does with the folder of what a listener gave, and the consent before.  words -> folder -> facts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from synth.cli.progress import note
from synth.io.files.tingle_folder import SESSION, Session, erase, erase_all, find, sessions, tingle_folder
from synth.live.tingle import consent
from synth.live.tingle.session_rows import clock_of
from synth.live.tingle.session_tables import FORMATS, export
from synth.parameters.errors import InputError, shown, unknown


def rows() -> list[dict[str, Any]]:
    """Return each kept session: its name, what played, how long, which signals, and its size."""
    return [_row(session) for session in sessions(tingle_folder())]


def _row(session: Session) -> dict[str, Any]:
    facts = session.facts
    try:
        told = _explored(session) or _recorded(session)
    except InputError:
        told = {"seconds": None, "signals": "cannot be read", "ended": False}
    preset = facts.get("preset", "")
    return {
        "name": session.name,
        "preset": preset if isinstance(preset, str) else "",
        **told,
        "kB": round(session.size_bytes / 1000),
    }


def _recorded(session: Session) -> dict[str, Any]:
    """Return what a row says of a session that the recorder kept."""
    facts, clock = session.facts, clock_of(session.facts, session.path / SESSION)
    signals = facts.get("signals", {})
    if not isinstance(signals, dict):
        raise InputError(f"{session.path / SESSION}: signals = {shown(signals)}; needed: an object")
    return {
        "seconds": round(max(clock.end - clock.begin, 0) / clock.rate, 1),
        "signals": ", ".join(["hold", *(kind for kind in signals if kind != "hold")]),
        "ended": "ended_at" in facts,
    }


def _explored(session: Session) -> dict[str, Any]:
    """Return what a row says of an exploration; nothing of what the recorder kept."""
    from synth.cli.exploring.kept import facts_of, is_exploration  # it is heavy, and few have one

    return facts_of(session) if is_exploration(session) else {}


def export_sessions(name: str | None, folder: Path, kind: str) -> tuple[list[str], list[str]]:
    """Export one session, or all; return the files, and of all what was said of each session that could not be exported.

    Raises
    ------
    InputError
        If the one that is named cannot be exported, or there is no such format.
    """
    from synth.cli.exploring.kept import export_exploration, is_exploration

    if kind not in FORMATS:
        raise unknown("format", kind, FORMATS, "--format")
    chosen = sessions(tingle_folder()) if name is None else [find(tingle_folder(), name)]
    written: list[str] = []
    refused: list[str] = []
    for session in chosen:
        try:
            is_explored = is_exploration(session)
            written += map(str, export_exploration(session, folder, kind) if is_explored else export(session, folder, kind, note))
        except InputError as error:
            if name is not None:
                raise
            refused.append(str(error))
    return written, refused


def erase_sessions(name: str | None) -> list[str]:
    """Erase one session, or everything; return what is gone."""
    folder = tingle_folder()
    if name is None:
        gone = [session.name for session in sessions(folder)]
        erase_all(folder)
        return [*gone, "consent and latencies"]
    session = find(folder, name)
    erase(session)
    return [session.name]


def consent_facts(is_given_now: bool) -> dict[str, Any]:
    """Return the text, whether it is agreed to, and where things are kept; agree first if that is said."""
    folder = tingle_folder()
    if is_given_now:
        consent.require(folder, True)
    return {"text": consent.text(folder), "is_given": consent.is_given(folder), "folder": str(folder)}


def require_consent(is_given_now: bool, is_machine: bool) -> Path:
    """Return the folder in which a listener's responses may be kept; ask, the first time.

    Parameters
    ----------
    is_given_now : whether --consent was said.
    is_machine : whether a program asks, which cannot answer (--json).

    Raises
    ------
    InputError
        If there is no consent.
    """
    folder = tingle_folder()
    can_ask = not is_machine and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    consent.require(folder, is_given_now, _ask if can_ask else None)
    return folder


def _ask(text: str) -> str:
    sys.stderr.write(text)
    sys.stderr.flush()
    return sys.stdin.readline()
