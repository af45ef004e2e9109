"""What somebody who listens can say during a trial, as one table.  name -> its keys, the numbers it takes, what it means.

The keys of the terminal and the lines of the page are both read by it, so that neither can do what the other cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from synth.parameters.tables import VOLUME


@dataclass(frozen=True)
class Wish:
    """A row of the table.

    Attributes
    ----------
    doc : what it means, for people.
    range : lowest and highest number that goes with it; None: it takes none.
    keys : of the terminal, each with the number that it stands for; the hold has its own (`synth.cli.terminal.hold_keys`).
    """

    doc: str
    range: tuple[float, float] | None = None
    keys: Mapping[str, float | None] = field(default_factory=dict)


WISHES = {
    "tingle": Wish("how strongly it tingles now", (0.0, 1.0)),
    "dislike": Wish("unpleasant: the sound fades", keys={"x": None}),
    "turn": Wish("of two sounds the first (0) or the second (1); or where the knob stands, from 0 to 1", (0.0, 1.0)),
    "step": Wish(
        "the first of two sounds, or the second; the knob a step down, or up", (-1.0, 1.0), {"left": -1.0, "right": 1.0}
    ),
    "take": Wish("the knob stays here; of two sounds neither is better", keys={"enter": None}),
    "pause": Wish("a pause after this sound; again: it goes on", keys={"p": None}),
    "silence": Wish("silence at once", keys={"escape": None}),
    "level": Wish("the listener's volume so many dB up or down", (-6.0, 6.0), {"+": 1.0, "=": 1.0, "-": -1.0}),
    "volume": Wish("the listener's volume in dB", (float(VOLUME.low), float(VOLUME.high))),
    "end": Wish("the end, with a fade", keys={"q": None}),
}
"""By name."""
OF_KEYS = {key: (name, number) for name, wish in WISHES.items() for key, number in wish.keys.items()}
"""What a key says."""
