"""What a page of trials says: one wish a line, as {"tingle": 0.7} or {"dislike": true}.  JSON text -> a listener's wish."""

from __future__ import annotations

from collections.abc import Callable

from synth.control.rejections import Refused
from synth.control.stream.json_lines import object_of
from synth.explore.wishes import WISHES
from synth.live.tingle.shared_hold import Hand
from synth.page.page_hold import PageHold

_SHAPE = "it must hold one wish: " + ", ".join(WISHES)


class TrialLines:
    """Does what the lines of one page say.

    Parameters
    ----------
    hand : takes the page's hold, 0..1. wish : told every other wish, with its number or None.
    """

    def __init__(self, hand: Hand, wish: Callable[[str, float | None], object]) -> None:
        self._hold, self._wish = PageHold(hand), wish

    def do(self, text: bytes) -> None:
        """Do what a line says.

        Raises
        ------
        Refused
            If it holds no wish, or several, or a number out of its range.
        """
        given = object_of(text, _SHAPE)
        if len(given) != 1 or not given.keys() <= WISHES.keys():
            raise Refused("no wish", _SHAPE)
        ((name, value),) = given.items()
        number = _number(name, value)
        if name == "tingle":
            self._hold(float(number or 0.0))
        else:
            self._wish(name, number)

    def watch(self) -> None:
        """Take back a hold that is not said again."""
        self._hold.watch()

    def leave(self) -> None:
        """Take back the page's hold: it has gone."""
        self._hold.leave()


def _number(name: str, value: object) -> float | None:
    """Return the number of a wish; None of one that takes none."""
    limits = WISHES[name].range
    if limits is None:
        if value is not True:
            raise Refused("wrong value", f'"{name}" takes no number: {{"{name}": true}}')
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not limits[0] <= value <= limits[1]:
        raise Refused("wrong value", f'"{name}" takes a number from {limits[0]:g} to {limits[1]:g}')
    return float(value)
