"""How a session with a listener stands, for its displays: how far, what is asked, what goes on.  -> a line, a page's table.

It never says what kind of trial is heard.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synth.cli.exploring.asking import HOLD, Question

_BAR = 5
_PARTS = {0: "the first sound", 1: "the second sound", None: "which tingled more?"}
_OF_DUEL = "left first  right second  enter neither"
_OF_KNOB = "left right turn it  enter it stays here"
_OF_HOLD = {True: "space 1-9 hold", False: "space 1-9 on off"}
_OF_ALL = "x dislike  p pause  esc silence  q end"


@dataclass(frozen=True)
class View:
    """What is shown.

    Attributes
    ----------
    title : of the preset. number, total : which sound it is, of how many.
    amount : how strongly it tingles now, 0..1. volume_db : the listener's.
    state : what goes on: "plays", "pausing" (after this sound), "paused", "lost" (the device).
    question : what is asked.
    """

    title: str
    number: int
    total: int
    amount: float = 0.0
    volume_db: float = 0.0
    state: str = "plays"
    question: Question = HOLD

    def as_dict(self) -> dict[str, Any]:
        """Return it for a page; numbers in steps in which people see them change."""
        number = min(self.number, self.total)
        return asdict(self) | {"number": number, "amount": round(self.amount, 2), "volume_db": round(self.volume_db, 1)}


STATES = {"pausing": "pause after this sound", "paused": "paused; p goes on", "lost": "the device is lost"}


def line_of(view: View, has_releases: bool | None) -> str:
    """Return it as a line of 80 columns; `has_releases`: whether the keys can be held, None: there are none."""
    parts, question, has_keys = [f"sound {min(view.number, view.total)} of {view.total}"], view.question, has_releases is not None
    if question.kind == "duel":
        parts += [_PARTS[question.part], _OF_DUEL if has_keys else ""]
    elif question.kind == "knob":
        knob = ["-"] * question.steps
        knob[round(question.place * (question.steps - 1))] = "o"
        parts += [f"({''.join(knob)})", _OF_KNOB if has_keys else ""]
    else:
        parts += [f"[{'#' * round(view.amount * _BAR):<{_BAR}}]"]
        parts += [_OF_HOLD[bool(has_releases)]] if has_keys else []
    parts += [STATES.get(view.state, _OF_ALL if has_keys else "")]
    return "  ".join(part for part in parts if part)
