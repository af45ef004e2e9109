"""A stream's slot is given back only when all that it did was taken in, its end too, however the audio thread runs beside."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.kernels.state import TABLES
from synth.engine.stream_slots import StreamSlots
from synth.rt.records import aligned_zeros


class EndsWhileItIsRead:
    """A stream that the quantum ends just after one of its numbers was read: `acts` or `has_ended`, whichever comes first."""

    definition, dropped_acts, is_shared, name, address = SimpleNamespace(number=7), 0, False, "x", 1

    def __init__(self) -> None:
        self._rows, self._has_ended = np.zeros((0, 8), np.uint8), False

    def go_live(self, is_live: bool) -> None:
        pass

    def _end(self) -> None:
        if not self._has_ended:
            self._rows, self._has_ended = np.ones((1, 8), np.uint8), True

    @property
    def has_ended(self) -> bool:
        ended = self._has_ended
        self._end()
        return ended

    def acts(self) -> np.ndarray:
        rows, self._rows = self._rows, np.zeros((0, 8), np.uint8)
        self._end()
        return rows


def test_the_end_of_a_stream_is_taken_in_though_it_comes_while_it_is_read() -> None:
    slots = StreamSlots(aligned_zeros(1, TABLES))
    slots.add(EndsWhileItIsRead())  # type: ignore[arg-type]
    done = [acts for frame in range(3) for acts in slots.attend(64 * frame)]
    assert [(number, len(rows)) for number, rows in done] == [(7, 1)]
    assert slots.streams == ()


@pytest.mark.parametrize("count", [1, 5])
def test_a_slot_that_was_given_back_is_taken_again(count: int) -> None:
    engine = Engine(48000, "sphere")
    engine.add("tap")
    for _ in range(20):
        streams = [engine.stream(str(each), ["master.level_db"]) for each in range(count)]
        for stream in streams:
            stream.close()
        engine.process(128)
    assert engine.streams == ()
