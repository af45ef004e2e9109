"""Snore: somebody snores beside you.  lungs -> soft palate that flutters -> pulses, bursts of air -> tract: throat, lips; chest.

Asleep, the soft palate hangs loose: once the air that is drawn in is fast enough it flutters, 30 to 100 times a second, unevenly
(`palate`); each time it lets go the air bursts through throat, nose and mouth, which colour it (`airway`, `tract`), and a thump
below 200 Hz is heard through chest and pillow, where palatal snoring is loudest (137 Hz in the middle: Agrawal and others 2002).
Out, air mostly just passes. Not every breath snores. The rest was chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import airway, emitter, filters, lungs, noise, palate, tract, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_CHEST = tract.OUTLETS
_ASIDE_M, _CHEST_M = 0.03, 0.22
_BEGINS, _FULL = 0.42, 0.8  # share of the speed above which the palate flutters, and where it does so fully
_USUAL_M_S = 3.5
_CHEST_HZ, _CHEST_Q, _INFRASOUND_HZ = 190.0, 0.7, 45.0
_WAVER_HZ = 2.5
_PULSES, _AIR, _THUMP = 3.0, 1.4, 1.3
_LEVEL = 0.14

PARAMETERS = (
    Parameter("flutter_hz", 30, 100, 40, "hz", curve="exp", smoothing_s=0.1, doc="how often the palate lets go"),
    Parameter("depth", 0, 1, 0.75, doc="0 a heavy breath, 1 every flutter by itself"),
    Parameter("rate_hz", 0.15, 0.4, 0.25, "hz", curve="exp", doc="breaths a second"),
    Parameter("often", 0.3, 1, 0.9, doc="how many of the breaths snore"),
    Parameter("way_out", 0, 1, 0.25, doc="how much the palate flutters on the way out too"),
    Parameter("mouth", 0, 1, 0.5, doc="0 through the nose, 1 through the open mouth"),
    Parameter("brightness", 0, 1, 0.6, doc="0 dark, as through a pillow, 1 bright"),
    Parameter("person", 0, 1, 0.8, doc="length of the vocal tract: 0 a child, 0.5 a woman, 1 a tall man"),
    Parameter("variation", 0, 1, 0.5, doc="how much breaths differ, and how uneven the flutter is"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("stage", "i8"),
        ("snores", "f8"),  # 1 in a breath that does
        ("inward", filters.ONE_POLE),
        ("share", filters.ONE_POLE),
        ("held", filters.ONE_POLE),
        ("lungs", lungs.LUNGS),
        ("waver", wander.WANDER),
        ("palate", palate.PALATE),
        ("airway", airway.AIRWAY),
        ("tract", tract.TRACT),
        ("chest", filters.SVF),
        ("high", filters.SVF),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin to draw in air."""
    lungs.start(state.lungs, noise.split(state), params.variation, lungs.ASLEEP)
    wander.start(state.waver, noise.split(state))
    palate.start(state.palate, state, params.flutter_hz, sample_rate)
    airway.start(state.airway, state, sample_rate)
    tract.start(state.tract, state, sample_rate)
    for follower, cutoff_hz in ((state.inward, 3.0), (state.share, 7.0), (state.held, 8.0)):
        filters.tune_one_pole(follower, cutoff_hz, sample_rate / QUANTUM)
    filters.tune(state.chest, _CHEST_HZ, _CHEST_Q, sample_rate)
    filters.tune(state.high, _INFRASOUND_HZ, 0.7, sample_rate)
    state.inward.y, state.snores, state.stage = 1.0, 1.0, lungs.IN
    _breathe(state, params, 1.0, 0.0, sample_rate)


@kernel
def _drive(state, params, share):
    """Return how far the air is faster than the palate takes, 0..1."""
    stage = state.lungs.stage
    if stage != state.stage:
        state.stage = stage
        if stage == lungs.IN:
            state.snores = 1.0 if noise.uniform(state) < params.often else 0.0
    way = state.inward.y + (1.0 - state.inward.y) * params.way_out
    return state.snores * way * min(max((share - _BEGINS) / (_FULL - _BEGINS), 0.0), 1.0)


@kernel
def _breathe(state, params, gate, seconds, sample_rate):
    """Go on by a quantum: lungs, palate, how the throat is held."""
    lungs.advance(state.lungs, seconds * params.rate_hz, params.variation)
    filters.smooth(state.inward, lungs.is_inward(state.lungs))
    wander.advance(state.waver, _WAVER_HZ * seconds)
    share = lungs.share(state.lungs) * math.exp(0.15 * params.variation * wander.value(state.waver))
    share = filters.smooth(state.share, share)
    held = filters.smooth(state.held, gate * params.pressure)
    higher = ratio_from_semitones(params.pitch + params.bend)
    drive, level = _drive(state, params, share), held * held * share * share
    pulses = _PULSES * params.depth * level
    flow = palate.flutter(
        state.palate, params.flutter_hz * higher, params.depth * drive, pulses, params.variation, seconds, sample_rate
    )
    air, uneven = state.airway, 0.2 + 0.6 * params.variation
    speed_m_s = _USUAL_M_S * (0.4 + 0.6 * share)
    airway.pose(air, lungs.ASLEEP, lungs.opening(state.lungs), params.mouth, state.inward.y, uneven, seconds)
    airway.blow(air, _AIR * level * flow, speed_m_s, state.inward.y, params.brightness, params.person, higher, uneven)
    airway.sound(air, state.tract, seconds, uneven, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Snore on: through throat, lips or nostrils, and the chest below them."""
    if start == 0:
        _breathe(state, params, gate, QUANTUM / sample_rate, sample_rate)
    tract.hold(emitters, _ASIDE_M)
    emitter.hold(emitters, _CHEST, emitter.EARS, 0.05, 0.0, -_CHEST_M)
    palate.fill(state.palate, state.tract.source, start, stop, sample_rate)
    tract.render(state.tract, start, stop, sample_rate)
    for n in range(start, stop):
        thump = filters.high(state.high, filters.low(state.chest, state.tract.source[n]))
        emitters.slot[_CHEST].out[n] += F32(_LEVEL * _THUMP * thump)
        for index in range(tract.OUTLETS):
            emitters.slot[index].out[n] += F32(_LEVEL * state.tract.outlet[index].out[n])


TRIGGER = Trigger(
    "snore", PARAMETERS, STATE, strike, render,
    emitters=tract.OUTLETS + 1, tail_s=1.5, gesture={"kind": "hold"},
    place={"azimuth_deg": 40, "distance_m": 0.35}, motion={"kind": "drift", "span_deg": 15, "period_s": 30},
    room={"t60_s": 0.3, "level_db": -12},
    level_db=5.5, families=("mouth",), classes={"snore": ()}, doc=__doc__,
)  # fmt: skip
