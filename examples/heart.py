"""A scene that slows down with its listener's heart.

    python examples/heart.py [--seconds S] [--device D]

belt -> beats -> smoothed rate -> breath and heart of the preset sleepy_breath, a stream of one frame a beat

The belt is simulated. A real one is two lines: import yours, and let `belt` be its iterator of (time_s, beats per minute).
"""

import math
import threading
import time
from contextlib import suppress

import numpy as np
from stage import run, status, tell

import synth

BEAT = "heart.rate_bpm"
CALM = {"breath.rate_hz": 0.13, "breath.brightness": 0.12, "breath.distance_m": 0.2, "heart.distance_m": 0.3}
AWAKE = {"breath.rate_hz": 0.27, "breath.brightness": 0.5, "breath.distance_m": 0.1, "heart.distance_m": 0.15}
CALM_BPM, AWAKE_BPM, SMOOTHED_OVER_S = 50, 85, 8.0
LEAD = 0.95  # the heart that is heard beats a little slower than the listener's, to slow it down
CONTRACT = {"rate_hz": 1, "delay_s": 0.5, "interpolation": "smooth", "timeout_s": 3, "hold_s": 1, "glide_s": 4, "return_s": 3}


def simulated_belt(rng, lost_at_s=10.0):
    """Yield each beat's time and rate when it happens: breath makes it sway, rest slows it, now and then the belt slips."""
    begin_s, beat_s, restless, lost_until_s = time.monotonic(), 0.0, 0.0, 0.0
    while True:
        restless += rng.normal(0, 0.6) - 0.1 * restless
        bpm = 58 + 18 * math.exp(-beat_s / 240) + 4 * math.sin(2 * math.pi * 0.2 * beat_s) + restless
        beat_s += 60 / bpm
        time.sleep(max(begin_s + beat_s - time.monotonic(), 0))
        if beat_s > lost_at_s:
            lost_until_s = beat_s + rng.uniform(8, 9)
            lost_at_s = lost_until_s + 20 + rng.exponential(60)
        if beat_s > lost_until_s:
            yield beat_s, bpm


def follow(belt, stream, heart):
    """Turn beats into frames; `heart` holds the smoothed rate."""
    space, before_s = stream.space, -math.inf
    calm, awake = (space.to_unit(space.vector(each)) for each in (CALM, AWAKE))
    for time_s, bpm in belt:
        heart["bpm"] += (1 - math.exp((before_s - time_s) / SMOOTHED_OVER_S)) * (bpm - heart["bpm"])
        before_s = time_s
        values = space.from_unit(calm + (heart["bpm"] - CALM_BPM) / (AWAKE_BPM - CALM_BPM) * (awake - calm))
        values[space.index(BEAT)] = LEAD * heart["bpm"]
        stream.push(values, time_s=time_s)


def slow_down(asked):
    """Play until the time is over, or Ctrl-C."""
    belt, heart, off = simulated_belt(np.random.default_rng()), {"bpm": 0.0}, []
    engine = synth.Engine()
    sleeper = engine.load(synth.load_preset("sleepy_breath"))["heart"]
    with synth.Live(engine, asked.device) as live:
        stream = engine.stream("heart", [BEAT, *CALM], **CONTRACT)
        threading.Thread(target=follow, args=(belt, stream, heart), daemon=True).start()
        with suppress(KeyboardInterrupt):
            end_s = (begin_s := time.monotonic()) + asked.seconds
            while (now_s := time.monotonic()) < end_s:
                beats_bpm, phase = engine.values(sleeper)["rate_bpm"], stream.stats["phase"]
                off += [abs(beats_bpm / (LEAD * heart["bpm"]) - 1)] if phase == "driving" else []
                status(f"{now_s - begin_s:6.0f} s  heart {heart['bpm']:3.0f}  sleeper {beats_bpm:3.0f} a minute  {phase:<10} ")
                time.sleep(min(0.5, end_s - now_s))
        tell(stream, live, off=round(float(np.median(off or [math.nan])), 4))


if __name__ == "__main__":
    run(slow_down, __doc__)
