"""The hold: no sample hears of it, it comes back with its frame, a take keeps it, and every way in says it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import synth
from synth.control.midi.mapping import ControlBinding, Mapping, Source
from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.engine.hold_history import HoldHistory, sampled
from synth.engine.kernels.event_record import APPLIED, MASTER, NOTE_ENDED, RESPONSE
from synth.engine.kernels.state import TINGLE
from synth.engine.midi_map import MidiMap
from synth.live.tingle.signal_words import with_hold
from synth.parameters.errors import InputError
from synth.preset.schema_midi import mapping as mapping_of_table
from synth.take.writer import TakeWriter

RATE = 48000
HOLDS = [(480, 0.25), (5000, 1.0), (5001, 0.5), (17000, 0.0)]
SPAN = 24000


def played(path: Path | None = None, holds: list[tuple[int, float]] = HOLDS, block: int = 480) -> tuple[Engine, np.ndarray]:
    engine = Engine(RATE, "sphere", seed=3)
    take = TakeWriter(path, engine) if path else None
    engine.load(synth.load_preset("tap"))
    for frame, amount in holds:
        engine.set_master(at=frame, tingle=amount)
    audio = np.concatenate([engine.process(block) for _ in range(SPAN // block)])
    if take:
        take.flush(SPAN)
        take.close()
    return engine, audio


def test_no_sample_hears_of_it() -> None:
    _, without = played(holds=[])
    assert np.abs(without).max() > 0.001
    for block in (480, 100):
        assert (played(block=block)[1] == without).all()


def test_it_comes_back_with_the_frames_at_which_it_took_effect() -> None:
    frames, amounts = played()[0].holds.steps
    assert list(zip(frames.tolist(), amounts.tolist(), strict=True)) == HOLDS


def test_a_late_one_acts_at_once_and_says_so() -> None:
    engine = Engine(RATE, "sphere")
    engine.process(6400)
    engine.set_master(at=100, tingle=1)
    engine.process(64)
    assert engine.holds.steps[0].tolist() == [6400]
    assert engine.counters["late"] == 1


def test_a_take_keeps_it_and_a_trace_shows_it_at_50_hz(tmp_path: Path) -> None:
    _, heard = played(tmp_path / "x.take")
    trace = synth.trace(tmp_path / "x.take")
    at = np.arange(len(trace.tingle)) * RATE // 50
    expected = [next((amount for frame, amount in reversed(HOLDS) if frame <= when), 0.0) for when in at]
    assert len(trace.tingle) == SPAN * 50 // RATE
    assert trace.tingle.tolist() == expected
    again = synth.replay(tmp_path / "x.take")
    latency = Engine(RATE, "sphere").latency_frames
    assert (again[: SPAN - latency] == heard[latency:]).all()


def test_undo_freeze_and_hold_leave_it_alone() -> None:
    engine = Engine(RATE, "sphere")
    engine.freeze(True)
    engine.set_master(tingle=0.75)
    engine.process(64)
    engine.undo()
    engine.process(64)
    assert engine.holds.steps[1].tolist() == [0.75]


# ---- who says it


def test_a_controller_says_it_without_having_to_be_picked_up() -> None:
    engine = Engine(RATE, "sphere")
    mapping = with_hold(Mapping(is_complete=True), Source("pressure"))
    MidiMap(engine, mapping, {}, {})
    for at, value in ((100, 64), (200, 127), (300, 0), (400, 20)):
        engine.push_midi(0, bytes([0xD0, value]), at)
    engine.process(640)
    frames, amounts = engine.holds.steps
    assert frames.tolist() == [100, 200, 300, 400]
    assert amounts == pytest.approx([64 / 127, 1, 0, 20 / 127])


def test_a_hold_takes_its_controller_from_whatever_else_it_did() -> None:
    other = ControlBinding(Source("cc", 11, 11), "tap", "hardness", 0, 1)
    control = Source("cc", 11, 11)
    assert [each.path for each in with_hold(Mapping(controls=(other,)), control).controls] == ["tingle"]
    assert with_hold(Mapping(controls=(other,)), None).controls == (other,)


def test_a_preset_binds_it_and_cannot_set_it() -> None:
    preset = synth.load_preset("tap")
    table = {"control": [{"key_pressure": True, "set": "master.tingle"}]}
    (control,) = mapping_of_table(table, "here", preset.hand_paths, [], list).controls
    assert (control.layer, control.path, control.low, control.high) == ("master", "tingle", 0, 1)
    assert "master.tingle" not in synth.space(preset).paths


def test_a_command_stamps_what_has_no_stamp_and_refuses_what_is_no_amount() -> None:
    engine = Engine(RATE, "sphere")
    commands = EngineCommands(engine, None, lambda: 777)
    commands.tingle(1.0)
    commands.tingle(0.5, at=900)
    engine.process(960)
    assert engine.holds.steps[0].tolist() == [777, 900]
    for wrong in (-0.1, 1.5, float("nan"), "much"):
        with pytest.raises(InputError, match="tingle"):
            commands.tingle(wrong)  # type: ignore[arg-type]


# ---- its history


def engine_responses(frames: list[int]) -> np.ndarray:
    responses = np.zeros(len(frames) + 1, RESPONSE)
    responses["kind"], responses["event"]["kind"], responses["event"]["slot"] = APPLIED, MASTER, TINGLE
    responses["event"]["frame"][:-1], responses["event"]["value"] = frames, 0.5
    responses["kind"][-1] = NOTE_ENDED  # and something else
    return responses


def test_the_history_forgets_the_oldest_first_and_counts_all() -> None:
    engine = played()[0]
    rows, count = engine.holds.after(0)
    assert (rows, count) == (HOLDS, 4)
    assert engine.holds.after(3) == (HOLDS[3:], 4)
    assert engine.holds.after(4) == ([], 4)
    few = HoldHistory(most=2)
    for responses in (engine_responses([1, 2, 3]), engine_responses([4]), engine_responses([5])):
        few.take_in(responses)
    assert few.steps[0].tolist() == [4, 5]
    assert few.after(0) == few.after(3) == ([(4, 0.5), (5, 0.5)], 5)
    assert few.after(4) == ([(5, 0.5)], 5)


def test_a_step_counts_from_its_own_frame_on() -> None:
    steps = np.array([10, 20, 20]), np.array([0.5, 1.0, 0.25], np.float32)
    assert sampled(steps, np.array([0, 9, 10, 19, 20, 1000])).tolist() == [0, 0, 0.5, 0.5, 0.25, 0.25]
    nothing = np.zeros(0, np.int64), np.zeros(0, np.float32)
    assert sampled(nothing, np.array([0, 5])).tolist() == [0, 0]


def test_a_log_that_is_told_of_takes_is_told_of_it_too() -> None:
    engine, told = Engine(RATE, "sphere"), []
    engine.record_to(SimpleNamespace(layer=None, stream=None, acts=None, events=lambda e: told.extend(e["value"].tolist())))
    engine.set_master(tingle=0.5)
    engine.process(64)
    assert told == [0.5]
