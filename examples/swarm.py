"""Five hundred noise sources swarming a hand's breadth from the head, through the ears alone.  Writes swarm.wav."""

import numpy as np
import soundfile

import hrtf

RATE, SOURCES, SECONDS = 48000, 500, 4

rng = np.random.default_rng(1)
bus = hrtf.Bus(hrtf.load("ku100"), sources=SOURCES, sample_rate=RATE)
places = np.stack([rng.uniform(-180, 180, SOURCES), rng.uniform(-60, 60, SOURCES), rng.uniform(0.12, 0.3, SOURCES)], 1)
speeds_deg_s = rng.normal(0, 90, SOURCES)

blocks = []
for _ in range(SECONDS * RATE // 64):
    places[:, 0] += speeds_deg_s * 64 / RATE
    signals = (rng.standard_normal((SOURCES, 64)) * (rng.random((SOURCES, 1)) < 0.02) * 0.1).astype(np.float32)
    blocks.append(bus.process(signals, places.astype(np.float32)))
audio = np.concatenate(blocks)
soundfile.write("swarm.wav", audio / np.abs(audio).max() * 0.5, RATE)
print(f"swarm.wav: {SOURCES} sources, {SECONDS} s")
