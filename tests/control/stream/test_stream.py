"""Parameter streams: exact frames, hands before models, takes that play again, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from synth import space
from synth.control.stream import record as streams
from synth.control.stream.ring import MAX_VALUES
from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.engine.kernels.event_record import BY_CUE, BY_MIDI, BY_PYTHON
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from synth.rt.units import QUANTUM
from synth.take.reader import load_take, replay
from synth.take.writer import TakeWriter
from tests.support.probe import RATE, probe, value

pytestmark = pytest.mark.usefixtures("sine_trigger")


# ---- when frames act


def test_a_stamp_acts_at_the_nearest_frame_and_ramps_for_one_period() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], rate_hz=100, delay_s=0.05, start=640, timeout_s=math.inf)
    stream.push([[-6.0]], time_s=[0.1])
    begin, slot = 640 + 2400 + 4800, layer.slots["level_db"][0]
    engine.process(begin + QUANTUM)
    smooth = engine.state["layers"][layer.index]["slots"][slot]
    assert (int(smooth["start"]), int(smooth["stop"])) == (begin, begin + 480)
    engine.process(480)
    assert value(engine, layer, "level_db") == -6.0


def test_the_first_stamp_is_synced_to_its_arrival() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], interpolation="linear")
    engine.process(6400)
    stream.push([-6.0], time_s=1234.5)
    stream.push([-12.0], time_s=1234.75)
    engine.process(QUANTUM)
    assert int(stream._record["start"]) == 6400 - round(1234.5 * RATE)
    engine.process(2400 + 12000 + 480 + 64)
    assert value(engine, layer, "level_db") == -12.0
    assert stream.stats["late"] == 0


@pytest.mark.parametrize("interpolation", ["linear", "smooth", "hold"])
def test_any_block_size_gives_the_same_samples(interpolation: str) -> None:
    def play(block: int) -> np.ndarray:
        engine, _ = probe()
        stream = engine.stream("model", ["probe.level_db", "probe.azimuth_deg"], interpolation=interpolation, start=0)
        times = np.arange(50) / 100
        stream.push(np.stack([-20 * times, 90 * np.sin(times)], 1), time_s=times)
        return np.concatenate([engine.process(block) for _ in range(19200 // block)])

    assert np.array_equal(play(19200), play(100))


def test_frames_pushed_as_they_come_do_what_frames_pushed_at_once_do() -> None:
    """With a delay of 50 ms, up to 30 ms of unevenness on the way change no sample; in any order within it."""
    rng = np.random.default_rng(1)
    times = np.arange(300) / 100
    frames = rng.uniform(-24, 0, (300, 3)) * [1, 3, 0.01] + [0, 0, 0.5]
    paths = ["probe.level_db", "probe.azimuth_deg", "probe.distance_m"]
    contract = {"delay_s": 0.05, "start": 4800}

    engine, _ = probe()
    engine.stream("model", paths, **contract).push(frames, time_s=times)
    whole = engine.process(3 * RATE + 9600)

    engine, _ = probe()
    stream, parts = engine.stream("model", paths, **contract), []
    arrival = 4800 + (times + rng.uniform(0, 0.03, 300)) * RATE
    order, at = np.argsort(arrival), 0
    for block in range(0, len(whole), 480):
        while at < 300 and arrival[order[at]] <= block:
            stream.push(frames[order[at]], time_s=times[order[at]])
            at += 1
        parts.append(engine.process(min(480, len(whole) - block)))
    assert np.array_equal(np.concatenate(parts), whole)
    assert stream.stats["applied"] == stream.stats["received"] == 300
    assert stream.stats["late"] == stream.stats["dropped"] == 0


def test_ten_thousand_frames_at_once_are_not_lost_offline() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], rate_hz=1000, start=0)
    stream.push(-np.linspace(0, 20, 10_000)[:, None], time_s=np.arange(10_000) / 1000)
    engine.process(10 * RATE + 2400 + 64)
    assert stream.stats["applied"] == 10_000
    assert value(engine, layer, "level_db") == pytest.approx(-20)


def test_what_is_no_number_leaves_its_parameter_and_what_is_too_much_becomes_the_nearest_end() -> None:
    engine, layer = probe(level_db=-3)
    stream = engine.stream("model", ["probe.level_db", "probe.elevation_deg", "probe.colour"], delay_s=0)
    stream.push([math.nan, 1e30, 1.4])
    stream.push({"probe.colour": "soft"}, at=4800)
    engine.process(2400)
    assert engine.values(layer)["colour"] == "loud"
    engine.process(4800)
    now = engine.values(layer)
    assert (now["level_db"], now["elevation_deg"], now["colour"]) == (-3, 90, "soft")
    assert stream.stats["non_finite"] == 1 + 2


def test_slew_is_limited() -> None:
    engine, layer = probe(elevation_deg=0)
    stream = engine.stream("model", ["probe.elevation_deg"], delay_s=0, slew=0.5, timeout_s=math.inf)
    stream.push([90.0])
    engine.process(RATE // 2)
    assert value(engine, layer, "elevation_deg") == pytest.approx(45, abs=0.1)
    engine.process(RATE // 2 + 64)
    assert value(engine, layer, "elevation_deg") == 90


def test_the_master_follows_too() -> None:
    engine, _ = probe()
    engine.process(64)
    engine.stream("model", ["master.level_db"], delay_s=0).push([-12.0])
    engine.process(4800)
    assert float(engine.state["master"][0]["value"]) == -12


# ---- who has a number


def test_a_hand_takes_a_parameter_until_it_is_given_back() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db", "probe.elevation_deg"], delay_s=0, start=0)
    times = np.arange(200) / 100
    stream.push(np.tile([-6.0, 30.0], (200, 1)), time_s=times)
    engine.process(9600)
    engine.set(layer, ramp_s=0, level_db=-20)
    engine.process(9600)
    assert value(engine, layer, "level_db") == -20
    assert value(engine, layer, "elevation_deg") == 30
    engine.release_override(layer, "level_db")
    engine.process(4800)
    assert -20 < value(engine, layer, "level_db") < -6  # on its way back
    engine.process(9600)
    assert value(engine, layer, "level_db") == pytest.approx(-6)


@pytest.mark.parametrize(("owner", "wins"), [(BY_MIDI, True), (BY_PYTHON, True), (BY_CUE, False)])
@pytest.mark.parametrize(("path", "number", "asked"), [("elevation_deg", 30.0, -30.0), ("colour", 1.0, "soft")])
def test_a_performer_overrides_a_stream_and_a_stream_a_cue(owner: int, wins: bool, path: str, number: float, asked) -> None:
    engine, layer = probe()
    stream = engine.stream("model", [f"probe.{path}"], delay_s=0, start=0, timeout_s=0.5, hold_s=0, glide_s=0.1)
    stream.push(np.full((50, 1), number), time_s=np.arange(50) / 100)
    engine.process(9600)
    before = engine.values(layer)[path]
    engine._set(layer, owner, None, 0.0, {path: asked})
    engine.process(9600)
    assert engine.values(layer)[path] == (asked if wins else before)
    engine.process(2 * RATE)  # the stream has stalled and has let go
    engine._set(layer, BY_CUE, None, 0.0, {path: asked})
    engine.process(9600)
    assert engine.values(layer)[path] == asked


def test_frames_wait_while_frozen() -> None:
    engine, layer = probe()
    stream = engine.stream("model", ["probe.level_db"], delay_s=0)
    engine.freeze(True)
    engine.process(64)
    stream.push([-6.0])
    engine.process(4800)
    assert value(engine, layer, "level_db") == 0
    engine.freeze(False)
    engine.process(4800)
    assert value(engine, layer, "level_db") == -6


def test_a_closed_stream_drives_nothing_and_makes_room() -> None:
    engine, layer = probe()
    for turn in range(2 * streams.STREAMS):
        with engine.stream("model", ["probe.level_db"], delay_s=0) as stream:
            stream.push([-1.0 - turn])
            engine.process(1024)
        engine.process(64)
    assert value(engine, layer, "level_db") == -2 * streams.STREAMS
    assert not engine.streams
    with pytest.raises(InputError, match="closed"):
        stream.push([0.0])


def test_what_waits_when_a_stream_is_closed_counts_as_dropped() -> None:
    engine, _ = probe()
    stream = engine.stream("model", ["probe.level_db"], rate_hz=100, delay_s=0.05)
    stream.go_live(True)
    for _ in range(20):
        stream.push([-6.0])
        engine.process(480)
    stream.close()
    engine.process(QUANTUM)
    stats = stream.stats
    assert (stats["received"], stats["applied"], stats["waiting"]) == (20, 15, 0)
    assert stats["applied"] + stats["dropped"] == 20


# ---- takes, errors


def test_a_preset_with_as_many_layers_as_there_may_be_can_be_driven() -> None:
    engine = Engine(RATE, "sphere")
    for index in range(state.MAX_LAYERS):
        engine.add("tap", name=f"tap {index}", gesture={"kind": "taps"}, motion={"kind": "sweep"})
    stream = engine.stream("model", delay_s=0)
    assert len(stream.space) > 1024
    stream.push(stream.space.low)
    engine.process(4800)
    assert all(engine.values(layer)["hardness"] == 0 for layer in engine.layers)
    assert MAX_VALUES >= state.MAX_LAYERS * state.SLOTS + state.MASTER_SLOTS


def test_all_of_a_preset_is_its_space() -> None:
    preset = load_preset("rain_on_tent")
    engine = Engine(RATE, "sphere")
    engine.load(preset)
    assert engine.stream("model").space.hash == space(preset).hash


def test_a_take_of_a_stream_plays_again_to_the_same_bytes(tmp_path: Path) -> None:
    engine = Engine(RATE, "sphere", seed=5)
    writer = TakeWriter(tmp_path / "one.take", engine)
    layer = engine.add("tap", name="taps", gesture={"kind": "taps", "rate_hz": 8}, distance_m=0.2)
    rng, heard = np.random.default_rng(3), []
    paths = ["taps.level_db", "taps.azimuth_deg", "taps.material"]
    stream = engine.stream("model", paths, start=0, timeout_s=0.2, hold_s=0.1, slew=2.0)
    for turn in range(400):
        if turn < 150 or 300 < turn < 390:
            stream.push(rng.uniform(-20, 0, 3) * [1, 4, -0.1], time_s=turn / 100 + rng.uniform(-0.08, 0))
        if turn == 60:
            engine.set(layer, level_db=-9)
        if turn == 90:
            engine.release_override()
        if turn == 390:
            stream.close()
        heard.append(engine.process(480))
        writer.flush(engine.frames_out)
    writer.close()
    stats = stream.stats
    assert stats["late"] > 0
    assert stats["stalls"] == 1
    again = np.concatenate(list(replay(load_take(tmp_path / "one.take"), engine.ears)))
    assert np.array_equal(again, np.concatenate(heard)[engine.latency_frames :])


@pytest.mark.parametrize(
    ("push", "what"),
    [
        (lambda s: s.push([1.0, 2.0]), r"shape \(2,\)"),
        (lambda s: s.push("loud"), "not all numbers"),
        (lambda s: s.push({"probe.levl_db": 1.0}), "probe.level_db"),
        (lambda s: s.push({"probe.level_db": "loud"}), "not a number"),
        (lambda s: s.push([1.0], at=0, time_s=0.0), "not both"),
        (lambda s: s.push([1.0], at=-1), "absolute"),
        (lambda s: s.push([1.0], at=0.5), "absolute"),
        (lambda s: s.push([1.0], time_s=math.nan), "seconds"),
        (lambda s: s.push([[1.0], [2.0]], time_s=[1.0]), "one a frame"),
        (lambda s: s.push([1.0], hash=1), "another space"),
    ],
)
def test_what_cannot_be_pushed_is_said(push, what: str) -> None:
    engine, _ = probe()
    with pytest.raises(InputError, match=what):
        push(engine.stream("model", ["probe.level_db"]))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"paths": ["probe.levl_db"]}, "probe.level_db"),
        ({"paths": []}, "0 paths"),
        ({"paths": ["probe.level_db"] * 2}, "each once"),
        ({"interpolation": "cubic"}, "interpolation"),
        ({"rate_hz": 0}, "rate_hz"),
        ({"delay_s": -1}, "delay_s"),
        ({"speed": 1}, "speed"),
    ],
)
def test_what_cannot_be_agreed_on_is_said(arguments, what: str) -> None:
    engine, _ = probe()
    with pytest.raises(InputError, match=what):
        engine.stream("model", **arguments)


def test_a_scribbled_ring_makes_neither_noise_nor_harm() -> None:
    engine, _ = probe()
    stream = engine.stream("model", ["probe.level_db", "probe.azimuth_deg", "probe.colour"], ahead_s=0.06)
    rng = np.random.default_rng(7)
    for _ in range(300):
        ring = stream._memory.ring_bytes
        at = rng.integers(0, 4096, 64)
        ring[at] = rng.integers(0, 256, 64)
        stream._memory.ring["written"] = rng.choice([rng.integers(-(1 << 62), 1 << 62), int(stream._record["read"]) + 100])
        assert np.isfinite(engine.process(480)).all()
    assert stream.stats["corrupt"] + stream.stats["rejected"] > 0
