"""Mapping: a controller's way from one end to the other, in bytes, steps and parameters by number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synth.control.midi import binding
from synth.control.midi.mapping import ControlBinding, Mapping, Source
from synth.trigger import TRIGGERS
from tests.support.player import Player, knob

CC = 20
MATERIALS = next(p for p in TRIGGERS["tap"].parameters if p.name == "material").choices


@pytest.mark.parametrize("ends", [(0.1, 2.0), (2.0, 0.1), (-40.0, 6.0), (6.0, -40.0)])
@pytest.mark.parametrize("is_exponential", [0, 1])
def test_number_and_position_are_each_others_inverse(ends: tuple[float, float], is_exponential: int) -> None:
    if is_exponential and min(ends) <= 0:
        return
    row = np.zeros(1, binding.BINDING)[0]
    row["begin"], row["end"], row["is_exponential"] = *ends, is_exponential
    for position in np.linspace(0, 1, 50).tolist():
        number = binding.number_at(row, position)
        assert min(ends) - 1e-9 <= number <= max(ends) + 1e-9
        assert binding.position_of(row, number) == pytest.approx(position)
    assert binding.position_of(row, ends[0] - (ends[1] - ends[0])) in (0, pytest.approx(0))
    assert binding.position_of(row, ends[1] + (ends[1] - ends[0])) == 1


@pytest.mark.parametrize(
    ("name", "up", "down"), [("twos", 1, 127), ("offset", 65, 63), ("sign", 1, 65)], ids=["twos", "offset", "sign"]
)
def test_endless_encoders_step_in_each_of_their_codes(name: str, up: int, down: int) -> None:
    player = Player(Mapping(controls=(knob(CC, "level_db", -127, 0, relative=name),)), level_db=-60)
    player.after(0xB0, CC, up)
    assert player.target("bowl", "level_db") == pytest.approx(-59)
    player.after(*[0xB0, CC, down] * 3)  # within one quantum
    assert player.target("bowl", "level_db") == pytest.approx(-62)
    player.engine.set(player.layers["bowl"], level_db=-10)
    player.engine.process(64)
    player.after(0xB0, CC, up)
    assert player.target("bowl", "level_db") == pytest.approx(-9)  # from where the other hand has left it
    for _ in range(20):
        player.after(0xB0, CC, up)
    assert player.target("bowl", "level_db") == 0


@pytest.mark.parametrize("is_reversed", [False, True])
def test_an_encoder_goes_through_choices_one_by_one(is_reversed: bool) -> None:
    last = len(MATERIALS) - 1
    ends = (last, 0) if is_reversed else (0, last)
    player = Player(Mapping(controls=(knob(CC, "material", *ends, "tap", relative="twos"),)), ("tap",), material=MATERIALS[0])
    player.after(0xB0, CC, 127 if is_reversed else 1)
    assert player.target("tap", "material") == 1
    for _ in range(last + 2):
        player.after(0xB0, CC, 127 if is_reversed else 1)
    assert player.target("tap", "material") == last


def test_a_knob_gives_every_choice_its_share() -> None:
    last = len(MATERIALS) - 1
    player = Player(Mapping(controls=(knob(CC, "material", 0, last, "tap", takeover="jump"),)), ("tap",))
    found = []
    for byte in range(128):
        player.after(0xB0, CC, byte)
        found.append(player.target("tap", "material"))
    assert found == [float(round(last * byte / 127)) for byte in range(128)]


def test_exponential_knobs_go_in_equal_ratios() -> None:
    player = Player(Mapping(controls=(knob(CC, "distance_m", 0.1, 1.6, takeover="jump"),)))
    found = []
    for byte in (0, 64, 127):
        player.after(0xB0, CC, byte)
        found.append(player.target("bowl", "distance_m"))
    assert found == pytest.approx([0.1, 0.1 * 16 ** (64 / 127), 1.6])


def selected(number: int, *data: int) -> tuple[int, ...]:
    return (0xB0, 99, number >> 7, 0xB0, 98, number & 127, *data)


def test_nrpn_values_and_steps_move_the_same_number() -> None:
    control = ControlBinding(Source("nrpn", 300, 300), "bowl", "level_db", -127, 0, takeover="jump")
    player = Player(Mapping(controls=(control,)), level_db=-60)
    player.after(*selected(300, 0xB0, 6, 100))
    assert player.target("bowl", "level_db") == pytest.approx(-27)
    player.after(0xB0, 96, 0)
    assert player.target("bowl", "level_db") == pytest.approx(-26)
    player.after(0xB0, 97, 0, 0xB0, 97, 0)
    assert player.target("bowl", "level_db") == pytest.approx(-28)
    player.after(*selected(301, 0xB0, 6, 0))
    assert player.target("bowl", "level_db") == pytest.approx(-28)
    player.after(*selected(300, 0xB0, 6, 64, 0xB0, 38, 5))
    assert player.target("bowl", "level_db") == pytest.approx(-127 + 127 * (64 * 128 + 5) / 16383)


def test_steps_of_an_nrpn_go_through_choices_too() -> None:
    control = ControlBinding(Source("nrpn", 5, 5), "tap", "material", 0, len(MATERIALS) - 1)
    player = Player(Mapping(controls=(control,)), ("tap",), material=MATERIALS[0])
    player.after(*selected(5, 0xB0, 96, 0))
    player.after(0xB0, 96, 0)
    assert player.target("tap", "material") == 2


def test_one_knob_moves_several_numbers_and_the_masters() -> None:
    master = knob(CC, "level_db", -60, 0, "master", takeover="jump")
    player = Player(Mapping(controls=(knob(CC, "level_db", -30, 0, takeover="jump"), master)))
    player.after(0xB0, CC, 0)
    assert player.target("bowl", "level_db") == -30
    assert player.engine.state["master"][0]["target"] == -60


def test_velocity_is_spread_over_its_range_along_its_curve() -> None:
    row = np.zeros(1, binding.BINDING)[0]
    row["begin"], row["end"], row["exponent"] = 0.9, 0.3, 0.5
    for value in (0.0, 0.25, 1.0):
        assert binding.velocity(row, value) == pytest.approx(0.9 - 0.6 * math.sqrt(value))


def test_another_mapping_takes_over_between_two_quanta_and_keys_held_by_the_old_one_end() -> None:
    player = Player()
    player.after(0x90, 60, 100)
    player.bay = type(player.bay)(player.engine, Mapping(), player.layers, {})
    player.engine.process(64)
    player.after(0x90, 64, 100)
    assert player.keys() == [60]
    player.after(0x80, 60, 0)
    assert player.keys() == []
