"""Two hands on wood, glass and a bowl, played by a script: what improvise.py learns from.  Writes scripted.take."""

from pathlib import Path

import numpy as np

import synth
from synth.preset.library import dump
from synth.take.writer import TakeWriter

RATE, SECONDS, SIXTEENTH_S = 48000, 120, 0.17
PRESET = synth.Preset(
    "two hands",
    (
        synth.LayerSpec("wood", "tap", -4, {"azimuth_deg": 60, "distance_m": 0.15}, {"material": "hard_wood", "hardness": 0.5}),
        synth.LayerSpec("glass", "tap", -9, {"azimuth_deg": -60, "distance_m": 0.18}, {"material": "glass", "hardness": 0.7}),
        synth.LayerSpec("bowl", "bowl", -8, {"azimuth_deg": 0, "distance_m": 0.5}, {"tone_hz": 220, "ring_s": 8}),
    ),
)
PHRASES = (  # a bar of sixteenths each: capitals are accents
    "W.w.G.w.W.w.Gg..",
    "W..wG..wW.wwG...",
    "B...w.w.G.g.w.w.",
    "W.wwW.wwG.gg....",
    "........w.wwW...",
)
NEXT = ((0, 1, 0, 3), (0, 2), (1, 1, 4), (2, 4), (0, 2, 3))  # what may follow each


def strikes(rng):
    """Yield when, what and how hard: phrases by their rules, with a hand's unevenness."""
    phrase = 0
    for bar in range(int(SECONDS / (16 * SIXTEENTH_S))):
        for place, mark in enumerate(PHRASES[phrase]):
            if mark != ".":
                swing_s = 0.02 * (place % 2) + rng.normal(0, 0.006)
                velocity = (0.75 if mark.isupper() else 0.45) * np.exp(rng.normal(0, 0.12))
                yield (16 * bar + place) * SIXTEENTH_S + swing_s + 0.05, "wgb".index(mark.lower()), min(velocity, 1.0)
        phrase = int(rng.choice(NEXT[phrase]))


def sway(rng, times_s, period_s, spread):
    """Return a slow, uneven to and fro within about -1 .. 1."""
    phase = 2 * np.pi * np.cumsum(np.exp(rng.normal(0, 0.3, len(times_s)))) * np.gradient(times_s) / period_s
    restless = np.convolve(rng.standard_normal(len(times_s)), np.hanning(21) / 6, "same")
    return (1 - spread) * np.sin(phase + rng.uniform(0, 6)) + spread * restless


def perform(path, seed=1):
    """Play and record the take; return its path."""
    rng = np.random.default_rng(seed)
    engine = synth.Engine(RATE, seed=seed)
    take = TakeWriter(Path(path), engine)
    layers = list(engine.load(PRESET).values())
    take.preset(dump(PRESET))
    for time_s, layer, velocity in strikes(rng):
        note = engine.strike(layers[layer], velocity, at=round(time_s * RATE))
        engine.release(note, at=round((time_s + 0.1) * RATE))
    times_s = np.arange(0, SECONDS, 0.05)
    moves = [
        (0, "azimuth_deg", 60, 35, 7),
        (0, "hardness", 0.5, 0.3, 11),
        (1, "azimuth_deg", -60, 35, 9),
        (1, "distance_m", 0.22, 0.1, 13),
    ]
    for layer, name, middle, reach, period_s in moves:
        for time_s, position in zip(times_s, sway(rng, times_s, period_s, 0.3), strict=True):
            engine.set(layers[layer], at=round(time_s * RATE), ramp_s=0.05, **{name: float(middle + reach * position)})
    for second in range(SECONDS):
        engine.process(RATE)
        take.flush((second + 1) * RATE)
    take.close()
    return path


if __name__ == "__main__":
    Path("scripted.take").unlink(missing_ok=True)
    perform("scripted.take")
    print(f"scripted.take: {SECONDS} s")
