"""Takes of other parameters: by name, in today's places and ranges; what is gone is left out and said."""

from __future__ import annotations

import numpy as np
import pytest

from synth.control.stream.acts import ACT, FRAME, act_bytes
from synth.engine.event import set_number
from synth.engine.kernels.event_record import BY_PYTHON, EVENT
from synth.engine.kernels.state import GESTURE_AT
from synth.engine.layer import Input, Layer, slots_of
from synth.take.format import LayerRecord
from synth.take.translation import Translation, acts_today
from synth.trigger import TRIGGERS

KEY = (0, 1)
SLOTS = slots_of(TRIGGERS["rain"], "none", "still")
THEN = {
    "gone": 3.0,
    "surface": 1.0,
    "intensity_mm_h": 1e6,
    "azimuth_deg": 20.0,
    "elevation_deg": 0.0,
    "distance_m": 1.0,
    "level_db": 0.0,
}


def translation(**choices: list[str]) -> Translation:
    return Translation(LayerRecord(*KEY, "rain", "rain", "none", "still", None, False, False, 0, THEN, choices), SLOTS)


def event(slot: int, value: float) -> np.void:
    layer = Layer(*KEY, "rain", TRIGGERS["rain"], "none", "still", SLOTS, Input())
    row = np.zeros(1, EVENT)
    row[0] = set_number(layer, slot, value, 0, BY_PYTHON)
    return row[0]


def test_values_are_found_by_name_and_brought_into_range() -> None:
    values = translation(surface=["tin", "tent"]).values
    assert values.keys() == SLOTS.keys()
    assert values["azimuth_deg"] == 20
    assert values["intensity_mm_h"] == SLOTS["intensity_mm_h"][1].high
    assert SLOTS["surface"][1].choices[int(values["surface"])] == "tent"
    assert values["gusts"] == SLOTS["gusts"][1].default_number, "what the take does not know of"


def test_choices_of_a_take_that_does_not_name_them_are_those_of_then() -> None:
    assert SLOTS["surface"][1].choices[int(translation().values["surface"])] == "umbrella"


def test_what_is_gone_is_named() -> None:
    assert translation().missing == ("gone",)


@pytest.mark.parametrize(
    ("slot", "value", "path", "expected"),
    [(2, 5.0, "intensity_mm_h", 5.0), (1, 0.0, "surface", "tin"), (2, -7.0, "intensity_mm_h", "low")],
)
def test_events_go_to_todays_places(slot: int, value: float, path: str, expected: float | str) -> None:
    now, parameter = SLOTS[path]
    numbers = {"tin": float(SLOTS["surface"][1].choices.index("tin")), "low": parameter.low}
    today = translation(surface=["tin", "tent"]).event(event(slot, value))
    assert today["slot"] == now
    assert today["value"] == numbers.get(expected, expected)


def test_events_of_what_is_gone_are_left_out_and_of_what_has_no_path_stay() -> None:
    assert translation().event(event(0, 1.0)) is None
    other = event(GESTURE_AT + 3, 1.0)
    assert translation().event(other) == other


def test_streams_move_what_they_moved() -> None:
    known, then = translation(surface=["tin", "tent"]), [(1, 0, 0, 0, 9, 3, 0), (1, 0, 1, 0, 1, 0, 0), (0, -1, 0, -120, 24, 0, 0)]
    today = [known.target(row) if row[1] >= 0 else row for row in then]
    assert today[0][0] == -1, "of nobody"
    assert today[1][2] == SLOTS["surface"][0]
    assert today[2] == then[2]
    rows = np.zeros((1, act_bytes(3)), np.uint8)
    rows[:, : ACT.itemsize] = np.array([(7, 0, FRAME, 0)], ACT).view(np.uint8)
    rows[:, ACT.itemsize :].view(np.float32)[0, :3] = 4.0, 1.0, -6.0
    found = acts_today(rows, then, {KEY: known})
    assert found[:, : ACT.itemsize].tobytes() == rows[:, : ACT.itemsize].tobytes()
    assert found[0, ACT.itemsize :].view(np.float32)[:3].tolist() == [4.0, float(SLOTS["surface"][1].choices.index("tent")), -6.0]


def test_what_a_stream_left_as_it_is_stays_so() -> None:
    left = translation(surface=["tin", "tent"]).column(1, np.array([np.nan, 1.0], np.float32))
    assert np.isnan(left[0])
    assert SLOTS["surface"][1].choices[int(left[1])] == "tent"
