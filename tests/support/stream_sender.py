"""A model in a process of its own: python -m tests.support.stream_sender NAME [OPTION=NUMBER ...]; ends when its stdin does.

It sends a 0.5 Hz wander of gain and azimuth through shared memory, stamped by its own clock, and when it has been stopped catches
up with what it owes. Prints "connected", then one JSON object when another line is due: an error, or its end.
"""

from __future__ import annotations

import math
import select
import sys
import time

import numpy as np

import synth
from synth.parameters.errors import InputError

OPTIONS = {
    "rate_hz": 100.0,
    "offset_s": 0.0,  # of its clock
    "jump_s": 0.0,  # of its clock, after `jump_at_s`
    "jump_at_s": 1e9,
    "drift": 0.0,
    "burst": 0.0,  # so many frames at once ...
    "burst_at_s": 1e9,  # ... then
    "wait_s": 5.0,
    "seconds": 1e9,
}


def values_at(time_s: float) -> list[float]:
    """Return level and azimuth."""
    return [-6.0 + 6.0 * math.sin(math.pi * time_s), 60.0 * math.sin(math.pi * time_s + 1.0)]


def send(name: str, options: dict[str, float]) -> None:
    """Send until stdin ends."""
    connection = synth.connect(name, wait_s=options["wait_s"])
    sys.stdout.write("connected\n")
    sys.stdout.flush()
    begin_s, sent, has_burst = time.monotonic(), 0, False
    while sent / options["rate_hz"] < options["seconds"]:
        due_s = sent / options["rate_hz"]
        if select.select([sys.stdin], [], [], max(0.0, begin_s + due_s - time.monotonic()))[0]:
            return
        clock_s = due_s * (1 + options["drift"]) + options["offset_s"]
        connection.push(values_at(due_s), time_s=clock_s + (options["jump_s"] if due_s >= options["jump_at_s"] else 0.0))
        sent += 1
        if not has_burst and due_s >= options["burst_at_s"]:
            has_burst = True
            count = int(options["burst"])
            times = due_s - np.arange(count, 0, -1) / count
            connection.push(np.array([values_at(t) for t in times]), time_s=times + options["offset_s"])
    sys.stdin.read()


if __name__ == "__main__":
    given = {key: float(value) for key, value in (pair.split("=") for pair in sys.argv[2:])}
    try:
        send(sys.argv[1], OPTIONS | given)
    except InputError as error:
        sys.stdout.write(f"{time.monotonic()} {error}\n")
        sys.stdout.flush()
