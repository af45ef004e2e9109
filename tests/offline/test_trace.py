"""Traces: the numbers that the engine read, the notes that were struck, the parts of a take; and back as a stream."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import synth
from synth.engine.engine import Engine
from synth.engine.midi_map import MidiMap
from synth.io.files.frame_file import read_stream_file, write_stream_file
from synth.parameters.errors import InputError
from synth.parameters.tables import MASTER_PATHS
from synth.preset.default_midi import mapping_of
from synth.preset.library import dump, load_preset
from synth.rt.units import QUANTUM
from synth.take.reader import load_take
from synth.take.writer import TakeWriter
from tests.take.test_take import Storm

RATE = 48000


class Recorded:
    """An engine that plays into a take."""

    def __init__(self, path: Path, seed: int = 1) -> None:
        self.path, self.engine = path, Engine(RATE, "sphere", seed)
        self.writer, self.rows = TakeWriter(path, self.engine), []

    def load(self, name: str, **how) -> dict:
        preset = load_preset(name)
        layers = self.engine.load(preset, **how)
        self.writer.preset(dump(preset))
        return layers

    def play(self, frames: int, layers=()) -> None:
        """Play; keep what the layers' numbers are after each quantum."""
        for _ in range(frames // QUANTUM):
            self.engine.process(QUANTUM)
            numbers = [slots["value"] for slots in (self._slots(layer) for layer in layers)]
            self.rows.append(np.concatenate([*numbers, []]))
        self.writer.flush(self.engine.frame)

    def _slots(self, layer):
        places = [slot for slot, _ in layer.slots.values()]
        return self.engine.state["layers"][layer.index]["slots"][places]

    def end(self) -> Path:
        self.writer.flush(self.engine.frame)
        self.writer.close()
        return self.path


def test_rows_are_what_the_engine_read(tmp_path: Path) -> None:
    """Cues, hands, streams, holds and MIDI move numbers; each row is read at the end of the quantum nearest to its time."""
    played = Recorded(tmp_path / "a.take")
    layers = played.load("window_and_book")
    preset = load_preset("window_and_book")
    MidiMap(played.engine, mapping_of(preset), layers, {})
    chosen = list(layers.values())
    stream = played.engine.stream("model", [f"{chosen[0].name}.azimuth_deg"], rate_hz=50)
    rng = np.random.default_rng(3)
    for turn in range(60):
        stream.push([float(rng.uniform(-90, 90))])
        played.engine.set(chosen[-1], ramp_s=0.1, level_db=float(rng.uniform(-20, 0)), distance_m=float(rng.uniform(0.1, 1)))
        played.engine.push_midi(0, bytes([0xB0, int(rng.choice([1, 16, 17, 18])), int(rng.integers(128))]))
        played.engine.set_master(level_db=float(-turn / 10))
        if turn in (20, 25):
            played.engine.hold()
        played.play(50 * QUANTUM, chosen)
    trace = synth.trace(played.end(), 100)
    space = synth.space("window_and_book")
    assert trace.space.paths == space.paths
    assert trace.space.hash == space.hash
    assert trace.layers == tuple(layers)
    assert trace.preset == preset or trace.preset.layers == preset.layers
    assert np.allclose(trace.times_s, np.arange(len(trace.times_s)) / 100)
    assert len(trace.times_s) == 60 * 50 * QUANTUM * 100 // RATE + 1
    quanta = [max(round(row * RATE / 100 / QUANTUM), 1) for row in range(len(trace.times_s))]
    expected = np.array(played.rows)[np.array(quanta) - 1].astype(np.float32)
    masters = len(MASTER_PATHS)
    turned = [path.endswith("azimuth_deg") for path in space.paths[:-masters]]
    assert np.array_equal(trace.values[:, :-masters][:, ~np.array(turned)], expected[:, ~np.array(turned)])
    off_deg = (trace.values[:, :-masters] - expected)[:, turned] % 360
    assert np.minimum(off_deg, 360 - off_deg).max() < 1e-4
    assert trace.values[-1, space.index("master.level_db")] == pytest.approx(-5.9)
    assert (np.ptp(trace.values, axis=0) > 0).sum() >= 5


@pytest.mark.parametrize("rate_hz", [7.3, 1000])
def test_a_trace_may_have_any_rate(rate_hz: float, tmp_path: Path) -> None:
    played = Recorded(tmp_path / "a.take")
    layer = played.load("tap")["tap"]
    played.engine.set(layer, at=0, ramp_s=1, azimuth_deg=100)
    played.play(RATE)
    trace = synth.trace(load_take(played.end()), rate_hz)
    assert len(trace.times_s) == int(rate_hz + 1e-9) + 1
    place = trace.space.index("tap.azimuth_deg")
    begin_deg = trace.space.default[place]
    straight_deg = begin_deg + (100 - begin_deg) * trace.times_s
    assert np.abs(trace.values[:, place] - straight_deg).max() < 100 * QUANTUM / RATE


def test_strikes_and_who_struck_them(tmp_path: Path) -> None:
    played = Recorded(tmp_path / "a.take")
    owner = played.engine.add("tap", name="owner")
    drum = played.engine.add("tap", name="drum", gesture={"kind": "taps", "rate_hz": 5})
    begins = [1000, 9001, 20000, 40000]
    for number, frame in enumerate(begins):
        note = played.engine.strike(owner, 0.2 * number + 0.1, at=frame, pitch=number)
        if number < 3:
            played.engine.release(note, at=frame + 500 * (number + 1))
    played.play(RATE)
    played.engine.pause(True)  # lets go of what gestures hold
    played.play(RATE // 2)
    strikes = synth.trace(played.end()).strikes
    by_hand, by_gesture = strikes[~strikes["is_gesture"]], strikes[strikes["is_gesture"]]
    assert (by_hand["layer"] == 0).all()
    assert np.allclose(by_hand["time_s"] * RATE, begins)
    assert np.allclose(by_hand["end_s"][:3] * RATE, [1500, 10001, 21500])
    assert np.isnan(by_hand["end_s"][3])  # sounds on
    assert np.allclose(by_hand["velocity"], [0.1, 0.3, 0.5, 0.7])
    assert by_hand["pitch"].tolist() == [0, 1, 2, 3]
    assert (by_gesture["layer"] == 1).all()
    assert len(by_gesture) == int(played.engine.state["layers"][drum.index]["gesture"]["notes"])
    assert (by_gesture["end_s"] > by_gesture["time_s"]).all()
    assert np.all(np.diff(strikes["time_s"]) >= 0)


def test_keys_that_are_struck_again_and_a_pedal(tmp_path: Path) -> None:
    played = Recorded(tmp_path / "a.take")
    layers = played.load("singing_bowls")
    MidiMap(played.engine, mapping_of(load_preset("singing_bowls")), layers, {})
    played.engine.pause(True)

    def keys(*data: int) -> None:
        played.engine.push_midi(0, bytes(data))
        played.play(100 * QUANTUM)

    for data in ((0x90, 60, 100), (0x80, 60, 0), (0x90, 60, 50), (0xB0, 64, 127), (0x80, 60, 0), (0x90, 64, 9), (0xB0, 64, 0)):
        keys(*data)
    keys(0x80, 64, 0)
    strikes = synth.trace(played.end()).strikes
    step_s = 100 * QUANTUM / RATE
    found = {(round(each["time_s"] / step_s), round(each["end_s"] / step_s)) for each in strikes if not each["is_gesture"]}
    assert found == {(0, 1), (2, 6), (5, 7)}


def test_a_take_with_several_presets_has_parts(tmp_path: Path) -> None:
    played = Recorded(tmp_path / "a.take")
    for name in ("nails_on_glass", "tap", "wood_tapping"):
        played.load(name, tails=name == "tap")
        played.play(RATE // 2)
    take = load_take(played.end())
    with pytest.raises(InputError, match=r"3 parts, from 0.0, 0.5, 1.0 s.*part=0 .. 2"):
        synth.trace(take)
    for bad in (3, -1, True, "tap"):
        with pytest.raises(InputError, match=r"part = .*0 .. 2"):
            synth.trace(take, part=bad)
    parts = [synth.trace(take, part=number) for number in range(3)]
    for part, name in zip(parts, ("nails_on_glass", "tap", "wood_tapping"), strict=True):
        assert part.space.hash == synth.space(name).hash
        assert not np.isnan(part.values).any()
        assert part.preset.layers == load_preset(name).layers
        assert len(part.strikes)
        assert (part.strikes["time_s"] >= part.times_s[0] - 0.02).all()
    assert np.allclose(np.concatenate([part.times_s for part in parts]), np.arange(151) / 100)


def test_a_layer_that_comes_later_is_nan_before(tmp_path: Path) -> None:
    played = Recorded(tmp_path / "a.take")
    played.engine.add("bowl")
    played.engine.add("tap", at=RATE // 2)
    played.engine.strike(played.engine.layers[0])  # so that it fades
    played.play(RATE)
    played.engine.remove(played.engine.layers[0])
    played.play(RATE // 2)
    trace = synth.trace(played.end())
    is_there = {name: ~np.isnan(trace.values[:, trace.space.index(f"{name}.level_db")]) for name in ("bowl", "tap")}
    assert np.array_equal(is_there["tap"], trace.times_s > 0.5001)
    assert np.array_equal(is_there["bowl"], trace.times_s < 1.0001)
    assert trace.preset is None


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_was_played_can_be_traced(seed: int, tmp_path: Path) -> None:
    """The layers that a trace shows at the end are those that were there, with their values."""
    storm = Storm(tmp_path / "storm.take", seed=seed)
    for _ in range(60):
        storm.actions[storm.rng.integers(len(storm.actions))]()
        storm.play(int(storm.rng.choice([0, 1, 63, 64, 441, 2048])))
    storm.play(9600)  # what was to come has come
    storm.end()
    take = load_take(storm.path)
    with pytest.raises(InputError, match="parts") as caught:
        synth.trace(take)
    last = int(str(caught.value).rpartition(" ")[2])
    trace = synth.trace(take, part=last)
    here = {name for name in trace.layers if not np.isnan(trace.values[-1, trace.space.index(f"{name}.level_db")])}
    assert here == {layer.name for layer in storm.engine.layers}
    assert len(trace.strikes) == np.isfinite(trace.strikes["time_s"]).sum() > 0
    assert not (trace.strikes["end_s"] < trace.strikes["time_s"]).any()


@pytest.mark.parametrize("suffix", [".npz", ".jsonl"])
def test_a_trace_streamed_again_moves_everything_alike(suffix: str, tmp_path: Path) -> None:
    """One period earlier, since a stream's frame is reached one period after its stamp."""
    preset = load_preset("wood_tapping")
    played, space = Recorded(tmp_path / "a.take"), synth.space(preset)
    played.load("wood_tapping")
    times_s = np.arange(150) / 50
    sway = space.to_unit(space.default) + 0.15 * np.sin(2 * np.pi * 0.7 * times_s)[:, None]
    frames = np.where(space.is_discrete, np.nan, space.from_unit(sway))
    played.engine.stream("model", rate_hz=50, start=0, timeout_s=60).push(frames, time_s=times_s)
    played.play(3 * RATE)
    first = synth.trace(played.end())

    path = tmp_path / f"a{suffix}"
    write_stream_file(path, first.times_s - 0.01, first.values, first.space)
    file = read_stream_file(path, space)
    again = Recorded(tmp_path / "b.take")
    again.load("wood_tapping")
    again.engine.stream("again", file.paths, rate_hz=file.rate_hz, delay_s=0, start=0).push(file.values, time_s=file.times_s)
    again.play(3 * RATE)
    second = synth.trace(again.end())
    assert second.space.hash == first.space.hash
    curves, again_ = space.to_unit(first.values), space.to_unit(second.values)
    assert (np.ptp(curves, axis=0)[~space.is_discrete] > 0.15).mean() > 0.9
    assert np.abs(np.diff(curves, axis=0)).max() < 0.05  # an azimuth that passes the back goes on beyond 180
    assert np.abs(curves - again_)[10:].max() < 0.002


def test_what_cannot_be_traced_is_said(tmp_path: Path) -> None:
    played = Recorded(tmp_path / "a.take")
    with pytest.raises(InputError, match="holds nothing"):
        synth.trace(played.end())
    with pytest.raises(InputError, match="no such file"):
        synth.trace(tmp_path / "nowhere.take")
    for rate_hz in (0, -1, 2000, "fast"):
        with pytest.raises(InputError, match="rate_hz"):
            synth.trace(played.path, rate_hz)
