"""Listens with `synth.io.midi.ports.Ports` and writes all that happens to stdout, one JSON list a line, in its order.

python -m tests.support.midi_listener [WANTED]

    ["ready", {port: name}]  ["came", port, name]  ["message", port, stamp_s, bytes, fetched_s]  ["gone", port]  ["problem", text]

It ends when its stdin does, with ["end"].
"""

from __future__ import annotations

import json
import sys
import threading
import time

from synth.io.midi.ports import Ports

_LOCK = threading.Lock()


def notify(*what: object) -> None:
    with _LOCK:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    with Ports(
        lambda port, stamp_s, data: notify("message", port, stamp_s, data.hex(), time.monotonic()),
        time.monotonic,
        wanted,
        came=lambda port, name: notify("came", port, name),
        gone=lambda port: notify("gone", port),
        problem=lambda text: notify("problem", text),
    ) as ports:
        notify("ready", ports.names)
        sys.stdin.read()
    notify("end")


if __name__ == "__main__":
    main()
