"""A spot: a place on a surface where drops land.  impacts -> slope of the force -> modes + spatter + bubble -> emitter.

What radiates is the surface's acceleration, so the slope of the force drives the modes. A spot is rendered up to a frame whenever
something happens to it, and is idle again when it has died away.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import chirp, emitter, filters, modal, noise, splash
from synth.rt import kernel
from synth.rt.units import F32

MODES, _IMPACTS = 6, 3
SPOT = np.dtype(
    [
        ("rng", "u8"),
        ("body", modal.bank_dtype(MODES)),
        ("impact", splash.SPLASH, (_IMPACTS,)),
        ("low", filters.SVF),
        ("bubble", chirp.CHIRP),
        ("force", "f8"),  # of the last sample
        ("slope", "f8"),  # what the force's difference is multiplied with: 1 over the angle of the lowest mode
        ("spatter", "f8"),
        ("emitter", "i8"),
        ("done", "i8"),  # the frame of the quantum up to which it is rendered
        ("open", "i8"),  # frames for which other drops may land here
        ("left", "i8"),  # frames until it is silent
    ],
    align=True,
)
_NOISE_TO_FORCE = 40.0  # the spatter's share in what drives the modes, per sample at 1 Hz
_Q = 0.6


@kernel
def is_idle(spot, frame):
    """Whether it will have died away by this frame."""
    return spot.left <= frame - spot.done


@kernel
def choose(spots, first, frame):
    """Return an idle spot, from `first` on; if there is none, an open one as -1 - index."""
    shared = first
    for step in range(spots.size):
        index = (first + step) % spots.size
        if is_idle(spots[index], frame):
            return index
        if spots[index].open > frame - spots[index].done:
            shared = index
    return -1 - shared


@kernel
def renew(spot, seed, lowest_hz, spatter, open_s, sample_rate):
    """Make an idle spot a new one; its modes are to be tuned, the lowest to `lowest_hz`."""
    spot.rng = seed
    spot.body.y1[:] = 0.0
    spot.body.y2[:] = 0.0
    spot.body.x1 = 0.0
    spot.low.s1 = 0.0
    spot.low.s2 = 0.0
    spot.force = 0.0
    for index in range(_IMPACTS):
        spot.impact[index].left = 0
    spot.bubble.left = 0
    spot.slope = sample_rate / (2.0 * math.pi * lowest_hz)
    spot.spatter = spatter
    spot.open = int(open_s * sample_rate)


@kernel
def hit(spot, impulse, noise_gain, tau_s, tone_hz, sample_rate):
    """Let a drop land, in the place of the impact that has gone furthest; its spatter goes up to `tone_hz`."""
    oldest = 0
    for index in range(_IMPACTS):
        if spot.impact[index].left < spot.impact[oldest].left:
            oldest = index
    filters.tune(spot.low, tone_hz, _Q, sample_rate)
    splash.strike(spot.impact[oldest], impulse, noise_gain, tau_s, sample_rate)


@kernel
def run(spot, emitters, drive, stop, sample_rate):
    """Render up to a frame of the quantum into its emitter (the bubble also into `drive`); let the emitter go at the end."""
    start = spot.done
    spot.done = stop
    if spot.left <= 0:
        return
    stop = min(stop, start + spot.left)
    out = emitters.slot[spot.emitter].out
    density = noise.density(sample_rate)
    spatter, into_body = spot.spatter * density, _NOISE_TO_FORCE * density / sample_rate
    for n in range(start, stop):
        force, burst = 0.0, 0.0
        for index in range(_IMPACTS):
            impact = spot.impact[index]
            if impact.left > 0:
                splash.step(impact)
                force += impact.force
                burst += impact.noise
        if burst > 0.0:
            burst *= noise.white(spot)
        force += into_body * burst
        ring = modal.tick(spot.body, spot.slope * (force - spot.force))
        spot.force = force
        out[n] += F32(ring + spatter * filters.low(spot.low, burst))
    if spot.bubble.left > 0:
        chirp.add(spot.bubble, out, drive, start, stop)
    spot.left -= stop - start
    spot.open -= stop - start
    if spot.left <= 0:
        emitter.let_go(emitters, spot.emitter)
