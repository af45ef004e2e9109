"""What every peer of bench_live.py does besides playing: leave Python idle, then load it, and say when.

playing -> idle window -> two spinning threads and a sorter -> loaded window -> silence; each mark is one line of JSON on stdout

Only the standard library: the peers run in whichever Python they are installed in.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from tests.support.load import busy

SAMPLE_RATE, FREQUENCY_HZ, AMPLITUDE = 48000, 440.0, 0.1
SETTLE_S = 1.0  # after the start, and after the load came
READINGS, AT_ONCE_S = 5, 0.005

Counters = Callable[[], dict[str, float]]
"""Returns what a peer counts itself, since its start; empty where it counts nothing."""


def options() -> argparse.Namespace:
    """Read a peer's command line: how long each window lasts, and JACK's period."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--idle-seconds", type=float, default=2)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--frames", type=int, default=256)
    parser.add_argument("--device", choices=("portaudio", "jack"), default="portaudio", help="for ours")
    return parser.parse_args()


def mark(name: str, **facts: Any) -> None:
    """Tell the benchmark that a moment has come."""
    print(json.dumps({"mark": name, **facts}), flush=True)


def missing(what: str, remedy: str) -> NoReturn:
    """Say that the peer is not installed, and end."""
    mark("missing", problem=f"{what}; {remedy}")
    sys.exit(0)


def windows(options: argparse.Namespace, counters: Counters = dict) -> None:
    """Hold the two windows while sound plays in threads of its own."""
    mark("playing")
    time.sleep(SETTLE_S)
    _window("idle", options.idle_seconds, counters)
    with busy(spinners=2, sorters=1) as sorts:
        time.sleep(SETTLE_S)
        _window("loaded", options.seconds, lambda: {**counters(), "sorts": sorts[0]})


def _window(name: str, seconds: float, counters: Counters) -> None:
    mark(f"{name} begins", **_read(counters))
    time.sleep(seconds)
    mark(f"{name} ends", **_read(counters))


def _read(counters: Counters) -> dict[str, Any]:
    """Return the counters and their time, read again if another thread came in between."""
    for _ in range(READINGS):
        begin_s = time.monotonic()
        read = {"own": counters(), "at_s": time.monotonic()}
        if read["at_s"] - begin_s < AT_ONCE_S:
            break
    return read


def jack_output(sounddevice: Any) -> int:
    """Return the number of PortAudio's JACK output, which need not be its default."""
    for api in sounddevice.query_hostapis():
        if "JACK" in api["name"] and api["default_output_device"] >= 0:
            return int(api["default_output_device"])
    missing("PortAudio shows no JACK device", "it needs a build with JACK, as Debian's libportaudio2 is")
