"""Stands for a session: our MIDI ports in a Python that is kept busy.  messages -> number, our stamp, when Python had it.

python benchmarks/midi_listener.py NAME SWITCH_INTERVAL_S [spin] [sort], then on stdin: a line to end; it answers with JSON.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peer
from benchmarks.midi_source import number_of
from tests.support.load import busy


def main() -> None:
    """Listen while busy until told to end, then tell what came."""
    from synth.io.midi.ports import Ports

    name, interval_s, kinds = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    came: list[tuple[int, float, float]] = []

    def deliver(port: int, time_s: float, data: bytes) -> None:
        came.append((number_of(data), time_s, time.monotonic()))

    sys.setswitchinterval(interval_s)
    work = busy(sorters="sort" in kinds) if kinds else contextlib.nullcontext()
    with Ports(deliver, time.monotonic, name) as ports, work:
        time.sleep(peer.SETTLE_S)
        print(json.dumps(ports.names), flush=True)
        sys.stdin.readline()
        time.sleep(peer.SETTLE_S)
    print(json.dumps(came), flush=True)


if __name__ == "__main__":
    main()
