"""What is known of one listener so far, made of events alone.  session, told, verify -> observations, dislikes, pairs, lag.

A journal that is read again gives the state that was there: nothing is known that no event says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synth.explore.bans import banned
from synth.explore.comparisons import Comparison, along_line
from synth.explore.hold import SILENCE_S, SOUND_S, Hold, held, score_of
from synth.explore.lag import LagEstimate
from synth.explore.macros import grid_index
from synth.explore.response_model import Observation, ResponseModel
from synth.parameters.errors import InputError, shown

TRIAL_S = SOUND_S + SILENCE_S
COMPARED = ("duel", "knob")
_LEARNT_FROM = ("trial", "repeat")


class History:
    """Everything that was asked and answered.

    Attributes
    ----------
    model : learns from every trial. told : events of trials, in their order. disliked, accepted : rows of the grid.
    banned : which rows are not to be played any more; what was banned stays so.
    incumbent : the row that blind pairs compare with the usual; None before `verify`.
    session : number of the running one. within_s, at_s : seconds of listening in it, and in all.
    """

    def __init__(self, model: ResponseModel) -> None:
        self.model = model
        self.told: list[dict[str, Any]] = []
        self.disliked: list[int] = []
        self.accepted: list[int] = []
        self.banned = np.zeros(len(model.grid), bool)
        self.shams: list[float] = []
        self.pairs: dict[int, dict[str, float]] = {}
        self.incumbent: int | None = None
        self.session, self.within_s, self.at_s = 0, 0.0, 0.0
        self.lag = LagEstimate()
        self.is_button = False

    @property
    def next_number(self) -> int:
        """The number of the next trial: one above the last that was told."""
        return int(self.told[-1]["number"]) + 1 if self.told else 0

    def add(self, event: Mapping[str, Any]) -> None:
        """Take in an event.

        Raises
        ------
        InputError
            If it is of no known kind.
        """
        acts = {"session": self._begin, "told": self._told, "verify": self._verify, "asked": _pass_over}
        if event.get("event") not in acts:
            raise InputError(f"event {shown(event.get('event'))}; known: {', '.join(acts)}")
        acts[event["event"]](event)

    def _begin(self, event: Mapping[str, Any]) -> None:
        if self.told:
            self.session += 1
        self.within_s = 0.0

    def _verify(self, event: Mapping[str, Any]) -> None:
        self.incumbent, self.pairs = int(event["index"]), {}

    def _told(self, event: Mapping[str, Any]) -> None:
        hold: Hold = np.array(event["hold"], float)
        if event["kind"] not in COMPARED:
            self.lag.add(hold, SOUND_S)
        score = score_of(hold, self.lag.lag_s)
        index, kind = int(grid_index(event["vector"])), event["kind"]
        is_disliked = bool(event.get("disliked"))
        heard, unpleasant = [index], [index]
        if kind in COMPARED:
            rows = [int(grid_index(vector)) for vector in event["vectors"]]
            heard, unpleasant = self._compare(rows, kind, float(hold[0]), is_disliked)
        if kind not in COMPARED:
            self.is_button = score.is_button and (self.is_button or not self.told)
        if kind in _LEARNT_FROM:
            self.model.add(Observation(index, score.value, self.at_s, self.session, self.within_s))
        if kind == "sham":
            self.shams.append(score.value)
        elif is_disliked:
            self.disliked += unpleasant
            self.accepted += [row for row in heard if row not in unpleasant]
            self.banned |= banned(self.model.grid, self.disliked, self.accepted)
        else:
            self.accepted += heard
        if kind == "pair":
            self.pairs.setdefault(int(event["pair"]), {})[event["side"]] = held(hold)
        self.told.append(dict(event, score=score.value, session=self.session, at_s=self.at_s))
        self.at_s += TRIAL_S
        self.within_s += TRIAL_S

    def _compare(self, rows: list[int], kind: str, answer: float, is_disliked: bool) -> tuple[list[int], list[int]]:
        """Learn which of two it was (0 or 1; 0.5 says nothing), or where along a line (0..1) a knob was left, unless in dislike.

        Return the rows that were heard, and which of them were unpleasant if any was.
        """
        if kind == "knob":
            at = round(answer * (len(rows) - 1))
            if not is_disliked:
                self.model.compare(along_line(rows, at))
            return [rows[at]], [rows[at]]
        if answer == 0.5:
            return rows, rows
        winner = int(answer > 0.5)
        self.model.compare([Comparison(rows[winner], rows[1 - winner])])
        return rows, [rows[1 - winner]]


def _pass_over(event: Mapping[str, Any]) -> None:
    """Learn nothing: what was asked and never told was lost with its session."""
