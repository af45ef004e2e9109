"""What a page says: JSON lines, done as by a hand.  text -> lines -> the table of commands, the engine.

The lines are those of a pipe. Values without a stamp are a hand's: at once, in each parameter's own smoothing, and undone by
undo. With a stamp they are a model's, and go into a stream as its contract says.
"""

from __future__ import annotations

import threading

import numpy as np

from synth.control.commands import PAGE, Effects, offered
from synth.control.stream.json_lines import Line
from synth.control.stream.stream import Stream
from synth.engine.addresses import THE_MASTER, split
from synth.engine.commands import refusals
from synth.engine.engine import Engine
from synth.live.protocols.line_acts import LineActs, Vector
from synth.live.session_stream import SessionStream
from synth.live.tingle.shared_hold import Hand
from synth.page.page_hold import PageHold
from synth.parameters.parameter import Parameter


class PageLines(LineActs):
    """Does what the lines of one page say; it never waits.

    Parameters
    ----------
    engine : whose numbers a hand moves.
    session_stream : where values with a stamp go.
    effects : what each command does; those that the table does not offer to a page are left out.
    hand : takes the page's hold.
    """

    def __init__(self, engine: Engine, session_stream: SessionStream, effects: Effects, hand: Hand) -> None:
        allowed = {name: effects[command.name] for name, command in offered(PAGE).items() if command.name in effects}
        self._hold = PageHold(hand)
        super().__init__(session_stream, allowed | {"tingle": self._hold}, threading.Event(), patience_s=0.0)
        self._engine = engine

    def watch(self) -> None:
        """Take back a hold that is not said again."""
        self._hold.watch()

    def leave(self) -> None:
        """Take back the page's hold: it has gone."""
        self._hold.leave()

    def _timeless(self, stream: Stream, line: Line) -> None:
        with refusals():
            self._move(stream, line.vector)
        if line.call:
            self._call(line.call, None)

    def _move(self, stream: Stream, vector: Vector) -> None:
        """Move what a vector names, each number brought to the nearest end of its range."""
        if vector is None:
            return
        space, layers = stream.space, self._engine.layers
        moves = [
            (*split(layers, space.paths[place]), _number(space.parameters[place], float(vector[place])))
            for place in np.flatnonzero(np.isfinite(vector))
        ]
        for strip, path, number in moves:  # all of them can be used
            if strip is THE_MASTER:
                self._engine.set_master(**{str(path): number})  # type: ignore[arg-type]
            else:
                self._engine.set(strip, **{str(path): number})  # type: ignore[arg-type]
        self.counts["frames"] += 1


def _number(parameter: Parameter, value: float) -> float:
    return parameter.number(min(max(value, float(parameter.low)), float(parameter.high)))
