"""An optimiser in another process makes a tap sound like what it is shown, and you hear it come closer.

    python examples/optimise.py [TARGET.wav] [--seconds S] [--device D]

there: evolution strategy -> taps rendered offline, compared (likeness.py) -> the best so far, into shared memory
here: the target at the left ear, then the best so far at the right one

Without a .wav the target is a hidden setting of the same trigger. The other process has the lowest priority and wakes nobody:
the engine looks into the memory by itself.
"""

import math
import multiprocessing
import os
import signal
import time
from contextlib import suppress

import numpy as np
from likeness import NAMES, RATE, distance_to, shown, tapper
from stage import run, status, tell

import synth

BEAT = 36000  # frames


def optimise(name, target, told):
    """Search around the middle of the best, as wide as they lie apart, until nobody listens any more."""
    if hasattr(os, "nice"):
        os.nice(19)
    distance, tap, rng, size = distance_to(target), tapper(), np.random.default_rng(), len(NAMES)
    middle, spread, least = np.full(size, 0.5), np.full(size, 0.25), math.inf
    with suppress(synth.InputError), synth.connect(name) as connection:
        while connection.is_open:
            tries = np.clip(middle + spread * rng.standard_normal((16, size)), 0, 1)
            far = [distance(tap(values)) for values in connection.space.from_unit(tries)]
            best = tries[np.argsort(far)[:5]]
            middle, spread = best.mean(0), np.clip(0.7 * spread + 0.5 * best.std(0), 0.02, 0.3)
            if min(far) < least:
                least, winner = min(far), connection.space.from_unit(best[0])
            connection.push(winner)
            told[:] = [told[0] or least, least, told[2] + len(tries)]
            time.sleep(0.2)  # nobody is in a hurry


def listen(asked):
    """Play both in turn until the time is over, or Ctrl-C."""
    target, engine, name = shown(asked.target), synth.Engine(RATE), f"optimise-{os.getpid()}"
    sound = synth.Input(sound=(0.3 * target / np.abs(target).max()).astype(np.float32), is_loop=False)
    left = engine.add("input", input=sound, azimuth_deg=60, distance_m=0.25)
    right = engine.add("tap", azimuth_deg=-60, distance_m=0.25, variation=0)
    stream = engine.stream("optimiser", [f"tap.{each}" for each in NAMES], shared=name, rate_hz=3, timeout_s=5)
    spawn = multiprocessing.get_context("spawn")
    told = spawn.Array("d", 3)  # distance at first, and now; how many were tried
    with synth.Live(engine, asked.device) as live:
        ctrl_c = signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is meant for the process that plays, not for the other
        spawn.Process(target=optimise, args=(name, target, told), daemon=True).start()
        signal.signal(signal.SIGINT, ctrl_c)
        begin = frame = engine.frame + RATE // 2
        with suppress(KeyboardInterrupt):
            while frame < begin + asked.seconds * RATE:
                for layer, at in ((left, frame), (right, frame + BEAT // 2)):
                    engine.release(engine.strike(layer, at=at), at=at + BEAT // 3)
                frame += BEAT
                while engine.frame < frame - RATE // 5:
                    time.sleep(0.05)
                at_first, now, tried = told
                status(f"{(frame - begin) / RATE:6.0f} s  {tried:.0f} tried  {now:5.2f} dB away, at first {at_first:.2f} ")
        tell(stream, live, tried=told[2], at_first=told[0], now=told[1])
    stream.close()


if __name__ == "__main__":
    run(listen, __doc__, target="?")
