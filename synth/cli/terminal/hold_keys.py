"""The hold by keys: how strongly it tingles now.  names of keys -> amount 0..1; -> what is said of it.

A terminal that tells when a key is let go makes the space bar a hold: as long as it is down it tingles. One that does not makes
it a switch, and says so: guessing from the pause after the last repeat would be half a second late.
"""

from __future__ import annotations

from collections.abc import Callable

from synth.cli.terminal.cells import DIM, ON, PLAIN, TEXT, Row, bar
from synth.cli.terminal.key_codes import TELLS_RELEASES, UP

_DIGITS = {str(digit): digit / 9 for digit in range(10)}
_STEP = 1 / 9
_BAR = 9


class HoldKeys:
    """What the keys say of the hold.

    Parameters
    ----------
    say : told the amount whenever it changes.

    Attributes
    ----------
    amount : 0..1 now.
    has_releases : whether the terminal tells when the space bar is let go.
    """

    def __init__(self, say: Callable[[float], object]) -> None:
        self._say = say
        self.amount, self._strength = 0.0, 1.0
        self.has_releases = False

    def press(self, name: str) -> bool:
        """Take in a key; whether it is one of the hold's."""
        if name == TELLS_RELEASES:
            self.has_releases = True
        elif name == "space":
            self._set(self._strength if self.has_releases or not self.amount else 0.0)
        elif name == "space" + UP:
            self._set(0.0)
        elif name in _DIGITS:
            self._strength = _DIGITS[name] or self._strength
            self._set(_DIGITS[name])
        elif name in ("up", "down"):
            self._strength = min(max((self.amount or self._strength) + (_STEP if name == "up" else -_STEP), _STEP), 1.0)
            if self.amount:
                self._set(self._strength)
        else:
            return False
        return True

    def end(self) -> None:
        """Leave it: nothing tingles that nobody can take back."""
        self._set(0.0)

    def _set(self, amount: float) -> None:
        if amount != self.amount:
            self.amount = amount
            self._say(amount)

    @property
    def prompt(self) -> Row:
        """What stands at the bottom."""
        space = "hold space while it tingles" if self.has_releases else "space: it tingles; again: not any more"
        strength = f"  strength {self._strength * 9:.0f} of 9: 1-9, up, down; 0: nothing"
        return [*bar(self.amount, _BAR), ("  ", PLAIN), (space, ON if self.amount else TEXT), (strength, DIM)]
