"""Mouth: lips and tongue close by.  suction that rises -> pop: resonances of a mouth, noise where it opens -> bubbles of saliva.

Lips that part draw air in for 60 to 150 ms, a noise that rises, until they let go: a resonance that jumps up from 300..900 Hz
as they open, and small bubbles after it. A tongue that leaves its ridge is abrupt: 12 ms around 2 kHz; one that leaves the
teeth is noise around 5 kHz for some 30 ms (clicks of the languages that have them: the alveolar and the dental one). A swallow
is two bubbles of 150 to 400 Hz that rise, and a throat that rubs. Bubbles are Minnaert's (`bubble`), of 0.25 to 1.1 mm; they
sound in the mouth, so they set its resonances going too. A soft breath goes with it all. What is `mixed` takes another kind
each time. How long and how loud the parts of each kind are was chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import bubble, chirp, contact, emitter, filters, modal, noise, wander
from synth.dsp import mouth_shapes as shapes
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_CENTRE, _CHIRPS, _POP, _GULP, _CLUSTERS = 2, 36, 33, 34, 5
_ASIDE_M = 0.022
_BUBBLE_GAIN, _IN_MOUTH, _THUMP = 0.2, 0.03, 0.25
_BREATH, _BREATH_S = 0.004, 1.6

PARAMETERS = (
    Parameter("kind", default="mixed", choices=("mixed", *shapes.KINDS), doc="what lips and tongue do; mixed: each time another"),
    Parameter("wetness", 0, 1, 0.5, doc="how many bubbles of saliva"),
    Parameter("tightness", 0, 1, 0.5, doc="0 loose lips, low and soft, 1 pursed ones, high and sharp"),
    Parameter("size", 0.8, 1.25, 1, curve="exp", doc="of the mouth: its resonances fall as it grows"),
    Parameter("suction", 0, 1, 0.5, doc="how long and how loud air is drawn in before lips part"),
    Parameter("closeness", 0, 1, 0.6, doc="0 across a table, duller, 1 at the ear, with the low knock of lips close by"),
    Parameter("breath", 0, 1, 0.5, doc="the soft breath around it, for a second or two"),
    Parameter("variation", 0, 1, 0.6, doc="how much each one differs in length, pitch, strength and place"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("white", noise.RNG, (2,)),
        ("kind", "i8"),
        ("age", "i8"),
        ("opens", "i8"),  # the frame at which lips or tongue let go
        ("level", "f8"),
        ("scale", "f8"),  # of all resonances
        ("suction", filters.SVF, (2,)),
        ("drawn", filters.ONE_POLE),
        ("flutter", wander.WANDER),
        ("uneven", "f8"),
        ("gain", "f8"),
        ("blow", contact.CONTACT),
        ("mouth", modal.bank_dtype(shapes.MODES)),
        ("knock", modal.bank_dtype(1)),
        ("burst", filters.SVF, (2,)),
        ("bursting", "f8"),
        ("soft", filters.SVF, (3,)),
        ("lips", filters.SVF, (2,)),
        ("breathes", "i8"),  # for so many frames
        ("breath", "f8"),
        ("chirp", chirp.CHIRP, (_CHIRPS,)),
        ("drive", "f8", (QUANTUM,)),
        ("out", "f4", (3, QUANTUM)),
    ],
    align=True,
)


@kernel
def _vary(state, params, by):
    return math.exp(2.0 * by * params.variation * max(min(noise.gaussian(state), 2.0), -2.0))


@kernel
def strike(state, params, velocity, sample_rate):
    """Choose what happens, and draw all of it."""
    for side in range(2):
        state.white[side].rng = noise.split(state)
    wander.start(state.flutter, noise.split(state))
    draw = noise.uniform(state)
    state.kind = int(params.kind) - 1
    if state.kind < 0:
        state.kind = 0
        while draw > shapes.OFTEN[state.kind]:
            state.kind += 1
    kind = state.kind
    state.level = shapes.LEVEL[kind] * velocity * _vary(state, params, 0.12)
    tight = (
        2.0 ** (0.8 * (params.tightness - 0.5))
        if kind in (shapes.LIP_SMACK, shapes.KISS, shapes.WET)
        else 1.06 ** (params.tightness - 0.5)
    )
    state.scale = ratio_from_semitones(params.pitch + params.bend) / params.size * tight * _vary(state, params, 0.045)
    state.gain = shapes.SUCTION[kind] * 2.0 * params.suction
    drawn_s = shapes.SUCTION_S[kind] * (0.75 + 0.5 * params.suction) * _vary(state, params, 0.15)
    state.opens = int(min(max(drawn_s, 0.06), 0.15) * sample_rate) if shapes.SUCTION_S[kind] > 0.0 else 1
    state.age, state.uneven = 0, 1.0
    filters.tune_one_pole(state.drawn, 90.0, sample_rate)
    state.breathes = int(_BREATH_S * _vary(state, params, 0.15) * sample_rate)
    state.breath = _BREATH * params.breath * velocity
    for side in range(2):
        filters.tune(state.lips[side], state.scale * (1150.0 + 180.0 * side), 0.5, sample_rate)
    _open(state, params, sample_rate)
    _wet(state, params, sample_rate)
    _draw_in(state, sample_rate)


@kernel
def _open(state, params, sample_rate):
    """Tune mouth, burst and knock, and set the pop off for when lips or tongue let go."""
    kind, scale = state.kind, state.scale
    for mode in range(shapes.MODES):
        hertz = scale * shapes.MODES_HZ[kind][mode] * _vary(state, params, 0.02 if mode == 0 else 0.05)
        modal.tune(state.mouth, mode, hertz, shapes.MODES_T60_S[kind], shapes.MODES_GAIN[kind][mode], sample_rate)
    modal.tune(state.knock, 0, 105.0, 0.09, _THUMP * params.closeness * params.closeness, sample_rate)
    length_s = shapes.BLOW_S[kind] * 4.0 ** (0.5 - params.tightness) / scale
    contact.strike(state.blow, 1.0, length_s)
    for side in range(2):
        hertz = scale * shapes.BURST_HZ[kind] * (1.0 if kind == shapes.TSK else _vary(state, params, 0.1)) * (1.0 + 0.03 * side)
        filters.tune(state.burst[side], hertz, shapes.BURST_Q[kind], sample_rate)
    for route in range(3):
        filters.tune(state.soft[route], 4500.0 * 4.5**params.closeness, 0.6, sample_rate)
    pop_hz = scale * shapes.POP_HZ[kind] * _vary(state, params, 0.08)
    if pop_hz > 0.0:
        one = state.chirp[_POP]
        chirp.strike(one, shapes.POPS[kind] * state.level, pop_hz, 140.0 * scale, 55.0 * pop_hz, state.opens, sample_rate)
        one.emitter = _CENTRE
    if kind == shapes.SWALLOW:
        for index in range(2):
            hertz = scale * noise.between(state, 165.0, 250.0) * (1.0 + 0.45 * index)
            begin = state.opens + int((0.02 + 0.11 * index * _vary(state, params, 0.1)) * sample_rate)
            chirp.strike(
                state.chirp[_GULP + index], (0.2 - 0.05 * index) * state.level, hertz, 50.0, 5.0 * hertz, begin, sample_rate
            )
            state.chirp[_GULP + index].emitter = _CENTRE


@kernel
def _wet(state, params, sample_rate):
    """Let bubbles close: most of them soon after it opens, each somewhere between the corners of the mouth."""
    kind = state.kind
    count = shapes.BUBBLES[kind] * 2.0 * params.wetness * (0.5 + 0.5 * params.closeness) * _vary(state, params, 0.12)
    count = int(min(count + noise.uniform(state), _POP - 1.0))
    for index in range(count):
        radius_m = 0.001 * noise.bounded_pareto(state, 1.6, 0.25, 1.1) / state.scale
        after = noise.uniform(state) ** 1.7
        if kind == shapes.WET:  # in clusters
            after = (int(_CLUSTERS * noise.uniform(state)) + after) / _CLUSTERS
        after_s = shapes.SPAN_S[kind] * after
        loud = _BUBBLE_GAIN * state.level * math.sqrt(radius_m / 0.001) * noise.exponential(state)
        begin = state.opens + int((0.002 + after_s) * sample_rate)
        bubble.strike(state.chirp[index], radius_m, min(loud, 0.8), noise.between(state, 0.0, 0.15), begin, sample_rate)
        state.chirp[index].emitter = int(3.0 * noise.uniform(state))


@kernel
def _draw_in(state, sample_rate):
    """Let the noise of the suction rise, as the lips' opening gets narrower."""
    low_hz, high_hz = shapes.SUCTION_HZ[state.kind]
    share = min(state.age / state.opens, 1.0)
    for side in range(2):
        hertz = state.scale * low_hz * (high_hz / low_hz) ** share * (1.0 + 0.04 * side)
        filters.tune(state.suction[side], hertz, shapes.SUCTION_Q[state.kind], sample_rate)
    wander.advance(state.flutter, 45.0 * QUANTUM / sample_rate)
    state.uneven = math.exp(0.35 * wander.value(state.flutter))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let it sound: noises at the corners of the mouth, the pop between them, bubbles at any of the three."""
    if start == 0:
        _draw_in(state, sample_rate)
    for route in range(3):
        aside_m = 0.0 if route == _CENTRE else _ASIDE_M - 2.0 * _ASIDE_M * route
        emitter.hold(emitters, route, emitter.EARS, 0.015 if route == _CENTRE else 0.0, aside_m, 0.0)
    state.drive[start:stop] = 0.0
    state.out[:, start:stop] = 0.0
    for index in range(_CHIRPS):
        one = state.chirp[index]
        if one.left > 0:
            chirp.add(one, state.out[one.emitter], state.drive, start, stop)
    kind, density, in_mouth = state.kind, noise.density(sample_rate), _IN_MOUTH * 48000.0 / sample_rate
    fade = math.exp(-math.log(10.0) / (shapes.BURST_S[kind] * sample_rate))
    for n in range(start, stop):
        share = state.age / state.opens
        drawn = filters.smooth(state.drawn, share * math.sqrt(share) if share < 1.0 else 0.0)
        force = 0.0
        if state.age >= state.opens:
            force = contact.tick(state.blow, sample_rate)
            if state.age == state.opens:
                state.bursting = 1.0
        state.age += 1
        state.bursting *= fade
        breath = 0.0
        if state.age < state.breathes:
            breath = math.sin(math.pi * state.age / state.breathes)
            breath *= state.breath * breath
        for side in range(2):
            white = density * noise.white(state.white[side])
            sucked = state.gain * drawn * state.uneven * filters.band(state.suction[side], white)
            burst = shapes.BURST[kind] * state.bursting * filters.band(state.burst[side], white)
            heard = state.level * (sucked + burst) + state.out[side, n] + breath * filters.band(state.lips[side], white)
            emitters.slot[side].out[n] += F32(filters.low(state.soft[side], heard))
        struck = state.level * shapes.BLOW[kind] * force
        heard = modal.tick(state.mouth, struck + in_mouth * state.drive[n]) + modal.tick(state.knock, struck)
        emitters.slot[_CENTRE].out[n] += F32(filters.low(state.soft[_CENTRE], heard + state.out[_CENTRE, n]))


TRIGGER = Trigger(
    "mouth", PARAMETERS, STATE, strike, render,
    emitters=3, tail_s=3.0, gesture={"kind": "taps", "rate_hz": 0.9, "irregularity": 0.5, "velocity": 0.7, "dynamics": 0.4},
    place={"azimuth_deg": 40, "distance_m": 0.15}, motion={"kind": "drift", "span_deg": 40, "period_s": 25},
    room={"t60_s": 0.25, "level_db": -16},
    level_db=-1.5, families=("mouth",), doc=__doc__,
)  # fmt: skip
