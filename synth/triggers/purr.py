"""Purr: a cat close by.  breath in and out -> pulses of the larynx -> resonances of throat and flank; air past the pulses.

The vocal folds open and shut 26 times a second, out 2.4 a second faster than in (Frazer Sissom, Rice and Peters 1991); each
time air bursts through: a blow of 2 ms and a noise that dies away in some milliseconds, heard through what resonates between 60
and 1100 Hz and, softly, as air above. No two pulses are alike in time, level and colour. Either way the breath sets in at once,
a few pulses stumble (some come twice), and it dies away slowly; out is the louder. Where it turns there is a gap with a small
click, of the larynx that shuts. How a phase grows and dies away and how loud each band is: measured on a recording; the rest
was chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import contact, emitter, filters, modal, noise, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_BODIES, _THROAT = 2, 0
_MODES_HZ = (82.0, 138.0, 190.0, 265.0, 385.0, 590.0, 1050.0)
_MODES_T60_S = (0.034, 0.028, 0.023, 0.018, 0.015, 0.011, 0.008)
_MODES_GAIN = (0.11, 0.34, 0.8, 1.05, 1.1, 1.9, 2.7)
_MODES = len(_MODES_HZ)
_FASTER_HZ = 1.2  # out, and slower in
_SLOWS_HZ = 1.6  # from a phase's beginning to its end
_LEVEL = (0.62, 1.0)  # in, out
_BLOW_S, _BURST_S, _AIR_S = 0.0012, 0.006, 0.009
_UNLIKE, _JITTER, _STUMBLE_S = 0.55, 0.04, 0.16
_GAP = 0.06  # of a phase, before and after
_AIR_HZ, _AIR_Q = (1500.0, 4700.0), (0.5, 1.0)
_AIR_GAIN = (0.22, 0.66)
_NOISE, _FLOOR = 0.38, 0.05

PARAMETERS = (
    Parameter("rate_hz", 22, 31, 26, "hz", doc="pulses a second, on average; out 2.4 a second faster than in"),
    Parameter("breath_hz", 0.25, 0.7, 0.42, "hz", curve="exp", doc="breaths a second, in and out"),
    Parameter("depth", 0, 1, 0.8, doc="0 a steady murmur with a beat in it, 1 every pulse by itself"),
    Parameter("size", 0.7, 1.5, 1, curve="exp", doc="0.7 a kitten, 1.5 a big tom: resonances fall as it grows"),
    Parameter("muffle", 0, 1, 0.15, doc="0 at its muzzle, 1 through fur and a blanket"),
    Parameter("breathiness", 0, 1, 0.45, doc="how much air is heard past the pulses"),
    Parameter("unlike", 0, 1, 0.5, doc="how much louder the way out is than the way in"),
    Parameter("variation", 0, 1, 0.5, doc="how much pulses and breaths differ, and stumble where the breath turns"),
)
_BODY = np.dtype(
    [
        ("rng", "u8"),
        ("bank", modal.bank_dtype(_MODES)),
        ("fur", filters.SVF),
        ("blow", "f8"),
        ("uneven", "f8", (3,)),
        ("wave", wander.WANDER, (3,)),
    ]
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("out", "i8"),  # 1 while it breathes out
        ("position", "f8"),  # in this phase, 0..1
        ("lengthen", "f8"),
        ("deepen", "f8"),
        ("since_s", "f8"),
        ("rate_hz", "f8"),
        ("pulse", "f8"),  # phase of the pulses
        ("period", "f8"),  # this one's length, times
        ("flow", "f8"),
        ("flow_step", "f8"),
        ("held", filters.ONE_POLE),
        ("contact", contact.CONTACT),
        ("burst", "f8"),
        ("sigh", "f8"),
        ("click", "f8"),
        ("body", _BODY, (_BODIES,)),
        ("air", filters.SVF, (2, 2)),
        ("hush", filters.SVF, (2,)),
        ("white", noise.RNG, (2,)),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin somewhere in a breath out."""
    for index in range(_BODIES):
        state.body[index].rng = noise.split(state)
        state.white[index].rng = noise.split(state)
        for band in range(3):
            wander.start(state.body[index].wave[band], noise.split(state))
        for band in range(2):
            filters.tune(state.air[index, band], _AIR_HZ[band] * (1.0 if index == 0 else 1.12), _AIR_Q[band], sample_rate)
    filters.tune_one_pole(state.held, 8.0, sample_rate / QUANTUM)
    _turn(state, params)
    state.out, state.position, state.pulse, state.period = 1, 0.1, 0.95, 1.0
    _breathe(state, params, 1.0, 0.0, sample_rate)
    state.flow_step *= 0.25


@kernel
def _turn(state, params):
    """Begin to breathe the other way."""
    state.out = 1 - state.out
    state.position = state.since_s = 0.0
    state.lengthen = math.exp(0.2 * params.variation * max(min(noise.gaussian(state), 2.0), -2.0))
    state.deepen = math.exp(0.25 * params.variation * max(min(noise.gaussian(state), 2.0), -2.0))
    state.click = noise.between(state, 0.3, 1.0)


@kernel
def _breathe(state, params, gate, seconds, sample_rate):
    """Advance the breath by a quantum."""
    lengthen = state.lengthen * (1.08 if state.out > 0 else 0.92)
    state.position += 2.0 * params.breath_hz * seconds / lengthen
    state.since_s += seconds
    if state.position >= 1.0:
        _turn(state, params)
    x = state.position
    share = 0.11
    if _GAP < x < 1.0 - _GAP:
        y = (x - _GAP) / (1.0 - 2.0 * _GAP)
        share += min(y / 0.1, 1.0) ** 1.5 * math.exp(-1.3 * y) * min((1.0 - y) / 0.12, 1.0)
    unlike = 2.0 * params.unlike
    level = (_LEVEL[state.out] / 0.8) ** unlike
    held = filters.smooth(state.held, gate * params.pressure)
    state.flow_step = (held * share * level * state.deepen - state.flow) / QUANTUM
    way = 1.0 if state.out > 0 else -1.0
    state.rate_hz = (params.rate_hz + way * _FASTER_HZ + _SLOWS_HZ * (0.45 - x)) * ratio_from_semitones(params.bend)
    cutoff_hz = 6500.0 * 0.15**params.muffle
    for index in range(_BODIES):
        body = state.body[index]
        for band in range(3):
            wander.advance(body.wave[band], (5.0 + 3.0 * band) * seconds)
            body.uneven[band] = math.exp(0.35 * wander.value(body.wave[band]))
        filters.tune(body.fur, cutoff_hz, 0.6, sample_rate)
        filters.tune(state.hush[index], 1.15 * cutoff_hz, 0.6, sample_rate)


@kernel
def _let_go(state, params, sample_rate):
    """Let the larynx open: a blow and a burst, unlike any other."""
    stumbles = 3.0 * math.exp(-state.since_s / _STUMBLE_S)
    vary = 2.0 * params.variation
    state.period = math.exp(_JITTER * vary * (1.0 + stumbles) * max(min(noise.gaussian(state), 2.0), -2.0))
    if noise.uniform(state) < 0.06 * stumbles * vary:
        state.period *= 0.5
    loud = (1.0 + 0.2 * stumbles * params.variation) * math.exp(0.3 * vary * max(min(noise.gaussian(state), 2.0), -2.0))
    contact.strike(state.contact, 1.0, _BLOW_S * math.sqrt(params.size) * math.exp(0.2 * vary * noise.between(state, -1.0, 1.0)))
    state.burst = state.sigh = loud
    higher = ratio_from_semitones(params.pitch) / params.size
    for index in range(_BODIES):
        body = state.body[index]
        body.blow = loud * (1.0 if index == _THROAT else 0.8)
        for mode in range(_MODES):
            unlike = math.exp(_UNLIKE * vary * max(min(noise.gaussian(state), 2.0), -2.0))
            near = 1.0 if (mode + index) % 2 == 0 else 0.5
            hertz = higher * _MODES_HZ[mode] * (1.0 + 0.04 * noise.between(state, -1.0, 1.0))
            t60_s = _MODES_T60_S[mode] * (1.4 - 0.5 * params.depth)
            modal.tune(body.bank, mode, hertz, t60_s, near * _MODES_GAIN[mode] * unlike, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let it purr: throat and flank resonate, each with noise of its own; air at the nose."""
    if start == 0:
        _breathe(state, params, gate, QUANTUM / sample_rate, sample_rate)
    for index in range(_BODIES):
        emitter.hold(emitters, index, emitter.EARS, 0.02 * index, 0.06 - 0.24 * index, -0.02 * index)
        emitter.hold(emitters, 2 + index, emitter.EARS, -0.01, 0.05 - 0.03 * index, 0.01)
    density = noise.density(sample_rate)
    fade, sink = math.exp(-1.0 / (_BURST_S * sample_rate)), math.exp(-1.0 / (_AIR_S * sample_rate))
    steady = (1.0 - params.depth) * 0.5 + _FLOOR
    for n in range(start, stop):
        state.flow += state.flow_step
        state.pulse += state.rate_hz / (state.period * sample_rate)
        if state.pulse >= 1.0:
            state.pulse -= 1.0
            _let_go(state, params, sample_rate)
        force = contact.tick(state.contact, sample_rate)
        state.burst *= fade
        state.sigh *= sink
        click = 0.0
        if state.click > 0.0:
            click, state.click = 0.004 * state.click * params.variation * params.pressure * gate, 0.0
        for index in range(_BODIES):
            body = state.body[index]
            white = noise.white(body) / density  # as a force on modes: each sample is an impulse
            push = body.blow * force + _NOISE * 0.05 * white * body.uneven[0] * (state.burst + steady)
            heard = filters.low(body.fur, modal.tick(body.bank, state.flow * push + click))
            emitters.slot[index].out[n] += F32(heard)
            hiss = density * noise.white(state.white[index]) * state.flow * (0.2 + 1.6 * state.sigh) * params.breathiness
            low = _AIR_GAIN[0] * body.uneven[1] * filters.band(state.air[index, 0], hiss)
            high = _AIR_GAIN[1] * body.uneven[2] * filters.band(state.air[index, 1], hiss)
            emitters.slot[2 + index].out[n] += F32(filters.low(state.hush[index], low + high))


TRIGGER = Trigger(
    "purr", PARAMETERS, STATE, strike, render,
    emitters=4, tail_s=1.5, gesture={"kind": "hold", "swell": 0.2, "swell_hz": 0.08},
    place={"azimuth_deg": 35, "elevation_deg": -15, "distance_m": 0.15},
    motion={"kind": "drift", "span_deg": 20, "period_s": 25},
    room={"t60_s": 0.25, "level_db": -20},
    level_db=-20.5, classes={"purr": ()}, doc=__doc__,
)  # fmt: skip
