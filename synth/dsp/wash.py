"""A wash: events too many to tell apart, from several sides.  Poisson kicks + noise -> band of each side -> emitters.

The kicks keep it grainy: noise alone hisses. It comes and goes within `_PRESENCE_S`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import event, filters, noise
from synth.dsp.gain_ramp import gain_at
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM

_PRESENCE_S = 0.25
_DENSE_HZ = 4000.0  # the rate of kicks at which noise and kicks are about equally strong
_Q = 0.5


def wash_dtype(sides: int) -> np.dtype[Any]:
    """Return the state of a wash that sounds from the first `sides` emitters."""
    return np.dtype(
        [
            ("kicks", event.PROCESS),
            ("kicks_hz", "f8"),
            ("present", "f8"),
            ("gain", "f8", (2,)),  # at the beginning and at the end of the quantum
            ("noise", noise.RNG, (sides,)),
            ("low", filters.SVF, (sides,)),
            ("high", filters.SVF, (sides,)),
            ("drive", "f8", (sides, QUANTUM)),
        ],
        align=True,
    )


@kernel
def start(wash, stream):
    """Begin with streams of its own."""
    event.start(wash.kicks, noise.split(stream))
    for side in range(wash.noise.size):
        wash.noise[side].rng = noise.split(stream)


@kernel
def tune(wash, kicks_hz, level, low_hz, high_hz, sample_rate):
    """Once a quantum: set the rate of the kicks, the level to reach at the quantum's end, and the band."""
    wash.kicks_hz = kicks_hz
    wash.gain[0] = wash.gain[1]
    wash.gain[1] = level * noise.density(sample_rate)
    for side in range(wash.noise.size):
        filters.tune(wash.high[side], low_hz, _Q, sample_rate)
        filters.tune(wash.low[side], high_hz, _Q, sample_rate)


@kernel
def _kick(wash, begin, stop, sample_rate):
    """Put the kicks of these frames on their sides. Their strengths span a factor of six, so that none sticks out."""
    height = noise.density(sample_rate)
    wash.drive[:, begin:stop] = 0.0
    frame = event.next_frame(wash.kicks, wash.kicks_hz, sample_rate, begin, stop)
    while frame < stop:
        side = int(wash.noise.size * noise.uniform(wash.kicks))
        strength = 2.0 * noise.uniform(wash.kicks) - 1.0
        wash.drive[side, frame] += math.copysign(height / (0.2 + abs(strength)), strength)
        frame = event.next_frame(wash.kicks, wash.kicks_hz, sample_rate, frame, stop)


@kernel
def add(wash, gate, emitters, begin, stop, sample_rate):
    """Add these frames to the emitters; they must be held."""
    _kick(wash, begin, stop, sample_rate)
    settle = 1.0 - math.exp(-1.0 / (_PRESENCE_S * sample_rate))
    hiss = math.sqrt(wash.kicks_hz / _DENSE_HZ)
    present = wash.present
    for side in range(wash.noise.size):
        out = emitters.slot[side].out
        present = wash.present
        for n in range(begin, stop):
            present += settle * (gate - present)
            gain = present * gain_at(wash.gain[0], wash.gain[1], n)
            x = gain * (wash.drive[side, n] + hiss * noise.white(wash.noise[side]))
            out[n] += F32(filters.high(wash.high[side], filters.low(wash.low[side], x)))
    wash.present = present
