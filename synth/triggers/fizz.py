"""Fizz: soda in a glass at the ear.  A rush; films that burst -> Helmholtz pops; foam -> wash + bubbles; the glass answers all.

Poured (`rush`), it begins with half a second of a broad noise, as of a jet that breaks up. Then it foams: thousands of films a
second burst in all corners of the foam and bubbles rise through it; within seconds the foam is gone and single pops remain.
Every pop is an open Helmholtz resonator whose pitch rises as its film opens (Poujol et
al., Sound of effervescence, 2021), of many sizes and so without a band of its own. The rate falls as e^(-t/tau) to a floor. In
foam films burst in avalanches (Vandewalle et al., Avalanches of popping bubbles in collapsing foams, 2001).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import bubble, cavity, chirp, emitter, event, noise, rumble, swarm, vessel, wander, wash
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import ratio_from_semitones
from synth.trigger import Trigger

_SIDES, _POPS, _MOST_APART = 4, 96, 24
_EMITTERS = 1 + _SIDES + 2 * _MOST_APART
_LN_10 = math.log(10.0)
_GLASS_RADIUS_M, _PRESSURE = 0.032, 0.8  # a tumbler's; the pressure at which the rate is as written
_MOUTH = 0.3  # how far a film has opened when its pop begins, as a share of the bubble's radius
_OPENING = 0.3  # how much its pitch rises while it opens on
_TOP_HZ = 15000.0  # films that would ring above are mirrored here, or they would heap up at one pitch
_FOAM_S, _FOAMING = 1.1, 7.0  # how long foam stands (time to 1/e), by how much its films outnumber the others at first: chosen
_FOAM_PER_POP = 6.0  # films too small to tell apart to one that can be told
_RISING_HZ, _SMALLEST_M, _LARGEST_M = 160.0, 0.0004, 0.0025  # bubbles that rise through the foam, and their radii
_PRESENCE_S, _CHANGE_S = 0.15, 0.25
_SURGES_S, _SURGES = (0.4, 0.08), (0.2, 0.6)  # how often avalanches of films come, how strong, as logarithms of the rate: chosen
_LOUDER = 0.3  # how much louder, too, their films are: as logarithms
_RUSH_S, _RUSH_ENDS_S = 0.55, 0.07  # how long it is poured, and how suddenly that ends: as in one recording
_RUSH, _CHURN = 6.0, 26.0  # amplitudes of the spray and of the water that churns, beside foam's and the cloud's, at `rush` 1
_CLOUD, _CLOUD_HZ, _CLOUD_TILT = 0.006, 120.0, 1.3  # level, lowest band and colour of its rumble: as in recordings
_LEVEL, _HISS, _GLASS, _WET = 0.31, 0.2, 1.5, 0.35

PARAMETERS = (
    Parameter("rate_hz", 400, 4000, 1200, "hz", curve="exp", doc="pops per second when poured, foam apart, at a pressure of 0.8"),
    Parameter("bubble_mm", 1.5, 4, 2.6, "mm", curve="exp", doc="radius of the bubbles that burst: 2 mm at 14 kHz, 4 mm at 7 kHz"),
    Parameter("decay_s", 2, 300, 3, "s", curve="exp", doc="how long the gas lasts: time to 1/e"),
    Parameter("floor", 0.02, 1, 0.06, curve="exp", doc="share of the rate that never dies away"),
    Parameter("foam", 0, 1, 0.6, doc="how much it foams in the first seconds"),
    Parameter("glass", 0, 1, 0.5, doc="how much the glass's air sounds along"),
    Parameter("air_cm", 1, 20, 6.5, "cm", curve="exp", doc="air above the liquid: the longer, the lower the glass sounds"),
    Parameter("length_ms", 0.15, 1.2, 0.4, "ms", curve="exp", doc="how long a pop lasts: time to -20 dB"),
    Parameter("variation", 0, 0.8, 0.6, doc="how much the bubbles differ in size and loudness"),
    Parameter("hiss", 0.15, 1, 0.4, doc="the many pops too small to tell apart"),
    Parameter("spread_cm", 0, 12, 3.5, "cm", doc="radius of the liquid's surface, over which the pops lie"),
    Parameter("rush", 0, 1, 0, doc="how loud it is poured in, at first; 0 it stands there already"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("bursts", event.PROCESS),
        ("risings", event.PROCESS),
        ("age", "i8"),  # frames since it was poured
        ("passed", "i8"),  # frames since the foam moved
        ("count", "i8"),  # pops so far
        ("rate_hz", "f8"),
        ("rising_hz", "f8"),
        ("surge", wander.WANDER, (2,)),
        ("strength", "f8"),  # of its films and bubbles: fresh gas is driven harder
        ("pops", swarm.swarm_dtype(_POPS, _EMITTERS)),
        ("wash", wash.wash_dtype(_SIDES)),
        ("cloud", rumble.RUMBLE),  # of bubbles that ring together
        ("glass", vessel.VESSEL),
    ],
    align=True,
)


@kernel
def _prepare(state, params, sample_rate):
    """Once a quantum: how fast it pops by now, where the glass and the hiss sound, how loud they are to become."""
    left = params.floor + (1.0 - params.floor) * math.exp(-state.age / (sample_rate * params.decay_s))
    foam = params.foam * math.exp(-state.age / (sample_rate * _FOAM_S))
    push = params.pressure / _PRESSURE
    surge, depth = 0.0, min(3.0 * params.foam, 1.0)
    for wave in range(2):
        spread = _SURGES[wave] * depth
        surge += spread * wander.value(state.surge[wave]) - 0.37 * spread * spread  # of mean 1
    state.rate_hz = params.rate_hz * push * (left + _FOAMING * foam) * math.exp(surge)
    state.rising_hz = _RISING_HZ * push * (foam + 0.1 * params.foam * left)
    ratio = ratio_from_semitones(params.pitch + params.bend)
    cavity.tune_column(state.glass.column, cavity.column_hz(0.01 * params.air_cm, _GLASS_RADIUS_M) * ratio, 7.0, sample_rate)
    film_hz = cavity.film_hz(0.001 * params.bubble_mm, _MOUTH) * ratio
    vessel.tune(state.glass, 0.2 * film_hz, film_hz, 0.0, _GLASS * params.glass, sample_rate)
    state.strength = min((left + foam) ** 0.12, 1.3) * math.sqrt((1.0 + 4.0 / params.decay_s) * 0.43)  # chosen: evens loudness
    state.strength *= math.exp(_LOUDER * surge)
    poured = min(state.age / sample_rate / _RUSH_S, 2.0)
    rush = params.rush / (1.0 + math.exp((poured - 1.0) * _RUSH_S / _RUSH_ENDS_S))
    churn = push * (state.strength * math.exp(0.4 * surge) + _CHURN * rush)
    rumble.tune(state.cloud, _CLOUD * churn, _CLOUD_HZ * ratio, _CLOUD_TILT, sample_rate)
    level = _HISS * 0.4 * (params.hiss / 0.4) ** 0.35 * math.sqrt(1200.0 / params.rate_hz) * (state.strength + _RUSH * rush)
    # the many that cannot be told apart surge half as much: their avalanches even out
    many_hz = _FOAM_PER_POP * state.rate_hz * math.exp(-0.5 * surge)
    wash.tune(state.wash, many_hz, level, 0.07 * film_hz, 1.8 * film_hz, 0.2, 0.3, sample_rate)


@kernel
def _burst(state, params, emitters, frame, sample_rate):
    """One film bursts: choose its size, loudness and place. The draws are always the same in number and order."""
    size = math.exp(params.variation * min(max(noise.gaussian(state), -2.5), 2.0))
    loud = math.exp(0.7 * params.variation * min(noise.gaussian(state), 2.0))
    away = noise.uniform(state)
    turn = 2.0 * math.pi * noise.uniform(state)
    state.count += 1
    reach_m = 0.01 * params.spread_cm * math.sqrt(away)
    index = swarm.join(state.pops, emitters, _MOST_APART, reach_m * math.cos(turn), reach_m * math.sin(turn), 0.0)
    if index < 0:
        return
    ratio = ratio_from_semitones(params.pitch + params.bend)
    film_hz = cavity.film_hz(0.001 * params.bubble_mm * size, _MOUTH) * ratio
    if film_hz > _TOP_HZ:
        film_hz = max(_TOP_HZ * _TOP_HZ / film_hz, 2000.0)
    length_s = 0.001 * params.length_ms * size
    amplitude, rise_hz_s = (
        _LEVEL * state.strength * loud * math.sqrt(size * 500.0 / params.rate_hz) * (0.4 / params.length_ms) ** 0.3,
        _OPENING * film_hz / length_s,
    )
    chirp.strike(state.pops.chirp[index], amplitude, film_hz, _LN_10 / length_s, rise_hz_s, frame, sample_rate)


@kernel
def _rise(state, params, emitters, frame, sample_rate):
    """One bubble rises through the foam and rings under water. The draws are always the same in number and order."""
    radius_m = noise.bounded_pareto(state.risings, 2.0, _SMALLEST_M, _LARGEST_M)
    depth = noise.between(state.risings, 0.2, 1.0)
    rise = 0.4 * noise.uniform(state.risings)
    away = noise.uniform(state.risings)
    turn = 2.0 * math.pi * noise.uniform(state.risings)
    reach_m = 0.01 * params.spread_cm * math.sqrt(away)
    index = swarm.join(state.pops, emitters, _MOST_APART, reach_m * math.cos(turn), reach_m * math.sin(turn), -0.01)
    if index >= 0:
        ratio = ratio_from_semitones(params.pitch + params.bend)
        loud = _WET * state.strength * min(bubble.loudness(radius_m, depth), 1.0)
        bubble.strike(state.pops.chirp[index], radius_m / ratio, loud, rise, frame, sample_rate)


@kernel
def strike(state, params, velocity, sample_rate):
    """Pour: full of gas."""
    event.start(state.bursts, noise.split(state))
    event.start(state.risings, noise.split(state))
    wash.start(state.wash, state)
    rumble.start(state.cloud, state)
    for wave in range(2):
        wander.start(state.surge[wave], noise.split(state))
    state.glass.noise.rng = noise.split(state)
    _prepare(state, params, sample_rate)
    _prepare(state, params, sample_rate)  # twice: the gains' ramps begin where they end


@kernel
def _hold(params, emitters):
    """Let the glass sound from its mouth, the foam from four sides of the liquid."""
    emitter.hold(emitters, _SIDES, emitter.EARS, 0.0, 0.0, 0.0)
    for side in range(_SIDES):
        turn = math.pi * (0.5 * side + 0.25)
        reach_m = 0.01 * params.spread_cm
        emitter.hold(emitters, side, emitter.EARS, reach_m * math.cos(turn), reach_m * math.sin(turn), 0.0)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let films burst and bubbles rise while the gate is open; the glass answers all of them."""
    _hold(params, emitters)
    if start == 0:
        wash.move(state.wash, state.passed / sample_rate / _CHANGE_S)
        rumble.move(state.cloud, state.passed / sample_rate)
        for wave in range(2):
            wander.advance(state.surge[wave], state.passed / sample_rate / _SURGES_S[wave])
        state.passed = 0
        _prepare(state, params, sample_rate)
    rate_hz = state.rate_hz * gate
    frame = event.next_frame(state.bursts, rate_hz, sample_rate, start, stop)
    while frame < stop:
        _burst(state, params, emitters, frame - start, sample_rate)
        frame = event.next_frame(state.bursts, rate_hz, sample_rate, frame, stop)
    rate_hz = state.rising_hz * gate
    frame = event.next_frame(state.risings, rate_hz, sample_rate, start, stop)
    while frame < stop:
        _rise(state, params, emitters, frame - start, sample_rate)
        frame = event.next_frame(state.risings, rate_hz, sample_rate, frame, stop)
    swarm.add(state.pops, emitters, start, stop)
    wash.add(state.wash, gate, emitters, start, stop, sample_rate)
    out, drive = emitters.slot[_SIDES].out, state.pops.drive
    rumble.add(state.cloud, gate, _PRESENCE_S, drive, out, start, stop, sample_rate)
    vessel.add(state.glass, gate, _PRESENCE_S, drive, 1.0, out, start, stop, sample_rate)
    state.age += stop - start
    state.passed += stop - start


TRIGGER = Trigger(
    "fizz", PARAMETERS, STATE, strike, render,
    emitters=_EMITTERS, tail_s=4, gesture={"kind": "bursts", "rate_hz": 0.07, "duty": 0.97, "irregularity": 0.3},
    place={"azimuth_deg": 18, "elevation_deg": -15, "distance_m": 0.16}, motion={"kind": "drift"}, voices=2,
    room={"t60_s": 0.25, "level_db": -20}, level_db=-12, classes={"fizz": (), "sizzle": ()}, doc=__doc__,
)  # fmt: skip
