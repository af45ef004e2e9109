"""Takeover: no knob throws a number away that stands elsewhere, and each gets hold of it in the end."""

from __future__ import annotations

import numpy as np
import pytest

from synth.control.midi.binding import BINDING, JUMP, NOT_YET, PICKUP, SCALE, take_over
from synth.control.midi.mapping import TAKEOVERS, Mapping
from synth.rt.units import wrapped_deg
from tests.support.player import Player, knob

CC = 20


def binding(kind: int, position: float = -1) -> np.void:
    record = np.zeros(1, BINDING)[0]
    record["takeover"], record["position"] = kind, position
    return record


def turn(record: np.void, positions: list[float], own: float) -> list[float]:
    """Return where the number is after each position; it goes where the knob says, and stays where it says nothing."""
    places = []
    for position in positions:
        place = take_over(record, position, own)
        own = own if place == NOT_YET else place
        places.append(own)
    return places


def test_jump_takes_the_number_along_at_once() -> None:
    assert turn(binding(JUMP), [0.1, 0.9], 0.5) == [0.1, 0.9]


@pytest.mark.parametrize("way", [[0.1, 0.3, 0.495, 0.6], [0.9, 0.8, 0.505, 0.4], [0.1, 0.9, 0.2], [0.5, 0.1]])
def test_pickup_waits_until_the_knob_passes_the_number(way: list[float]) -> None:
    places = turn(binding(PICKUP), way, 0.5)
    met = next(
        index
        for index, position in enumerate(way)
        if abs(position - 0.5) < 0.01 or (index and (way[index - 1] - 0.5) * (position - 0.5) < 0)
    )
    assert places[:met] == [0.5] * met
    assert places[met:] == way[met:]


@pytest.mark.parametrize("seed", range(20))
def test_scale_moves_the_way_the_knob_moves_and_meets_it_at_the_ends(seed: int) -> None:
    rng = np.random.default_rng(seed)
    record, own = binding(SCALE), float(rng.uniform())
    knob_at = float(rng.uniform())
    assert turn(record, [knob_at], own)[0] == pytest.approx(own, abs=0.012)
    for position in rng.uniform(0, 1, 10).tolist():
        place = turn(record, [position], own)[0]
        assert 0 <= place <= 1
        if not record["is_caught"]:
            assert np.sign(place - own) == np.sign(position - knob_at)
        own, knob_at = place, position
    assert turn(record, [1.0, 0.5, 0.0], own)[::2] == [1.0, 0.0]


def test_scale_keeps_to_the_shares_of_the_way_left() -> None:
    assert turn(binding(SCALE), [0.2, 0.6, 0.3], 0.8) == pytest.approx([0.8, 0.9, 0.45])


@pytest.mark.parametrize("ends", [(-40.0, 0.0), (0.0, -40.0)])
def test_another_hand_takes_the_number_away_and_the_knob_has_to_fetch_it(ends: tuple[float, float]) -> None:
    player = Player(Mapping(controls=(knob(CC, "level_db", *ends),)), level_db=-20)

    def at(byte: int) -> float:
        player.after(0xB0, CC, byte)
        return player.target("bowl", "level_db")

    def own(byte: int) -> float:
        return ends[0] + (ends[1] - ends[0]) * byte / 127

    assert at(30) == -20
    assert at(70) == pytest.approx(own(70))
    assert at(80) == pytest.approx(own(80))
    player.engine.set(player.layers["bowl"], level_db=-35)
    player.engine.process(64)
    is_reversed = ends[0] > ends[1]
    assert at(100 if not is_reversed else 90) == -35
    passed = 5 if not is_reversed else 122
    assert at(passed) == pytest.approx(own(passed))


@pytest.mark.parametrize("takeover_name", TAKEOVERS)
def test_a_knob_keeps_hold_of_a_number_that_glides_after_it(takeover_name: str) -> None:
    """Its own ramps, several messages in a quantum, and late ones are no other hand."""
    player = Player(Mapping(controls=(knob(CC, "level_db", -40, 0, takeover=takeover_name),)), level_db=0)
    player.after(0xB0, CC, 127)
    for byte in range(126, 20, -3):
        player.after(0xB0, CC, byte + 2, 0xB0, CC, byte)
        assert player.target("bowl", "level_db") == pytest.approx(-40 + 40 * byte / 127)
    for byte in (100, 110):
        player.send(0xB0, CC, byte, at=1)
    player.engine.process(64)
    assert player.target("bowl", "level_db") == pytest.approx(-40 + 40 * 110 / 127)


@pytest.mark.parametrize("start", [170, -170, 350, 0])
def test_a_knob_keeps_hold_of_a_direction_however_fast_it_is_turned(start: int) -> None:
    player = Player(Mapping(controls=(knob(CC, "azimuth_deg", -180, 180),)), azimuth_deg=start)
    own = (start + 180) % 360 - 180
    player.after(0xB0, CC, round((own + 180) / 360 * 127))
    for byte in (0, 127, 20, 110, 64, 3, 90):
        player.after(0xB0, CC, byte)
        assert wrapped_deg(player.target("bowl", "azimuth_deg") - (-180 + 360 * byte / 127)) == pytest.approx(0, abs=1e-6)
