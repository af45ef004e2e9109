"""Events: what Python sends has the fields of the record, and they come out of the heap in their order."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.event import Event
from synth.engine.kernels.event_record import EVENT, SET
from synth.parameters.tables import MASTER_PARAMETERS


def test_what_python_sends_has_the_fields_of_the_record_in_its_order() -> None:
    assert Event._fields == EVENT.names
    numbers = range(1, 1 + len(Event._fields))
    row = np.array([Event(*numbers)], EVENT)[0]
    assert row.item() == tuple(numbers)


def test_the_master_has_a_slot_for_each_of_its_parameters() -> None:
    assert len(Engine(48000, "sphere").state["master"]) == len(MASTER_PARAMETERS)


class Heard:
    def __init__(self) -> None:
        self.frames: list[int] = []
        self.values: list[float] = []

    def layer(self, *_: object) -> None: ...

    def events(self, events: np.ndarray) -> None:
        is_set = events["kind"] == SET
        self.frames += events["frame"][is_set].tolist()
        self.values += events["value"][is_set].tolist()


@pytest.mark.parametrize("count", [1, 2, 3, 500, 3000])
def test_events_take_effect_by_frame_and_then_as_they_came(count: int) -> None:
    engine, heard, rng = Engine(48000, "sphere"), Heard(), np.random.default_rng(count)
    engine.record_to(heard)
    layer = engine.add("tap")
    frames = rng.integers(0, 1000, count)
    values = rng.uniform(-60, 0, count)
    for frame, value in zip(frames.tolist(), values.tolist(), strict=True):
        engine.set(layer, at=frame, level_db=value)
    engine.process(1024)
    order = np.argsort(frames, kind="stable")
    assert heard.frames == frames[order].tolist()
    assert heard.values == values[order].tolist()
