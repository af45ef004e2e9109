"""Peer: sounddevice with a Python callback.  NumPy sine -> callback under the GIL -> PortAudio -> JACK."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peer

TABLE_FRAMES = peer.SAMPLE_RATE  # whole periods, so that the sine goes on without a seam


def play(options: Any) -> None:
    """Play a sine while the windows last."""
    try:
        import numpy as np
        import sounddevice
    except ImportError:
        peer.missing("sounddevice is not installed", "python -m pip install sounddevice numpy")
    except OSError:
        peer.missing("PortAudio is not installed", "apt-get install libportaudio2")
    radians = 2 * np.pi * peer.FREQUENCY_HZ * np.arange(TABLE_FRAMES + 8192) / peer.SAMPLE_RATE
    table = (peer.AMPLITUDE * np.sin(radians)).astype(np.float32)[:, None]
    counted = {"callbacks": 0, "underruns": 0}
    at = 0

    def callback(out: Any, frames: int, times: Any, status: Any) -> None:
        nonlocal at
        out[:] = table[at : at + frames]
        at = (at + frames) % TABLE_FRAMES
        counted["callbacks"] += 1
        counted["underruns"] += bool(status.output_underflow)

    device = peer.jack_output(sounddevice)
    with sounddevice.OutputStream(peer.SAMPLE_RATE, 0, device, channels=2, dtype="float32", latency="low", callback=callback):
        peer.windows(options, lambda: dict(counted))


if __name__ == "__main__":
    play(peer.options())
