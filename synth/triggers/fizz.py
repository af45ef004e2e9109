"""Fizz: soda in a glass at the ear.  Poisson bursts of films -> Helmholtz pops -> the glass's air column, plus a far hiss.

Every pop is an open Helmholtz resonator whose pitch rises as its film opens (Poujol et al., Sound of effervescence, 2021),
0.3 to 1 ms long at 3 to 15 kHz, at its own place on the liquid. The gas runs out: the rate falls as e^(-t/tau) towards a
floor.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import cavity, chirp, emitter, event, noise, swarm, vessel
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import ratio_from_semitones
from synth.trigger import Trigger

_EMITTERS, _POPS, _MOST_APART = 33, 64, 32
_LN_10 = math.log(10.0)
_GLASS_RADIUS_M, _PRESSURE = 0.032, 0.8  # a tumbler's; the pressure at which the rate is as written
_MOUTH = 0.3  # how far a film has opened when its pop begins, as a share of the bubble's radius
_OPENING = 0.3  # how much its pitch rises while it opens on
_LEVEL, _HISS, _GLASS = 0.33, 0.15, 2.5
_PRESENCE_S = 0.02

PARAMETERS = (
    Parameter("rate_hz", 5, 3000, 500, "hz", curve="exp", doc="pops per second when freshly poured, at a pressure of 0.8"),
    Parameter(
        "bubble_mm", 1.5, 12, 5, "mm", curve="exp", doc="radius of the bubbles that burst: 2 mm at 14 kHz, 8 mm at 3.5 kHz"
    ),
    Parameter("decay_s", 0.5, 300, 25, "s", curve="exp", doc="how long the gas lasts: time to 1/e"),
    Parameter("floor", 0, 1, 0.25, doc="share of the rate that never dies away"),
    Parameter("glass", 0, 1, 0.5, doc="how much the glass's air sounds along"),
    Parameter("air_cm", 1, 20, 5, "cm", curve="exp", doc="air above the liquid: the longer, the lower the glass sounds"),
    Parameter("length_ms", 0.2, 4, 0.8, "ms", curve="exp", doc="how long a pop lasts: time to -20 dB"),
    Parameter("variation", 0, 1, 0.5, doc="how much the bubbles differ in size and loudness"),
    Parameter("hiss", 0, 1, 0.25, doc="the many pops too small to tell apart"),
    Parameter("spread_cm", 0, 20, 3.5, "cm", doc="radius of the liquid's surface, over which the pops lie"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("bursts", event.PROCESS),
        ("age", "i8"),  # frames since it was poured
        ("count", "i8"),  # pops so far
        ("rate_hz", "f8"),
        ("pops", swarm.swarm_dtype(_POPS, _EMITTERS)),
        ("glass", vessel.VESSEL),
    ],
    align=True,
)


@kernel
def _prepare(state, params, sample_rate):
    """Once a quantum: how fast it pops by now, where the glass and the hiss sound, how loud they are to become."""
    left = params.floor + (1.0 - params.floor) * math.exp(-state.age / (sample_rate * params.decay_s))
    state.rate_hz = params.rate_hz * left * params.pressure / _PRESSURE
    ratio = ratio_from_semitones(params.pitch + params.bend)
    cavity.tune_column(state.glass.column, cavity.column_hz(0.01 * params.air_cm, _GLASS_RADIUS_M) * ratio, 9.0, sample_rate)
    film_hz = cavity.film_hz(0.001 * params.bubble_mm, _MOUTH) * ratio
    hiss_gain = _HISS * params.hiss * math.sqrt(state.rate_hz / 500.0) * noise.density(sample_rate)
    vessel.tune(state.glass, 0.5 * film_hz, 1.2 * film_hz, hiss_gain, _GLASS * params.glass, sample_rate)


@kernel
def _burst(state, params, emitters, frame, sample_rate):
    """One film bursts: choose its size, loudness and place. The draws are always the same in number and order."""
    size = math.exp(0.6 * params.variation * noise.gaussian(state))
    loud = math.exp(0.7 * params.variation * min(noise.gaussian(state), 2.2))
    away = noise.uniform(state)
    turn = 2.0 * math.pi * noise.uniform(state)
    state.count += 1
    reach_m = 0.01 * params.spread_cm * math.sqrt(away)
    index = swarm.join(state.pops, emitters, _MOST_APART, reach_m * math.cos(turn), reach_m * math.sin(turn), 0.0)
    if index < 0:
        return
    ratio = ratio_from_semitones(params.pitch + params.bend)
    film_hz = min(cavity.film_hz(0.001 * params.bubble_mm * size, _MOUTH) * ratio, chirp.HIGHEST_HZ)
    length_s = 0.001 * params.length_ms * size
    amplitude, rise_hz_s = _LEVEL * loud * math.sqrt(size), _OPENING * film_hz / length_s
    chirp.strike(state.pops.chirp[index], amplitude, film_hz, _LN_10 / length_s, rise_hz_s, frame, sample_rate)


@kernel
def strike(state, params, velocity, sample_rate):
    """Pour: full of gas."""
    event.start(state.bursts, noise.split(state))
    state.glass.noise.rng = noise.split(state)
    _prepare(state, params, sample_rate)
    _prepare(state, params, sample_rate)  # twice: the gains' ramps begin where they end


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let films burst while the gate is open; the glass answers all of them."""
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    if start == 0:
        _prepare(state, params, sample_rate)
    rate_hz = state.rate_hz * gate
    frame = event.next_frame(state.bursts, rate_hz, sample_rate, start, stop)
    while frame < stop:
        _burst(state, params, emitters, frame - start, sample_rate)
        frame = event.next_frame(state.bursts, rate_hz, sample_rate, frame, stop)
    swarm.add(state.pops, emitters, start, stop)
    vessel.add(state.glass, gate, _PRESENCE_S, state.pops.drive, 1.0, emitters.slot[0].out, start, stop, sample_rate)
    state.age += stop - start


TRIGGER = Trigger(
    "fizz", PARAMETERS, STATE, strike, render,
    emitters=_EMITTERS, tail_s=1, gesture={"kind": "bursts", "rate_hz": 0.03, "duty": 0.85, "irregularity": 0.3},
    place={"azimuth_deg": 55, "elevation_deg": -15, "distance_m": 0.14}, motion={"kind": "drift"}, voices=2,
    level_db=-20.5, classes={"fizz": (), "sizzle": ()}, doc=__doc__,
)  # fmt: skip
