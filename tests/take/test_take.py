"""Takes: whatever is done to an engine while it plays, its take replays to the same bytes, whole or as far as it goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import hrtf
from synth.engine.engine import Engine
from synth.engine.layer import Input
from synth.engine.midi_map import MidiMap
from synth.io.files.chunk_file import Chunks, ChunkWriter
from synth.parameters.errors import InputError
from synth.preset.default_midi import mapping_of
from synth.preset.library import dump, init_preset, load_preset
from synth.take.format import EVENTS, HEAD
from synth.take.reader import load_take, replay
from synth.take.writer import TakeWriter

RATE = 48000
TRIGGERS = ("tap", "bowl", "scratch", "brush")
GESTURES = ({"kind": "none"}, {"kind": "taps", "rate_hz": 12}, {"kind": "hold"}, {"kind": "strokes", "rate_hz": 3})
MOTIONS = ({"kind": "still"}, {"kind": "orbit", "period_s": 3}, {"kind": "drift", "period_s": 1})
PRESETS = ("wood_tapping", "nails_on_glass", "tap", "window_and_book")
STORM_STEPS = 160


class Performance:
    """An engine that is recorded: what is heard, and the input that it hears."""

    def __init__(self, path: Path, rate: float = RATE, seed: int = 1, inputs: int = 0) -> None:
        self.path, self.inputs = path, inputs
        self.engine = Engine(rate, seed=seed)
        self.writer = TakeWriter(path, self.engine, inputs)
        self.rng = np.random.default_rng(seed)
        self.heard: list[np.ndarray] = [np.zeros((0, 2), np.float32)]
        self.coming: list[np.ndarray] = []
        self.frames = 0

    def play(self, frames: int) -> None:
        coming = None
        if self.inputs:
            coming = (0.1 * self.rng.standard_normal((frames, self.inputs))).astype(np.float32)
            self.coming.append(coming)
        self.heard.append(self.engine.process(frames, coming))
        self.frames += frames

    def flush(self) -> None:
        self.writer.flush(self.frames, np.concatenate(self.coming) if self.coming else None)
        self.coming = []

    def end(self) -> np.ndarray:
        """Close the take; return what was heard from the score's frame 0 on."""
        self.flush()
        self.writer.close()
        assert self.engine.counters["dropped_responses"] == 0
        return np.concatenate(self.heard)[self.engine.latency_frames :]


def replayed(path: Path) -> np.ndarray:
    return np.concatenate([np.zeros((0, 2), np.float32), *replay(load_take(path))])


class Storm(Performance):
    """Does at random whatever can be done."""

    def __init__(self, path: Path, rate: float = RATE, seed: int = 1, inputs: int = 0) -> None:
        super().__init__(path, rate, seed, inputs)
        self.notes: list = []
        self.actions: tuple[Callable[[], object], ...] = (
            *[self.strike] * 6,
            *[self.release] * 4,
            *[self.set] * 4,
            *[self.midi] * 8,
            self.add,
            self.add,
            self.remove,
            self.load,
            self.load,
            lambda: self.engine.hold(self.switch(), self.at()),
            lambda: self.engine.freeze(self.switch(), self.at()),
            lambda: self.engine.pause(self.switch(), self.at()),
            lambda: self.engine.tap(self.at()),
            lambda: self.engine.set_room(float(self.rng.choice([0, 0.1, 0.5])), self.at()),
            lambda: self.engine.set_master(level_db=float(self.rng.uniform(-20, 6)), at=self.at(), ramp_s=self.ramp()),
            self.morph,
            lambda: self.engine.turn(float(self.rng.uniform(-6, 3)), self.at()),
            lambda: self.engine.mute(self.any_layer(), self.rng.uniform() < 0.3, self.at()),
            self.engine.undo,
            lambda: self.rng.uniform() < 0.3 and self.engine.panic(),
            lambda: self.engine.unplug_midi(int(self.rng.integers(0, 2))),
            self.flush,
        )
        self.load()

    def at(self) -> int | None:
        """Return now, a frame to come, or one that has gone."""
        return self.rng.choice([None, max(0, self.engine.frame + int(self.rng.integers(-200, 3000)))])

    def switch(self) -> bool | None:
        return self.rng.choice([None, True, False, False])

    def ramp(self) -> float | None:
        return self.rng.choice([None, 0.0, 0.01, 0.5])

    def any_layer(self):
        layers = self.engine.layers
        return layers[self.rng.integers(len(layers))] if layers else self.add()

    def add(self):
        if len(self.engine.layers) > 8:
            return self.engine.layers[0]
        made = {"gesture": self.rng.choice(GESTURES), "motion": self.rng.choice(MOTIONS), "at": self.at()}
        if self.rng.uniform() < 0.4:
            sound = np.sin(np.arange(9000) * 0.05).astype(np.float32)
            hears = (
                Input(channel=0)
                if self.inputs and self.rng.uniform() < 0.6
                else Input(sound=sound, is_loop=self.switch() is None)
            )
            return self.engine.add("input", input=hears, **made | {"gesture": {"kind": "hold"}})
        return self.engine.add(str(self.rng.choice(TRIGGERS)), azimuth_deg=float(self.rng.uniform(-180, 180)), **made)

    def remove(self) -> None:
        if len(self.engine.layers) > 1:
            self.engine.remove(self.any_layer(), self.at(), tails=bool(self.rng.integers(2)))

    def strike(self) -> None:
        self.notes.append(self.engine.strike(self.any_layer(), float(self.rng.uniform()), self.at()))

    def release(self) -> None:
        if self.notes:
            note = self.notes.pop(int(self.rng.integers(len(self.notes))))
            if note.layer in self.engine.layers:
                self.engine.set_note(note, bend=float(self.rng.uniform(-2, 2)), pressure=float(self.rng.uniform()), at=self.at())
                self.engine.release(note, self.at())

    def set(self) -> None:
        layer = self.any_layer()
        path = str(self.rng.choice([path for path in layer.slots if "." not in path]))
        value = layer.slots[path][1].from_unit(float(self.rng.uniform()))
        self.engine.set(layer, at=self.at(), ramp_s=self.ramp(), **{path: value})

    def morph(self) -> None:
        scene = {layer.name: {"level_db": float(self.rng.uniform(-30, 0)), "azimuth_deg": 30} for layer in self.engine.layers[:2]}
        self.engine.morph(scene, self.ramp())

    def load(self) -> None:
        preset = replace(load_preset(str(self.rng.choice(PRESETS))), level_db=float(self.rng.uniform(-12, 0)))
        if len(self.engine._layers) > 40:
            return
        layers = self.engine.load(preset, tails=bool(self.rng.integers(2)))
        MidiMap(self.engine, replace(mapping_of(preset), clock=float(self.rng.integers(3))), layers, {})
        self.writer.preset(dump(preset))

    def midi(self) -> None:
        port, frame = int(self.rng.integers(2)), max(0, self.engine.frame + int(self.rng.integers(-50, 64)))
        for _ in range(int(self.rng.integers(1, 6))):
            kind = int(self.rng.choice([0x90, 0x90, 0x80, 0xB0, 0xB0, 0xE0, 0xD0, 0xA0, 0xF8]))
            number = int(self.rng.choice([1, 7, 10, 11, 16, 17, 64, 121])) if kind == 0xB0 else int(self.rng.integers(30, 90))
            data = (kind,) if kind == 0xF8 else (kind, number) if kind == 0xD0 else (kind, number, int(self.rng.integers(128)))
            self.engine.push_midi(port, bytes(data), frame)

    def rage(self, steps: int = STORM_STEPS) -> np.ndarray:
        for _ in range(steps):
            self.actions[self.rng.integers(len(self.actions))]()
            self.play(int(self.rng.choice([0, 1, 63, 64, 100, 441, 1000, 2048])))
        return self.end()


@pytest.mark.parametrize(
    ("rate", "seed", "inputs"), [(48000, 1, 0), (48000, 2, 1), (44100, 3, 0), (44100, 4, 2), (48000, 5, 0), (96000, 6, 1)]
)
def test_a_storm_replays_to_the_same_bytes(rate: float, seed: int, inputs: int, tmp_path: Path) -> None:
    path = tmp_path / "storm.take"
    heard = Storm(path, rate, seed, inputs).rage()
    assert np.abs(heard).max() > 0.01
    take = load_take(path)
    assert take.warnings == []
    assert take.presets
    assert take.frames == len(heard) + Engine(rate).latency_frames
    assert replayed(path).tobytes() == heard.tobytes()


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, np.ndarray]:
    path = tmp_path_factory.mktemp("take") / "storm.take"
    heard = Storm(path, seed=9, inputs=1).rage(80)
    return path.read_bytes(), heard


@pytest.mark.parametrize("share", [0.03, 0.2, 0.41, 0.6, 0.77, 0.9, 0.999])
def test_what_is_left_of_a_take_replays_to_a_prefix(share: float, storm: tuple[bytes, np.ndarray], tmp_path: Path) -> None:
    data, heard = storm
    path = tmp_path / "cut.take"
    path.write_bytes(data[: int(share * len(data))])
    take = load_take(path)
    assert any("cut short" in warning for warning in take.warnings)
    found = replayed(path)
    whole = max(0, take.frames - Engine(RATE).latency_frames)
    assert len(found) >= whole
    assert found[:whole].tobytes() == heard[:whole].tobytes()


def test_layers_that_are_there_before_the_recording_begins(tmp_path: Path) -> None:
    engine = Engine(RATE, seed=3)
    layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 9}, hardness=0.9)
    engine.set(layer, at=9000, hardness=0)
    writer = TakeWriter(tmp_path / "a.take", engine)
    heard = engine.process(RATE)
    writer.flush(RATE)
    writer.close()
    assert np.array_equal(replayed(tmp_path / "a.take"), heard[engine.latency_frames :])


def test_what_is_set_before_a_layer_comes_counts_in_the_replay_too(tmp_path: Path) -> None:
    played = Performance(tmp_path / "a.take")
    layer = played.engine.add("tap", gesture={"kind": "taps", "rate_hz": 9}, at=20000)
    played.engine.set(layer, at=5000, hardness=0, azimuth_deg=90)
    played.engine.remove(played.engine.add("bowl", gesture={"kind": "taps"}, at=9000))
    played.play(RATE)
    heard = played.end()
    assert heard.any()
    assert np.array_equal(replayed(played.path), heard)


def test_a_place_that_is_taken_again_and_again(tmp_path: Path) -> None:
    """Layers come and go in the same places of memory, between flushes that fall anywhere."""
    played = Performance(tmp_path / "a.take")
    for index in range(40):
        layer = played.engine.add(TRIGGERS[index % 4], gesture={"kind": "taps", "rate_hz": 20})
        played.play(3000)
        if index % 3:
            played.flush()
        played.engine.remove(layer, tails=index % 2 == 0)
        played.play(500)
    heard = played.end()
    assert np.array_equal(replayed(played.path), heard)


def test_a_take_begins_with_frame_zero(tmp_path: Path) -> None:
    engine = Engine(RATE)
    engine.process(64)
    with pytest.raises(InputError, match="begins with frame 0"):
        TakeWriter(tmp_path / "a.take", engine)
    assert list(tmp_path.iterdir()) == []


# ---- what cannot be replayed, or not alike


def rewritten(data: bytes, folder: Path, change: Callable[[dict], None]) -> Path:
    """Return a take with another head."""
    source, path = folder / "source.take", folder / "changed.take"
    source.write_bytes(data)
    with ChunkWriter(path) as writer:
        for kind, payload in Chunks(source):
            if kind == HEAD:
                head = json.loads(payload)
                change(head)
                payload = json.dumps(head).encode()
            writer.write(kind, payload)
    return path


def test_other_versions_are_said_one_line_each(storm: tuple[bytes, np.ndarray], tmp_path: Path) -> None:
    path = rewritten(storm[0], tmp_path, lambda head: head["versions"].update(numba="0.1", triggers="x"))
    warnings = load_take(path).warnings
    assert len(warnings) == 2
    assert any("numba" in line and "0.1" in line for line in warnings)
    assert all("\n" not in line for line in warnings)


def test_other_ears_are_refused(storm: tuple[bytes, np.ndarray], tmp_path: Path) -> None:
    path = rewritten(storm[0], tmp_path, lambda head: None)
    with pytest.raises(InputError, match="other ears"):
        next(replay(load_take(path), hrtf.load("sphere")))


def test_another_format_is_refused(storm: tuple[bytes, np.ndarray], tmp_path: Path) -> None:
    for change in ({"format": 99}, {"event": "[]"}):
        folder = tmp_path / next(iter(change))
        folder.mkdir()
        with pytest.raises(InputError, match="another version"):
            load_take(rewritten(storm[0], folder, lambda head, change=change: head.update(change)))


def test_what_is_no_take_is_refused_in_one_line(storm: tuple[bytes, np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "no.take"
    for data in (b"", b"RIFF" + bytes(100), b"synth chunks 1\n", storm[0][:20], storm[0][:60]):
        path.write_bytes(data)
        with pytest.raises(InputError, match=r".") as caught:
            load_take(path)
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        load_take(tmp_path / "nowhere.take")


def test_presets_are_kept_as_text(tmp_path: Path) -> None:
    played = Performance(tmp_path / "a.take")
    played.writer.preset(dump(init_preset("tap")))
    played.end()
    assert 'trigger = "tap"' in load_take(played.path).presets[0]


def test_events_are_read_by_the_names_of_their_fields(storm: tuple[bytes, np.ndarray], tmp_path: Path) -> None:
    """A take whose events lie otherwise, or lack what only newer kinds speak of, is the same take."""
    data, heard = storm
    source, path = tmp_path / "source.take", tmp_path / "other.take"
    source.write_bytes(data)
    other: np.dtype[np.void] | None = None
    with ChunkWriter(path) as writer:
        for kind, payload in Chunks(source):
            if kind == HEAD:
                head = json.loads(payload)
                then = np.dtype([tuple(field) for field in head["event"]])
                names = [name for name in then.names[::-1] if name not in ("kind", "table")]
                other = np.dtype([("kind", "i8"), *((name, then[name]) for name in names)])
                head["event"] = [[name, other[name].str] for name in other.names]
                payload = json.dumps(head).encode()
            elif kind == EVENTS:
                events = np.frombuffer(payload, then)
                moved = np.zeros(len(events), other)
                for name in other.names:
                    moved[name] = events[name]
                payload = moved.tobytes()
            writer.write(kind, payload)
    assert replayed(path).tobytes() == heard.tobytes()
