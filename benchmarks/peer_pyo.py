"""Peer: pyo, whose callback is C and takes the GIL once a block.  Sine -> server -> JACK; it counts nothing itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import load


def play(options: Any) -> None:
    """Play a sine while the windows last."""
    try:
        import pyo
    except (ImportError, OSError):
        load.missing("pyo is not installed", "python -m pip install pyo")
    server = pyo.Server(sr=load.SAMPLE_RATE, nchnls=2, duplex=0, buffersize=options.frames, audio="jack")
    server.deactivateMidi()
    server.boot()
    server.start()
    sounding = [pyo.Sine(freq=load.FREQUENCY_HZ, mul=load.AMPLITUDE).out(channel) for channel in range(2)]
    load.windows(options)
    server.stop()
    sounding.clear()
    server.shutdown()


if __name__ == "__main__":
    play(load.options())
