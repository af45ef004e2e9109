"""Tempo: tapped or from a MIDI clock, gestures follow in their ratios; what is no beat is not followed."""

from __future__ import annotations

import numpy as np
import pytest

from synth.control.midi import tempo
from synth.control.midi.mapping import ActionBinding, Mapping, Source
from synth.engine.engine import Engine
from tests.support.player import RATE, Player


def tapped(gaps_s: list[float]) -> list[float]:
    record, at_s, found = np.zeros(1, tempo.TEMPO)[0], 1.0, []
    for gap_s in [0.0, *gaps_s]:
        at_s += gap_s
        found.append(tempo.tap(record, round(at_s * RATE), RATE))
    return found


def test_the_tempo_is_the_mean_of_the_last_intervals() -> None:
    found = tapped([0.5, 0.52, 0.48, 0.5, 0.4, 0.4, 0.4, 0.4])
    assert found[0] == 0
    assert found[1:5] == pytest.approx([2, 2 / 1.02, 2, 2], rel=1e-3)
    assert found[-1] == pytest.approx(2.5, rel=1e-3)


@pytest.mark.parametrize("wrong_s", [0.9, 0.2, 5.0])
def test_a_wrong_tap_begins_anew(wrong_s: float) -> None:
    found = tapped([0.5, 0.5, wrong_s, 0.3])
    assert found[3] == 0
    assert found[4] == pytest.approx(1 / 0.3, rel=1e-3)


def test_a_bounce_is_no_beat() -> None:
    assert tapped([0.5, 0.02, 0.48])[1:] == [pytest.approx(2, rel=1e-3), 0, pytest.approx(2, rel=1e-3)]


def rates(engine: Engine, *layers: object) -> list[float]:
    return [engine.values(layer)["gesture.rate_hz"] for layer in layers]


def test_layers_keep_their_ratios() -> None:
    engine = Engine(RATE)
    first, second = (engine.add("tap", gesture={"kind": "taps", "rate_hz": rate}) for rate in (1, 3))
    still = engine.add("bowl", gesture={"kind": "hold"})
    for at in (4800, 28800):
        engine.tap(at=at)
    engine.process(RATE)
    assert rates(engine, first, second) == pytest.approx([2, 6])
    assert engine.state["tempo_hz"] == pytest.approx(2)
    assert still.gesture == "hold"


def clocked(player: Player, tempo_hz: float, beats: int, port: int = 0) -> None:
    begin = player.engine.frame
    for tick in range(24 * beats + 1):
        player.send(0xF8, at=round(begin + tick * RATE / (24 * tempo_hz)), port=port)
    player.engine.process(round((beats + 0.5) / tempo_hz * RATE))


@pytest.mark.parametrize("notes_a_beat", [0.0, 1.0, 4.0])
def test_a_midi_clock_is_followed_if_it_is_asked_for(notes_a_beat: float) -> None:
    player = Player(Mapping(clock=notes_a_beat), ("tap",), gesture={"kind": "taps", "rate_hz": 3})
    player.after(0xFA)
    clocked(player, 1.6, 3)
    expected = 1.6 * notes_a_beat if notes_a_beat else 3
    assert rates(player.engine, player.layers["tap"]) == pytest.approx([expected], rel=1e-3)


def test_a_tapped_tempo_counts_no_ticks_of_a_clock() -> None:
    """Taps are in a take, ticks are not: so one must not change what the other means."""
    actions = (ActionBinding(Source("note", 36, 36), "tap"),)
    player = Player(Mapping(actions=actions, clock=1.0), ("tap",), gesture={"kind": "taps", "rate_hz": 3})
    begin = player.engine.frame
    for at in (0.1, 0.35):
        player.send(0xFA, 0xF8, at=begin + round(at * RATE), port=1)
    for at in (0.2, 0.8):
        player.send(0x90, 36, 100, at=begin + round(at * RATE))
    player.engine.process(RATE)
    assert rates(player.engine, player.layers["tap"]) == pytest.approx([1 / 0.6], rel=1e-3)


def test_start_makes_the_next_tick_a_beat() -> None:
    player = Player(Mapping(clock=1.0), ("tap",), gesture={"kind": "taps", "rate_hz": 3})
    for _ in range(7):
        player.after(0xF8)
    player.after(0xFA)
    clocked(player, 2, 2)
    assert rates(player.engine, player.layers["tap"]) == pytest.approx([2], rel=1e-3)


def test_without_gestures_a_tempo_moves_nothing() -> None:
    player = Player()
    for at in (1000, 20000):
        player.engine.tap(at=at)
    player.engine.process(RATE)
    assert player.engine.state["tempo_hz"] == 0
