"""Crumple: paper crushed in the hands.  force -> power-law crackles -> pulses -> modes of paper, spread over the sheet.

Each crackle is a facet that buckles. Energies follow E^-a with a = 1.3..1.6 whatever the size and the speed, their number is
proportional to the area and here to the force (Houle and Sethna 1996, cond-mat/9512055); capped at 400 times the smallest.
Paper's modes: T60 about 25 ms, lowest 480 Hz, loss factor 0.039 (measured on objects; docs/internals/physics.md, materials).
Larger facets are lower.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import facet, noise, sheet
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.trigger import Trigger

_FACETS, _MODES = 30, 8
_ENERGY_RANGE = 400.0
_LOSS = 0.039
_GAP_S = 0.012  # between crackles that set each other off
_USUAL_RATE_HZ = 350.0  # at which `_LEVEL` holds
_LEVEL = 0.005

PARAMETERS = (
    Parameter("rate_hz", 20, 3000, 350, "hz", curve="exp", doc="crackles a second under the full force of the hand"),
    Parameter(
        "brightness_hz", 800, 12000, 3000, "hz", curve="exp", doc="how short the crackles are: their spectrum falls above it"
    ),
    Parameter("stiffness", 0, 1, 0.45, doc="0 tissue (high, dull), 0.5 writing paper, 1 card (low, sharp, few large facets)"),
    Parameter("size_cm", 2, 80, 25, "cm", curve="exp", doc="extent of the sheet: how far apart the crackles lie"),
    Parameter("ring_s", 0.005, 0.1, 0.025, "s", curve="exp", doc="T60 of the sheet's low modes"),
    Parameter("exponent", 1.2, 1.8, 1.45, doc="of the crackles' energies: low, a few large ones rule; high, many small ones"),
    Parameter("cluster", 1, 12, 1.8, curve="exp", doc="mean number of crackles that set each other off"),
    Parameter("unsteadiness", 0, 1, 0.45, doc="how much the hand's force wavers"),
)
STATE = np.dtype([("rng", "u8"), ("paper", sheet.sheet_dtype(_FACETS, _MODES))], align=True)


@kernel
def strike(state, params, velocity, sample_rate):
    """Take the sheet into the hands."""
    sheet.take(state.paper, state)


@kernel
def _crackle(state, params, slide, emitters, frame, sample_rate):
    """Let one facet buckle: draw its energy and place, tune its facet if it has just woken, strike it."""
    size = noise.bounded_pareto(slide, params.exponent, 1.0, _ENERGY_RANGE)
    seed = noise.split(slide)
    index = sheet.land(state.paper, slide, emitters, frame, 0.005 * params.size_cm, 0.15)
    if index < 0:
        return
    struck = state.paper.facets.facet[index]
    if struck.untuned:
        struck.untuned = 0
        state.rng = seed
        scale = size**-0.07 * math.exp(0.25 * noise.gaussian(state))
        low_hz = 640.0 * 0.55**params.stiffness * scale
        tilt_db = 2.0 + 2.0 * (params.stiffness - 0.45)
        corner_hz = params.brightness_hz * size**-0.05
        sheet.tune(struck, state, low_hz, 14.0 * low_hz, params.ring_s, _LOSS, tilt_db, corner_hz, sample_rate)
    facet.strike(struck, slide.gain * math.sqrt(size))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Squeeze once a quantum; let the crackles of these frames sound."""
    if start == 0 or state.paper.is_new:
        gain = _LEVEL * sheet.strength(params.pressure)
        gain *= sheet.impulse(params.exponent, _ENERGY_RANGE, params.rate_hz, _USUAL_RATE_HZ)
        sheet.squeeze(state.paper, gate, params.pressure, params.unsteadiness, params.rate_hz, gain, sample_rate)
    frame, index = sheet.next_crackle(state.paper, params.cluster, _GAP_S, sample_rate, start, stop)
    while index >= 0:
        _crackle(state, params, state.paper.crackles.slide[index], emitters, frame, sample_rate)
        frame, index = sheet.next_crackle(state.paper, params.cluster, _GAP_S, sample_rate, frame, stop)
    facet.finish(state.paper.facets, emitters, stop)


TRIGGER = Trigger(
    "crumple", PARAMETERS, STATE, strike, render,
    emitters=40, tail_s=3, gesture={"kind": "bursts", "rate_hz": 0.5, "duty": 0.6, "irregularity": 0.5},
    place={"azimuth_deg": 30, "elevation_deg": -10, "distance_m": 0.3}, motion={"kind": "drift"},
    level_db=-10, classes={"crumple": ()}, doc=__doc__,
)  # fmt: skip
