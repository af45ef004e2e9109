"""Ours: a whole preset, live.  demo -> Engine -> Live -> PortAudio, or JACK itself -> JACK."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peer

PRESET = "demo"


def play(options: Any) -> None:
    """Play the preset while the windows last."""
    import sounddevice

    import synth

    engine = synth.Engine(peer.SAMPLE_RATE, seed=0)
    engine.load(synth.load_preset(PRESET))
    device = "jack" if options.device == "jack" else peer.jack_output(sounddevice)
    with synth.Live(engine, device=device) as live:
        peer.windows(options, lambda: counters(live))


def counters(live: Any) -> dict[str, float]:
    """Return what the audio thread counted; the loads are those since the start."""
    return {name: value for name, value in vars(live.stats).items() if isinstance(value, (int, float))}


if __name__ == "__main__":
    play(peer.options())
