"""The streams that a quantum listens to, each in its slot of TABLES.  add -> deliver frames -> acts for the take -> forget."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synth.control.frame_numbers import NEVER
from synth.control.stream.record import STREAMS
from synth.control.stream.stream import Stream
from synth.parameters.errors import InputError
from synth.rt.units import QUANTUM


class StreamSlots:
    """Keeps an engine's streams from when they are made until the quantum has let them go.

    Parameters
    ----------
    tables : the engine's TABLES array.
    """

    def __init__(self, tables: npt.NDArray[np.void]) -> None:
        self._tables = tables
        self._streams: dict[int, Stream] = {}
        self._is_live = False
        self._dropped_acts = 0  # of streams that have ended
        self._ended: list[tuple[int, Stream]] = []  # with the frame since which the quantum does not look at them

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Those that the quantum listens to."""
        return tuple(list(self._streams.values()))  # at once: another thread may add one

    @property
    def are_shared(self) -> bool:
        """Whether another process sends into one of them."""
        return any(stream.is_shared for stream in self.streams)

    @property
    def dropped_acts(self) -> int:
        """What streams did that a take could not take in."""
        return self._dropped_acts + sum(stream.dropped_acts for stream in self.streams)

    def check_room(self, name: str) -> None:
        """Raise `InputError` if no slot is free."""
        if len(self._streams) == STREAMS:
            raise InputError(
                f"no room for stream '{name}': an engine hears at most {STREAMS} at once; close one, and render a quantum"
            )

    def add(self, stream: Stream) -> None:
        """Let the quantum listen to a stream, or raise `InputError`."""
        self.check_room(stream.name)
        index = next(i for i in range(STREAMS) if i not in self._streams)
        stream.go_live(self._is_live)
        self._streams[index] = stream
        self._tables["streams"][0][index] = stream.address

    def go_live(self, is_live: bool) -> None:
        """Let frames go to the quantum at once, or wait for their time here."""
        self._is_live = is_live
        for stream in self.streams:
            stream.go_live(is_live)

    def deliver(self, stop: int) -> int:
        """Hand over frames that act before frame `stop`; return the frame of the first for which there was no room yet."""
        return min((stream.deliver(stop) for stream in self.streams), default=NEVER)

    def attend(self, frame: int) -> list[tuple[int, npt.NDArray[np.uint8]]]:
        """Return the number of each stream and what it did; forget, as of an absolute frame, those that the quantum let go."""
        done: list[tuple[int, npt.NDArray[np.uint8]]] = []
        for index, stream in list(self._streams.items()):
            has_ended, acts = stream.has_ended, stream.acts()  # in this order: its last act comes before its end
            if len(acts):
                done.append((stream.definition.number, acts))
            if has_ended:
                self._tables["streams"][0][index] = 0
                self._dropped_acts += stream.dropped_acts
                self._ended.append((frame, self._streams.pop(index)))
        if self._ended:
            self._ended = [one for one in self._ended if self._is_live and frame <= one[0] + QUANTUM]
        return done
