"""What a take may hold is what an engine does: every event that can be made passes, of every kind; what is beyond does not."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from synth.control.midi.binding import MAPS
from synth.dsp import phone
from synth.engine import event
from synth.engine.addresses import THE_MASTER
from synth.engine.engine import Engine
from synth.engine.event import Event
from synth.engine.kernels import event_record as record
from synth.engine.kernels.state import MASTER_SLOTS
from synth.take.checks import check_events

MAKERS = {
    name: make
    for name, make in inspect.getmembers(event, inspect.isfunction)
    if make.__module__ == event.__name__ and not name.startswith("_")
}
LAYER = Engine(48000, "sphere").add("tap")
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "layer": (LAYER,),
    "strip": (LAYER, THE_MASTER),
    "note": (1, 1 << 40),
    "velocity": (0.0, 1.0),
    "pitch": (-60.0, 60.0),
    "slot": (0, 3),
    "value": (-96.0, 1e6),
    "step": (-24.0, 24.0),
    "ramp_frames": (-1, 1 << 40),
    "owner": (record.BY_PYTHON, record.BY_UNDO),
    "keeps_tails": (False, True),
    "is_audible": (False, True),
    "is_on": (None, False, True),
    "fades": (False, True),
    "t60_s": (0.0, 0.6),
    "table": (0, MAPS - 1),
    "number": (0, len(phone.NAMES) - 1),
    "marks": (0, phone.MOST_MARKS),
    "seconds": (0.0, phone.LONGEST_S),
}


def as_records(*events: Event) -> np.ndarray:
    return np.array([each._replace(frame=64) for each in events], record.EVENT)


@pytest.mark.parametrize("name", MAKERS)
def test_every_event_that_an_engine_is_sent_may_be_in_a_take(name: str) -> None:
    wanted = inspect.signature(MAKERS[name]).parameters
    for which in range(max(map(len, ARGUMENTS.values()))):
        given = {each: ARGUMENTS[each][min(which, len(ARGUMENTS[each]) - 1)] for each in wanted}
        check_events(as_records(MAKERS[name](**given)))


def test_every_kind_but_a_streams_may_be_there() -> None:
    names = list(vars(record))
    kinds = [vars(record)[name] for name in names[names.index("SET") : names.index("BY_PYTHON")]]
    assert sorted(kinds) == list(range(len(kinds)))
    for kind in set(kinds) - {record.STREAM_ACT}:
        check_events(as_records(Event(kind=kind, generation=1)))
    with pytest.raises(ValueError, match="kind"):
        check_events(as_records(Event(kind=len(kinds))))


def test_the_next_table_and_slot_are_refused() -> None:
    for wrong in (event.use_bindings(MAPS), event.step_master(MASTER_SLOTS, 1.0)):
        with pytest.raises(ValueError, match="out of range"):
            check_events(as_records(wrong))
