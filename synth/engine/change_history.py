"""The history of changes: what hands moved, and what it was before.  CHANGED responses -> changes -> numbers to go back to."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from synth.engine.addresses import THE_MASTER, Strip
from synth.engine.kernels.event_record import BY_MIDI, CHANGED, MASTER, ON_MASTER
from synth.engine.kernels.state import AUDIBLE
from synth.parameters.tables import MASTER_TARGETS
from synth.rt.units import QUANTUM

_KEPT = 64  # changes
_REST_S = 1.0  # a controller that has not moved for so long begins another change
Place = tuple[int, int, int]
"""Index and generation of a strip, and the slot."""


@dataclass(eq=False)
class _Change:
    """What was moved at once, or by one controller: the newest frame; by place what each number was, whether a stream's."""

    owner: int
    frame: int
    before: dict[Place, tuple[float, bool]] = field(default_factory=dict)


class ChangeHistory:
    """Keeps the last changes by hands; the newest is gone back from first."""

    def __init__(self, sample_rate: float) -> None:
        self._rest_frames = _REST_S * sample_rate
        self._changes: deque[_Change] = deque(maxlen=_KEPT)

    def clear(self) -> None:
        """Forget all: another preset plays."""
        self._changes.clear()

    def take_in(self, responses: Any) -> None:
        """Take in what RESPONSE records say of changes by hands."""
        for response in responses[responses["kind"] == CHANGED]:
            event = response["event"]
            place = (int(event["layer"]), int(event["generation"]), int(event["slot"]))
            if event["kind"] == MASTER:
                place = (ON_MASTER, THE_MASTER.generation, place[2])
            known = MASTER_TARGETS.values() if place[0] == ON_MASTER else range(AUDIBLE)
            if place[2] in known:  # no fade, no mute, not the volume and not the guard of the ears
                self._add(
                    int(event["owner"]), int(event["frame"]), place, (float(response["before"]), bool(response["was_streamed"]))
                )

    def _add(self, owner: int, frame: int, place: Place, before: tuple[float, bool]) -> None:
        change = self._move_of(owner, frame, place) or self._at_once(owner, frame) or _Change(owner, frame)
        if change in self._changes:
            self._changes.remove(change)
        self._changes.append(change)
        change.frame = frame
        change.before.setdefault(place, before)

    def _move_of(self, owner: int, frame: int, place: Place) -> _Change | None:
        """Return the change that a controller is just about."""
        found = next((change for change in reversed(self._changes) if place in change.before), None)
        is_moving = found and owner == found.owner == BY_MIDI and frame - found.frame <= self._rest_frames
        return found if is_moving else None

    def _at_once(self, owner: int, frame: int) -> _Change | None:
        """Return the change that happens in the same quantum."""
        newest = self._changes[-1] if self._changes else None
        return newest if newest and newest.owner == owner and newest.frame // QUANTUM == frame // QUANTUM else None

    def pop(self, strips: Mapping[tuple[int, int], Strip]) -> list[tuple[Strip, int, float, bool]]:
        """Return the newest change of strips that are still there: whose, slot, what it was, whether a stream's."""
        while self._changes:
            before = self._changes.pop().before
            there = [(strips[place[:2]], place[2], *was) for place, was in before.items() if place[:2] in strips]
            if there:
                return there
        return []
