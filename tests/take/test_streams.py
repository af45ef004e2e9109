"""Streams that come and go while a take is recorded: it replays to the same bytes, however they share places and numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from synth.control.stream.stream import Stream
from synth.engine.engine import Engine
from synth.preset.library import load_preset
from synth.take.reader import load_take, replay
from synth.take.writer import TakeWriter

RATE = 48000
Play = Callable[..., None]


def performed(path: Path, play: Callable[[Engine, Play], None]) -> np.ndarray:
    """Record what is played; return what was heard."""
    engine, heard = Engine(RATE, "sphere", 1), []
    writer = TakeWriter(path, engine)

    def go(frames: int = 4800, flush: bool = True) -> None:
        heard.append(engine.process(frames))
        if flush:
            writer.flush(engine.frames_out)

    play(engine, go)
    writer.flush(engine.frames_out)
    writer.close()
    return np.concatenate(heard)[engine.latency_frames :]


def stream(engine: Engine, name: str) -> Stream:
    return engine.stream(name, ["rain.level_db"], rate_hz=100, delay_s=0)


def in_a_freed_place(engine: Engine, go: Play) -> None:
    """The newest stream has the first place; both say something at one frame."""
    engine.add("rain", gesture={"kind": "hold"})
    first, second = stream(engine, "a"), stream(engine, "b")
    go()
    first.close()
    go(64, flush=False)
    third = stream(engine, "c")
    for _ in range(10):
        third.push([-40.0], at=engine.frame + 640)
        second.push([0.0], at=engine.frame + 640)
        go()


def quickly(engine: Engine, go: Play) -> None:
    """More streams than there are places, between two flushes."""
    engine.add("rain", gesture={"kind": "hold"})
    streams: list[Stream] = []
    for turn in range(12):
        for one in streams:
            one.close()
        go(1280, flush=False)
        streams = [stream(engine, f"{turn} {index}") for index in range(2)]
        for one in streams:
            one.push([-3.0 * turn], at=engine.frame + 64)
    go()


def while_presets_change(engine: Engine, go: Play) -> None:
    rng = np.random.default_rng(3)
    for turn in range(8):
        engine.load(load_preset("rain" if turn % 2 else "tap"), tails=bool(turn % 3))
        master = [engine.stream(f"{turn} {index}", ["master.level_db"], rate_hz=100, delay_s=0) for index in range(2)]
        for _ in range(6):
            frame = engine.frame + int(rng.integers(0, 900))
            for one in master:
                one.push([float(rng.uniform(-40, 0))], at=frame)
            go(int(rng.integers(64, 2000)), flush=bool(rng.integers(2)))
        for one in master:
            one.close()


@pytest.mark.parametrize("play", [in_a_freed_place, quickly, while_presets_change])
def test_a_take_gives_the_same_bytes(tmp_path: Path, play: Callable[[Engine, Play], None]) -> None:
    heard = performed(tmp_path / "x.take", play)
    assert np.abs(heard).max() > 0.001
    np.testing.assert_array_equal(np.concatenate(list(replay(load_take(tmp_path / "x.take")))), heard)
