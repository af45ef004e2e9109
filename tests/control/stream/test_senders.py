"""Streams from real processes in real time: stopped, killed, bursting, with clocks that are wrong; never a step in the sound."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import synth
from synth.control.stream.shared_memory import path_of
from synth.control.stream.stream import Stream
from synth.parameters.errors import InputError
from tests.control.stream.test_reference import Acts
from tests.support.probe import RATE, probe, steepest

BLOCK = 480
PATHS = ["probe.level_db", "probe.azimuth_deg"]
CONTRACT = {"rate_hz": 100, "delay_s": 0.05, "timeout_s": 0.5, "hold_s": 0.3, "glide_s": 0.5, "return_s": 0.2}
ROOT = Path(__file__).parents[3]
_PATIENCE_S = 20.0

pytestmark = pytest.mark.live


class Playing:
    """An engine that plays against the wall clock without a sound card, with a 100 Hz probe of -20 dBFS and a shared stream."""

    def __init__(self, **contract: Any) -> None:
        self.name = f"test-{uuid.uuid4().hex[:8]}"
        (self.engine, self.layer), self.event_log = probe(100), Acts()
        self.engine.record_to(self.event_log)
        steady = [self._steady(azimuth_deg) for azimuth_deg in (0, -60, 60, 0)]
        self.steady = max(steady)
        self.stream: Stream = self.engine.stream("model", PATHS, shared=self.name, **(CONTRACT | contract))
        self.heard: list[np.ndarray] = []
        self.phases: list[str] = []
        self._next_s = time.monotonic()

    def _steady(self, azimuth_deg: float) -> float:
        """The largest step of the probe where it may come to be, at its loudest."""
        self.engine.set(self.layer, ramp_s=0.3, azimuth_deg=azimuth_deg)
        self.engine.process(RATE // 2)
        return steepest(self.engine.process(RATE // 4))

    def block(self, is_in_time: bool = True) -> None:
        """Render the next 10 ms when they are due."""
        if is_in_time:
            self._next_s += BLOCK / RATE
            time.sleep(max(0.0, self._next_s - time.monotonic()))
        self.heard.append(self.engine.process(BLOCK))
        phase = self.stream.stats["phase"]
        if self.phases[-1:] != [phase]:
            self.phases.append(phase)

    def play(self, seconds: float, is_in_time: bool = True) -> None:
        for _ in range(round(seconds * RATE / BLOCK)):
            self.block(is_in_time)

    def until(self, is_done: Callable[[dict[str, Any]], bool]) -> None:
        end_s = time.monotonic() + _PATIENCE_S
        while not is_done(self.stream.stats):
            assert time.monotonic() < end_s, self.stream.stats
            self.block()

    def check(self) -> None:
        """What holds whatever the sender does."""
        stats = self.stream.stats
        assert steepest(np.concatenate(self.heard)) <= self.steady + 0.001
        assert stats["longest_wait_s"] <= CONTRACT["delay_s"] + 1 / CONTRACT["rate_hz"]
        assert stats["received"] == stats["applied"] + stats["dropped"] - stats["lost"] + stats["waiting"]
        acts = [act for act in self.event_log.by_number[self.stream.definition.number] if act[1] == 0]
        assert len(acts) == stats["applied"]


@pytest.fixture
def playing(sine_trigger: None) -> Iterator[Callable[..., Playing]]:
    with contextlib.ExitStack() as stack:

        def make(**contract: Any) -> Playing:
            one = Playing(**contract)
            stack.callback(one.stream.close)
            return one

        yield make


@contextlib.contextmanager
def sender(name: str, **options: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.support.stream_sender", name, *(f"{key}={value}" for key, value in options.items())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_stopped_sender_stalls_and_comes_back_without_a_step(playing) -> None:
    one = playing()
    with sender(one.name) as process:
        one.until(lambda stats: stats["applied"] >= 100)
        process.send_signal(signal.SIGSTOP)
        one.play(2.0)
        assert one.phases[-4:] == ["driving", "stalled", "going home", "released"]
        values = one.engine.values(one.layer)
        assert (values["level_db"], values["azimuth_deg"]) == (0, 0)
        before = one.stream.stats
        process.send_signal(signal.SIGCONT)  # it sends at once what it owes, 200 frames of 2 s
        one.until(lambda stats: stats["syncs"] >= before["syncs"] + 2)
        one.play(0.5)
    stats = one.stream.stats
    assert stats["stalls"] == before["stalls"] == 1
    assert stats["dropped"] > before["dropped"] + 100  # of what came at once the newest acted
    assert one.phases[-1] == "driving"
    assert stats["room_s"] <= 0.0501  # the first of what it owed was synced; since then it was early, and synced anew
    one.check()


def test_another_process_drives_when_one_was_killed(playing) -> None:
    one = playing()
    with sender(one.name) as process:
        one.until(lambda stats: stats["applied"] >= 50)
        process.kill()
        process.wait()
    one.play(10.0, is_in_time=False)
    assert one.phases[-1] == "released"
    one._next_s = time.monotonic()
    with sender(one.name, offset_s=1e6):
        one.until(lambda stats: stats["applied"] >= 150)
    stats = one.stream.stats
    assert (stats["stalls"], stats["corrupt"], stats["rejected"]) == (1, 0, 0)
    assert stats["syncs"] >= 2
    one.check()


def test_ten_thousand_frames_in_between_are_over_at_once(playing) -> None:
    one = playing()
    with sender(one.name, burst=10_000, burst_at_s=0.5):
        one.until(lambda stats: stats["received"] >= 10_150)
    stats = one.stream.stats
    assert stats["late"] > 9_000
    assert (stats["stalls"], stats["lost"]) == (0, 0)
    one.check()


@pytest.mark.parametrize(
    ("options", "counter"),
    [
        ({"offset_s": 0.2}, None),
        ({"offset_s": -1e6}, None),
        ({"jump_s": -0.2, "jump_at_s": 2}, "late"),
        ({"jump_s": 0.2, "jump_at_s": 2}, "early"),
        ({"jump_s": 1e6, "jump_at_s": 2}, "early"),
    ],
    ids=str,
)
def test_a_wrong_clock_is_synced_and_one_that_jumps_is_synced_anew(playing, options, counter) -> None:
    one = playing()
    with sender(one.name, **options):
        one.until(lambda stats: stats["received"] >= 190)  # a first frame that came late of itself is synced anew by now
        before = one.stream.stats
        if counter:
            one.until(lambda stats: stats["syncs"] > before["syncs"])
            assert one.stream.stats[counter] - before[counter] > 50
        one.play(1.5)
        before = one.stream.stats
        one.play(1.0)
    stats = one.stream.stats
    amiss = sum(stats[name] - before[name] for name in ("late", "early"))
    assert amiss < stats["received"] - before["received"]
    assert stats["stalls"] == 0
    one.check()


def test_a_given_start_is_kept_however_wrong_the_clock(playing) -> None:
    one = playing(start=0, timeout_s=5.0)
    with sender(one.name, offset_s=-10):
        one.until(lambda stats: stats["received"] >= 200)
    stats = one.stream.stats
    assert (stats["syncs"], stats["late"]) == (0, stats["received"])
    assert stats["room_s"] < -8
    one.check()


_ENGINE = """
import sys, time
from synth.engine.engine import Engine
engine = Engine(48000, "sphere")
engine.add("tap", name="probe")
time.sleep(float(sys.argv[2]))
stream = engine.stream("model", ["probe.level_db", "probe.azimuth_deg"], shared=sys.argv[1])
print("made", flush=True)
sys.stdin.read()
"""


def test_a_sender_that_came_before_the_engine_waits_and_is_told_of_its_death() -> None:
    name = f"test-{uuid.uuid4().hex[:8]}"
    with pytest.raises(InputError, match="no engine shares"):
        synth.connect(name)
    with sender(name, wait_s=_PATIENCE_S) as process:
        assert process.stdout is not None
        command = [sys.executable, "-c", _ENGINE, name, "0.3"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as engine:
            assert engine.stdout is not None
            assert engine.stdout.readline() == "made\n"
            assert process.stdout.readline() == "connected\n"
            died_s = time.monotonic()
            engine.kill()
        told_s, _, what = process.stdout.readline().partition(" ")
    assert "the engine has ended" in what
    assert f"synth.connect('{name}', wait_s=...)" in what
    assert float(told_s) - died_s < _PATIENCE_S
    path_of(name).unlink()  # left behind by the engine that was killed
