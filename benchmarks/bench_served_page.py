"""What the served page costs: `python benchmarks/bench_served_page.py`.  Processor time; read the ratios, to what is beside it.

A status frame beside rendering the thirtieth of a second that it tells of; a line, good or bad, beside `json.loads` of it.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import synth
from synth.control.rejections import Refused
from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.live.session_stream import SessionStream
from synth.page import frame
from synth.page.page_lines import PageLines
from tests.support.page_storm import malformed

RATE, LINES = 48000, 2000
GOOD = json.dumps({"values": {"left nails.hardness": 0.5, "left nails.azimuth_deg": 30}}).encode()


def us(do: Callable[[], object], times: int) -> float:
    """Return microseconds of processor time a call, the fastest of five rounds."""
    rounds = []
    for _ in range(5):
        begin_s = time.process_time()
        for _ in range(times):
            do()
        rounds.append((time.process_time() - begin_s) / times)
    return 1e6 * min(rounds)


def status_frames(name: str) -> None:
    """Print what a frame of a preset that has played for ten seconds costs, and how long it is."""
    engine = Engine(RATE, "ku100", seed=1)
    engine.load(synth.load_preset(name))
    engine.process(10 * RATE)
    render_us = us(lambda: engine.process(RATE // frame.RATE_HZ), 10)
    frame_us = us(lambda: frame.packed(engine, engine.layers, 1, None), 50)
    size = len(frame.packed(engine, engine.layers, 1, None))
    share = frame_us * frame.RATE_HZ / 1e6
    cost = f"{frame_us:6.0f} us, {frame_us / render_us:5.2f} of rendering, {share:.1%} of a core"
    print(f"status frame, {name:20s} {cost}, {size} bytes")


def lines() -> None:
    """Print what lines cost, without the socket."""
    engine, stream = Engine(RATE, "sphere"), SessionStream("page", delay_s=0.0)
    engine.load(synth.load_preset("nails_on_glass"))
    stream.aim(engine)
    page = PageLines(engine, stream, EngineCommands(engine).effects)
    rng = random.Random(1)
    made = [text.encode() if isinstance(text, str) else text for text in (malformed(rng) for _ in range(LINES))]

    def refused() -> None:
        for line in made:
            with suppress(Refused):
                page.do(line)

    def parsed() -> None:
        for line in made:
            with suppress(ValueError, RecursionError):
                json.loads(line)

    def good() -> None:
        page.do(GOOD)
        engine.process(64)

    good_us, loads_us = us(good, 200) - us(lambda: engine.process(64), 200), us(lambda: json.loads(GOOD), 200)
    bad_us, parsed_us = us(refused, 1) / LINES, us(parsed, 1) / LINES
    print(f"a hand's line of two values        {good_us:6.0f} us, {good_us / loads_us:5.1f} of json.loads")
    print(f"a line that cannot be used         {bad_us:6.0f} us, {bad_us / parsed_us:5.1f} of json.loads")


for preset in ("demo", "rain_on_tent", "nails_on_glass"):
    status_frames(preset)
lines()
