"""One engine, many threads, and copies of it in child processes: everything is safe, or is refused in one line."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.parameters.errors import InputError

pytestmark = pytest.mark.usefixtures("sine_trigger")
RATE = 48000


def engine_of(layers: int = 1) -> Engine:
    engine = Engine(RATE, "sphere")
    for n in range(layers):
        engine.add("sine", name=f"sine {n}")
    return engine


def in_threads(count: int, work: Callable[[int], object]) -> list[BaseException]:
    failed: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_one_thread_renders_and_the_others_are_told() -> None:
    engine, blocks, refusals = engine_of(), [], []

    def work(_: int) -> None:
        for _ in range(50):
            try:
                blocks.append(engine.process(640))
            except InputError as error:
                refusals.append(str(error))

    assert in_threads(4, work) == []
    assert all("another thread renders this engine" in said for said in refusals)
    assert engine.frames_out == 640 * len(blocks) > 0


def test_layers_come_and_go_are_listed_and_played_while_the_engine_renders() -> None:
    engine, ended = engine_of(2), threading.Event()

    def work(number: int) -> None:
        rng = np.random.default_rng(number)
        if number == 0:
            for _ in range(100):
                assert np.isfinite(engine.process(640)).all()
            ended.set()
            return
        while not ended.is_set():
            try:
                layer = engine.add("sine", at=int(rng.integers(0, 64000)))
                engine.release(engine.strike(layer))
                engine.set(layer, level_db=float(rng.uniform(-30, 0)))
                assert all(other.name for other in engine.layers)
                with engine.stream(f"s{number}") as stream:
                    stream.push(np.full(len(stream.space), np.nan))
                engine.push_midi(number % 2, bytes([0x90, 60, 100]))
                assert engine.values(layer)
                assert engine.streams is not None
                engine.undo()
                engine.remove(layer)
            except InputError:  # no room, just now
                pass

    assert in_threads(5, work) == []


def test_who_plays_live_has_it_for_himself_until_he_gives_it_back() -> None:
    engine = engine_of()
    engine.go_live()
    for call in (engine.go_live, lambda: engine.process(64), engine.snapshot, engine.check_idle):
        with pytest.raises(InputError, match="playing live"):
            call()
    engine.leave_live()
    assert len(engine.process(64)) == 64


def test_a_snapshot_goes_back_among_the_same_layers_only() -> None:
    engine = engine_of()
    before = engine.snapshot()
    more = engine.add("sine")
    engine.process(640)
    with pytest.raises(InputError, match="other layers"):
        engine.restore(before)
    engine.remove(more)
    engine.process(RATE)
    between = engine.snapshot()
    heard = engine.process(640)
    engine.restore(between)
    assert np.array_equal(engine.process(640), heard)


def test_the_values_of_a_layer_that_is_gone_are_not_those_of_another() -> None:
    engine = engine_of()
    [layer] = engine.layers
    engine.remove(layer)
    engine.process(RATE)
    engine.add("sine")
    with pytest.raises(InputError, match="not part of this engine"):
        engine.values(layer)


# ---- forked children

_FORKED = """
import os, sys, threading
import numpy as np, synth
engine = synth.Engine(48000, "sphere", 0); engine.add("tap", gesture={"kind": "taps", "rate_hz": 8}); engine.process(480)
case = sys.argv[1]
if case == "live": engine.go_live()
stream = engine.stream("s", shared=sys.argv[2]) if case == "shared" else None
holds, go = threading.Event(), threading.Event()
def hold():
    with engine._lock: holds.set(); go.wait()
threading.Thread(target=hold).start(); holds.wait()
child = os.fork()
go.set()
if child == 0:
    try:
        engine.set(engine.layers[0], level_db=-3); out = engine.process(4800); print("rendered", float(np.abs(out).max()) > 0)
    except synth.InputError as error: print(error)
    sys.exit(0)
os.waitpid(child, 0)
if stream: synth.connect(sys.argv[2]).close()
if case != "live": print("parent", len(engine.process(480)))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("offline", "rendered True"),
        ("live", "the process from which this one was forked"),
        ("shared", "from which this one was forked"),
    ],
)
def test_a_forked_child_renders_its_copy_or_is_told_where_the_engine_is(case: str, says: str) -> None:
    command = [sys.executable, "-c", _FORKED, case, f"fork-{os.getpid()}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
    assert ("parent 480" in done.stdout) == (case != "live")
