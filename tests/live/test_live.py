"""The compiled audio callback, called as a sound card would call it: any block sizes, any times, no Python in between."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from numba.core.runtime import _nrt_python, rtsys

from synth.engine.engine import Engine
from synth.engine.entry import process_address
from synth.io.audio import device_clock
from synth.io.audio.audio_block import LIVE
from synth.io.audio.portaudio_callback import callback
from synth.live.live import Live
from synth.parameters.errors import InputError

RATE = 48000


class Host:
    """A sound card of our own: calls the callback with blocks and times as it pleases."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.function = callback()
        self.record = np.zeros(1, LIVE)
        self.record["process"] = process_address()
        self.record["state"], self.record["tables"] = engine.go_live()
        device_clock.start(self.record["clock"][0], RATE)
        self.now_s = 100.0

    def ask(self, frames: int, jitter_s: float = 0.0, flags: int = 0) -> np.ndarray:
        out = np.full((frames, 2), np.nan, np.float32)
        times = np.array([0.0, self.now_s + jitter_s, 0.0])
        result = self.function.ctypes(
            None,
            out.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            frames,
            times.ctypes.data_as(ctypes.POINTER(ctypes.c_double)),
            flags,
            self.record.ctypes.data,
        )
        assert result == 0
        self.now_s += frames / RATE
        return out


def scene(seed: int = 2) -> Engine:
    engine = Engine(RATE, seed=seed)
    engine.add(
        "tap",
        gesture={"kind": "taps", "rate_hz": 9},
        motion={"kind": "sweep", "period_s": 1},
        azimuth_deg=30,
        distance_m=0.2,
    )
    return engine


def blocks(total: int, seed: int = 1) -> list[int]:
    rng, sizes = np.random.default_rng(seed), []
    while sum(sizes) < total:
        sizes.append(int(min(rng.choice([1, 17, 64, 100, 128, 441, 1024, 2048]), total - sum(sizes))))
    return sizes


def test_the_callback_gives_the_same_bytes_as_rendering() -> None:
    host = Host(scene())
    heard = np.concatenate([host.ask(frames) for frames in blocks(RATE)])
    assert np.array_equal(heard, scene().process(RATE))
    assert host.record["frames"][0] == RATE


def test_events_reach_the_audio_thread_at_once() -> None:
    engine = Engine(RATE)
    layer = engine.add("tap")
    host = Host(engine)
    host.ask(1024)
    engine.strike(layer, 0.8)
    assert np.abs(host.ask(4096)).max() > 0.005
    with pytest.raises(InputError, match="playing live"):
        engine.process(64)
    engine.leave_live()
    assert engine.process(64).shape == (64, 2)


def test_many_blocks_allocate_nothing() -> None:
    host = Host(scene())
    host.ask(256)
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    for _ in range(2000):
        host.ask(256)
    assert rtsys.get_allocation_stats() == before


def test_counters_add_up() -> None:
    host = Host(scene())
    sizes = blocks(RATE, seed=4)
    for index, frames in enumerate(sizes):
        host.ask(frames, flags=4 if index in (3, 9) else 0)
    record = host.record[0]
    assert record["callbacks"] == len(sizes)
    assert record["underflows"] == 2
    assert (record["smallest"], record["largest"]) == (min(sizes), max(sizes))


def test_the_clock_follows_the_mean_of_jittering_callbacks() -> None:
    host, rng = Host(scene()), np.random.default_rng(3)
    for _ in range(4000):
        host.ask(256, jitter_s=float(rng.uniform(0, 0.003)))
    start_s, address = 100.0, host.record["clock"].ctypes.data
    for ahead_s in (0.0, 0.01):
        expected = (host.now_s + ahead_s - 0.0015 - start_s) * RATE  # the mean lateness is the clock's zero
        assert device_clock.frame_at(address, host.now_s + ahead_s) == pytest.approx(expected, abs=0.0004 * RATE)
    assert host.record["clock"]["gaps"][0] == 0


def test_a_jump_of_the_clock_is_counted_and_followed() -> None:
    host = Host(scene())
    for _ in range(200):
        host.ask(256)
    host.now_s += 0.5
    for _ in range(200):
        host.ask(256)
    assert host.record["clock"]["gaps"][0] == 1
    frame = device_clock.frame_at(host.record["clock"].ctypes.data, host.now_s)
    assert frame == pytest.approx(400 * 256, abs=2)


class Card:
    """A sound device that never calls, with blocks of 256 frames."""

    name, returns_as, is_lost = "card", None, False
    latency_s, midi_latency_frames = 0.012, 320

    def __init__(self, record: np.ndarray, is_native_midi: bool = False, sources: tuple[str, ...] = ()) -> None:
        record["largest"] = 256
        self.is_native_midi, self.is_closed = is_native_midi, False
        self._came = list(sources)

    def start(self) -> None:
        pass

    def time_s(self) -> float:
        return 100.0

    def priority(self) -> str:
        return ""

    def midi_changes(self) -> tuple[list[str], list[str]]:
        came, self._came = self._came, []
        return came, []

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize("is_now", [False, True])
@pytest.mark.parametrize("is_native_midi", [False, True])
@pytest.mark.parametrize("ports", [{}, {7: "its own"}, {0: "another"}, {0: "another", 7: "its own"}])
def test_a_key_is_heard_after_all_that_it_waits_for(monkeypatch, is_now: bool, is_native_midi: bool, ports: dict) -> None:
    @contextmanager
    def listening(*_: object, came: Callable[[int, str], None], **__: object) -> Iterator[None]:
        if 0 in ports:
            came(0, ports[0])
        yield

    own = (ports[7],) if 7 in ports else ()
    monkeypatch.setattr("synth.live.live.open_device", lambda record, *_, **__: Card(record, is_native_midi, own))
    monkeypatch.setattr("synth.io.midi.ports.Ports", listening)
    with Live(Engine(RATE, "sphere"), midi="", is_now=is_now) as live:
        while live.ports != ports:
            time.sleep(0.01)
        waits = live.event_frame(100.0) - live.frame_at(100.0)
        key_s = live.key_latency_s
    assert waits == 2 * 256 + 144
    expected = 320 if is_native_midi and 0 not in ports else 256 if is_now else waits
    assert round((key_s - Card.latency_s) * RATE) == expected + live.engine.latency_frames


def test_nothing_is_open_before_the_block_and_all_is_closed_if_entering_fails(monkeypatch, tmp_path) -> None:
    cards: list[Card] = []

    def opened(record: np.ndarray, *_: object, **__: object) -> Card:
        cards.append(Card(record))
        return cards[-1]

    monkeypatch.setattr("synth.live.live.open_device", opened)
    (tmp_path / "x.wav").touch()
    engine, interval_s = Engine(RATE, "sphere"), sys.getswitchinterval()
    live = Live(engine, record=tmp_path / "x.wav")
    assert not cards
    with pytest.raises(InputError, match=r"x\.wav"), live:
        pass
    assert [card.is_closed for card in cards] == [True]
    assert sys.getswitchinterval() == interval_s
    assert engine.process(64).shape == (64, 2)  # it has been given back
