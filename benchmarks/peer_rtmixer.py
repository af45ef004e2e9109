"""Peer: rtmixer, whose callback is C.  a buffer of sine -> mixer -> PortAudio -> JACK."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peer

SPARE_S = 60.0  # it plays one buffer, which must not end before the windows do, however late a loaded Python wakes


def play(options: Any) -> None:
    """Play a sine while the windows last."""
    try:
        import numpy as np
        import rtmixer
        import sounddevice
    except ImportError:
        peer.missing("rtmixer is not installed", "python -m pip install rtmixer numpy")
    except OSError:
        peer.missing("PortAudio is not installed", "apt-get install libportaudio2")
    frames = round((options.idle_seconds + options.seconds + SPARE_S) * peer.SAMPLE_RATE)
    sine = peer.AMPLITUDE * np.sin(2 * np.pi * peer.FREQUENCY_HZ * np.arange(frames) / peer.SAMPLE_RATE)
    sound = np.repeat(sine.astype(np.float32)[:, None], 2, axis=1)
    counted = {"callbacks": 0, "underruns": 0}
    device = peer.jack_output(sounddevice)
    with rtmixer.Mixer(device=device, channels=2, samplerate=peer.SAMPLE_RATE, blocksize=0, latency="low") as mixer:

        def counters() -> dict[str, float]:
            """Fetch the stream's own counters, which start anew at each fetch."""
            action = mixer.fetch_and_reset_stats()
            mixer.wait(action)
            counted["callbacks"] += action.stats.blocks
            counted["underruns"] += action.stats.output_underflows
            return dict(counted)

        mixer.play_buffer(sound, channels=2)
        peer.windows(options, counters)


if __name__ == "__main__":
    play(peer.options())
