"""The table of commands: every way in offers every command of its, and every command that is offered does something."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import synth
from synth.cli.terminal.keys import KEYS
from synth.control.commands import (
    AMOUNT,
    COMMANDS,
    LAYER,
    LEVEL_DB,
    LINES,
    MIDI,
    NOTHING,
    OSC,
    PATH,
    PRESET,
    SCENE,
    SECONDS,
    SEED,
    STEP_DB,
    SWITCH,
    Call,
    names_of,
)
from synth.control.midi.mapping import NAMED, ActionBinding, Mapping, Source
from synth.control.rejections import Refused
from synth.control.stream.json_lines import OFFERED, Vocabulary, parse_line
from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.engine.kernels import event_record
from synth.engine.midi_map import MidiMap
from synth.engine.preset import LayerSpec
from synth.io.files.midi_file import read_midi_file
from synth.live.protocols.osc.query_tree import answer
from synth.live.session import Session
from synth.offline.job import job_of
from synth.offline.midi_player import MidiPlayer
from synth.preset import schema_midi
from synth.preset.space import space
from tests.support.osc_sender import Rig, message

ROOT = Path(__file__).resolve().parents[2]
PRESET_NAME = "nails_on_glass"
LAYER_NAME, SPEAKER_NAME = "left nails", "voice"
ARGUMENTS = {
    NOTHING: None,
    SWITCH: True,
    LAYER: LAYER_NAME,
    SCENE: "close",
    PRESET: "tap",
    PATH: f"{LAYER_NAME}.hardness",
    STEP_DB: -1.0,
    LEVEL_DB: -12.0,
    SECONDS: 2700.0,
    SEED: 7,
    AMOUNT: 0.5,
}
BESIDE = {"say": {"text": "good night"}}
"""What a command needs beside its argument."""
EVERY = list(COMMANDS.values())
OLD_NAMES = [(old, command) for command in EVERY for old in command.old_names]


def preset() -> Any:
    """Return a preset one of whose layers speaks."""
    found = synth.load_preset(PRESET_NAME)
    return replace(found, layers=(*found.layers, LayerSpec(SPEAKER_NAME, "whisper")))


def argument_of(command: Any) -> Any:
    return SPEAKER_NAME if command.name in ("say", "hush") else ARGUMENTS[command.argument]


@pytest.fixture
def session() -> Session:
    silence = np.zeros((0, 2), np.float32), 0
    tape = SimpleNamespace(read=lambda: silence)
    live = SimpleNamespace(ports={}, recorder=None, tape=lambda: tape, frame_of_now=lambda: None)
    session = Session(Engine(48000, "sphere"), live, [PRESET_NAME, "tap"], exposure=None)
    session.play(preset())
    return session


@pytest.fixture
def rig() -> Rig:
    engine = Engine(48000, "sphere")
    engine.load(preset())
    engine.process(64)
    rig = Rig(engine)
    rig.asked = []  # type: ignore[attr-defined]
    rig.effects.clear()
    rig.effects |= {name: lambda *what, name=name, **how: rig.asked.append((name, what)) for name in names_of(OSC)}
    return rig


@pytest.mark.parametrize("command", [each for each in EVERY if each.name not in BESIDE], ids=lambda each: each.name)
def test_a_session_does_it(session: Session, command: Any, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    session.act(command.name, argument_of(command))
    session.engine.process(64)
    session.recordings.end()
    is_saved = command is COMMANDS["save"]
    assert session.messages == [f"saved as {PRESET_NAME}-saved.toml"] * is_saved
    assert len(list(tmp_path.iterdir())) == is_saved


def test_a_session_does_nothing_else(session: Session) -> None:
    assert session.effects.keys() == COMMANDS.keys()


def test_what_an_engine_does_it_does_at_once_and_the_session_does_the_rest(session: Session) -> None:
    later: list[str] = []
    effects = EngineCommands(session.engine, lambda name, _: later.append(name)).effects
    alone = EngineCommands(session.engine).effects
    assert effects.keys() == COMMANDS.keys()
    for command in EVERY:
        Call(command, argument_of(command), BESIDE.get(command.name, {})).do(effects)
    assert sorted(later) == sorted(COMMANDS.keys() - alone.keys())


# ---- MIDI


@pytest.mark.parametrize("name", names_of(MIDI))
def test_a_button_does_it_in_the_quantum_or_asks_for_it(name: str) -> None:
    engine, kinds = Engine(48000, "sphere"), []
    engine.record_to(SimpleNamespace(layer=None, stream=None, acts=None, events=lambda e: kinds.extend(e["kind"].tolist())))
    MidiMap(engine, Mapping(actions=(ActionBinding(Source("cc", 80, 80), name),)), {}, {})
    engine.push_midi(0, bytes([0xB0, 80, 127]))
    engine.process(128)
    kind = COMMANDS[name].quantum_kind
    assert kinds == ([] if kind is None else [getattr(event_record, kind)])
    assert len(engine.asked()) == (kind is None)


@pytest.mark.parametrize("name", [*names_of(MIDI), *(old for old, _ in OLD_NAMES)])
def test_a_preset_binds_it(name: str) -> None:
    named = {"name": "tap"} if name in NAMED else {}
    table = {"action": [{"cc": 80, "do": name} | named]}
    found = schema_midi.mapping(table, "here", synth.load_preset("tap").paths, ["tap"], lambda: ["tap"])
    assert found.actions[0].do == dict(OLD_NAMES).get(name, COMMANDS.get(name)).name  # type: ignore[union-attr]


def test_a_midi_file_asks_for_everything_that_a_button_can(tmp_path) -> None:
    import mido

    path, names = tmp_path / "buttons.mid", [name for name in names_of(MIDI) if COMMANDS[name].argument not in (SCENE, PRESET)]
    layers = {name: "tap" if COMMANDS[name].argument is LAYER else "" for name in names}
    track = mido.MidiTrack(mido.Message("control_change", control=20 + i, value=127, time=10) for i in range(len(names)))
    mido.MidiFile(tracks=[track]).save(path)
    buttons = tuple(ActionBinding(Source("cc", 20 + i, 20 + i), name, layers[name]) for i, name in enumerate(names))
    preset = replace(synth.load_preset("tap"), midi=Mapping(actions=buttons, is_complete=True))
    player = MidiPlayer(Engine(48000, "sphere"), job_of(preset, seconds=1, midi=path), read_midi_file(path))
    assert set(names_of(MIDI)) <= {*player.effects, *(c.name for c in EVERY if c.quantum_kind)}
    assert np.isfinite(player.process(48000)).all()


# ---- keys


def test_each_key_is_in_the_table_once() -> None:
    rows = [(key, command.name, argument) for command in EVERY for key, argument in command.keys.items()]
    assert [(key, of.command, of.argument) for key, of in KEYS.items()] == rows
    assert all(command.word for command in EVERY if command.keys)


# ---- JSON lines


@pytest.mark.parametrize("name", [*names_of(LINES), *(old for old, _ in OLD_NAMES)])
def test_a_line_says_it(name: str) -> None:
    command = OFFERED[name]
    argument = argument_of(command)
    line = json.dumps({name: True if argument is None else argument, **BESIDE.get(name, {})}).encode()
    call = parse_line(line, Vocabulary(space(preset()), OFFERED)).call
    assert call is not None
    assert (call.command, call.argument) == (command, argument)


# ---- OSC


def _said(command: Any) -> tuple[str, list[Any]]:
    if command.argument is LAYER:
        address = argument_of(command).replace(" ", "_")
        return f"/{address}/{command.name}", list(BESIDE.get(command.name, {}).values())
    given = {
        SWITCH: [1],
        SCENE: ["close"],
        PRESET: ["tap"],
        PATH: ["/left_nails/hardness"],
        STEP_DB: [-1.0],
        LEVEL_DB: [-12.0],
        SECONDS: [2700.0],
        SEED: [7],
        AMOUNT: [0.5],
    }
    return f"/synth/{command.name}", given.get(command.argument, [])


@pytest.mark.parametrize("name", names_of(OSC))
def test_a_message_says_it_and_the_tree_shows_it(rig: Any, name: str) -> None:
    command = COMMANDS[name]
    address, arguments = _said(command)
    rig.send(message(address, *arguments))
    what = () if command.argument is NOTHING else (argument_of(command),)
    assert rig.asked == [(name, what)]
    status, node = answer(rig.hearing.addresses, rig.value, {}, address, "")
    assert status == 200
    assert node["DESCRIPTION"]


@pytest.mark.parametrize(("old", "command"), OLD_NAMES)
def test_an_old_address_still_works_and_is_not_shown(rig: Any, old: str, command: Any) -> None:
    _, arguments = _said(command)
    rig.send(message(f"/synth/{old}", *arguments))
    assert rig.asked == [(command.name, (ARGUMENTS[command.argument],))]
    assert answer(rig.hearing.addresses, rig.value, {}, f"/synth/{old}", "")[0] == 404


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in names_of(OSC)])
def test_what_the_network_may_not_ask_it_cannot(rig: Any, name: str) -> None:
    rig.send(message(f"/synth/{name}"))
    assert not rig.asked
    assert rig.rejections.counts["unknown address"] == 1


@pytest.mark.parametrize("name", [name for name in names_of(OSC) if COMMANDS[name].argument is SWITCH])
def test_a_switch_is_turned_over_without_an_argument_and_off_by_0(rig: Any, name: str) -> None:
    rig.send(message(f"/synth/{name}"), message(f"/synth/{name}", 0), message(f"/synth/{name}", True))
    assert rig.asked == [(name, (None,)), (name, (False,)), (name, (True,))]


# ---- an amount


@pytest.mark.parametrize("amount", [-0.1, 1.5])
def test_an_amount_out_of_range_is_refused_by_a_message_and_a_line(rig: Any, amount: float) -> None:
    rig.send(message("/synth/tingle", amount))
    assert rig.asked == []
    assert rig.rejections.counts["amount"] == 1
    with pytest.raises(Refused, match="wrong act"):
        parse_line(json.dumps({"tingle": amount}).encode(), Vocabulary(space(preset()), OFFERED))
