"""Strike a glass at exact frames while it is carried from the left ear to the right one.  Writes around_the_head.wav."""

import numpy as np
import soundfile

import synth

RATE = 48000

engine = synth.Engine(sample_rate=RATE, ears="ku100", seed=1)
glass = engine.add("tap", material="glass", hardness=0.9, ring_s=0.4, azimuth_deg=90, distance_m=0.12, level_db=-6)
for beat in range(16):
    note = engine.strike(glass, velocity=0.4 + 0.03 * beat, at=beat * RATE // 2)
    engine.release(note, at=beat * RATE // 2 + RATE // 10)
engine.set(glass, at=0, ramp_s=8.0, azimuth_deg=-90)  # through the front

audio = engine.process(9 * RATE + engine.latency_frames)[engine.latency_frames :]
soundfile.write("around_the_head.wav", audio, RATE)
left, right = np.abs(audio[:RATE]).max(axis=0)
print(f"around_the_head.wav: begins {20 * np.log10(left / right):.0f} dB louder on the left")
