"""The listener's volume: nothing but a hand moves it, every press counts, and it is kept from session to session."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import synth
from synth.control.commands import COMMANDS, Call
from synth.engine.commands import EngineCommands
from synth.engine.compiling import ready
from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.live.session import Session
from synth.live.volume import Volume
from synth.parameters.errors import InputError
from synth.preset.capture import as_it_sounds
from synth.preset.library import preset_names


@pytest.fixture
def session() -> Session:
    live = SimpleNamespace(ports={}, recorder=None, frame_of_now=lambda: None)
    session = Session(Engine(48000, "sphere"), live, preset_names(), exposure=None)
    ready(["rain"])
    session.play(synth.load_preset("nails_on_glass"))
    session.engine.process(64)
    return session


def _volume_db(engine: Engine) -> float:
    return float(engine.state["master"][state.VOLUME]["target"])


def test_presets_scenes_programs_and_models_leave_the_volume_alone(session: Session) -> None:
    engine = session.engine
    session.act("volume", -30.0)
    engine.process(64)
    session.act("scene", 1)
    session.act("preset", "rain_on_tent")
    engine.process(6400)
    ready(layer.trigger for layer in synth.load_preset(preset_names()[preset_names().index("rain_on_tent") + 1]).layers)
    session.act("next")
    stream = engine.stream("model", ["master.level_db"], delay_s=0)
    stream.push([0.0])
    engine.process(6400)
    assert _volume_db(engine) == -30
    assert "master.volume_db" not in synth.space("rain_on_tent").paths


@pytest.mark.parametrize("ways", [("keys",), ("keys", "others"), ("others",)])
def test_every_press_counts_however_quick(session: Session, ways: tuple[str, ...]) -> None:
    """Keys and OSC in any mixture, all of them before the next quantum."""
    effects = EngineCommands(session.engine, lambda *_: None).effects
    for _ in range(7):
        for way in ways:
            if way == "keys":
                session.act("level", -1.0)
            else:
                Call(COMMANDS["level"], -2.0).do(effects)
    session.engine.process(64)
    assert _volume_db(session.engine) == sum({"keys": -7, "others": -14}[way] for way in ways)


def test_it_stays_within_its_range(session: Session) -> None:
    for _ in range(5):
        session.act("level", -24.0)
    session.engine.process(64)
    assert _volume_db(session.engine) == -60
    session.act("level", 1.0)
    session.engine.process(64)
    assert _volume_db(session.engine) == -59
    session.act("volume", 13.0)
    assert "allowed: -60 .. 12" in session.messages[-1]


def test_a_fader_turns_the_same_number_and_takes_over_where_it_is(session: Session) -> None:
    engine = session.engine
    session.act("level", -6.0)
    engine.push_midi(0, bytes([0xB0, 7, 0]))
    engine.process(64)
    assert _volume_db(engine) == -6  # the fader lies elsewhere: it waits until it passes
    for value in (60, 110, 127, 64):
        engine.push_midi(0, bytes([0xB0, 7, value]))
        engine.process(64)
    assert _volume_db(engine) == pytest.approx(-60 + 60 * 64 / 127)
    session.act("preset", "rain_on_tent")
    engine.process(640)
    assert _volume_db(engine) == pytest.approx(-60 + 60 * 64 / 127)


def test_it_is_a_gain(session: Session) -> None:
    def heard(volume_db: float) -> np.ndarray:
        engine = Engine(48000, "sphere", seed=3)
        engine.set_master(ramp_s=0, volume_db=volume_db)
        engine.load(synth.load_preset("rain_on_tent"))
        return engine.process(24000)

    quiet, loud = heard(-40), heard(-20)
    assert np.abs(quiet).max() > 0
    np.testing.assert_allclose(10 * quiet, loud, rtol=1e-3, atol=1e-6)


def test_what_is_saved_holds_the_presets_level_not_the_listeners(session: Session) -> None:
    session.act("level", -20.0)
    session.engine.process(6400)
    kept = as_it_sounds(session.preset, session.engine, session._layers)
    assert kept.level_db == session.preset.level_db


def test_undo_does_not_turn_it(session: Session) -> None:
    session.act("volume", -20.0)
    session.engine.process(6400)
    session.act("undo")
    session.engine.process(48000)
    assert _volume_db(session.engine) == -20


# ---- from session to session


def _kept(folder, turn, seconds: float = 2.0, begin_db: float | None = None) -> float:
    """Play a session, return what the next one begins with."""
    now_s = [0.0]
    engine = Engine(48000, "sphere")
    volume = Volume(engine, begin_db, folder, lambda: now_s[0])
    engine.process(640)
    turn(engine)
    engine.process(640)
    for now_s[0] in np.arange(0.1, seconds, 0.1):
        volume.attend()
    again = Engine(48000, "sphere")
    Volume(again, None, folder)
    again.process(64)
    return _volume_db(again)


def test_the_next_session_begins_where_this_one_was_left(tmp_path) -> None:
    assert _kept(tmp_path / "new", lambda engine: None) == 0
    assert _kept(tmp_path, lambda engine: engine.turn(-12)) == -12
    assert _kept(tmp_path, lambda engine: engine.turn(2)) == -10
    assert _kept(tmp_path, lambda engine: None, begin_db=-33) == -33


@pytest.mark.parametrize("content", [b"", b"loud", b"nan", b"999", b"-7 " + bytes(10**6), b"\xff"])
def test_a_file_that_is_none_is_as_good_as_none(tmp_path, content: bytes) -> None:
    (tmp_path / "volume_db").write_bytes(content)
    assert _kept(tmp_path, lambda engine: None) in (0, -7)


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    assert _kept(tmp_path / "file", lambda engine: engine.turn(-3)) == 0


def test_a_volume_out_of_range_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match=r"allowed: -60 \.\. 12"):
        Volume(Engine(48000, "sphere"), 20, tmp_path)


# ---- mute and solo of layers


def _levels(session: Session) -> dict[str, float]:
    """What each layer is turned to."""
    layers = session.engine.layers
    session.engine.process(4800)
    return {layer.name: float(session.engine.state["layers"][layer.index]["slots"][state.AUDIBLE]["value"]) for layer in layers}


def test_mute_and_solo_say_which_layers_are_heard(session: Session) -> None:
    one, two, *rest = _levels(session)
    everything = {one: 1, two: 1, **dict.fromkeys(rest, 1)}
    assert _levels(session) == everything
    session.act("mute_layer", one)
    assert _levels(session) == everything | {one: 0}
    session.act("solo_layer", two)
    assert _levels(session) == dict.fromkeys(everything, 0) | {two: 1}
    session.act("mute_layer", one)
    session.act("solo_layer", one)
    assert _levels(session) == dict.fromkeys(everything, 0) | {one: 1, two: 1}
    session.act("solo_layer", one)
    session.act("solo_layer", two)
    assert _levels(session) == everything
    session.act("mute_layer", "nobody")
    assert "unknown layer 'nobody'" in session.messages[-1]


def test_a_muted_layer_is_silent_without_a_step_and_keeps_its_level(session: Session) -> None:
    engine = Engine(48000, "sphere", seed=1)
    layer = engine.add("rain", gesture={"kind": "hold"})
    loud = engine.process(48000)
    engine.mute(layer)
    fading = engine.process(4800)
    silence = engine.process(48000)
    assert np.abs(silence[20000:]).max() < 1e-6
    assert np.abs(np.diff(fading, axis=0)).max() <= 1.5 * np.abs(np.diff(loud, axis=0)).max()
    engine.mute(layer, False)
    assert np.abs(engine.process(48000)).max() > 0.1 * np.abs(loud).max()
    assert engine.values(layer)["level_db"] == 0
