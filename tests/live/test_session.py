"""A session without a sound device: whatever is asked of it, it says what cannot be done and plays on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import synth
from synth.control.midi.mapping import ActionBinding, Mapping, Source
from synth.engine.compiling import ready
from synth.engine.engine import Engine
from synth.engine.kernels.state import MAX_LAYERS
from synth.engine.midi_map import MidiMap
from synth.live.safety.exposure import Exposure
from synth.live.safety.guard import Guard
from synth.live.session import Session
from synth.live.session_stream import SessionStream


@pytest.fixture
def session() -> Session:
    live = SimpleNamespace(ports={}, recorder=None, frame_of_now=lambda: None)
    session = Session(Engine(48000, "sphere"), live, ["tap"], exposure=None, session_streams=[SessionStream("model")])
    session.play(synth.load_preset("nails_on_glass"))
    return session


@pytest.mark.parametrize(
    ("action", "what", "said"),
    [
        ("scene", -10, "no scene -10"),
        ("scene", 0, "no scene 0"),
        ("scene", 99, "no scene 99"),
        ("preset", "/\0.toml", "no file has such a name"),
        ("preset", "\ud800/a", "no file has such a name"),
        ("preset", "/", "directory"),
        ("preset", "nails", "unknown preset"),
    ],
)
def test_what_cannot_be_done_is_said(session: Session, action: str, what: object, said: str) -> None:
    session.act(action, what)
    assert said in session._messages[-1]
    assert session.preset.name == "nails_on_glass"


def test_streams_go_on_when_another_preset_finds_no_room(session: Session) -> None:
    (session_stream,) = session._session_streams
    for _ in range(MAX_LAYERS - len(session.engine.layers) - 1):
        session.engine.add("tap")
    ready(["rain"])  # or the session would play on until it is
    session.act("preset", "rain_on_tent")
    assert "there is room for 1" in session._messages[-1]
    assert session.preset.name == "nails_on_glass"
    assert session_stream.push(session_stream.space.default) == 1


def test_only_the_newest_of_the_presets_that_have_to_be_compiled_is_compiled(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[SimpleNamespace] = []

    def ahead(_: object) -> SimpleNamespace:
        stopped: list[bool] = []
        begun.append(SimpleNamespace(names=("x",), done=0, is_over=False, stopped=stopped, stop=lambda: stopped.append(True)))
        return begun[-1]

    monkeypatch.setattr("synth.live.session.ahead", ahead)
    for name in ("rain", "nobody", "fizz", "tap"):
        session.act("preset", name)
    assert [bool(each.stopped) for each in begun] == [True, True, False]
    session.play(synth.load_preset("nails_on_glass"))
    assert begun[-1].stopped


def test_who_calls_presets_without_end_holds_up_nobody_and_the_last_one_plays(session: Session, tmp_path: Path) -> None:
    """By MIDI two programs within a turn; by a program more than can wait."""
    session._guard = Guard(session.engine, Exposure(100.0, folder=tmp_path), None, session.notify)
    ready(["fizz", "tap"])
    played: list[str] = []
    play = session.play
    session.play = lambda preset: (played.append(preset.name), play(preset))  # type: ignore[method-assign, func-returns-value, assignment]
    actions = tuple(ActionBinding(Source("program", n, n), "preset", name) for n, name in enumerate(("fizz", "tap")))
    session._midi_maps.add(MidiMap(session.engine, Mapping(actions=actions), {}, {}))
    session.engine.push_midi(0, bytes([0xC0, 0, 0xC0, 1]))
    session.engine.process(128)
    session.attend()
    assert played == ["fizz"]
    session.attend()
    assert played == ["fizz", "tap"]
    for _ in range(1000):
        session.requests.effects["preset"]("fizz")
    session.requests.effects["preset"]("tap")
    session.attend()
    assert len(played) == 3
    for _ in range(60):
        session.attend()
        session.engine.process(4800)
    assert len(played) < 60
    assert played[-1] == session.preset.name == "tap"
