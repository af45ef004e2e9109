"""Pour: water into a vessel.  Poisson stream of bubbles + turbulence -> the air column above the water, shorter as it fills.

Bubbles follow a power law of radius (exponent 2.2, van den Doel 2005), lie in the water where the jet falls in, and are
smaller the shorter its fall. The column is a quarter wave long (dsp/cavity.py), so its pitch rises with the level; at the
brim it fades and the water runs over. A new strike is an empty vessel.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import bubble, cavity, emitter, event, noise, swarm, vessel, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import ratio_from_semitones
from synth.trigger import Trigger

_EMITTERS, _BUBBLES, _MOST_APART = 25, 128, 12
_PRESSURE = 0.8  # the pressure at which the flow is as written
_SIZE_EXPONENT, _SIZE_SPAN = 2.2, 10.0  # of the bubbles' radii: 0.6 to 6 mm by default
_BUBBLES_HZ, _FLOW_L_MIN = 300.0, 1.5  # bubbles per second at this flow; they grow with its root: 100 to 700 per second
_PRESENCE_S, _GULP_S = 0.06, 0.11
_DRIP_S, _DRIPS = 0.25, 0.03  # how long it drips after the jet, and how fast, relative to the jet
_JET_HZ = (350.0, 2600.0)
_COLUMN_Q, _BUBBLES_SHARE = 14.0, 0.3  # how sharply the column answers, and how much of the bubbles moves it
_LEVEL, _TURBULENCE, _COLUMN = 0.24, 0.24, 12.0

PARAMETERS = (
    Parameter("flow_l_min", 0.1, 10, 1.5, "l_min", curve="exp", doc="how fast it is poured, at a pressure of 0.8"),
    Parameter(
        "bubble_mm", 0.3, 2, 0.6, "mm", curve="exp", doc="radius of the smallest bubbles; the largest are ten times as large"
    ),
    Parameter("resonance", 0, 1, 0.6, doc="how much the air in the vessel sounds along"),
    Parameter("height_cm", 3, 60, 14, "cm", curve="exp", doc="height of the vessel"),
    Parameter("width_cm", 2, 40, 7, "cm", curve="exp", doc="width of the vessel; with its height, how long it takes to fill"),
    Parameter("start_level", 0, 1, 0.05, doc="how full it is at the strike"),
    Parameter("gulps", 0, 1, 0.2, doc="how much the flow comes in gulps, as from a bottle"),
    Parameter("splash", 0, 1, 0.3, doc="noise of the jet"),
    Parameter("rise", 0, 2, 0.15, doc="how much each bubble's pitch rises"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("closings", event.PROCESS),
        ("gulp", wander.WANDER),
        ("level_m", "f8"),  # of the water
        ("passed", "i8"),  # frames since the level was updated: a sum of seconds would depend on how a quantum is split
        ("poured", "i8"),  # those with the gate open
        ("count", "i8"),  # bubbles so far
        ("drip", "f8"),  # what drips from the lip when the jet has gone
        ("stream", "f8"),  # how much falls in at the beginning of the quantum, jet or drips
        ("flow", "f8"),  # relative to _FLOW_L_MIN, gulps included
        ("air_m", "f8"),  # height of the air above the water
        ("fall", "f8"),  # size of the bubbles, relative to those of an empty vessel
        ("column_hz", "f8"),
        ("bubbles", swarm.swarm_dtype(_BUBBLES, _EMITTERS)),
        ("vessel", vessel.VESSEL),  # its jet comes and goes in _PRESENCE_S
    ],
    align=True,
)


@kernel
def _prepare(state, params, sample_rate):
    """Once a quantum: the flow, the length of the column, and how loud jet and column are to become."""
    swing = math.exp(1.2 * params.gulps * wander.value(state.gulp))
    state.flow = params.flow_l_min / _FLOW_L_MIN * params.pressure / _PRESSURE * swing
    radius_m, height_m = 0.005 * params.width_cm, 0.01 * params.height_cm
    state.air_m = max(height_m - state.level_m, 0.02 * height_m)
    state.fall = 0.5 + 0.5 * min(state.air_m / height_m, 1.0)  # the shorter the jet's fall, the smaller the bubbles
    ratio = ratio_from_semitones(params.pitch + params.bend)
    state.column_hz = cavity.column_hz(state.air_m, radius_m) * ratio
    cavity.tune_column(state.vessel.column, state.column_hz, _COLUMN_Q, sample_rate)
    splash_gain = _TURBULENCE * params.splash * math.sqrt(state.flow * sample_rate / 48000.0)
    column_gain = _COLUMN * params.resonance * state.air_m / (state.air_m + cavity.END_CORRECTION * radius_m)
    vessel.tune(state.vessel, _JET_HZ[0] * ratio, _JET_HZ[1] * ratio, splash_gain, column_gain, sample_rate)


@kernel
def _fill(state, params, sample_rate):
    """Let the water rise by what was poured in the last quantum; near the brim ever less of it stays in the vessel."""
    area_m2 = math.pi * (0.005 * params.width_cm) ** 2
    full = min(state.level_m / (0.01 * params.height_cm), 1.0)
    speed_m_s = state.flow * _FLOW_L_MIN / 60000.0 / area_m2
    state.level_m += speed_m_s * (1.0 - full**12) * state.poured / sample_rate
    wander.advance(state.gulp, state.passed / sample_rate / _GULP_S)
    state.poured = 0
    state.passed = 0


@kernel
def _close(state, params, emitters, frame, sample_rate):
    """One bubble closes: choose its size, depth, rise and place. The draws are always the same in number and order."""
    smallest_m = 0.001 * params.bubble_mm * state.fall
    radius_m = noise.bounded_pareto(state, _SIZE_EXPONENT, smallest_m, _SIZE_SPAN * smallest_m)
    depth = noise.between(state, 0.15, 1.0)
    rise = params.rise * 2.0 * noise.uniform(state)
    away = noise.uniform(state)
    turn = 2.0 * math.pi * noise.uniform(state)
    state.count += 1
    reach_m = 0.004 * params.width_cm * math.sqrt(away)
    left_m, away_m, up_m = reach_m * math.sin(turn), reach_m * math.cos(turn), -0.5 * state.air_m
    index = swarm.join(state.bubbles, emitters, _MOST_APART, away_m, left_m, up_m)
    if index < 0:
        return
    ratio = ratio_from_semitones(params.pitch + params.bend)
    loud = _LEVEL * bubble.loudness(radius_m, depth) / state.fall * (0.6 / params.bubble_mm) ** 2
    bubble.strike(state.bubbles.chirp[index], radius_m / ratio, loud, rise, frame, sample_rate)


@kernel
def strike(state, params, velocity, sample_rate):
    """Take an empty vessel and begin to pour."""
    event.start(state.closings, noise.split(state))
    state.vessel.noise.rng = noise.split(state)
    wander.start(state.gulp, noise.split(state))
    state.level_m = 0.01 * params.height_cm * params.start_level
    _prepare(state, params, sample_rate)
    _prepare(state, params, sample_rate)  # twice: the gains' ramps begin where they end


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let bubbles close while the jet lasts; the column answers them and the jet's noise."""
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    if start == 0:
        _fill(state, params, sample_rate)
        _prepare(state, params, sample_rate)
        state.stream = max(state.vessel.present, _DRIPS * state.drip if state.drip > 0.02 else 0.0)
    rate_hz = _BUBBLES_HZ * math.sqrt(state.flow) * state.stream
    frame = event.next_frame(state.closings, rate_hz, sample_rate, start, stop)
    while frame < stop:
        _close(state, params, emitters, frame - start, sample_rate)
        frame = event.next_frame(state.closings, rate_hz, sample_rate, frame, stop)
    swarm.add(state.bubbles, emitters, start, stop)
    out, drive = emitters.slot[0].out, state.bubbles.drive
    vessel.add(state.vessel, gate, _PRESENCE_S, drive, _BUBBLES_SHARE, out, start, stop, sample_rate)
    settle = 1.0 - math.exp(-1.0 / (_DRIP_S * sample_rate))
    for _ in range(start, stop):
        state.drip += settle * (gate - state.drip)
    state.passed += stop - start
    state.poured += int(gate) * (stop - start)


TRIGGER = Trigger(
    "pour", PARAMETERS, STATE, strike, render,
    emitters=_EMITTERS, tail_s=2, gesture={"kind": "bursts", "rate_hz": 0.035, "duty": 0.8, "irregularity": 0.2},
    place={"azimuth_deg": 40, "elevation_deg": -20, "distance_m": 0.25}, motion={"kind": "drift"}, voices=2,
    level_db=-13.5, classes={"pour": ()}, doc=__doc__,
)  # fmt: skip
