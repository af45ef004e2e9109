"""The engine: any block split gives the same samples, events act at their frame, notes are stolen and removed without a click."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synth.dsp import emitter
from synth.engine.arena import seed_of
from synth.engine.engine import Engine
from synth.engine.kernels.event_record import RING
from synth.engine.kernels.state import AZIMUTH, FADING, LEVEL, MAX_LAYERS
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from synth.rt import kernel
from synth.rt.units import F32
from synth.trigger import TRIGGERS, Trigger

RATE = 48000


def scene(seed: int = 3) -> Engine:
    engine = Engine(RATE, "ku100", seed)
    engine.add("tap", name="left", azimuth_deg=80, distance_m=0.12, gesture={"kind": "taps", "rate_hz": 7, "fingers": 3})
    engine.add(
        "tap",
        name="round",
        azimuth_deg=-30,
        distance_m=0.3,
        gesture={"kind": "taps", "rate_hz": 3},
        motion={"kind": "orbit", "period_s": 2},
    )
    return engine


def second_difference(samples: np.ndarray) -> float:
    return float(np.abs(np.diff(samples.astype(float), 2, axis=0)).max())


@pytest.fixture(scope="module")
def reference() -> np.ndarray:
    engine = scene()
    return engine.process(RATE)


@pytest.mark.parametrize("block", [1, 7, 64, 100, 480, 4096])
def test_any_block_size_gives_the_same_samples(block: int, reference: np.ndarray) -> None:
    frames = RATE // 8 if block == 1 else RATE
    engine = scene()
    blocks = [engine.process(min(block, frames - at)) for at in range(0, frames, block)]
    assert np.array_equal(np.concatenate(blocks), reference[:frames])


def test_the_same_seed_gives_the_same_bytes_and_another_another_performance(reference: np.ndarray) -> None:
    assert scene().process(RATE).tobytes() == reference.tobytes()
    assert not np.array_equal(scene(seed=4).process(RATE), reference)


def test_random_block_sizes_with_events_between_them_change_nothing() -> None:
    def play(blocks: list[int]) -> np.ndarray:
        engine = Engine(RATE)
        layer = engine.add("tap", distance_m=0.2)
        for frame in (100, 101, 5000, 9999):
            engine.strike(layer, 0.7, at=frame)
        engine.set(layer, at=6000, ramp_s=0.05, azimuth_deg=90, level_db=-6)
        engine.set(layer, at=3333, material="glass")
        return np.concatenate([engine.process(block) for block in blocks])

    rng = np.random.default_rng(5)
    blocks: list[int] = []
    while sum(blocks) < 16384:
        blocks.append(int(min(rng.integers(0, 300), 16384 - sum(blocks))))
    assert np.array_equal(play([16384]), play(blocks))


@pytest.mark.parametrize("at", [0, 1, 63, 64, 4801])
def test_a_strike_sounds_exactly_its_latency_later(at: int) -> None:
    """The first sample lies within the ears' path difference (under 1 ms) of the published latency."""
    engine = Engine(RATE)
    engine.process(RATE // 10)
    layer = engine.add("tap", azimuth_deg=0, distance_m=0.3, skin=0)
    start = engine.frame
    engine.strike(layer, 1.0, at=start + at)
    out = np.abs(engine.process(9600)).max(axis=1)
    offset = start - RATE // 10 if start > RATE // 10 else 0
    onset = int(np.argmax(out > 1e-3 * out.max())) - offset
    assert abs(onset - at - engine.latency_frames) < 0.001 * RATE


def test_a_strike_inside_a_quantum_is_the_same_sound_moved() -> None:
    def struck(at: int) -> np.ndarray:
        engine = Engine(RATE)
        engine.process(640)
        engine.strike(engine.add("tap", azimuth_deg=40), 0.8, at=640 + at)
        return engine.process(9600)

    assert np.allclose(struck(64)[64:], struck(27)[27:-37], atol=2e-6)


def test_events_may_be_given_in_any_order() -> None:
    def play(order: list[int]) -> np.ndarray:
        engine = Engine(RATE)
        layer = engine.add("tap")
        for frame in order:
            engine.strike(layer, 0.3 + frame / 20000, at=frame)
        return engine.process(12000)

    assert np.array_equal(play([100, 4000, 9000]), play([9000, 100, 4000]))


def test_a_late_event_acts_now_and_is_counted() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap")
    engine.process(6400)
    engine.strike(layer, 0.8, at=10)
    assert np.abs(engine.process(4800)).max() > 0.01
    assert engine.counters["late"] == 1


def test_nothing_is_dropped_offline_however_many_events() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap", level_db=-40)
    for index in range(3 * RING):
        engine.set(layer, at=index, ramp_s=0, hardness=(index % 7) / 7)
    engine.process(4 * RING)
    assert engine.counters["dropped_events"] == 0
    assert engine.counters["late"] == 0


def test_stealing_never_clicks() -> None:
    """A bowl whose notes are cut off by the next ones has no larger corner in its wave than its notes left to ring have."""

    def play(voices_stolen: bool) -> tuple[np.ndarray, int]:
        engine = Engine(RATE, seed=1)
        layer = engine.add("bowl", distance_m=0.4, level_db=-24)
        limit = layer.trigger.voices
        for index in range(limit * 3 if voices_stolen else limit):
            engine.strike(layer, 0.5, at=index * 4800)
        return engine.process(RATE * 2), engine.counters["stolen"]

    stolen, count = play(True)
    rung, none = play(False)
    assert count > 0
    assert none == 0
    assert second_difference(stolen) < 1.5 * second_difference(rung)


def test_a_burst_beyond_all_spare_voices_drops_the_newest_and_counts() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap", level_db=-30)
    for _ in range(20):
        engine.strike(layer, 0.5, at=1000)
    engine.process(4800)
    assert engine.counters["dropped_strikes"] == 20 - layer.trigger.voices - 4


def test_a_removed_layer_fades_and_gives_its_room_back() -> None:
    engine = Engine(RATE)
    for _ in range(3 * MAX_LAYERS):
        layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 20})
        engine.process(640)
        engine.remove(layer)
        engine.process(4800)
    assert engine.layers == ()
    assert np.abs(engine.process(4 * 4800)[3 * 4800 :]).max() < 1e-4


def test_panic_is_silence_at_once() -> None:
    """Voices fade in 15 ms; what the high-pass still holds, close to 40 Hz, dies away with its own time constant of 62 ms."""
    engine = scene()
    engine.process(RATE)
    engine.panic()
    engine.process(RATE // 2 + engine.latency_frames)
    assert np.abs(engine.process(RATE)).max() < 1e-4


def test_output_never_passes_the_ceiling() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap", level_db=24, distance_m=0.1, azimuth_deg=90, gesture={"kind": "taps", "rate_hz": 15})
    engine.set(layer, at=0, gesture={"velocity": 1.0})
    engine.set_master(level_db=24)
    out = engine.process(RATE)
    spectrum = np.fft.rfft(out, axis=0)
    oversampled = np.fft.irfft(np.concatenate([spectrum, np.zeros((7 * (len(out) // 2), 2))]), 8 * len(out), axis=0) * 8
    assert 0.7 < np.abs(oversampled).max() <= 10 ** (-1 / 20)


def test_azimuth_takes_the_shorter_way_and_a_tie_goes_through_the_front() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap", azimuth_deg=170)
    slot = engine.state["layers"][layer.index]["slots"][AZIMUTH]
    engine.set(layer, ramp_s=0.1, azimuth_deg=-170)
    engine.process(2400)
    assert 179 < abs(float(slot["value"])) < 181
    engine.process(4800)
    engine.set(layer, ramp_s=0.0, azimuth_deg=90)
    engine.process(64)
    engine.set(layer, ramp_s=0.1, azimuth_deg=-90)
    engine.process(2400)
    assert abs(float(slot["value"])) < 2.5  # half-way, to a quantum


def test_a_snapshot_goes_on_as_the_original_did() -> None:
    engine = scene()
    engine.process(10000)
    saved = engine.snapshot()
    first = engine.process(RATE)
    engine.restore(saved)
    assert np.array_equal(engine.process(RATE), first)


def test_seeds_are_hashes_of_their_purpose() -> None:
    seeds = {seed_of(seed, layer, what) for seed in range(10) for layer in "ab" for what in ("strike", "gesture", "motion")}
    assert len(seeds) == 60


def test_a_gesture_plays_the_same_notes_at_every_sample_rate() -> None:
    def onsets(rate: int) -> np.ndarray:
        engine = Engine(rate, seed=9)
        layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 6, "irregularity": 0.3}, level_db=-20)
        times = []
        for _ in range(3 * rate // 64):
            engine.process(64)
            newest = engine.state["layers"][layer.index]["gesture"]
            times.append(int(newest["start"]) / rate)
        return np.unique(times)

    low, high = onsets(44100), onsets(96000)
    assert abs(len(low) - len(high)) <= 1
    count = min(len(low), len(high))
    assert np.abs(low[:count] - high[:count]).max() < 2 / 44100


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda e, la: e.add("tapp"), "did you mean 'tap'"),
        (lambda e, la: e.add("tap", hardnes=1), "did you mean 'hardness'"),
        (lambda e, la: e.add("tap", hardness=2), "0 .. 1"),
        (lambda e, la: e.add("tap", hardness=float("nan")), "out of range"),
        (lambda e, la: e.add("tap", hardness="x"), "not a number"),
        (lambda e, la: e.add("tap", material="glas"), "did you mean 'glass'"),
        (lambda e, la: e.add("tap", gesture={"kind": "tap"}), "did you mean 'taps'"),
        (lambda e, la: e.add("tap", gesture={"kind": "taps", "rate": 2}), "did you mean 'rate_hz'"),
        (lambda e, la: e.add("tap", motion={"kind": "orbit", "period_s": 0}), "0.5 .. 600 s"),
        (lambda e, la: e.strike(la, velocity=2), "0 .. 1"),
        (lambda e, la: e.strike(la, at=-1), "absolute frame"),
        (lambda e, la: e.strike(la, at=1.5), "absolute frame"),
        (lambda e, la: e.set(la, ramp_s=-1, hardness=1), "ramp_s"),
        (lambda e, la: e.process(-1), "whole number"),
        (lambda e, la: e.set_master(level=1), "did you mean 'level_db'"),
        (lambda e, la: Engine(8000), "32000 .. 192000"),
        (lambda e, la: Engine("48k"), "not a number"),
        (lambda e, la: Engine(seed="1"), "whole number of at most 63 bits"),
        (lambda e, la: e.add(["tap"]), "trigger = ['tap'] is not a name"),
        (lambda e, la: e.add("tap", name=5), "name = 5 is not a name"),
        (lambda e, la: e.add("tap", level_db=[10**5000]), "<list too large to be shown> is not a number"),
    ],
)
def test_bad_input_is_said_in_one_line(call, words: str) -> None:
    engine = Engine(RATE)
    layer = engine.add("tap")
    with pytest.raises(InputError, match=r".") as caught:
        call(engine, layer)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_foreign_layer_is_refused() -> None:
    layer = Engine(RATE).add("tap")
    with pytest.raises(InputError, match="not part of this engine"):
        Engine(RATE).strike(layer)


def test_loading_again_starts_the_same_performance_anew() -> None:
    preset = load_preset("tap")
    engine = Engine(RATE, seed=2)
    first = engine.load(preset)["tap"]
    engine.process(640)
    second = engine.load(preset)["tap"]
    assert second.name == first.name
    assert engine.layers == (second,)
    with pytest.raises(InputError, match="not part of this engine"):
        engine.strike(first)


def test_cues_come_at_their_time_and_again(tmp_path) -> None:
    text = """
schema = 1
[[layer]]
name = "nails"
trigger = "tap"
[[cue]]
at_s = 0.5
every_s = 1
over_s = 0
layer = "nails"
set = { level_db = -20 }
[[cue]]
at_s = 1
every_s = 1
over_s = 0
layer = "nails"
set = { level_db = 0 }
"""
    path = tmp_path / "cues.toml"
    path.write_text(text)
    engine = Engine(RATE)
    layer = engine.load(load_preset(path))["nails"]
    slot = engine.state["layers"][layer.index]["slots"][LEVEL]
    levels = []
    for _ in range(16):
        engine.process(RATE // 4)
        levels.append(float(slot["target"]))
    assert levels == [0, 0, -20, -20] * 4 or levels == [0, -20, -20, 0] * 4


def test_events_of_a_removed_layer_never_reach_the_next_one_in_its_place() -> None:
    engine = Engine(RATE)
    old = engine.add("tap")
    engine.set(old, at=RATE, level_db=-120)
    engine.strike(old, at=RATE)
    engine.remove(old)
    engine.process(RATE // 2)
    new = engine.add("tap", level_db=0)
    assert new.index == old.index
    engine.process(RATE)
    assert float(engine.state["layers"][new.index]["slots"][LEVEL]["value"]) == 0
    assert engine.counters["sounding"] == 0


def test_ramps_of_a_day_and_events_far_away_do_no_harm() -> None:
    engine = Engine(96000)
    layer = engine.add("tap")
    engine.set(layer, ramp_s=86400, level_db=-60)
    engine.strike(layer, at=10**15)
    engine.process(9600)
    slot = engine.state["layers"][layer.index]["slots"][LEVEL]
    assert float(slot["value"]) == pytest.approx(-60 * 0.1 / 86400, rel=0.01)


@pytest.mark.parametrize("block", [1, 480])
def test_thousands_of_events_in_one_quantum_are_all_in_time(block: int) -> None:
    engine = Engine(RATE)
    layer = engine.add("tap", level_db=-40)
    for index in range(6000):
        engine.set(layer, at=0, ramp_s=0, hardness=(index % 11) / 11)
    for _ in range(2):
        engine.process(block)
    assert engine.counters["late"] == 0
    assert engine.counters["dropped_events"] == 0


@kernel
def _strike_nowhere(state, params, velocity, sample_rate):
    state.x = velocity


@kernel
def _render_nowhere(state, params, gate, sample_rate, emitters, start, stop):
    emitter.hold(emitters, 0, emitter.EARS, math.nan, 0.0, 0.0)
    for n in range(start, stop):
        emitters.slot[0].out[n] += F32(0.1)


def test_an_offset_that_is_no_number_mutes_its_voice_alone() -> None:
    state = np.dtype([("rng", "u8"), ("x", "f8")], align=True)
    with TRIGGERS.register(Trigger("nowhere", (), state, _strike_nowhere, _render_nowhere)):
        engine = Engine(RATE)
        for name in ("bowl", "nowhere"):
            engine.strike(engine.add(name, level_db=-12), 0.8)
        out = engine.process(9600)
    assert engine.counters["muted"] == 1
    assert engine.counters["scrubbed"] == 0
    assert np.isfinite(out).all()
    assert np.abs(out[-1000:]).max() > 1e-3


def test_every_number_moves_over_its_own_smoothing_time() -> None:
    """Half-way there it is half-way, in differences or ratios as its curve is; not before its end is it there."""
    engine = Engine(RATE)
    layer = engine.add("tap", gesture={"kind": "taps"}, motion={"kind": "eight"})
    engine.process(64)
    moving = {path: row for path, row in layer.slots.items() if not row[1].choices and row[1].smoothing_s * RATE > 4 * 64}
    slots = engine.state["layers"][layer.index]["slots"]
    assert len(moving) > 15
    for path, (slot, parameter) in moving.items():
        begin, end = (parameter.from_unit(x) for x in (0.6, 0.7))
        name, _, inner = path.partition(".")
        values = {name: {inner: end}} if inner else {name: end}
        engine.set(layer, ramp_s=0, **({name: {inner: begin}} if inner else {name: begin}))
        engine.process(64)
        frames = round(parameter.smoothing_s * RATE)
        engine.set(layer, **values)
        engine.process(frames // 2 // 64 * 64)
        way = (frames // 2 // 64 * 64) / frames
        expected = begin * (end / begin) ** way if parameter.curve == "exp" else begin + (end - begin) * way
        assert float(slots[slot]["value"]) == pytest.approx(expected, rel=1e-9), path
        engine.process(frames)
        assert float(slots[slot]["value"]) == pytest.approx(end), path


def test_a_stolen_note_fades_over_5_ms() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap")
    for _ in range(layer.trigger.voices + 1):
        engine.strike(layer, 0.5, at=0)
    fades = []
    for _ in range(4):
        engine.process(64)
        voices = engine.state["voices"]
        fades.append([float(voice["fade"]) for voice in voices if voice["life"] == FADING])
    assert [len(row) for row in fades] == [1] * 4
    assert np.allclose([row[0] for row in fades], np.maximum(1 - 64 * np.arange(1, 5) / (0.005 * RATE), 0))
