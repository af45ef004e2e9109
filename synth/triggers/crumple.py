"""Crumple: paper crushed in the hands.  force -> power-law crackles -> facets of many colours -> panel, rustle, the hands.

Each crackle is a facet that buckles. Energies follow E^-a with a = 1.3..1.6 whatever the size and the speed, their number is
proportional to the area and here to the force (Houle and Sethna 1996, cond-mat/9512055); capped at 100 times the smallest.
Paper's modes: T60 about 25 ms, loss factor 0.039 (measured on objects; docs/internals/physics.md, materials); a snap is heard
directly too. No two facets have one colour: larger ones are lower. All shake the sheet, a panel of 170..800 Hz; faces rustle as
they slide, and the hands are heard. Their levels were set so that spectrum and envelopes come near those of nine recordings;
those of the tissue and the bag were chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise, panel, rustle, sheet
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.trigger import Trigger

_FACETS, _MODES = 30, 8
_ENERGY_RANGE = 100.0
_LOSS = 0.039
_GAP_S = 0.012  # between crackles that set each other off
_USUAL_RATE_HZ = 350.0  # at which `_LEVEL` holds
_LEVEL = 0.005
_MATERIALS = {
    # facets: lowest mode Hz, T60 of `ring_s`, crackles' level | rustle: bands Hz, level | panel: band Hz, T60 s, level
    "paper": (640.0, 1.0, 1.0, 1500.0, 4500.0, 1.0, 170.0, 800.0, 0.030, 1.0),
    "tissue": (900.0, 0.3, 0.25, 1700.0, 5200.0, 1.6, 130.0, 500.0, 0.015, 0.35),
    "bag": (420.0, 0.6, 1.15, 1000.0, 6500.0, 0.75, 110.0, 650.0, 0.040, 1.8),
}
(
    _LOW_HZ, _RING, _CRACKLES, _RUSTLE_LOW_HZ, _RUSTLE_HIGH_HZ, _RUSTLE, _PANEL_LOW_HZ, _PANEL_HIGH_HZ, _PANEL_S, _PANEL,
) = zip(*_MATERIALS.values(), strict=True)  # fmt: skip
_DIRECT = 0.25  # of a crackle's energy
_BODY = 0.6  # of a crackle's impulse, at `body` 1
_RUSTLE_LEVEL, _RUSTLE_TILT_DB = 0.08, 2.0
_HAND_RUMBLE, _HAND_BODY, _HAND_AIR = 0.005, 0.003, 0.004

PARAMETERS = (
    Parameter("rate_hz", 80, 1500, 350, "hz", curve="exp", doc="crackles a second under the full force of the hand"),
    Parameter(
        "brightness_hz", 1200, 8000, 3500, "hz", curve="exp", doc="how short the crackles are: their spectrum falls above it"
    ),
    Parameter("material", default="paper", choices=tuple(_MATERIALS), doc="what is crushed: its facets, its rustle, its panel"),
    Parameter("stiffness", 0, 1, 0.45, doc="0 thin (high, dull), 0.5 writing paper, 1 card (low, sharp, few large facets)"),
    Parameter("rustle", 0.2, 1, 0.5, doc="how loud faces are that slide over one another, beside the crackles"),
    Parameter("body", 0, 1, 0.5, doc="how much the crackles shake the sheet as a whole"),
    Parameter(
        "size_cm", 5, 60, 25, "cm", curve="exp", doc="extent of the sheet: how far apart the crackles lie, how low its body is"
    ),
    Parameter("ring_s", 0.005, 0.06, 0.025, "s", curve="exp", doc="T60 of the facets' low modes"),
    Parameter("exponent", 1.3, 1.8, 1.45, doc="of the crackles' energies: low, a few large ones rule; high, many small ones"),
    Parameter("cluster", 1, 6, 1.8, curve="exp", doc="mean number of crackles that set each other off"),
    Parameter("unsteadiness", 0, 1, 0.5, doc="how much the hand's force wavers"),
)
STATE = np.dtype([("rng", "u8"), ("paper", sheet.sheet_dtype(_FACETS, _MODES))], align=True)


@kernel
def strike(state, params, velocity, sample_rate):
    """Take the sheet into the hands."""
    material = int(params.material)
    sheet.take(state.paper, state, _HAND_RUMBLE, _HAND_BODY, _HAND_AIR, sample_rate)
    panel_hz = (25.0 / params.size_cm) ** 0.3
    low_hz, high_hz = _PANEL_LOW_HZ[material] * panel_hz, _PANEL_HIGH_HZ[material] * panel_hz
    panel.tune(state.paper.panel, state, low_hz, high_hz, _PANEL_S[material], 0.0, sample_rate)


@kernel
def _crackle(state, params, slide, emitters, frame, sample_rate):
    """Let one facet buckle: draw its energy and place, tune its facet if it has just woken, strike it."""
    material = int(params.material)
    size = noise.bounded_pareto(slide, params.exponent, 1.0, _ENERGY_RANGE)
    seed = noise.split(slide)
    index = sheet.land(state.paper, slide, emitters, frame, 0.005 * params.size_cm, 0.15)
    if index < 0:
        return
    struck = state.paper.facets.facet[index]
    if struck.untuned:
        struck.untuned = 0
        state.rng = seed
        scale = size**-0.07 * math.exp(0.45 * noise.gaussian(state))
        low_hz = _LOW_HZ[material] * 0.55 ** (params.stiffness - 0.45) * scale
        tilt_db = 1.0 + 2.0 * (params.stiffness - 0.45) + 3.0 * noise.gaussian(state)
        corner_hz = params.brightness_hz * size**-0.2 * math.exp(0.3 * noise.gaussian(state))
        ring_s = params.ring_s * _RING[material]
        sheet.tune(struck, state, low_hz, 14.0 * low_hz, ring_s, _LOSS, tilt_db, corner_hz, _DIRECT, sample_rate)
    impulse = slide.gain * math.sqrt(size)
    sheet.crackle(state.paper, emitters, slide, index, frame, impulse, _BODY * _PANEL[material] * params.body**2)


@kernel
def _sparse(params):
    """Return how much softer crackles are that are few, short or of rare size, and so stand alone: their peaks would be shots."""
    few, short = min(params.rate_hz / _USUAL_RATE_HZ, 1.0), min(params.ring_s / 0.025, 1.0)
    return math.sqrt(few * short) * math.exp(-max(params.exponent - 1.45, 0.0))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Squeeze once a quantum; let the crackles of these frames sound, and what they shake."""
    material, reach_m = int(params.material), 0.005 * params.size_cm
    sheet.hold(emitters, reach_m)
    if start == 0 or state.paper.is_new:
        gain = _LEVEL * _CRACKLES[material] * sheet.strength(params.pressure)
        gain *= sheet.impulse(params.exponent, _ENERGY_RANGE, params.rate_hz, _USUAL_RATE_HZ)
        gain *= _sparse(params)
        unsteadiness = params.unsteadiness * (1.0 - 0.25 * params.unsteadiness)
        sheet.squeeze(state.paper, gate, params.pressure, unsteadiness, params.rate_hz, gain, sample_rate)
        rustle.tune(state.paper.rustle, _RUSTLE_LOW_HZ[material], _RUSTLE_HIGH_HZ[material], _RUSTLE_TILT_DB, sample_rate)
    frame, index = sheet.next_crackle(state.paper, params.cluster, _GAP_S, sample_rate, start, stop)
    while index >= 0:
        _crackle(state, params, state.paper.crackles.slide[index], emitters, frame, sample_rate)
        frame, index = sheet.next_crackle(state.paper, params.cluster, _GAP_S, sample_rate, frame, stop)
    level = _RUSTLE_LEVEL * _RUSTLE[material] * math.sqrt(params.rustle)
    sheet.finish(state.paper, emitters, reach_m, level, sample_rate, start, stop)


TRIGGER = Trigger(
    "crumple", PARAMETERS, STATE, strike, render,
    emitters=sheet.HELD + 36, tail_s=4,
    gesture={"kind": "bursts", "rate_hz": 0.8, "duty": 0.95, "irregularity": 0.5, "dynamics": 0.5},
    place={"azimuth_deg": 20, "elevation_deg": 5, "distance_m": 0.35}, motion={"kind": "drift"},
    room={"t60_s": 0.25, "level_db": -15}, level_db=-6.5, classes={"crumple": ()}, doc=__doc__,
)  # fmt: skip
