"""The JACK client: its compiled callback under a libjack of the test's own, then under a real server."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numba import carray
from numba.core.runtime import _nrt_python, rtsys

from synth.control.midi.packets import GONE
from synth.engine.kernels.quantum import PROCESS_SIGNATURE
from synth.engine.kernels.state import STATE
from synth.io.audio import audio_block, device_clock, libjack
from synth.io.audio.audio_block import LIVE
from synth.io.audio.jack_callback import FUNCTIONS, JACK, JACK_PORT, MAX_FRAMES, callbacks
from synth.parameters.errors import InputError
from synth.rt import kernel, native_address
from synth.rt.intrinsics import pointer
from tests.rt.test_real_time import _ALLOCATION
from tests.support import jack_server
from tests.support.needs import live, needs_jackd

RATE = 48000


@kernel
def _echo(state_address, tables_address, in_address, in_channels, out_address, frames):
    """Stand in for `process`: left hears the first input, right the last; without inputs frames are numbered."""
    out = carray(pointer(out_address), (frames, 2), np.float32)
    for n in range(frames):
        out[n, 0], out[n, 1] = n, -n
    if in_address != 0:
        coming = carray(pointer(in_address), (frames, in_channels), np.float32)
        for n in range(frames):
            out[n, 0], out[n, 1] = coming[n, 0], coming[n, in_channels - 1]


class Event(ctypes.Structure):
    _fields_ = (("frame", ctypes.c_uint32), ("size", ctypes.c_size_t), ("data", ctypes.c_void_p))


class Graph:
    """A JACK of our own: calls the compiled callback with the blocks, times and messages that it likes."""

    LEFT, RIGHT, IN_1, IN_2, NOTES = range(1, 6)

    def __init__(self, inputs: int = 0) -> None:
        self.state, self.live, self.record = np.zeros(1, STATE), np.zeros(1, LIVE), np.zeros(1, JACK)
        self.buffers = np.full((6, 2 * MAX_FRAMES), np.nan, np.float32)
        self.frame_time, self.messages = 2**32 - 1000, list[tuple[int, Any]]()
        self.functions = {name: prototype(getattr(self, f"_{name}")) for name, prototype in self._prototypes().items()}
        self.live["process"] = native_address(_echo, PROCESS_SIGNATURE)
        self.live["state"], self.live["inputs"] = self.state.ctypes.data, inputs
        self.live["midi"] = self.state["midi"].ctypes.data
        device_clock.start(self.live["clock"][0], float(RATE))
        record = self.record
        record["live"] = self.live.ctypes.data
        record["outputs"], record["inputs"], record["midi_in"] = (self.LEFT, self.RIGHT), (self.IN_1, self.IN_2), self.NOTES
        for name in FUNCTIONS:
            record[name] = ctypes.cast(self.functions[name], ctypes.c_void_p).value
        self.callbacks = callbacks()

    @staticmethod
    def _prototypes() -> dict[str, Any]:
        make, address, u32 = ctypes.CFUNCTYPE, ctypes.c_void_p, ctypes.c_uint32
        return {
            "port_get_buffer": make(address, address, u32),
            "midi_get_event_count": make(u32, address),
            "midi_event_get": make(ctypes.c_int, ctypes.POINTER(Event), address, u32),
            "last_frame_time": make(u32, address),
            "get_time": make(ctypes.c_uint64),
        }

    def _port_get_buffer(self, port: int, frames: int) -> int:
        return self.buffers[port].ctypes.data

    def _midi_get_event_count(self, buffer: int) -> int:
        return len(self.messages)

    def _midi_event_get(self, event: Any, buffer: int, index: int) -> int:
        offset, data = self.messages[index]
        event[0].frame, event[0].size, event[0].data = offset, len(data), data.ctypes.data
        return 0

    def _last_frame_time(self, client: int) -> int:
        return self.frame_time % 2**32

    def _get_time(self) -> int:
        return 5_000_000 + round((self.frame_time - 2**32) * 1e6 / RATE)

    def ask(self, frames: int, messages: list[tuple[int, bytes]] | None = None, skipped: int = 0) -> np.ndarray:
        """Return what the two output ports got, (2, frames)."""
        self.messages = [(offset, np.frombuffer(data, np.uint8)) for offset, data in messages or []]
        self.frame_time += skipped
        assert self.callbacks["process"].ctypes(frames, self.record.ctypes.data) == 0
        self.frame_time += frames
        return self.buffers[[self.LEFT, self.RIGHT], :frames].copy()

    @property
    def packets(self) -> list[tuple[int, int, bytes]]:
        ring = self.state["midi"][0, JACK_PORT]
        items = ring["items"][: int(ring["written"])]
        return [(int(item["frame"]), int(item["count"]), item["data"][: max(item["count"], 0)].tobytes()) for item in items]


def test_the_block_goes_to_the_ports_of_both_ears() -> None:
    graph = Graph()
    for frames in (1, 64, 100, 8192):
        assert np.array_equal(graph.ask(frames), [np.arange(frames), -np.arange(frames)])
    row = graph.live[0]
    assert (row["callbacks"], row["frames"], row["smallest"], row["largest"]) == (4, 8357, 1, 8192)


@pytest.mark.parametrize("inputs", [1, 2])
def test_inputs_reach_the_engine_interleaved(inputs: int) -> None:
    graph = Graph(inputs)
    graph.buffers[[Graph.IN_1, Graph.IN_2]] = np.random.default_rng(1).standard_normal((2, 2 * MAX_FRAMES))
    assert np.array_equal(graph.ask(300), graph.buffers[[Graph.IN_1, Graph.IN_1 + inputs - 1], :300])


def test_a_block_too_large_is_silent_and_counted_and_its_frames_are_lost() -> None:
    graph = Graph()
    graph.ask(64)
    assert not graph.ask(MAX_FRAMES + 1).any()
    graph.ask(64)
    assert (graph.record["oversized"][0], graph.live["frames"][0], graph.live["lost_frames"][0]) == (1, 128, MAX_FRAMES + 1)


def test_a_client_that_leaves_is_silent_and_touches_nothing_else() -> None:
    graph = Graph()
    graph.ask(256)
    before = graph.live.tobytes()
    graph.record["is_leaving"] = 1
    graph.live["process"] = 0  # whoever calls it ends here
    assert not graph.ask(256).any()
    graph.live["process"] = np.frombuffer(before, LIVE)["process"]
    assert graph.live.tobytes() == before


def test_an_empty_block_does_nothing() -> None:
    graph = Graph()
    graph.ask(0)
    assert graph.live["callbacks"][0] == 0


def test_messages_act_at_their_own_frame_while_blocks_are_whole_quanta() -> None:
    graph = Graph()
    graph.ask(256)
    graph.ask(128, [(0, b"\x90\x3c\x40"), (5, b"\xf8"), (127, bytes(range(40)))])
    assert graph.record["delay_frames"][0] == 0
    assert [(frame, count) for frame, count, _ in graph.packets] == [(256, 3), (261, 1), (383, 16), (383, 16), (383, 8)]
    assert b"".join(data for _, _, data in graph.packets) == b"\x90\x3c\x40\xf8" + bytes(range(40))
    assert (graph.record["midi_events"][0], graph.record["midi_cut"][0]) == (3, 0)


def test_messages_wait_a_quantum_from_the_first_other_block_on() -> None:
    graph, message = Graph(), b"\x90\x3c\x40"
    for frames in (64, 100, 92, 64):
        graph.ask(frames, [(7, message)])
    assert [frame for frame, _, _ in graph.packets] == [7, 64 + 7 + 64, 164 + 7 + 64, 256 + 7 + 64]
    assert graph.record["delay_frames"][0] == 64


def test_a_full_ring_is_counted() -> None:
    graph = Graph()
    for _ in range(40):
        graph.ask(256, [(n, b"\x90\x3c\x40") for n in range(32)])
    assert (graph.record["midi_events"][0], graph.record["midi_cut"][0]) == (1280, 256)


def test_when_a_source_has_gone_the_port_lets_go() -> None:
    graph = Graph()
    graph.ask(64)
    graph.record["partings"] += 1
    for _ in range(3):
        graph.ask(64)
    assert [(frame, count) for frame, count, _ in graph.packets] == [(64, GONE)]


def test_frames_that_jack_skips_are_counted_and_the_clock_follows() -> None:
    graph = Graph()
    for index in range(400):
        graph.ask(256, skipped=512 if index in (3, 100, 399) else 0)  # JACK's count wraps in the first blocks
    row = graph.live[0]
    assert (row["clock"]["gaps"], row["lost_frames"]) == (3, 3 * 512)
    now_s = graph._get_time() * 1e-6
    assert device_clock.frame_at(graph.live["clock"].ctypes.data, now_s) == pytest.approx(400 * 256, abs=2)


def test_many_blocks_allocate_nothing() -> None:
    graph = Graph(inputs=2)
    graph.ask(256, [(3, b"\x90\x3c\x40")])
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    for _ in range(200):
        graph.ask(256, [(3, b"\x90\x3c\x40")])
    assert rtsys.get_allocation_stats() == before


@pytest.mark.parametrize("name", ["process", "xrun", "shutdown", "message"])
def test_the_compiled_callbacks_hold_no_allocation(name: str) -> None:
    module = str(callbacks()[name]._library._get_module_for_linking())
    assert "define" in module
    assert not _ALLOCATION.findall(module)


def test_jack_says_xruns_and_its_end_without_python() -> None:
    graph = Graph()
    for _ in range(3):
        graph.callbacks["xrun"].ctypes(graph.record.ctypes.data)
    assert (graph.record["xruns"][0], graph.live["underflows"][0]) == (3, 3)
    assert not graph.record["is_shut_down"][0]
    graph.callbacks["shutdown"].ctypes(graph.record.ctypes.data)
    assert graph.record["is_shut_down"][0]


def test_the_yardstick_of_the_load_holds_for_any_blocks() -> None:
    live, begin, rng = np.zeros(1, LIVE), 1, np.random.default_rng(1)
    for frames in rng.choice([1, 64, 100, 2048], 200):
        audio_block.note_load(live[0], begin, int(frames))
        begin += 1000 * int(frames)
        assert live["cycles_a_frame"][0] in (0.0, pytest.approx(1000.0))
    assert live["loads"].sum() == 199


def test_without_libjack_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libjack, "NAME", "libjack.so.nonesuch")
    with pytest.raises(InputError, match=r"libjack\.so\.nonesuch cannot be loaded .*apt install jackd2 .*--device NAME"):
        libjack.Library()


# ---- with a server


@pytest.fixture(scope="module")
def server() -> Iterator[jack_server.Server]:
    with jack_server.running() as running:
        yield running


def play(server: jack_server.Server, scene: str) -> dict[str, Any]:
    with server.start([sys.executable, "-m", "tests.support.jack_scenes", scene]) as process:
        out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return json.loads(out)


@live
@needs_jackd
def test_what_is_heard_is_the_offline_render(server: jack_server.Server) -> None:
    facts = play(server, "sound")
    assert facts["connected"] == ["listener:left", "listener:right"]
    assert facts["gaps"] == 0
    assert facts["loudest"] > 0.01
    assert facts["wrong"] == 0


@live
@needs_jackd
@pytest.mark.parametrize(("period", "delay_frames"), [(256, 0), (480, 64)])
def test_every_message_lands_on_its_frame(period: int, delay_frames: int) -> None:
    with jack_server.running(period=period) as server:
        facts = play(server, "midi")
    assert (facts["came"], facts["went"]) == (["source:notes"], ["source:notes"])
    assert facts["gaps"] == 0
    assert (facts["heard"], facts["errors"], facts["delay_frames"]) == (500, [0], delay_frames)
    assert facts["same_bytes"]
    assert (facts["first"], facts["last"]) == (GONE, GONE)


@live
@needs_jackd
def test_a_dead_server_is_noticed_left_and_followed_by_the_next() -> None:
    with (
        jack_server.running() as server,
        server.start([sys.executable, "-m", "tests.support.jack_scenes", "death"]) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "playing\n"
        server.kill()
        assert process.stdout.readline() == "closed\n"
        server.start_up()
        out, _ = process.communicate("go on\n", timeout=60)
    assert process.returncode == 0
    facts = json.loads(out)
    assert facts["was_shut_down"]
    assert facts["polled"] == [[], []]
    assert facts["asked_late"] == [0.0, 0, False, [], []]
    assert facts["said"].startswith("no JACK server runs; start one: jackd")
    assert facts["played"] >= RATE // 10
    assert not facts["is_shut_down"]


@live
@needs_jackd
def test_a_server_that_does_not_answer_holds_up_no_end(tmp_path: Path) -> None:
    words = ["play", "tap", "--device", "jack", "--quiet", "--record", str(tmp_path / "x.wav")]
    with jack_server.running() as server:
        player = server.popen([sys.executable, "-m", "synth", *words], {"SYNTH_STATE_DIR": str(tmp_path)}, stderr=subprocess.PIPE)
        while not (tmp_path / "x.wav").exists():
            assert player.poll() is None
            time.sleep(0.1)
        time.sleep(3.0)
        os.kill(server.pid, signal.SIGSTOP)
        try:
            player.send_signal(signal.SIGTERM)
            _, said = player.communicate(timeout=30)
        finally:
            os.kill(server.pid, signal.SIGCONT)
    assert player.returncode == 0, said
    samples, _ = soundfile.read(tmp_path / "x.wav")
    assert len(samples) > RATE
    assert np.abs(samples).max() > 0.001


@live
@needs_jackd
def test_what_there_is_not_is_refused_in_one_line(server: jack_server.Server) -> None:
    facts = play(server, "refusals")
    assert facts["rate"] == "JACK runs at 48000 Hz and the engine at 44100 Hz; --sample-rate 48000 makes them agree"
    assert facts["output"] == "no JACK port matches 'nonesuch'; there are: system:playback_1, system:playback_2"
    assert facts["inputs"].startswith("inputs = 3")
    assert facts["second"] != facts["name"]
    assert facts["connected"] == ["system:capture_1", "system:capture_2"]
    assert facts["buffer_frames"] == 256
