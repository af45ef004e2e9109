"""Spray: short bursts of noise, each with a colour and a life of its own.  burst -> noise -> attack and decay -> band -> out.

What flies up where water strikes water, and foam that collapses: in recordings of pouring every burst of 2 to 20 ms stands in
bands of its own, so that bands far apart move together only in part. Steady noise times one envelope does not do that.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import filters, noise
from synth.rt import kernel
from synth.rt.units import F32

BURST = np.dtype(
    [
        ("rng", "u8"),
        ("band", filters.SVF),
        ("amplitude", "f8"),
        ("down", "f8"),  # e^(-t/decay), and what it is multiplied with every sample
        ("fall", "f8"),
        ("up", "f8"),  # e^(-t/attack), likewise
        ("rise", "f8"),
        ("begin", "i8"),  # frames until it sounds
        ("left", "i8"),  # frames while it sounds
        ("emitter", "i8"),
    ],
    align=True,
)
_LIFE = 5.5  # decay times until it is cut, 48 dB down


def spray_dtype(bursts: int) -> np.dtype[Any]:
    """Return the state of at most so many bursts at once."""
    return np.dtype([("burst", BURST, (bursts,))], align=True)


@kernel
def free(spray):
    """Return a burst that is over, to be struck; -1 if there is none."""
    for index in range(spray.burst.size):
        if spray.burst[index].left <= 0:
            return index
    return -1


@kernel
def strike(burst, seed, amplitude, centre_hz, q, attack_s, decay_s, begin, sample_rate):
    """Begin a burst `begin` frames from now.

    Parameters
    ----------
    burst : a BURST record that is over.
    seed : of a stream of its own.
    amplitude : rms that the noise would have if it did not die away, whatever its band.
    centre_hz, q : its colour.
    attack_s, decay_s : e^(-t/decay) - e^(-t/attack) is its envelope.
    begin : frames to wait.
    sample_rate : hertz.
    """
    burst.rng = seed
    angle = 2.0 * math.pi * min(centre_hz, 0.45 * sample_rate) / sample_rate
    filters.tune(burst.band, centre_hz, q * math.sin(angle) / angle, sample_rate)  # as wide at every sample rate
    burst.band.s1 = 0.0
    burst.band.s2 = 0.0
    burst.amplitude = amplitude * math.sqrt(3.0 * q * sample_rate / (math.pi * centre_hz))  # white noise has the variance 1/3
    burst.down, burst.up = 1.0, 1.0
    burst.fall = math.exp(-1.0 / (decay_s * sample_rate))
    burst.rise = math.exp(-1.0 / (attack_s * sample_rate))
    burst.begin = begin
    burst.left = int(_LIFE * decay_s * sample_rate)


@kernel
def add(spray, emitters, drive, start, stop):
    """Add frames start..stop of all bursts to their emitters and to the f8 `drive`, which excites what is around."""
    for index in range(spray.burst.size):
        burst = spray.burst[index]
        if burst.left <= 0:
            continue
        wait = min(burst.begin, stop - start)
        burst.begin -= wait
        first = start + wait
        last = min(stop, first + burst.left)
        burst.left -= last - first
        out = emitters.slot[burst.emitter].out
        down, up, fall, rise = burst.down, burst.up, burst.fall, burst.rise
        for n in range(first, last):
            x = filters.band(burst.band, burst.amplitude * (down - up) * noise.white(burst))
            out[n] += F32(x)
            drive[n] += x
            down *= fall
            up *= rise
        burst.down, burst.up = down, up
