"""What a JSON line does.  line -> frame and command -> session stream, effects.

Everything in a line acts at one frame: at its stamp, or `delay_s` after its arrival.
"""

from __future__ import annotations

import threading
import time

import numpy as np
import numpy.typing as npt

from synth.control.commands import Call, Effects
from synth.control.rejections import Refused
from synth.control.stream.json_lines import Line, Vocabulary, parse_line
from synth.control.stream.stream import Stream
from synth.engine.commands import refusals
from synth.live.protocols.before_sound import Settling
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError

Vector = npt.NDArray[np.float32] | None
_PATIENCE_S, _LOOK_S = 0.25, 0.001  # until the quantum has synced a first stamp


class LineActs:
    """Does what lines say; one thread asks.

    Parameters
    ----------
    session_stream : where values go.
    effects : what else lines may do, as `synth.control.commands.Call.do` calls it.
    closing : set when nobody shall wait any more.
    patience_s : how long a first stamp may be waited for, until it counts.

    Attributes
    ----------
    counts : how many `frames` were handed on and `acts` were done.
    """

    def __init__(
        self, session_stream: SessionStream, effects: Effects, closing: threading.Event, patience_s: float = _PATIENCE_S
    ) -> None:
        self._session_stream, self._effects, self._closing, self._patience_s = session_stream, effects, closing, patience_s
        self._known: Vocabulary | None = None
        self.counts = dict.fromkeys(("frames", "acts"), 0)
        self._is_heard = True
        self._settling: Settling | None = None
        self._past: Vector = None

    def do(self, text: bytes | None, is_past: bool = False) -> None:
        """Do what a line says, None for one that was too long; of one that is past its values are kept for `begin_late`.

        Raises
        ------
        Refused
            If it cannot be used.
        """
        stream = self._session_stream.stream
        if stream is not None and (self._known is None or self._known.space is not stream.space):
            self._known = Vocabulary(stream.space, self._effects)
        if self._known is None:
            raise Refused("no preset", "no preset plays yet")
        line = parse_line(text, self._known)
        if line.vector is None and line.call and not line.call.command.is_timed:
            self._call(line.call, None)
            return
        if stream is None:
            raise Refused("no preset", "no preset plays at the moment")
        if is_past and line.time_s is not None:
            if line.vector is not None:
                self._past = line.vector if self._past is None else np.where(np.isnan(line.vector), self._past, line.vector)
        elif line.time_s is None:
            self._timeless(stream, line)
        else:
            self._stamped(stream, line, line.time_s)

    def begin_late(self, stream: Stream, settling: Settling) -> None:
        """Send what past lines said as one frame; stamps may still jump once."""
        self._settling = settling
        self._push(stream, self._past)

    def _timeless(self, stream: Stream, line: Line) -> None:
        at = stream.frame_of() if line.call and stream.contract.delay_s else None  # without a delay, now is now
        self._push(stream, line.vector, at)
        if line.call:
            self._call(line.call, at)

    def _stamped(self, stream: Stream, line: Line, time_s: float) -> None:
        time_s = self._settling.settled(time_s) if self._settling else time_s
        self._push(stream, line.vector, time_s=time_s)
        if line.call:
            self._call(line.call, stream.frame_of(time_s))

    def _push(self, stream: Stream, vector: Vector, at: int | None = None, time_s: float | None = None) -> None:
        """Hand on a frame. One that moves nothing would take another's place: it is sent only to have its stamp synced."""
        is_first = time_s is not None and stream.frame_of(time_s) is None
        if vector is None and not is_first:
            return
        try:
            self.counts["frames"] += stream.push({} if vector is None else vector, at, time_s)
        except InputError as error:  # closed between two presets
            raise Refused("no preset", str(error)) from None
        if is_first:
            self._is_heard = self._is_heard and self._wait_for_sync(stream)
        elif time_s is not None:
            self._is_heard = True

    def _wait_for_sync(self, stream: Stream) -> bool:
        """Wait until the quantum has heard a first stamp, a block later: what is struck at another one needs to know.

        A pipe holds what comes meanwhile. (Datagrams would come late by it: OSC lets strikes wait instead.)
        """
        end_s = time.monotonic() + self._patience_s
        while stream.frame_of(0.0) is None:
            if self._closing.wait(_LOOK_S) or time.monotonic() > end_s:
                return False  # the device is lost, or stands still
        return True

    def _call(self, call: Call, at: int | None) -> None:
        with refusals():
            call.do(self._effects, at)
        self.counts["acts"] += 1
