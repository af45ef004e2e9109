"""Breath: someone breathes, sighs, yawns or sleeps close by, or blows into an ear.  lungs -> airway -> tract | air at the ear.

A held note breathes by itself: in (sharp, bright), a turn, out (softer, darker, longer), a rest; 12 to 18 a minute, no two alike,
and between a little air still moves. `manner`: asleep breaths are alike, with a pause; a sigh is deep and let go, a yawn draws
air in for seconds while the jaw opens wide and its resonances slide, and falls; both come first, and then every few breaths.
`phase` gives one half of it to the hand instead: air moves, and the jaw opens, as the pressure does. Noise goes with the square
of the pressure, and its colour rises with the speed of the air; it passes the one vocal tract that whispers too (`airway`,
`tract`), whose glottis is wider on the way in. Throat and either corner of the lips, or either nostril, are sources of their
own; near as it is, one hears a low rumble, of air against what listens. With `blow` the air reaches the ear itself: low gusts
below 300 Hz whose eddies differ from ear to ear, past the head (dry routes), as wind in a microphone is. Nothing below 20 Hz is
made. Sources: docs/internals/physics.md, breath and whisper. Vortex frequency: 0.2 speed / width over an ear canal's mouth, 1 cm.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import airway, emitter, filters, lungs, noise, tract, turbulence, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_BREATH, _INHALE = 0, 1  # phases
_ASIDE_M = 0.035  # half the width of a mouth
_BRIGHTER = 2.7  # by what the colour of a blow is multiplied from a sigh to a hiss
_EAR_WIDTH_M = 0.01
_GUST_HZ, _RUMBLE_HZ = 5.0, 2.3  # how often the air at an ear, and the rumble, changes its mind
_FLATTER = 0.6  # the breath: as deep as recordings are
_WAVER_HZ, _WAVERS = (3.5, 1.8, 1.8), (0.45, 0.28, 0.28)  # of each phase: how often the chest changes its mind, and how much
_MADE_UP = 1.9  # of the square of the speed of the air: what is made up for in level, so that slow air is heard too
_PHASE_LEVEL = (1.0, 0.72, 0.9)  # all of it inward, or outward: as loud as both in turn
_THROAT_HZ = 5500.0  # what the throat's resonances leave above theirs is too much on the way out
_LEVEL, _RUMBLE_LEVEL = 0.0145, 0.42
_EAR_GAIN, _HISS_GAIN = 0.04, 0.033

PARAMETERS = (
    Parameter("speed_m_s", 1.5, 6, 3.5, "m_s", curve="exp", doc="speed of the air at full pressure: slow is dark, fast hisses"),
    Parameter("blow", 0, 1, 0, doc="0 heard from where the mouth is, 1 the air strikes the ear"),
    Parameter("brightness", 0, 1, 0.3, doc="0 dark, 1 a hiss"),
    Parameter("mouth", 0, 1, 0.6, doc="0 through the nose, 1 through the open mouth"),
    Parameter("rate_hz", 0.08, 0.6, 0.3, "hz", curve="exp", doc="calm breaths a second; 0.2..0.3 at rest; a yawn is 1.8 as long"),
    Parameter("ear", default="left", choices=("left", "right", "both"), doc="which ear is blown into"),
    Parameter(
        "phase", default="breath", choices=("breath", "inhale", "exhale"), doc="in and out by itself, or one of them by hand"
    ),
    Parameter("variation", 0, 1, 0.5, doc="how much breaths differ in length and depth, and how unsteady the air is"),
    Parameter("manner", default="calm", choices=lungs.MANNERS, doc="calm, asleep, or a sigh or a yawn every few breaths"),
    Parameter("person", 0, 1, 0.5, doc="length of the vocal tract: 0 a child, 0.5 a woman, 1 a tall man"),
)
_EAR = np.dtype([("reached", "f8"), ("air", turbulence.STREAM), ("hiss", filters.SVF), ("gust", wander.WANDER)], align=True)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("phase", "i8"),
        ("manner", "i8"),
        ("lungs", lungs.LUNGS),
        ("inward", filters.ONE_POLE),  # 1 while the air goes in
        ("share", filters.ONE_POLE),  # of the full speed
        ("full", filters.ONE_POLE),  # speed of the air at full pressure, in m/s
        ("held", filters.ONE_POLE),  # the pressure
        ("blow", filters.ONE_POLE),
        ("ear_gain", "f8"),
        ("ear_gain_step", "f8"),
        ("speed", "f8"),
        ("speed_step", "f8"),
        ("rumble", filters.SVF, (2,)),
        ("high", filters.SVF, (2,)),
        ("rumbling", "f8"),
        ("rumble_step", "f8"),
        ("waver", wander.WANDER),
        ("unsteady", wander.WANDER),
        ("airway", airway.AIRWAY),
        ("tract", tract.TRACT),
        ("top", filters.SVF),
        ("ears", _EAR, (2,)),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin a breath; every source gets its own random numbers, so what reaches the two ears has nothing in common."""
    state.phase, state.manner = int(params.phase), int(params.manner)
    lungs.start(state.lungs, noise.split(state), params.variation, state.manner)
    wander.start(state.waver, noise.split(state))
    wander.start(state.unsteady, noise.split(state))
    airway.start(state.airway, state, sample_rate)
    tract.start(state.tract, state, sample_rate)
    for side in range(2):
        state.ears[side].air.rng = noise.split(state)
        wander.start_bounded(state.ears[side].gust, noise.split(state))
        state.ears[side].reached = 0.0 if int(params.ear) == 1 - side else 0.7 if int(params.ear) == 2 else 1.0
    for follower, cutoff_hz in ((state.inward, 3.0), (state.share, 7.0), (state.full, 7.0), (state.held, 5.0)):
        filters.tune_one_pole(follower, cutoff_hz, sample_rate / QUANTUM)
    filters.tune_one_pole(state.blow, 20.0, sample_rate)
    filters.tune(state.top, _THROAT_HZ, 0.7, sample_rate)
    for side in range(2):
        filters.tune(state.rumble[side], 110.0, 0.5, sample_rate)
        filters.tune(state.high[side], 40.0, 0.7, sample_rate)
    state.blow.y, state.full.y = params.blow, params.speed_m_s
    state.inward.y = 0.0 if state.phase > _INHALE else 1.0
    _breathe(state, params, 1.0, 0, sample_rate)


@kernel
def _unevenness(params):
    """Return how much the air flutters: a chest may keep time, its air is never steady."""
    return 0.2 + 0.7 * params.variation


@kernel
def _breathe(state, params, gate, frames, sample_rate):
    """Advance lungs and flutter by a quantum, and let everything glide to where it should be at its end."""
    seconds = frames / sample_rate
    held = filters.smooth(state.held, gate * params.pressure)
    share, inward, kind, opening = 1.0, 1.0 if state.phase == _INHALE else 0.0, state.manner, held
    if state.phase == _BREATH:
        lungs.advance(state.lungs, seconds * params.rate_hz, params.variation)
        share, inward = lungs.share(state.lungs) ** _FLATTER, lungs.is_inward(state.lungs)
        kind, opening = state.lungs.kind, lungs.opening(state.lungs)
    inward = filters.smooth(state.inward, inward)
    wander.advance(state.waver, _WAVER_HZ[state.phase] * seconds)
    uneven = _unevenness(params)
    share *= math.exp(_WAVERS[state.phase] * uneven * wander.value(state.waver))
    full = filters.smooth(state.full, params.speed_m_s)
    share = filters.smooth(state.share, gate * params.pressure * share)
    speed = full * share
    made_up = (3.5 / full) ** _MADE_UP * math.exp(0.35 * (0.3 - uneven * uneven))  # gusts add power
    made_up *= _PHASE_LEVEL[state.phase]
    state.ear_gain_step = (made_up - state.ear_gain) / QUANTUM
    state.speed_step = (speed - state.speed) / QUANTUM
    wander.advance(state.unsteady, _RUMBLE_HZ * seconds)
    rumbling = held * held * 0.5 + share * share * math.exp(uneven * wander.value(state.unsteady))
    state.rumble_step = (rumbling - state.rumbling) / QUANTUM
    air, higher = state.airway, ratio_from_semitones(params.pitch + params.bend)
    airway.pose(air, kind, opening, params.mouth, inward, uneven, seconds)
    airway.blow(air, made_up * speed * speed, speed, inward, params.brightness, params.person, higher, uneven)
    airway.sound(air, state.tract, seconds, uneven, sample_rate)
    brighter = _BRIGHTER ** (params.brightness - 0.4)
    for side in range(2):
        turbulence.tune(state.ears[side].air, speed, _EAR_WIDTH_M, sample_rate)
        filters.tune(state.ears[side].hiss, brighter * (600.0 + 200.0 * speed), 0.6, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the air pass: heard at the lips and in the throat, felt at the ear."""
    if start == 0:
        _breathe(state, params, gate, QUANTUM, sample_rate)
    tract.hold(emitters, _ASIDE_M)
    tract.render(state.tract, start, stop, sample_rate)
    for side in range(2):
        slot = tract.OUTLETS + side
        if state.blow.y > 1e-5 or params.blow > 0.0:
            emitter.hold(emitters, slot, emitter.DRY_RIGHT if side else emitter.DRY_LEFT, 0.0, 0.0, 0.0)
        elif emitters.slot[slot].life == emitter.LIVE:
            emitter.let_go(emitters, slot)
    density = noise.density(sample_rate)
    for n in range(start, stop):
        state.speed += state.speed_step
        state.rumbling += state.rumble_step
        state.ear_gain += state.ear_gain_step
        blow = filters.smooth(state.blow, params.blow)
        heard, felt = math.sqrt(max(1.0 - blow, 0.0)), math.sqrt(max(blow, 0.0)) * state.ear_gain
        for index in range(tract.OUTLETS):
            air = state.tract.outlet[index].out[n]
            air = filters.low(state.top, air) if index == tract.THROAT else air
            emitters.slot[index].out[n] += F32(heard * _LEVEL * air)
        for side in range(2):
            rumble = filters.high(state.high[side], filters.low(state.rumble[side], density * noise.white(state)))
            emitters.slot[tract.LEFT + side].out[n] += F32(heard * _RUMBLE_LEVEL * state.rumbling * rumble)
        if blow > 1e-5:
            for side in range(2):
                ear = state.ears[side]
                wander.advance(ear.gust, _GUST_HZ / sample_rate)
                gust = state.speed * (1.0 + 0.5 * _unevenness(params) * wander.value(ear.gust))
                low = _EAR_GAIN * turbulence.tick(ear.air, gust)
                hiss = _HISS_GAIN * density * gust * gust * filters.low(ear.hiss, noise.white(ear.air))
                emitters.slot[tract.OUTLETS + side].out[n] += F32(ear.reached * felt * (low + hiss))


TRIGGER = Trigger(
    "breath", PARAMETERS, STATE, strike, render,
    emitters=5, tail_s=1.5, gesture={"kind": "hold"},
    place={"azimuth_deg": 35, "distance_m": 0.2}, motion={"kind": "drift", "span_deg": 45, "period_s": 16},
    room={"t60_s": 0.25, "level_db": -14},
    level_db=4, classes={"breath": ()}, doc=__doc__,
)  # fmt: skip
