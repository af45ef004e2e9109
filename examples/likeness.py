"""How alike two taps are.  values -> tap, rendered offline -> spectrum over time -> decibels between it and another.

The objective of optimise.py.
"""

import numpy as np

import synth
from synth.io.files.sound_reader import read_sound

RATE, FRAMES = 48000, 24000
NAMES = ("hardness", "ring_s", "size", "thump", "skin")
BANDS = np.rint(np.geomspace(2, 480, 25)).astype(int)  # where they begin, in bins of 50 Hz


def tapper():
    """Return what renders a tap with such values, each as if it were the first: (frames,) samples."""
    engine = synth.Engine(RATE, "sphere", arena_bytes=1 << 22)
    layer = engine.add("tap", variation=0)
    engine.process(RATE)  # past the fade-in
    blank = engine.snapshot()

    def tap(values):
        engine.restore(blank)
        engine.set(layer, ramp_s=0, **dict(zip(NAMES, map(float, values), strict=True)))
        engine.release(engine.strike(layer, at=RATE + 64), at=RATE + 4800)
        return engine.process(64 + engine.latency_frames + FRAMES)[-FRAMES:].mean(1)

    return tap


def spectrum_over_time(samples):
    """Return decibels in 24 bands every 10 ms, at most 70 below the loudest."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(samples, (480, 960)), 960)[::480] * np.hanning(960)
    power = np.add.reduceat(np.abs(np.fft.rfft(windows)) ** 2, BANDS[:-1], axis=1)
    return np.maximum(10 * np.log10(power / power.max() + 1e-12), -70)


def distance_to(target):
    """Return what measures how far samples are from a target, in decibels."""
    aim = spectrum_over_time(target)
    return lambda samples: float(np.sqrt(np.mean((spectrum_over_time(samples) - aim) ** 2)))


def shown(path):
    """Return the target: the beginning of a sound file, or a tap that only this process knows."""
    if path is None:
        secret = np.random.default_rng().uniform(0.1, 0.9, len(NAMES))
        return tapper()(synth.space("tap").subset([f"tap.{name}" for name in NAMES]).from_unit(secret))
    samples = read_sound(path, RATE)
    samples = samples[np.argmax(np.abs(samples) > 0.1 * np.abs(samples).max()) :][:FRAMES]
    return np.pad(samples, (0, FRAMES - len(samples)))
