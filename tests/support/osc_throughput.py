"""500 parameters 200 times a second through OSC into a session that plays, beside two spinning threads.

`python -m tests.support.osc_throughput SECONDS`, beside a JACK server; prints one JSON object. The sender is its own process.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from typing import Any

import numpy as np

from synth.engine.engine import Engine
from synth.io.thread_priority import MIDI, raise_priority
from synth.live.live import Live
from synth.live.protocols.osc.server import Osc
from synth.live.session_stream import SessionStream
from tests.support.load import busy
from tests.support.osc_sender import NOON, RATE, SECOND, bundle, floats, message

PARAMETERS, PER_S, DELAY_S = 500, 200, 0.02


def send(port: int, parameters: int, seconds: float) -> None:
    """Send frames by the clock, stamped with the time at which they were due."""
    raise_priority(0, MIDI)  # a sender that is in time, whatever else the machine does
    values = np.zeros(parameters)
    begin_s = time.monotonic() + 0.2
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as to:
        to.connect(("127.0.0.1", port))
        for n in range(round(seconds * PER_S)):
            packet = bundle(message("/synth/vector", floats(values + 0.1 * np.sin(n / 50))), tag=NOON + n * SECOND // PER_S)
            time.sleep(max(0.0, begin_s + n / PER_S - time.monotonic()))
            to.send(packet)


def run(seconds: float) -> dict[str, Any]:
    """Play, and return what was counted."""
    engine, told = Engine(RATE), []
    while sum(len(layer.slots) for layer in engine.layers) < PARAMETERS - 2:
        engine.add("tap", gesture={"kind": "taps", "rate_hz": 1})
    session_stream = SessionStream("osc", rate_hz=PER_S, delay_s=DELAY_S)
    with Live(engine, "jack", notify=told.append) as live:
        session_stream.aim(engine)
        with Osc(session_stream, "127.0.0.1", 0, told.append, value=lambda _: 0.0, tree=False) as osc, busy(spinners=2):
            sender = [sys.executable, "-m", __spec__.name, "send", str(osc.port), str(len(session_stream.space)), str(seconds)]
            subprocess.run(sender, check=True)
            time.sleep(0.2)
            stats = session_stream.stats | osc.stats
        missed = live.stats.underruns
    names = ("packets", "received", "applied", "late", "early", "dropped", "merged", "longest_wait_s", "jitter_s", "left_out")
    return {"parameters": len(session_stream.space), "missed cycles": missed, **{name: stats[name] for name in names}}


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    else:
        sys.stdout.write(json.dumps(run(float(sys.argv[1]))) + "\n")
