"""A trigger for tests: a steady sine.  oscillator -> one emitter."""

import math

import numpy as np

from synth.dsp import emitter
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32
from synth.trigger import Trigger

PARAMETERS = (
    Parameter("frequency_hz", 20, 4000, 1000, "hz", curve="exp"),
    Parameter("colour", choices=("plain", "loud", "soft"), default="plain"),
)
STATE = np.dtype([("rng", "u8"), ("phase", "f8")], align=True)


@kernel
def strike(state, params, velocity, sample_rate):
    state.phase = 0.0


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    step = params.frequency_hz / sample_rate
    for n in range(start, stop):
        emitters.slot[0].out[n] += F32(0.1 * math.sin(2.0 * math.pi * state.phase))
        state.phase = (state.phase + step) % 1.0


TRIGGER = Trigger("sine", PARAMETERS, STATE, strike, render, tail_s=1, doc=__doc__)
