"""Peer: signalflow, whose graph is C++.  SineOscillator -> AudioGraph -> miniaudio -> JACK; it counts nothing itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peer


def play(options: Any) -> None:
    """Play a sine while the windows last."""
    try:
        import signalflow
    except (ImportError, OSError):
        peer.missing("signalflow is not installed", "python -m pip install signalflow")
    config = signalflow.AudioGraphConfig()
    config.backend_name = "jack"
    config.sample_rate = peer.SAMPLE_RATE
    config.output_buffer_size = options.frames
    graph = signalflow.AudioGraph(config=config, start=True)
    graph.play(signalflow.StereoPanner(signalflow.SineOscillator(peer.FREQUENCY_HZ) * peer.AMPLITUDE))
    peer.windows(options)
    graph.stop()
    graph.destroy()


if __name__ == "__main__":
    play(peer.options())
