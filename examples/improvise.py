"""Improvise endlessly in the style of recorded takes.

    python examples/improvise.py [TAKE ...] [--seconds S] [--device D]

takes -> synth.trace -> how somebody plays (style.py) -> strikes at exact frames, parameters as a stream at 50 Hz

Without a take it learns from scripted_take.py. All takes must be of one preset; its own gestures go on as they are.
"""

import math
import tempfile
import time
from contextlib import suppress

import numpy as np
from scripted_take import perform
from stage import run, status, tell
from style import HZ, moves, strikes

import synth

RATE, AHEAD_S, NEVER = 48000, 0.1, (0, math.inf, 0, 0, 0)


def traced(takes):
    """Return the traces of takes, or of one that is played now, without a sound."""
    with tempfile.TemporaryDirectory() as folder:
        traces = [synth.trace(take, HZ) for take in takes or [perform(f"{folder}/scripted.take")]]
    for trace in traces:
        traces[0].space.check(trace.space.hash, "a take")
    return traces


def improvise(asked):
    """Learn, then play."""
    traces, rng = traced(asked.takes), np.random.default_rng()
    space, units = traces[0].space, [trace.space.to_unit(trace.values) for trace in traces]
    moves_a_bit = (np.ptp(np.concatenate(units), axis=0) > 1e-4) & ~space.is_discrete
    moved = np.flatnonzero(moves_a_bit | (np.array(space.paths) == "master.level_db"))
    part = space.subset([space.paths[place] for place in moved])
    struck, moving = strikes(traces, rng), moves([each[:, moved] for each in units], rng)
    next(moving)  # learns, which takes a second

    engine = synth.Engine(RATE)
    layers = list(engine.load(traces[0].preset).values())
    with synth.Live(engine, asked.device) as live:
        start = engine.frame + RATE // 2  # the model's time begins
        stream = engine.stream("improviser", part.paths, rate_hz=HZ, delay_s=AHEAD_S, start=start)
        layer, due_s, *how = next(struck, NEVER)
        count = step = 0
        with suppress(KeyboardInterrupt):
            while step < HZ * asked.seconds:
                while engine.frame < start + step * RATE // HZ:  # the sound's clock, so that the two never part
                    time.sleep(0.004)
                stream.push(part.from_unit(next(moving)), time_s=step / HZ)
                step += 1
                while due_s < step / HZ:
                    velocity, length_s, pitch = how
                    frame = start + round((AHEAD_S + due_s) * RATE)  # where a stream's frame of that stamp acts
                    engine.release(engine.strike(layers[layer], velocity, frame, pitch), frame + round(length_s * RATE))
                    layer, gap_s, *how = next(struck, NEVER)
                    due_s, count = due_s + gap_s, count + 1
                if step % (HZ // 2) == 0:
                    status(f"{step / HZ:6.0f} s  {count} strikes  newest frame {1000 * stream.stats['age_s']:3.0f} ms old ")
        tell(stream, live, strikes=count, seconds=step / HZ, late_strikes=live.stats.late_events)


if __name__ == "__main__":
    run(improvise, __doc__, takes="*")
