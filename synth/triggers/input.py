"""Input: a microphone or a sound file, beside the ear.  channel or file -> low cut, high cut -> noise gate -> hand -> place.

What is heard is not made here but comes in: a live channel, exactly 64 frames and the engine's latency after it arrived, or a
sound, from its beginning at each strike. Between the two cuts (Butterworth, 12 dB an octave, 3 dB down at their frequencies) it
passes as it is: at full pressure and 25 cm away it is as loud as it came in. The pressure is a fader, straight in amplitude.

The gate is for a microphone: between words it closes, and the room behind the voice is gone. It opens at its threshold, in 3 ms
(time constant), and closes 6 dB lower. At its lowest it is off, which is right for a sound file. Each note fades in and out along
a smooth step. A microphone among loudspeakers would feed back: this is for headphones.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import emitter, filters, noise_gate
from synth.dsp.gain_ramp import gain_at
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32
from synth.trigger import Trigger

_GATE_OFF_DB = -90.0
_BUTTERWORTH = math.sqrt(0.5)
_LOUDEST = 100.0  # 40 dB above full scale; what is louder, or no number, is a fault and not heard
_LONGEST_FADE_S = 5.0

PARAMETERS = (
    Parameter("gate_db", _GATE_OFF_DB, -10, _GATE_OFF_DB, "db", doc="peak level at which the noise gate opens; -90: no gate"),
    Parameter("low_cut_hz", 20, 1000, 40, "hz", curve="exp", doc="below this it is cut: rumble, breath on the microphone"),
    Parameter("high_cut_hz", 200, 40000, 40000, "hz", curve="exp", doc="above this it is cut; low: dull, as through a wall"),
    Parameter("gate_release_s", 0.02, 2, 0.25, "s", curve="exp", doc="how long the gate takes to close, 60 dB"),
    Parameter("fade_in_s", 0.002, _LONGEST_FADE_S, 0.02, "s", curve="exp", doc="how long it takes to come after a strike"),
    Parameter("fade_out_s", 0.005, _LONGEST_FADE_S, 0.1, "s", curve="exp", doc="how long it takes to go after a release"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("low_cut", filters.SVF),
        ("high_cut", filters.SVF),
        ("gate", noise_gate.GATE),
        ("present", "f8"),  # 0..1: where in its fade the note is
        ("hand", "f8", (2,)),  # the pressure at the beginning and at the end of the quantum
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin silent, with nothing heard yet."""
    state.hand[1] = params.pressure
    _tune(state, params, sample_rate)
    state.gate.gain = 1.0 if state.gate.threshold == 0.0 else 0.0


@kernel
def _tune(state, params, sample_rate):
    """Once a quantum: set the cuts, the gate, and the pressure to reach."""
    filters.tune(state.low_cut, params.low_cut_hz, _BUTTERWORTH, sample_rate)
    filters.tune(state.high_cut, params.high_cut_hz, _BUTTERWORTH, sample_rate)
    noise_gate.tune(state.gate, params.gate_db, params.gate_release_s, sample_rate)
    if params.gate_db <= _GATE_OFF_DB:
        state.gate.threshold = 0.0
    state.hand[0], state.hand[1] = state.hand[1], params.pressure


@kernel
def _cut(state, x):
    """Return a sample between the cuts."""
    return filters.low(state.high_cut, filters.high(state.low_cut, x if abs(x) <= _LOUDEST else 0.0))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let what comes in be heard."""
    if start == 0:
        _tune(state, params, sample_rate)
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    coming, out = emitters.input, emitters.slot[0].out
    step = 1.0 / (params.fade_in_s * sample_rate) if gate > 0.0 else -1.0 / (params.fade_out_s * sample_rate)
    for n in range(start, stop):
        state.present = min(max(state.present + step, 0.0), 1.0)
        hand = gain_at(state.hand[0], state.hand[1], n)
        fade = state.present * state.present * (3.0 - 2.0 * state.present)
        x = _cut(state, float(coming[n]))
        out[n] += F32(hand * fade * noise_gate.tick(state.gate, x) * x)


TRIGGER = Trigger(
    "input", PARAMETERS, STATE, strike, render,
    emitters=1, tail_s=_LONGEST_FADE_S, gesture={"kind": "hold", "velocity": 1, "swell": 0},
    place={"azimuth_deg": 60, "distance_m": 0.25}, motion={"kind": "drift", "span_deg": 40, "period_s": 20},
    hears=True, doc=__doc__,
)  # fmt: skip
