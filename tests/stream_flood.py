"""A model in a process of its own that sends frames at an even rate: python -m tests.stream_flood shared|osc WHERE RATE SECONDS.

Prints how many frames it sent, how many were refused, and the longest it was late itself.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np

import synth

FIRST = 4  # seconds for the other side to make itself ready


def shared(name: str) -> tuple[Callable[[float, np.ndarray], int], int]:
    connection = synth.connect(name)
    return lambda stamp_s, values: connection.push(values, time_s=stamp_s), len(connection.space)


def osc(where: str) -> tuple[Callable[[float, np.ndarray], int], int]:
    """Send the whole vector as a blob in a bundle with a time tag."""
    import socket

    from pythonosc.osc_bundle_builder import OscBundleBuilder
    from pythonosc.osc_message_builder import OscMessageBuilder

    port, size = where.split(":")
    way, began_s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), time.time()

    def send(stamp_s: float, values: np.ndarray) -> int:
        message = OscMessageBuilder("/synth/vector")
        message.add_arg(values.astype(">f4").tobytes(), OscMessageBuilder.ARG_TYPE_BLOB)
        bundle = OscBundleBuilder(began_s + stamp_s)
        bundle.add_content(message.build())
        way.sendto(bundle.build().dgram, ("127.0.0.1", int(port)))
        return 1

    return send, int(size)


def main(how: str, where: str, rate_hz: float, seconds: float) -> dict[str, float]:
    """Send frames, each at its time."""
    send, size = {"shared": shared, "osc": osc}[how](where)
    rng = np.random.default_rng(5)
    frames = rng.uniform(0.2, 0.4, (64, size))
    sent, worst_s, began_s = 0, 0.0, time.monotonic()
    for index in range(round(rate_hz * seconds)):
        due_s = began_s + index / rate_hz
        time.sleep(max(0.0, due_s - time.monotonic()))
        worst_s = max(worst_s, time.monotonic() - due_s)
        sent += send(index / rate_hz, frames[index % 64])
    return {"sent": sent, "frames": round(rate_hz * seconds), "worst_ms": 1000 * worst_s}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))))  # noqa: T201
