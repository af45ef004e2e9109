"""A live session without a device, for what listens to a listener: an engine rendered by hand, whose frames are its clock."""

from __future__ import annotations

from types import SimpleNamespace

from synth.engine.engine import Engine

RATE = 48000
OUTPUT_S, EVENT_FRAMES = 0.02, 480


class Listened:
    """As much of `Live` as a recorder uses; time goes on by `play`."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.is_playing = engine, True
        self.device = SimpleNamespace(name="a device")
        self.output_latency_s, self.event_latency_frames = OUTPUT_S, EVENT_FRAMES
        self.key_latency_s = OUTPUT_S + 0.005

    def play(self, seconds: float) -> None:
        """Let time pass."""
        self.engine.process(round(seconds * RATE))

    def time_s(self) -> float:
        return 1000.0 + self.engine.frame / RATE

    def frame_at(self, time_s: float) -> int:
        return round((time_s - 1000.0) * RATE)

    def event_frame(self, time_s: float) -> int:
        return self.frame_at(time_s) + EVENT_FRAMES
