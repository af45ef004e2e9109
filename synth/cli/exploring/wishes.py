"""What a listener wishes now, by keys or from a page.  names of keys; wishes, numbers -> the hold, what is to happen.

Any thread may wish; the one that attends to the session lets it happen with `take_in`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from synth.cli.terminal.hold_keys import HoldKeys
from synth.explore.wishes import OF_KEYS


class Turn(NamedTuple):
    """How a knob, or the choice between two sounds, was moved: to a place 0..1, or so many steps from where it stands."""

    to: float | None = None
    by: int = 0


class Wishes:
    """Keeps what was wished until somebody asks for it.

    Parameters
    ----------
    act : does a session's command: the listener's volume.
    hand : takes the hold of the keys.

    Attributes
    ----------
    hold : what the keys say of the hold.
    is_paused : whether nothing more is to begin. is_over : whether it is to end.
    """

    def __init__(self, act: Callable[[str, float], None], hand: Callable[[float], object]) -> None:
        self._act = act
        self.hold = HoldKeys(hand)
        self.is_paused = self.is_over = self._is_disliked = self._is_silenced = self._is_taken = False
        self._turns: list[Turn] = []
        self._waiting: deque[tuple[str, float | None]] = deque(maxlen=1000)

    def wish(self, name: str, number: float | None = None) -> None:
        """Wish something of `synth.explore.wishes.WISHES`."""
        self._waiting.append((name, number))

    def press(self, key: str) -> None:
        """Take in a key."""
        if key in OF_KEYS:
            self.wish(*OF_KEYS[key])
            self.take_in()
        else:
            self.hold.press(key)

    def take_in(self) -> None:
        """Let happen what was wished since the last call."""
        while self._waiting:
            self._happen(*self._waiting.popleft())

    def _happen(self, name: str, number: float | None) -> None:
        match name:
            case "dislike":
                self._is_disliked = True
            case "pause":
                self.is_paused = not self.is_paused
            case "silence":
                self._is_silenced = True
            case "end":
                self.is_over = True
            case "take":
                self._is_taken = True
            case "turn":
                self._turns.append(Turn(to=number))
            case "step":
                self._turns.append(Turn(by=round(number or 0)))
            case _:
                self._act(name, number or 0.0)

    def begin(self) -> None:
        """Begin a trial: what was said of the one before is over, and a switch that was left on is off. Silence is for ever."""
        self._is_disliked = self._is_taken = False
        self._turns.clear()
        if not self.hold.has_releases:
            self.hold.end()

    def take_dislike(self) -> bool:
        """Return whether it was said since the last call that this is unpleasant."""
        said, self._is_disliked = self._is_disliked, False
        return said

    def take_silence(self) -> bool:
        """Return whether silence was called for since the last call; from then on it is paused."""
        said, self._is_silenced = self._is_silenced, False
        self.is_paused = self.is_paused or said
        return said

    def take_turns(self) -> list[Turn]:
        """Return how the knob was turned, or what was chosen, since the last call."""
        turns, self._turns = self._turns, []
        return turns

    def take_taken(self) -> bool:
        """Return whether it was said since the last call that the knob stays where it is."""
        said, self._is_taken = self._is_taken, False
        return said
