"""A wash: events too many to tell apart, from several sides.  Poisson kicks + noise -> band and shelf of each side -> emitters.

The kicks keep it grainy: noise alone hisses. Every side swells and brightens on its own, as sheets of rain and patches of foam
do: far rain's bands above 4 kHz hold three times as much slow movement as steady noise. It comes and goes within `_PRESENCE_S`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import event, filters, noise, wander
from synth.dsp.gain_ramp import gain_at
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM

_PRESENCE_S = 0.25
_DENSE_HZ = 4000.0  # the rate of kicks at which noise and kicks are about equally strong
_Q = 0.5
_SHELF_HZ = 700.0  # where the shelf begins: kicks and noise are white, and what is far, or wet, falls by 3 dB/oct


def wash_dtype(sides: int) -> np.dtype[Any]:
    """Return the state of a wash that sounds from the first `sides` emitters."""
    return np.dtype(
        [
            ("kicks", event.PROCESS),
            ("kicks_hz", "f8"),
            ("present", "f8"),
            ("gain", "f8", (sides, 2)),  # at the beginning and at the end of the quantum
            ("above", "f8"),  # gain above the shelf
            ("shelf", filters.ONE_POLE, (sides,)),
            ("swell", wander.WANDER, (sides,)),
            ("bright", wander.WANDER, (sides,)),
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
        wander.start(wash.swell[side], noise.split(stream))
        wander.start(wash.bright[side], noise.split(stream))


@kernel
def move(wash, draws):
    """Let the sides swell and brighten on; `draws` as for a wander."""
    for side in range(wash.noise.size):
        wander.advance(wash.swell[side], draws)
        wander.advance(wash.bright[side], 0.7 * draws)


@kernel
def tune(wash, kicks_hz, level, low_hz, high_hz, shelf, motion, sample_rate):
    """Once a quantum: set the rate of the kicks, the level to reach at the quantum's end, and the colour.

    Parameters
    ----------
    wash : the state.
    kicks_hz : events per second, all sides together.
    level : of each side.
    low_hz, high_hz : ends of the band.
    shelf : by how much it falls above the lower kilohertz: 0 not at all, 1 to nothing.
    motion : how much each side swells and brightens on its own, as a logarithm.
    sample_rate : hertz.
    """
    wash.kicks_hz = kicks_hz
    wash.above = 1.0 - shelf
    for side in range(wash.noise.size):
        wash.gain[side, 0] = wash.gain[side, 1]
        swell, bright = motion * wander.value(wash.swell[side]), motion * wander.value(wash.bright[side])
        wash.gain[side, 1] = level * math.exp(swell) * noise.density(sample_rate)
        filters.tune(wash.high[side], low_hz, _Q, sample_rate)
        filters.tune(wash.low[side], min(high_hz * math.exp(bright), 18000.0), _Q, sample_rate)
        filters.tune_one_pole(wash.shelf[side], _SHELF_HZ, sample_rate)


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
    present, above = wash.present, wash.above
    for side in range(wash.noise.size):
        out = emitters.slot[side].out
        present = wash.present
        for n in range(begin, stop):
            present += settle * (gate - present)
            gain = present * gain_at(wash.gain[side, 0], wash.gain[side, 1], n)
            x = gain * (wash.drive[side, n] + hiss * noise.white(wash.noise[side]))
            y = filters.high(wash.high[side], filters.low(wash.low[side], x))
            under = filters.smooth(wash.shelf[side], y)
            out[n] += F32(under + above * (y - under))
    wash.present = present
