"""Breath: someone breathing close by, or blowing into an ear.  lungs -> speed of the air -> noise in mouth and nose, at the ear.

A held note breathes by itself: in (brighter, 0.35..2.2 kHz), a turn, out (darker, slower to end), a rest; 12 to 18 a minute.
`phase` gives one half of it to the hand instead: air moves as the pressure does. Its noise goes with the square of its
speed, which also brightens it. With `blow` the air reaches the ear itself: low gusts below 300 Hz whose eddies differ from
ear to ear, past the head (dry routes), as wind in a microphone is. Nothing below 20 Hz is made. Bands, rates and formants (a
whispered schwa and a nose): docs/internals/physics.md, breath and whisper; vortex frequency 0.2 speed / width over an ear
canal's mouth of 1 cm.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import emitter, filters, noise, turbulence, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_BREATH, _INHALE = 0, 1  # phases
_IN_UNTIL, _TURN_UNTIL, _OUT_UNTIL = 0.4, 0.46, 0.88  # of a breath: air goes in, stands, goes out, rests
_NOSE_HZ, _MOUTH_HZ = (330.0, 1000.0, 2100.0), (620.0, 1400.0, 2500.0)
_OUT_LOWERS = 0.78  # what the tract's resonances fall by when the air goes out: the glottis is narrower
_QUALITY = (1.6, 3.2, 4.0)
_EAR_WIDTH_M = 0.01
_FLUTTER_HZ, _GUST_HZ = 9.0, 5.0  # how often the air changes its mind in the throat, and at an ear
_MOUTH_GAIN, _EAR_GAIN, _HISS_GAIN = 0.17, 0.024, 0.02

PARAMETERS = (
    Parameter("speed_m_s", 0.5, 6, 3.5, "m_s", curve="exp", doc="speed of the air at full pressure; level goes with its square"),
    Parameter("blow", 0, 1, 0, doc="0 heard from where the mouth is, 1 the air strikes the ear"),
    Parameter("brightness", 0, 1, 0.4, doc="0 a sigh, 1 a hiss"),
    Parameter("mouth", 0, 1, 0.4, doc="0 through the nose, 1 through the open mouth"),
    Parameter("rate_hz", 0.08, 0.8, 0.24, "hz", curve="exp", doc="breaths a second; 0.2..0.3 at rest"),
    Parameter("ear", default="left", choices=("left", "right", "both"), doc="which ear is blown into"),
    Parameter(
        "phase", default="breath", choices=("breath", "inhale", "exhale"), doc="in and out by itself, or one of them by hand"
    ),
    Parameter("variation", 0, 1, 0.3, doc="how much breaths differ in length and depth, and how gusty the air is"),
)
_LIPS = np.dtype([("rng", "u8"), ("rolloff", filters.SVF), ("formant", filters.SVF, (3,))], align=True)
_EAR = np.dtype([("reached", "f8"), ("air", turbulence.STREAM), ("hiss", filters.SVF), ("gust", wander.WANDER)], align=True)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("phase", "i8"),
        ("position", "f8"),  # in the breath, 0..1
        ("lengthen", "f8"),
        ("deepen", "f8"),
        ("inward", "f8"),  # 1 while the air goes in
        ("aim_m_s", "f8"),
        ("speed", filters.ONE_POLE),
        ("blow", filters.ONE_POLE),
        ("flutter", wander.WANDER),
        ("lips", _LIPS, (2,)),
        ("ears", _EAR, (2,)),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin a breath; every source gets its own random numbers, so what reaches the two ears has nothing in common."""
    wander.start_bounded(state.flutter, noise.split(state))
    for side in range(2):
        state.lips[side].rng = noise.split(state)
        state.ears[side].air.rng = noise.split(state)
        wander.start_bounded(state.ears[side].gust, noise.split(state))
        state.ears[side].reached = 0.0 if int(params.ear) == 1 - side else 1.0
    filters.tune_one_pole(state.speed, 5.0, sample_rate)
    filters.tune_one_pole(state.blow, 20.0, sample_rate)
    state.blow.y = params.blow
    state.phase = int(params.phase)
    _draw_breath(state, params)
    _breathe(state, params, 1.0, 0, sample_rate)


@kernel
def _draw_breath(state, params):
    """Draw how long and how deep the next breath is."""
    state.lengthen = math.exp(0.25 * params.variation * noise.gaussian(state))
    state.deepen = math.exp(0.2 * params.variation * noise.gaussian(state))


@kernel
def _breathe(state, params, gate, frames, sample_rate):
    """Advance the lungs, say how fast the air should be, and tune the tract to it."""
    if state.phase == _BREATH:
        state.position += frames * params.rate_hz / (state.lengthen * sample_rate)
        if state.position >= 1.0:
            state.position -= 1.0
            _draw_breath(state, params)
        share, at = 0.0, state.position
        if at < _IN_UNTIL:
            share = math.sin(math.pi * (at / _IN_UNTIL) ** 0.85)
        elif _TURN_UNTIL < at < _OUT_UNTIL:
            share = 0.9 * math.sin(math.pi * ((at - _TURN_UNTIL) / (_OUT_UNTIL - _TURN_UNTIL)) ** 0.6)
        state.inward = 1.0 if at < 0.5 * (_IN_UNTIL + _TURN_UNTIL) else 0.0
        state.aim_m_s = gate * params.speed_m_s * params.pressure * state.deepen * share
    else:
        state.inward = 1.0 if state.phase == _INHALE else 0.0
        state.aim_m_s = gate * params.speed_m_s * params.pressure
    _tune(state, params, sample_rate)


@kernel
def _tune(state, params, sample_rate):
    """Tune lips and ears to the air that passes."""
    lowered = (state.inward + (1.0 - state.inward) * _OUT_LOWERS) * ratio_from_semitones(params.pitch + params.bend)
    brighter = 4.0 ** (params.brightness - 0.4)
    rolloff_hz = lowered * lowered * brighter * (500.0 + 350.0 * state.speed.y)
    for side in range(2):
        lips, ear = state.lips[side], state.ears[side]
        filters.tune(lips.rolloff, rolloff_hz, 0.6, sample_rate)
        for formant in range(3):
            frequency_hz = _NOSE_HZ[formant] + params.mouth * (_MOUTH_HZ[formant] - _NOSE_HZ[formant])
            filters.tune(lips.formant[formant], lowered * frequency_hz * (1.0 + 0.03 * side), _QUALITY[formant], sample_rate)
        turbulence.tune(ear.air, state.speed.y, _EAR_WIDTH_M, sample_rate)
        filters.tune(ear.hiss, brighter * (600.0 + 200.0 * state.speed.y), 0.6, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the air pass: heard at the lips, felt at the ear."""
    if start == 0:
        _breathe(state, params, gate, QUANTUM, sample_rate)
    for side in range(2):
        emitter.hold(emitters, side, emitter.EARS, 0.0, 0.012 - 0.024 * side, 0.0)
        if state.blow.y > 1e-5 or params.blow > 0.0:
            emitter.hold(emitters, 2 + side, emitter.DRY_RIGHT if side else emitter.DRY_LEFT, 0.0, 0.0, 0.0)
        elif emitters.slot[2 + side].life == emitter.LIVE:
            emitter.let_go(emitters, 2 + side)
    density = noise.density(sample_rate)
    for n in range(start, stop):
        speed = filters.smooth(state.speed, state.aim_m_s)
        blow = filters.smooth(state.blow, params.blow)
        wander.advance(state.flutter, _FLUTTER_HZ / sample_rate)
        speed *= 1.0 + 0.4 * params.variation * wander.value(state.flutter)
        push = density * speed * speed
        for side in range(2):
            lips = state.lips[side]
            air = filters.low(lips.rolloff, noise.white(lips))
            voiced = filters.band(lips.formant[0], air) + 0.8 * filters.band(lips.formant[1], air)
            voiced += 0.6 * filters.band(lips.formant[2], air) + 0.12 * air
            emitters.slot[side].out[n] += F32(_MOUTH_GAIN * (1.0 - blow) * push * voiced)
        if blow > 1e-5:
            for side in range(2):
                ear = state.ears[side]
                wander.advance(ear.gust, _GUST_HZ / sample_rate)
                gust = speed * (1.0 + 0.5 * params.variation * wander.value(ear.gust))
                rumble = _EAR_GAIN * turbulence.tick(ear.air, gust)
                hiss = _HISS_GAIN * density * gust * gust * filters.low(ear.hiss, noise.white(ear.air))
                emitters.slot[2 + side].out[n] += F32(ear.reached * blow * (rumble + hiss))


TRIGGER = Trigger(
    "breath", PARAMETERS, STATE, strike, render,
    emitters=4, tail_s=1, gesture={"kind": "hold"},
    place={"azimuth_deg": 50, "distance_m": 0.12}, motion={"kind": "drift", "span_deg": 30, "period_s": 20},
    level_db=-10.5, classes={"breath": ()}, doc=__doc__,
)  # fmt: skip
