"""What a frame costs by each way in, and what the quantum pays for it.

frames of 24 and of 500 values -> each way in, up to the ring -> microseconds a frame, and ratios to what there is without us
a silent engine with and without a stream that sends a frame each quantum -> microseconds a frame

Without us a model in another process would use a `multiprocessing` queue (put and got back, pickled as it is between processes),
and for OSC python-osc's own dispatcher (a handler an address that keeps the value, and nothing sounds). Wall clock, in turns.

Usage: python benchmarks/bench_streams.py [--turns 15] [--frames 200] [--json]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout that is not installed

import synth
from benchmarks import timing
from benchmarks.timing import interleave, ratio

QUANTUM = 64
SIZES = (24, 500)
QUEUE = "multiprocessing.SimpleQueue"
PYTHON_OSC = "python-osc's OSC dispatcher, a message a value"


def engine_of(size: int) -> tuple[synth.Engine, list[str]]:
    """Return an engine with layers enough for so many values, and their paths."""
    engine, paths = synth.Engine(ears="sphere"), []
    while len(paths) < size:
        layer = engine.add("brush", level_db=-30)
        paths += [f"{layer.name}.{path}" for path in layer.slots]
    return engine, paths[:size]


def timed(send: Callable[[int], object], frames: int, after: Callable[[], object] = lambda: None) -> Callable[[], float]:
    """Return a contender that sends frames; what it does `after` is not timed."""

    def turn() -> float:
        begin_s = time.perf_counter()
        for index in range(frames):
            send(index)
        passed_s = time.perf_counter() - begin_s
        after()
        return passed_s / frames

    return turn


def ways(size: int, frames: int) -> dict[str, Callable[[], float]]:
    """Return every way in for frames of so many values."""
    from pythonosc.dispatcher import Dispatcher
    from pythonosc.osc_packet import OscPacket

    from synth.live.protocols.osc.server import Osc
    from synth.live.protocols.pipe_lines import Lines
    from synth.live.session_stream import SessionStream
    from tests.support.osc_sender import bundle, floats, message

    rng = np.random.default_rng(1)
    values = rng.uniform(0.2, 0.4, size).astype(np.float32)
    found: dict[str, Callable[[], float]] = {}

    queue = multiprocessing.SimpleQueue()

    def by_queue(index: int) -> None:
        queue.put((index, values))
        queue.get()

    found[QUEUE] = timed(by_queue, frames)

    engine, paths = engine_of(size)
    stream = engine.stream("python", paths, ahead_s=60)
    found["stream.push"] = timed(lambda i: stream.push(values, time_s=i / 1000), frames, lambda: engine.process(QUANTUM * 4))

    sharing, paths = engine_of(size)
    name = f"bench-{os.getpid()}-{size}"
    shared = sharing.stream("shared", paths, shared=name)
    connection = synth.connect(name)
    found["connection.push"] = timed(
        lambda i: connection.push(values, time_s=i / 1000), frames, lambda: (sharing.process(QUANTUM * 4), shared)
    )

    lining, _ = engine_of(size)
    session_stream = SessionStream("lines", ahead_s=60)
    session_stream.aim(lining)
    whole = session_stream.space.paths
    file = open(os.devnull, "rb")  # noqa: SIM115 (lines are handed over by hand)
    lines = Lines(session_stream, file, lambda _: None)
    named = dict(zip(whole[:size], values.tolist(), strict=False))
    texts = [json.dumps({"t": i / 1000, "values": named}).encode() + b"\n" for i in range(frames)]
    found["JSON lines, values by path"] = timed(lambda i: lines.hear(texts[i]), frames, lambda: lining.process(QUANTUM * 4))

    osc_engine, _ = engine_of(size)
    osc_stream = SessionStream("osc", ahead_s=60)
    osc_stream.aim(osc_engine)
    endpoint = Osc(osc_stream, "127.0.0.1", 0, lambda _: None, value=lambda _: 0.0, tree=False)
    hear = endpoint._hearing.hear
    addresses = ["/" + path.replace(" ", "_").replace(".", "/") for path in whole[:size]]
    start = 3_900_000_000 << 32

    def packets(*contents: bytes) -> list[bytes]:
        return [bundle(*contents, tag=start + (i << 32) // 1000) for i in range(frames)]

    each = packets(*(message(address, float(v), types="f") for address, v in zip(addresses, values, strict=False)))
    blobs = packets(message("/synth/vector", floats(np.full(len(whole), 0.3))))
    found["OSC, a message a value"] = timed(lambda i: hear(each[i], None), frames, lambda: osc_engine.process(QUANTUM * 4))
    found["OSC, one blob"] = timed(lambda i: hear(blobs[i], None), frames, lambda: osc_engine.process(QUANTUM * 4))

    held: dict[str, float] = {}
    dispatcher = Dispatcher()
    for address in addresses:
        dispatcher.map(address, held.__setitem__)

    def by_python_osc(index: int) -> None:
        for one in OscPacket(each[index]).messages:
            for handler in dispatcher.handlers_for_address(one.message.address):
                handler.invoke(("127.0.0.1", 0), one.message)

    found[PYTHON_OSC] = timed(by_python_osc, frames)
    return found


def quanta(size: int) -> dict[str, Callable[[], float]]:
    """Return the quantum without a stream, and with one that sends a frame of so many values each quantum."""

    def player(has_stream: bool) -> Callable[[], float]:
        engine, paths = engine_of(size)
        stream = engine.stream("model", paths, rate_hz=750, delay_s=0, start=0, timeout_s=np.inf) if has_stream else None
        values = np.random.default_rng(2).uniform(0.2, 0.4, (750, size))

        def turn() -> float:
            if stream:
                stream.push(values, time_s=engine.frame / 48000 + np.arange(750) / 750)
            begin_s = time.perf_counter()
            engine.process(48000)
            return (time.perf_counter() - begin_s) / 750

        return turn

    return {"without": player(False), "with": player(True)}


def measure(turns: int, frames: int) -> dict[str, Any]:
    """Return microseconds a frame by size and way, ratios to the baseline, and what the quantum pays."""
    found: dict[str, Any] = {"machine": timing.machine(), "ways": {}, "quantum": {}}
    for size in SIZES:
        times = interleave(ways(size, frames), turns)
        found["ways"][size] = {
            way: {
                "us": 1e6 * timing.timing(each).median_s,
                "ratio": ratio(times[PYTHON_OSC if "OSC" in way else QUEUE], each).median,
            }
            for way, each in times.items()
        }
        both = interleave(quanta(size), turns)
        found["quantum"][size] = 1e6 * float(np.median(both["with"] - both["without"]))
    return found


def show(found: dict[str, Any]) -> None:
    """Print tables."""
    print(found["machine"])
    for size, each in found["ways"].items():
        print(f"\na frame of {size} values: microseconds up to the ring, and how many times faster than the queue or python-osc")
        for way, figures in each.items():
            print(f"  {way:45} {figures['us']:9.1f}  {figures['ratio']:8.2f}")
        print(f"  in the quantum, which lasts 1333 us: {found['quantum'][size]:.2f} us")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    timing.tell(measure(given.turns, given.frames), show, given.json)


if __name__ == "__main__":
    main()
