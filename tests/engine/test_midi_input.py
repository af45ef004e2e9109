"""Hands: keys, pedals, wheels and unplugged cables through a real engine; bytes in, notes and samples out."""

from __future__ import annotations

import numpy as np
import pytest

from synth.control.midi.binding import BINDING
from synth.control.midi.mapping import ActionBinding, ControlBinding, Mapping, NoteBinding, Source
from synth.control.midi.packets import BYTES, PACKETS
from synth.engine.kernels.voices import BEND, PITCH, PRESSURE, TIMBRE
from synth.engine.midi_map import MidiMap, MidiMaps
from synth.parameters.errors import InputError
from tests.support.player import RATE, Player, blocks, knob

ON, OFF = (0x90, 60, 100), (0x80, 60, 0)
PEDAL_DOWN, PEDAL_UP = (0xB0, 64, 127), (0xB0, 64, 0)
MPE = (0xB0, 101, 0, 0xB0, 100, 6, 0xB0, 6, 15)  # a lower zone of all channels


@pytest.mark.parametrize("at", [64, 100, 127, 128, 5000])
def test_a_key_is_a_strike_and_a_release_at_its_frames(at: int) -> None:
    played, struck = Player(), Player()
    played.send(*ON, at=at)
    played.send(*OFF, at=at + 3333)
    note = struck.engine.strike(struck.layers["bowl"], 100 / 127, at=at)
    struck.engine.release(note, at=at + 3333)
    heard = played.engine.process(RATE // 4)
    assert np.abs(heard).max() > 1e-3
    assert np.array_equal(heard, struck.engine.process(RATE // 4))


@pytest.mark.parametrize("seed", range(4))
def test_any_blocks_give_the_same_samples_with_midi_in_the_rings(seed: int) -> None:
    def play(sizes: list[int]) -> np.ndarray:
        player = Player(Mapping(notes=(NoteBinding(Source("note"), "bowl", 60),), controls=(knob(1, "level_db", -40, 0),)))
        rng = np.random.default_rng(seed)
        for port in (0, 1):
            for frame in np.sort(rng.integers(64, RATE // 4, 60)).tolist():
                kind, number, value = rng.choice([0x80, 0x90, 0xB0, 0xE0]), rng.integers(58, 66), rng.integers(0, 128)
                player.send(int(kind), 1 if kind == 0xB0 else int(number), int(value), at=frame, port=port)
        return np.concatenate([player.engine.process(size) for size in sizes])

    assert np.array_equal(play(blocks(RATE // 4, seed)), play([RATE // 4]))


def test_a_key_that_is_struck_again_lets_its_first_note_go() -> None:
    player = Player()
    player.after(*ON)
    player.after(*ON)
    assert player.keys() == [60]
    assert player.engine.counters["sounding"] == 2
    player.after(0x90, 60, 0)  # the other way to say off
    assert player.keys() == []


def test_the_pedal_holds_what_was_let_go() -> None:
    player = Player()
    player.after(*ON)
    player.after(*PEDAL_DOWN)
    player.after(*OFF)
    player.after(0x90, 62, 100)
    assert player.keys() == [60, 62]
    player.after(*PEDAL_UP)
    assert player.keys() == [62]
    player.after(0x80, 62, 0)
    assert player.keys() == []


def test_a_key_struck_again_under_the_pedal_belongs_to_the_hand_again() -> None:
    player = Player()
    for data in (PEDAL_DOWN, ON, OFF, ON, PEDAL_UP):
        player.after(*data)
    assert player.keys() == [60]


def test_the_pedal_of_one_channel_or_port_holds_no_other() -> None:
    player = Player()
    player.after(*PEDAL_DOWN)
    player.after(0x91, 60, 100)
    player.after(*ON, port=1)
    player.after(0x81, 60, 0)
    player.after(*OFF, port=1)
    assert player.keys() == []


def test_bend_reaches_the_held_notes_of_its_channel_and_those_that_come() -> None:
    player = Player()
    player.after(*ON)
    player.after(0x91, 70, 100)
    player.after(0xE0, 127, 127)
    player.after(0x90, 64, 100)
    up = pytest.approx(2 * 8191 / 8192)
    assert player.own(BEND) == [up, 0, up]


def test_reset_all_controllers_straightens_what_is_bent_and_lifts_the_pedal() -> None:
    player = Player()
    for data in (ON, (0xE0, 127, 127), PEDAL_DOWN, (0x90, 62, 100), (0x80, 62, 0), (0xB0, 121, 0)):
        player.after(*data)
    assert player.keys() == [60]
    assert player.own(BEND) == [0]


def test_pressure_of_a_key_is_its_own_and_of_a_channel_everybodys() -> None:
    player = Player()
    player.after(*ON)
    player.after(0x90, 64, 50)
    assert player.own(PRESSURE) == pytest.approx([100 / 127, 50 / 127])
    player.after(0xA0, 60, 127)
    assert player.own(PRESSURE) == pytest.approx([1, 50 / 127])
    player.after(0xD0, 13)
    assert player.own(PRESSURE) == pytest.approx([13 / 127, 13 / 127])


def test_in_an_mpe_zone_bend_pressure_and_timbre_are_the_notes_own() -> None:
    player = Player()
    player.after(*MPE)
    for channel in (1, 2):
        player.after(0x90 | channel, 60, 100)
    player.after(0xE1, 0, 96)  # half of 48 semitones
    player.after(0xD1, 127)
    player.after(0xB1, 74, 127)
    assert player.own(BEND) == [pytest.approx(24), 0]
    assert player.own(PRESSURE) == [1, pytest.approx(100 / 127)]
    assert player.own(TIMBRE) == [1, 0.5]
    player.after(0xE0, 0, 96)  # the manager: a half of its two semitones, for all
    assert player.own(BEND) == [pytest.approx(25), pytest.approx(1)]


def test_an_mpe_note_begins_with_what_its_channel_said_before() -> None:
    player = Player()
    player.after(*MPE)
    player.after(0xE3, 0, 96, 0xB3, 74, 127, 0x93, 60, 100)
    assert player.own(BEND) == [pytest.approx(24)]
    assert player.own(TIMBRE) == [1]


@pytest.mark.parametrize("is_under_pedal", [False, True])
def test_an_unplugged_port_lets_its_notes_ring_out_and_no_others(is_under_pedal: bool) -> None:
    player = Player()
    if is_under_pedal:
        player.after(*PEDAL_DOWN)
        player.after(*ON)
        player.after(*OFF)
    else:
        player.after(*ON)
    player.after(0x90, 72, 100, port=1)
    assert player.keys() == [60, 72]
    player.engine.unplug_midi(0)
    player.engine.process(64)
    assert player.keys() == [72]
    assert player.engine.counters["sounding"] == 2  # its own release, not a cut
    player.after(*ON)
    player.after(*OFF)
    assert player.keys() == [72]  # plugged in again, without the pedal of before


def test_a_port_that_lost_bytes_lets_go_of_what_it_holds() -> None:
    player = Player()
    player.after(*ON)
    player.after(0x90, 72, 100, port=1)
    player.send(*[0xFE] * (PACKETS * BYTES + 1))
    player.engine.process(64)
    assert player.keys() == [72]
    player.after(*ON)
    assert player.keys() == [60, 72]


@pytest.mark.parametrize("number", [120, 123])
def test_all_sound_off_and_all_notes_off_are_panic(number: int) -> None:
    player = Player(layers=("bowl", "tap"), gesture={"kind": "taps", "rate_hz": 20})
    player.after(*ON)
    player.after(*PEDAL_DOWN)
    player.after(0xB0, number, 0)
    player.engine.process(RATE // 10)
    assert player.engine.counters["sounding"] == 0
    assert player.engine.state["is_paused"]
    player.after(*ON)
    player.after(*OFF)
    assert player.keys() == []


def test_a_key_with_an_action_strikes_nothing() -> None:
    actions = (ActionBinding(Source("note", 36, 36), "freeze"),)
    player = Player(Mapping(notes=(NoteBinding(Source("note"), "bowl"),), actions=actions))
    player.after(0x90, 36, 100)
    assert player.keys() == []
    assert player.engine.state["is_frozen"]
    player.after(0x80, 36, 0)
    player.after(0x90, 36, 100)
    assert not player.engine.state["is_frozen"]


def test_a_program_asks_the_session() -> None:
    actions = tuple(ActionBinding(Source("program", n, n), "preset", name) for n, name in ((3, "demo"), (5, "bath_time")))
    player = Player(Mapping(actions=actions))
    player.after(0xC0, 5, 0xC1, 9, 0xC2, 3)
    asked = player.engine.asked()
    assert [(player.bay.action(index).name, number) for _, index, number in asked] == [("bath_time", 5), ("demo", 3)]
    assert player.engine.asked() == []


def test_what_was_asked_for_is_done_by_the_map_that_asked() -> None:
    def mapping(*names: str) -> Mapping:
        return Mapping(actions=tuple(ActionBinding(Source("program", n, n), "preset", name) for n, name in enumerate(names)))

    player, maps = Player(mapping("demo", "bath_time", "tap")), MidiMaps()
    maps.add(player.bay)
    player.after(0xC0, 2, 0xC0, 1)
    done = []
    for action in maps.actions(player.engine):
        done.append(action.name)
        maps.add(MidiMap(player.engine, mapping("fizz"), player.layers, {}))
    player.after(0xC0, 0, 0xC0, 1)
    done += [action.name for action in maps.actions(player.engine)]
    assert done == ["tap", "bath_time", "fizz"]


def test_maps_made_between_two_quanta_do_not_write_over_each_other() -> None:
    player = Player(Mapping(actions=(ActionBinding(Source("program", 1, 1), "preset", "tap"),)))
    engine = player.engine
    engine.go_live()
    tables = [engine.map(np.zeros(1, BINDING))[1] for _ in range(3)]
    engine.leave_live()
    assert len({table.ctypes.data for table in (*tables, player.bay._rows)}) == 4


@pytest.mark.parametrize("pair", [False, True])
def test_a_button_acts_when_it_passes_its_middle_upwards(pair: bool) -> None:
    player = Player(Mapping(actions=(ActionBinding(Source("cc", 20, 20), "hold"),)))

    def press(value: int) -> None:
        player.after(0xB0, 20, value, *((0xB0, 52, 0) if pair else ()))

    states = []
    for value in (0, 100, 127, 90, 10, 70):
        press(value)
        states.append(int(player.engine.state["is_held"]))
    assert states == [0, 1, 1, 1, 1, 0]


def test_key_ranges_layers_roots_and_velocities() -> None:
    notes = (
        NoteBinding(Source("note", 36, 47), "bowl", None, (0.2, 0.6), 2.0),
        NoteBinding(Source("note", 40, 59), "tap", 48),
        NoteBinding(Source("note", 40, 40, channel=2), "tap", 30),
    )
    player = Player(Mapping(notes=notes), ("bowl", "tap"))
    player.after(0x90, 36, 127, 0x90, 59, 127, 0x90, 60, 127)
    assert player.keys() == [36, 59]
    assert player.own(PITCH) == [0, 11]
    assert player.own(PRESSURE)[0] == pytest.approx(0.6)
    player.after(0x80, 36, 0, 0x80, 59, 0)
    player.after(0x91, 40, 64)
    assert player.keys() == [40, 40, 40]
    assert player.own(PITCH) == [0, -8, 10]
    assert player.own(PRESSURE)[0] == pytest.approx(0.2 + 0.4 * (64 / 127) ** 2)
    player.after(0x81, 40, 0)
    assert player.keys() == []


def test_a_binding_for_a_port_hears_no_other_and_follows_it_to_another_number() -> None:
    notes = (NoteBinding(Source("note", port="KEYS"), "bowl"),)
    player = Player(Mapping(notes=notes))
    player.after(*ON)
    assert player.keys() == []
    player.after(*ON, port=1)
    assert player.keys() == [60]
    player.bay.plug({0: "My Keys", 1: "pads"})
    player.after(0x90, 62, 100)
    player.after(0x90, 64, 100, port=1)
    assert sorted(player.keys()) == [60, 62]


def test_controllers_of_14_bits_are_never_late_and_as_fine_as_they_say() -> None:
    player = Player(Mapping(controls=(knob(16, "level_db", -60, 0, takeover="jump"),)))
    player.after(0xB0, 16, 64, 0xB0, 48, 1)
    assert player.target("bowl", "level_db") == pytest.approx(-60 + 60 * (64 * 128 + 1) / 16383)
    for offset in range(64):  # the other half never comes
        player.send(0xB0, 16, offset, at=player.engine.frame + offset)
        player.engine.process(64 * 8)
        assert player.target("bowl", "level_db") == pytest.approx(-60 + 60 * offset / 127)
        player.send(0xB0, 16, offset, 0xB0, 48, 0)
        player.engine.process(64)
    assert player.engine.counters["late"] == 0


def test_a_late_key_sounds_at_once_and_is_counted() -> None:
    player = Player()
    player.send(*ON, at=3)
    player.engine.process(64)
    assert player.keys() == [60]
    assert player.engine.counters["late"] > 0


@pytest.mark.parametrize("source", [Source("pressure"), Source("bend"), Source("key_pressure", 60, 60)])
def test_what_is_bound_moves_its_number_and_leaves_the_notes_alone(source: Source) -> None:
    player = Player(
        Mapping(
            notes=(NoteBinding(Source("note"), "bowl"),),
            controls=(ControlBinding(source, "bowl", "level_db", -60, 0, takeover="jump"),),
        )
    )
    player.after(*ON)
    player.after(*{"pressure": (0xD0, 127), "bend": (0xE0, 127, 127), "key_pressure": (0xA0, 60, 127)}[source.kind])
    assert player.target("bowl", "level_db") == 0
    assert player.own(BEND) == [0]
    assert player.own(PRESSURE) == pytest.approx([100 / 127])


def test_a_pedal_that_is_bound_holds_no_notes() -> None:
    actions = (ActionBinding(Source("cc", 64, 64), "freeze"),)
    player = Player(Mapping(notes=(NoteBinding(Source("note"), "bowl"),), actions=actions))
    for data in (PEDAL_DOWN, ON, OFF):
        player.after(*data)
    assert player.keys() == []
    assert player.engine.state["is_frozen"]


def test_a_pedal_that_was_down_before_it_was_bound_still_lets_go() -> None:
    player = Player()
    for data in (PEDAL_DOWN, ON, OFF):
        player.after(*data)
    actions = (ActionBinding(Source("cc", 64, 64), "freeze"),)
    MidiMap(player.engine, Mapping(actions=actions), player.layers, {})
    player.engine.process(64)
    assert player.keys() == [60]
    player.after(*PEDAL_UP)
    assert player.keys() == []


@pytest.mark.parametrize("port", [-1, 8, "pads", True])
def test_a_port_that_is_none_is_said(port: object) -> None:
    engine = Player().engine
    for call in (lambda: engine.push_midi(port, bytes(ON)), lambda: engine.unplug_midi(port)):
        with pytest.raises(InputError, match=r"0 \.\. 7"):
            call()
