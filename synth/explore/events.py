"""A journal's events, read back and looked at.  line -> event -> checked; what is wrong names its line.

Numbers of trials only rise: a line that is there twice is refused, one that was taken out is missed by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from synth.explore.hold import checked_hold
from synth.explore.journal import FILE, Event, events_of
from synth.explore.macros import STEPS, snapped
from synth.explore.trial import KINDS
from synth.parameters.errors import InputError, shown

_KNOWN = ("session", "asked", "told", "verify")
_LEAST = {"duel": 2, "knob": 1}


def checked_events(folder: Path, size: int) -> Iterator[Event]:
    """Yield a journal's events, each as an explorer of so many macros makes it; raises as `events_of`, and for what is wrong."""
    last = -1
    for line, event in enumerate(events_of(folder), 1):
        try:
            checked_event(event, size, last)
        except InputError as error:
            raise InputError(f"{folder / FILE}: line {line}: {error}; remove that line") from None
        if event["event"] == "told":
            last = event["number"]
        yield event


def checked_event(event: Event, size: int, last: int) -> None:
    """Look at an event of an explorer of `size` macros that was told `last` before.

    Raises
    ------
    InputError
        If it lacks something, or holds what no explorer writes.
    """
    kind = event.get("event")
    if kind not in _KNOWN:
        raise InputError(f"event {shown(kind)}; known: {', '.join(_KNOWN)}")
    if kind == "verify":
        _whole(event, "index", 0, (STEPS + 1) ** size - 1)
    if kind in ("asked", "told"):
        _whole(event, "number", last + 1, 10**9)
        _check_trial(event, size)
    if kind == "told":
        checked_hold(event.get("hold"), is_one=event["kind"] in _LEAST)
        if event.get("disliked", False) not in (True, False):
            raise InputError(f"disliked = {shown(event['disliked'])}; needed: true or false")


def _check_trial(event: Event, size: int) -> None:
    kind = event.get("kind")
    if kind not in KINDS:
        raise InputError(f"kind {shown(kind)}; known: {', '.join(KINDS)}")
    _on_grid(event.get("vector"), size)
    if kind in _LEAST:
        vectors = event.get("vectors")
        if not isinstance(vectors, list) or len(vectors) < _LEAST[kind] or (kind == "duel" and len(vectors) != 2):
            raise InputError(f"vectors = {shown(vectors)}; needed: the sounds of a {kind}")
        for vector in vectors:
            _on_grid(vector, size)
    if kind == "pair":
        _whole(event, "pair", 0, 10**6)
        if event.get("side") not in ("best", "usual"):
            raise InputError(f"side = {shown(event.get('side'))}; needed: best or usual")


def _on_grid(vector: Any, size: int) -> None:
    if np.any(snapped(vector, size) != np.asarray(vector, float)):
        raise InputError(f"vector = {shown(vector)}; needed: steps of 1/{STEPS}")


def _whole(event: Event, name: str, low: int, high: int) -> None:
    value = event.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InputError(f"{name} = {shown(value)}; needed: a whole number {low} .. {high}")
