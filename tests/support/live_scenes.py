"""What test_live_sound.py lets happen in a process of its own, beside a JACK server: python -m tests.support.live_scenes NAME.

Prints one JSON object as its last line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

import synth
from synth.control.midi.mapping import Mapping, NoteBinding, Source
from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.engine.kernels.event_record import MIDI_NOTE, STRIKE
from synth.engine.midi_map import MidiMap
from synth.live.live import Live
from synth.preset.default_midi import mapping_of
from synth.take.reader import load_take, replay
from tests.support import jack_graph
from tests.support.jack_scenes import origin
from tests.support.load import busy

RATE = 48000
_TRIES = 3
_NOTES = 500
_KEY, _VELOCITY = 60, 100 / 127


def playable(seed: int = 4) -> tuple[Engine, Any]:
    """Return an engine whose one layer every key strikes."""
    engine = Engine(RATE, seed=seed)
    layer = engine.add("tap", azimuth_deg=40, distance_m=0.15, ring_s=0.1)
    mapping = Mapping(notes=(NoteBinding(Source("note"), layer.name),), is_complete=True)
    MidiMap(engine, mapping, {layer.name: layer}, {})
    return engine, layer


def offline(frames: np.ndarray, total: int) -> np.ndarray:
    """Return what an engine plays whose layer is struck at some frames, each strike ending the one before."""
    engine, layer = playable()
    engine.set_master(ramp_s=0, fade=0)
    engine.set_master(ramp_s=0.5, fade=1)
    note = None
    for frame in frames.tolist():
        if note is not None:
            engine.release(note, at=frame)
        note = engine.strike(layer, _VELOCITY, at=frame)
    return engine.process(total + engine.latency_frames)


def notes() -> dict[str, Any]:
    """Send notes at random offsets to the JACK-native client under load; write down what comes out in another client."""
    rng = np.random.default_rng(7)
    plan = np.cumsum(rng.integers(300, 1500, _NOTES)) + RATE
    for _ in range(_TRIES):
        folder = Path(tempfile.mkdtemp())
        engine, _ = playable()
        source, ear = jack_graph.source(plan), jack_graph.listener(int(plan[-1]) + RATE)
        with Live(engine, "jack", midi="source:", take=folder / "x.take") as live, busy(sorters=1):
            client = live.device._client
            client.connect_outputs("listener:")
            time.sleep(1.5)  # past the fade
            source.start()
            ear.start()
            ear.wait(60)
            start = origin(client, live._record)
            stats = live.stats
            key_ms = 1000 * (live.key_latency_s - live.device.latency_s - engine.latency_frames / RATE)
        begin, sent = int(ear.record["began_at"][0]) - start, plan + int(source.record["began_at"][0]) - start
        gaps = int(ear.record["gaps"][0]) + stats.gaps + stats.lost_frames
        source.close()
        ear.close()
        if gaps == 0:
            break
    latency = engine.latency_frames
    heard = ear.data
    expected = offline(sent, begin + len(heard))[begin : begin + len(heard)]
    again = np.concatenate(list(replay(load_take(folder / "x.take"))))
    again = np.concatenate([np.zeros((latency, 2), np.float32), again])[begin : begin + len(heard)]
    return {
        "gaps": gaps,
        "notes": len(sent),
        "peak": float(np.abs(heard).max()),
        "wrong_offline": int((heard != expected).any(1).sum()),
        "wrong_take": int((heard != again).any(1).sum()),
        "late": stats.late_events,
        "key_waits_ms": key_ms,
    }


def take() -> dict[str, Any]:
    """Play presets, switch them, and compare what came out of JACK and what was recorded with the take's replay."""
    for _ in range(_TRIES):
        folder = Path(tempfile.mkdtemp())
        engine, ear = Engine(RATE, seed=9), jack_graph.listener(6 * RATE)
        with Live(engine, "jack", record=folder / "x.wav", take=folder / "x.take") as live:
            client = live.device._client
            client.connect_outputs("listener:")
            engine.load(synth.load_preset("demo"))
            ear.start()
            for index in range(24):
                time.sleep(0.25)
                layer = engine.layers[index % len(engine.layers)]
                engine.set(layer, azimuth_deg=float(15 * index - 180), ramp_s=0.3)
                engine.strike(layer, 0.5)
                if index == 10:
                    engine.load(synth.load_preset("nails_on_glass"), tails=True)
                if index in (15, 18):
                    engine.freeze()
            ear.wait()
            start, stats = origin(client, live._record), live.stats
        begin = int(ear.record["began_at"][0]) - start
        gaps = int(ear.record["gaps"][0]) + stats.gaps + stats.lost_frames
        ear.close()
        if gaps == 0:
            break
    recorded, _ = soundfile.read(folder / "x.wav", dtype="float32")
    again = np.concatenate(list(replay(load_take(folder / "x.take"))))
    captured = np.concatenate([np.zeros((engine.latency_frames, 2), np.float32), again])[begin : begin + len(ear.data)]
    return {
        "gaps": gaps,
        "peak": float(np.abs(recorded).max()),
        "same_length": len(recorded) == len(again),
        "wrong_recorded": int((recorded != again[: len(recorded)]).any(1).sum()),
        "wrong_captured": int((ear.data != captured).any(1).sum()),
    }


class _Logging(Live):
    """Writes down for which frame each message was meant."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.meant: list[int] = []
        super().__init__(*arguments, **named)

    def event_frame(self, time_s: float) -> int:
        frame = super().event_frame(time_s)
        self.meant.append(frame)
        return frame


class _Struck:
    """A journal that keeps the frames at which keys struck."""

    def __init__(self) -> None:
        self.frames: list[int] = []

    def layer(self, *_: Any) -> None:
        pass

    def events(self, events: Any) -> None:
        is_key = (events["kind"] == STRIKE) & (events["note"] >= MIDI_NOTE)
        self.frames += events["frame"][is_key].tolist()


class _Controller:
    """A controller that is plugged in: tests/support/midi_source.py, talked to in lines."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.midi_source", "controller", "keys"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    def _answer(self) -> None:
        assert self.process.stdout
        self.process.stdout.readline()

    def press(self) -> None:
        """Strike the key."""
        assert self.process.stdin
        self.process.stdin.write(f"send 90 {_KEY:x} 64\n")
        self.process.stdin.flush()
        self._answer()

    def unplug(self) -> None:
        """Pull the plug."""
        self.process.kill()
        self.process.wait()


def ports(sorters: int, notes: int) -> dict[str, Any]:
    """Play notes through PortAudio and RtMidi while Python is busy."""
    engine, _ = playable()
    event_log = _Struck()
    engine.record_to(event_log)
    with _Logging(engine, None, midi="keys") as live:
        controller = _Controller()
        while not live.ports:
            time.sleep(0.05)
        time.sleep(2.0)  # the clock's loop settles
        before = live.stats
        rng = np.random.default_rng(3)
        with busy(sorters=sorters):
            for _ in range(notes):
                controller.press()
                time.sleep(float(rng.uniform(0.005, 0.03)))
            time.sleep(1.0)
        time.sleep(0.3)
        after = live.stats
        controller.unplug()
    meant = np.array(live.meant)
    struck = np.array(event_log.frames)
    off = np.abs(struck - meant) if len(struck) == len(meant) else np.array([-1])
    return {
        "sent": notes,
        "heard": len(meant),
        "struck": len(struck),
        "late": after.late_events - before.late_events,
        "furthest_off": int(off.max()),
        "gaps": after.gaps - before.gaps,
        "event_latency_ms": 1000 * live.event_latency_frames / RATE,
    }


def quiet_ports() -> dict[str, Any]:
    """With two spinning threads."""
    return ports(0, 300)


def starved_ports() -> dict[str, Any]:
    """With two spinning threads and one that sorts."""
    return ports(1, 30)  # each waits twice for a sort of up to a second to give Python's lock away


def unplug() -> dict[str, Any]:
    """Pull the plug while a key is down, three times, and play on."""
    engine = Engine(RATE, seed=1)
    layer = engine.add("brush", azimuth_deg=40, distance_m=0.15)
    MidiMap(engine, Mapping(notes=(NoteBinding(Source("note"), layer.name),), is_complete=True), {layer.name: layer}, {})
    said: list[str] = []
    held, released, quiet = [], [], []

    def open_gates() -> int:
        voices = engine.state["voices"]
        return int(((voices["life"] != state.IDLE) & (voices["gate"] > 0)).sum())

    with Live(engine, sys.argv[2] if len(sys.argv) > 2 else None, midi="keys", notify=said.append):
        for _ in range(3):
            controller = _Controller()
            time.sleep(1.5)
            controller.press()
            time.sleep(0.5)
            held.append(open_gates())
            controller.unplug()
            time.sleep(2.0)
            released.append(open_gates())
            time.sleep(2.5)
            quiet.append(float(engine.meters["peak"][-3:].max()))
    return {"held": held, "released": released, "quiet": quiet, "said": said}


def death() -> dict[str, Any]:
    """Play, recording, while the server dies and comes back: told on stdin when it has."""
    folder, said = Path(tempfile.mkdtemp()), []
    engine = Engine(RATE, seed=9)
    device = "jack" if sys.argv[2] == "jack" else None
    peaks = []
    with Live(engine, device, record=folder / "x.wav", take=folder / "x.take", notify=said.append) as live:
        engine.load(synth.load_preset("tap"))
        time.sleep(1.5)
        peaks.append(float(engine.meters["peak"].max()))
        print("playing", flush=True)  # noqa: T201
        sys.stdin.readline()  # it is dead
        time.sleep(1.0)
        frames = live.stats.frames
        was_playing = live.is_playing
        print("lost", flush=True)  # noqa: T201
        sys.stdin.readline()  # it is back
        end_s = time.monotonic() + 10
        while live.stats.frames == frames and time.monotonic() < end_s:
            time.sleep(0.1)
        time.sleep(2.0)
        peaks.append(float(engine.meters["peak"][-20:].max()))
    recorded, _ = soundfile.read(folder / "x.wav", dtype="float32")
    again = np.concatenate(list(replay(load_take(folder / "x.take"))))
    return {
        "said": said,
        "was_playing": was_playing,
        "peaks": peaks,
        "same": recorded.shape == again.shape and bool((recorded == again).all()),
    }


def soak() -> dict[str, Any]:
    """Play through PortAudio on a device without a clock, under a storm of MIDI and parameters, for so many seconds of audio."""
    import resource

    seconds = float(sys.argv[2])
    rng = np.random.default_rng(11)
    engine = Engine(RATE, seed=6)
    said: list[str] = []
    preset = synth.load_preset("nails_on_glass")
    with Live(engine, None, block_frames=256, notify=said.append) as live:
        layers = engine.load(preset)
        MidiMap(engine, mapping_of(preset), layers, {})
        sent, memories, resting, peak = 0, [], time.monotonic(), 0.0
        while live.stats.frames < seconds * RATE or sent < 5 * seconds:
            data = bytes(rng.integers(0, 256, int(rng.integers(1, 40))).tolist())
            engine.push_midi(int(rng.integers(0, 8)), data)
            layer = list(layers.values())[int(rng.integers(len(layers)))]
            path = list(layer.slots)[int(rng.integers(len(layer.slots)))]
            parameter = layer.slots[path][1]
            engine.set(layer, **_nested(path, parameter.from_unit(float(rng.uniform()))))
            engine.strike(layer, float(rng.uniform()))
            sent += 1
            if sent % 50 == 0:
                engine.pause(False)
                engine.hold(False)
                engine.freeze(False)
                time.sleep(0.002)
                peak = max(peak, float(engine.meters["peak"].max(initial=0.0)))
            if time.monotonic() - resting > 1:
                resting = time.monotonic()
                memories.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        finite = bool(np.isfinite(engine.meters["weighted"]).all())
        for switch in (engine.pause, engine.hold, engine.freeze):
            switch(False)
        engine.load(preset)
        calm = live.stats.frames
        while live.stats.frames < calm + 10 * RATE:
            time.sleep(0.01)
        peak_after = float(engine.meters["peak"][-100:].max())
    stats, counters = live.stats, engine.counters
    half = len(memories) // 2
    return {
        "device": live.device.name,
        "audio_s": stats.frames / RATE,
        "sent": sent,
        "messages": int(engine.state["messages"]),
        "peak": peak,
        "peak_after": peak_after,
        "finite": finite,
        "scrubbed": counters["scrubbed"],
        "muted": counters["muted"],
        "dropped": counters["dropped_events"],
        "adds_up": stats.frames == engine.frames_out == 256 * stats.callbacks,
        "growth_mb": max(memories[half:]) - max(memories[: half + 1]) if half else 0.0,
        "said": said[:5],
    }


def _nested(path: str, value: float) -> dict[str, Any]:
    part, _, name = path.rpartition(".")
    return {part: {name: value}} if part else {name: value}


SCENES: dict[str, Callable[[], dict[str, Any]]] = {
    scene.__name__: scene for scene in (notes, take, quiet_ports, starved_ports, unplug, death, soak)
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]]()))  # noqa: T201
