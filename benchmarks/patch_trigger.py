"""The benchmark's trigger: four modes struck at random, plus noise.  Poisson strikes -> modal bank + white noise.

The same patch as `peer_csound` renders: ratios, qualities and strikes are its own.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.peer_csound import NOISE, QUALITIES, RATIOS, STRIKE
from synth.dsp import emitter, event, modal, noise
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32
from synth.trigger import Trigger

_MODES = len(RATIOS)
_T60_PERIODS = tuple(math.log(1000.0) * quality / math.pi for quality in QUALITIES)  # T60 of each mode times its frequency
_GAIN = 0.12  # modes about 8 dB above the noise, as in Csound; the limiter has nothing to do

PARAMETERS = (
    Parameter("lowest_hz", 50, 4000, 400, "hz", curve="exp", doc="frequency of the lowest mode"),
    Parameter("strikes_hz", 0.1, 1000, 8, "hz", curve="exp", doc="mean rate of the random strikes"),
)
STATE = np.dtype([("rng", "u8"), ("strikes", event.PROCESS), ("body", modal.bank_dtype(_MODES))], align=True)


@kernel
def strike(state, params, velocity, sample_rate):
    """Tune the modes and begin the random strikes."""
    event.start(state.strikes, noise.split(state))
    for mode in range(_MODES):
        frequency_hz = params.lowest_hz * RATIOS[mode]
        modal.tune(state.body, mode, frequency_hz, _T60_PERIODS[mode] / frequency_hz, _GAIN, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Strike the body at random and add noise."""
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    out = emitters.slot[0].out
    due = event.next_frame(state.strikes, gate * params.strikes_hz, sample_rate, start, stop)
    for n in range(start, stop):
        force = 0.0
        while n == due:
            force += STRIKE * noise.uniform(state)
            due = event.next_frame(state.strikes, gate * params.strikes_hz, sample_rate, n, stop)
        out[n] += F32(modal.tick(state.body, force) + gate * NOISE * noise.white(state))


TRIGGER = Trigger("patch_trigger", PARAMETERS, STATE, strike, render, emitters=1, tail_s=4, voices=1, doc=__doc__)
