"""What a listener wishes, by keys: the hold, dislike, pause, silence, the end.  names of keys -> hold, wishes."""

from __future__ import annotations

from collections.abc import Callable

from synth.cli.terminal.hold_keys import HoldKeys

KEYS = {"x": "dislike", "p": "pause", "escape": "silence", "q": "end"}
"""The key of each wish."""
_VOLUME = {"+": 1.0, "=": 1.0, "-": -1.0}
WORDS = "x dislike  p pause  esc silence  + - volume  q end"


class Wishes:
    """Reads keys.

    Parameters
    ----------
    act : does a session's command: the hold, and the listener's volume.

    Attributes
    ----------
    hold : what the keys say of the hold.
    is_paused : whether nothing more is to begin. is_over : whether it is to end.
    """

    def __init__(self, act: Callable[[str, float], None]) -> None:
        self._act = act
        self.hold = HoldKeys(lambda amount: act("tingle", amount))
        self.is_paused = self.is_over = self._is_disliked = self._is_silenced = False

    def press(self, name: str) -> None:
        """Take in a key."""
        wish = KEYS.get(name)
        if wish == "dislike":
            self._is_disliked = True
        elif wish == "pause":
            self.is_paused = not self.is_paused
        elif wish == "silence":
            self._is_silenced = True
        elif wish == "end":
            self.is_over = True
        elif name in _VOLUME:
            self._act("level", _VOLUME[name])
        else:
            self.hold.press(name)

    def begin(self) -> None:
        """Begin a trial: what was wished of the one before is over, and a switch that was left on is off."""
        self._is_disliked = self._is_silenced = False
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
