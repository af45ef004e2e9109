"""Peer: pyo, whose callback is C and takes the GIL once a block.  Sine -> server -> JACK; it counts nothing itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peer


def play(options: Any) -> None:
    """Play a sine while the windows last."""
    try:
        import pyo
    except (ImportError, OSError):
        peer.missing("pyo is not installed", "python -m pip install pyo")
    server = pyo.Server(sr=peer.SAMPLE_RATE, nchnls=2, duplex=0, buffersize=options.frames, audio="jack")
    server.deactivateMidi()
    server.boot()
    server.start()
    sounding = [pyo.Sine(freq=peer.FREQUENCY_HZ, mul=peer.AMPLITUDE).out(channel) for channel in range(2)]
    peer.windows(options)
    server.stop()
    sounding.clear()
    server.shutdown()


if __name__ == "__main__":
    play(peer.options())
