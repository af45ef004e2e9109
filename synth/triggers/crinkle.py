"""Crinkle: foil or a wrapper in the hands.  force -> avalanches of power-law clicks -> snaps -> modes of the film, all over it.

A film's folds snap in avalanches, each setting off its neighbours. Energies follow E^-a with a = 1.0 for mylar and foil over
many decades (Kramer and Lobkovsky 1996, cond-mat/9510090), capped here at 300 times the smallest. Clicks last 0.3..2 ms and lie
at 2.5..14 kHz; what is wrapped and the air within lend them a body below. Bands and decays of the materials are chosen by ear's
numbers, not measured.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import facet, noise, sheet
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.trigger import Trigger

_FACETS, _MODES = 30, 8
_ENERGY_RANGE = 300.0
_MATERIALS = {  # both ends of its clicks' band in Hz; T60 in s
    "foil": (2300.0, 13000.0, 0.007),
    "cellophane": (2500.0, 14000.0, 0.003),
    "wrapper": (1600.0, 11000.0, 0.0045),
    "bag": (900.0, 7500.0, 0.004),
}
_LOW_HZ, _HIGH_HZ, _RING_S = zip(*_MATERIALS.values(), strict=True)
_LOSS = 0.02
_USUAL_RATE_HZ = 450.0  # at which `_LEVEL` holds
_LEVEL = 0.004

PARAMETERS = (
    Parameter("rate_hz", 10, 3000, 450, "hz", curve="exp", doc="clicks a second under the full force of the hand"),
    Parameter(
        "brightness_hz", 1500, 14000, 4500, "hz", curve="exp", doc="how short the snaps are: their spectrum falls above it"
    ),
    Parameter("avalanche", 1, 40, 7, curve="exp", doc="mean number of clicks that set each other off"),
    Parameter("body", 0, 1, 0.4, doc="how far down the sheet answers: what is wrapped, the air within"),
    Parameter("size_cm", 1, 60, 12, "cm", curve="exp", doc="extent of the sheet: how far apart the avalanches lie"),
    Parameter("thickness", 0.25, 4, 1, curve="exp", doc="of the film; a thick one clicks lower and longer"),
    Parameter("material", default="wrapper", choices=tuple(_MATERIALS), doc="where its clicks lie and how they die away"),
    Parameter("pace_ms", 1, 60, 7, "ms", curve="exp", doc="mean gap between the clicks of an avalanche"),
    Parameter("exponent", 1, 1.4, 1.15, doc="of the clicks' energies: low, a few large ones rule; high, many small ones"),
    Parameter("unsteadiness", 0, 1, 0.4, doc="how much the hand's force wavers"),
)
STATE = np.dtype([("rng", "u8"), ("film", sheet.sheet_dtype(_FACETS, _MODES))], align=True)


@kernel
def strike(state, params, velocity, sample_rate):
    """Take the film between the fingers."""
    sheet.take(state.film, state)


@kernel
def _click(state, params, slide, emitters, frame, sample_rate):
    """Let one fold snap: draw its energy and place, tune its facet if it has just woken, strike it."""
    energy = noise.bounded_pareto(slide, params.exponent, 1.0, _ENERGY_RANGE)
    seed = noise.split(slide)
    index = sheet.land(state.film, slide, emitters, frame, 0.005 * params.size_cm, 0.25)
    if index < 0:
        return
    struck = state.film.facets.facet[index]
    if struck.untuned:
        struck.untuned = 0
        state.rng = seed
        material = int(params.material)
        fold = energy**-0.04 * math.exp(0.15 * noise.gaussian(state))
        fold /= math.sqrt(params.thickness)
        low_hz = _LOW_HZ[material] * fold * 0.3**params.body
        high_hz = min(_HIGH_HZ[material] * fold, 16000.0)
        low_hz = min(low_hz, 0.5 * high_hz)
        ring_s = _RING_S[material] * math.sqrt(params.thickness)
        tilt_db = 2.0 - 2.0 * params.body
        sheet.tune(struck, state, low_hz, high_hz, ring_s, _LOSS, tilt_db, params.brightness_hz, sample_rate)
    facet.strike(struck, slide.gain * math.sqrt(energy))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Squeeze once a quantum; let the clicks of these frames sound."""
    if start == 0 or state.film.is_new:
        gain = _LEVEL * sheet.strength(params.pressure)
        gain *= sheet.impulse(params.exponent, _ENERGY_RANGE, params.rate_hz, _USUAL_RATE_HZ)
        sheet.squeeze(state.film, gate, params.pressure, params.unsteadiness, params.rate_hz, gain, sample_rate)
    pace_s = 0.001 * params.pace_ms
    frame, index = sheet.next_crackle(state.film, params.avalanche, pace_s, sample_rate, start, stop)
    while index >= 0:
        _click(state, params, state.film.crackles.slide[index], emitters, frame, sample_rate)
        frame, index = sheet.next_crackle(state.film, params.avalanche, pace_s, sample_rate, frame, stop)
    facet.finish(state.film.facets, emitters, stop)


TRIGGER = Trigger(
    "crinkle", PARAMETERS, STATE, strike, render,
    emitters=40, tail_s=6, gesture={"kind": "bursts", "rate_hz": 0.6, "duty": 0.6, "irregularity": 0.5},
    place={"azimuth_deg": 60, "elevation_deg": -5, "distance_m": 0.2}, motion={"kind": "drift"},
    level_db=-15, classes={"crinkle": ()}, doc=__doc__,
)  # fmt: skip
