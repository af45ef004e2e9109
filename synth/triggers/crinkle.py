"""Crinkle: foil or a wrapper in the hands.  force -> avalanches of power-law clicks -> snaps of many colours -> film, rustle.

A film's folds snap in avalanches, each setting off its neighbours. Energies follow E^-a with a = 1.0 for mylar and foil over
many decades (Kramer and Lobkovsky 1996, cond-mat/9510090), capped here at 45 times the smallest. Clicks last 0.3..2 ms; each fold
has its own colour. The film as a whole, what is wrapped and the air within answer at 100..700 Hz: in four recordings the bands
there are only 3 dB below those at 3 kHz. Bubbles of a bubble wrap pop as Helmholtz resonators of 400..1500 Hz, T60 20 ms; these
figures, and bands and levels of all materials, were chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise, panel, rustle, sheet
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.trigger import Trigger

_FACETS, _MODES = 30, 8
_ENERGY_RANGE = 45.0
_MATERIALS = {
    # clicks: band Hz, T60 s | rustle: bands Hz, level | panel: band Hz, T60 s, level | share of clicks that are pops
    "foil": (1500.0, 14000.0, 0.009, 1600.0, 7500.0, 0.8, 200.0, 1100.0, 0.025, 0.7, 0.0),
    "cellophane": (1600.0, 14000.0, 0.004, 1800.0, 6500.0, 1.2, 130.0, 900.0, 0.015, 0.7, 0.0),
    "wrapper": (850.0, 10500.0, 0.005, 1100.0, 5500.0, 1.0, 105.0, 800.0, 0.022, 1.0, 0.0),
    "bag": (600.0, 8500.0, 0.005, 900.0, 4500.0, 1.1, 90.0, 600.0, 0.035, 1.3, 0.0),
    "bubble_wrap": (700.0, 9000.0, 0.004, 900.0, 4500.0, 0.9, 120.0, 700.0, 0.020, 0.9, 0.012),
}
(
    _LOW_HZ, _HIGH_HZ, _RING_S, _RUSTLE_LOW_HZ, _RUSTLE_HIGH_HZ, _RUSTLE, _PANEL_LOW_HZ, _PANEL_HIGH_HZ, _PANEL_S, _PANEL, _POPS,
) = zip(*_MATERIALS.values(), strict=True)  # fmt: skip
_LOSS = 0.02
_DIRECT, _DIRECT_HZ = 0.18, 4000.0  # of a click's energy; less above, where a pulse so short would stand out
_BODY, _BODY_ENERGY = 1.6, 12.0  # of a click's impulse, at `body` 1 and this energy
_RUSTLE_LEVEL, _RUSTLE_TILT_DB = 0.08, 1.0
_HAND_RUMBLE, _HAND_BODY, _HAND_AIR = 0.022, 0.006, 0.006
_POP_LOW_HZ, _POP_HIGH_HZ, _POP_S, _POP_ENERGY = 400.0, 1500.0, 0.02, 60.0
_USUAL_PACE_MS = 8.0  # below it the clicks of an avalanche are heard as one
_AGAIN = 0.4  # of its energy is left to a fold that has just snapped
_USUAL_RATE_HZ = 150.0  # at which `_LEVEL` holds; fewer clicks are softer, or each would stand alone
_UNSTEADY = 0.65  # of a sheet's: a hand that squeezes in gusts is heard as one that chews
_LEVEL = 0.0053

PARAMETERS = (
    Parameter("rate_hz", 60, 1000, 150, "hz", curve="exp", doc="clicks a second under the full force of the hand"),
    Parameter("brightness_hz", 1500, 9000, 3800, "hz", curve="exp", doc="how short the snaps are: their spectrum falls above it"),
    Parameter("avalanche", 1, 20, 9, curve="exp", doc="mean number of clicks that set each other off"),
    Parameter("body", 0, 1, 0.6, doc="how much the sheet answers as a whole: what is wrapped, the air within"),
    Parameter("rustle", 0.35, 1, 0.4, doc="how loud faces are that slide over one another, beside the clicks"),
    Parameter("size_cm", 3, 60, 20, "cm", curve="exp", doc="extent of the sheet: how far apart the avalanches lie"),
    Parameter("thickness", 0.4, 4, 1, curve="exp", doc="of the film; a thick one clicks lower and longer"),
    Parameter(
        "material", default="wrapper", choices=tuple(_MATERIALS), doc="where its clicks lie, how they die away, what answers"
    ),
    Parameter("pace_ms", 2, 40, 13, "ms", curve="exp", doc="mean gap between the clicks of an avalanche"),
    Parameter("exponent", 1, 1.4, 1.15, doc="of the clicks' energies: low, a few large ones rule; high, many small ones"),
    Parameter("unsteadiness", 0, 1, 0.5, doc="how much the hand's force wavers"),
)
STATE = np.dtype([("rng", "u8"), ("film", sheet.sheet_dtype(_FACETS, _MODES))], align=True)


@kernel
def strike(state, params, velocity, sample_rate):
    """Take the film between the fingers."""
    material = int(params.material)
    sheet.take(state.film, state, _HAND_RUMBLE, _HAND_BODY, _HAND_AIR, sample_rate)
    panel_hz = (20.0 / params.size_cm) ** 0.3
    low_hz, high_hz = _PANEL_LOW_HZ[material] * panel_hz, _PANEL_HIGH_HZ[material] * panel_hz
    panel.tune(state.film.panel, state, low_hz, high_hz, _PANEL_S[material], 0.0, sample_rate)


@kernel
def _click(state, params, slide, emitters, frame, sample_rate):
    """Let one fold snap: draw its energy and place, tune its facet if it has just woken, strike it."""
    material = int(params.material)
    energy = noise.bounded_pareto(slide, params.exponent, 1.0, _ENERGY_RANGE)
    is_pop = noise.uniform(slide) < _POPS[material]
    seed = noise.split(slide)
    index = sheet.land(state.film, slide, emitters, frame, 0.005 * params.size_cm, 0.25)
    if index < 0:
        return
    if is_pop:
        energy = _POP_ENERGY * noise.between(slide, 0.4, 1.0)
    struck = state.film.facets.facet[index]
    if struck.untuned or is_pop:
        struck.untuned = 0
        state.rng = seed
        _tune(struck, state, params, material, energy, is_pop, sample_rate)
    else:
        energy *= _AGAIN
    impulse = slide.gain * math.sqrt(energy)
    given = (_BODY_ENERGY / energy) ** 0.2  # the sheet gives way to a large snap
    sheet.crackle(state.film, emitters, slide, index, frame, impulse, given * _BODY * _PANEL[material] * params.body)


@kernel
def _tune(struck, state, params, material, energy, is_pop, sample_rate):
    """Give a fold its colour, or a bubble its size."""
    if is_pop:
        low_hz = _POP_LOW_HZ * (_POP_HIGH_HZ / _POP_LOW_HZ) ** noise.uniform(state)
        sheet.tune(struck, state, low_hz, 6.0 * low_hz, _POP_S, _LOSS, -9.0, 2.0 * low_hz, 0.1, sample_rate)
        return
    fold = energy**-0.06 * math.exp(0.6 * noise.gaussian(state)) / math.sqrt(params.thickness)
    low_hz = _LOW_HZ[material] * fold
    high_hz = min(_HIGH_HZ[material] * fold, 16000.0)
    low_hz = min(low_hz, 0.5 * high_hz)
    ring_s = _RING_S[material] * params.thickness**0.35
    tilt_db = 5.0 * noise.gaussian(state)
    corner_hz = params.brightness_hz * params.thickness**-0.4 * energy**-0.2 * math.exp(0.3 * noise.gaussian(state))
    corner_hz = max(corner_hz, 0.7 * low_hz)  # a push slower than its modes would move them as one
    sheet.tune(
        struck, state, low_hz, high_hz, ring_s, _LOSS, tilt_db, corner_hz, _DIRECT * min(_DIRECT_HZ / corner_hz, 1.0), sample_rate
    )


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Squeeze once a quantum; let the clicks of these frames sound, and what they shake."""
    material, reach_m = int(params.material), 0.005 * params.size_cm
    sheet.hold(emitters, reach_m)
    if start == 0 or state.film.is_new:
        gain = _LEVEL * sheet.strength(params.pressure) * min(params.rate_hz / _USUAL_RATE_HZ, 1.0) ** 0.5
        gain *= min(params.thickness, 1.0) ** 0.5  # a thin film is light
        gain *= min(params.pace_ms / _USUAL_PACE_MS, 1.0) ** (0.3 * (1.0 - 1.0 / params.avalanche))  # they share the work
        gain *= sheet.impulse(params.exponent, _ENERGY_RANGE, max(params.rate_hz, _USUAL_RATE_HZ), _USUAL_RATE_HZ)
        sheet.squeeze(state.film, gate, params.pressure, _UNSTEADY * params.unsteadiness, params.rate_hz, gain, sample_rate)
        thin = params.thickness**-0.3
        low_hz, high_hz = thin * _RUSTLE_LOW_HZ[material], thin * _RUSTLE_HIGH_HZ[material]
        rustle.tune(state.film.rustle, low_hz, high_hz, _RUSTLE_TILT_DB, sample_rate)
    pace_s = 0.001 * params.pace_ms
    frame, index = sheet.next_crackle(state.film, params.avalanche, pace_s, sample_rate, start, stop)
    while index >= 0:
        _click(state, params, state.film.crackles.slide[index], emitters, frame, sample_rate)
        frame, index = sheet.next_crackle(state.film, params.avalanche, pace_s, sample_rate, frame, stop)
    level = _RUSTLE_LEVEL * _RUSTLE[material] * params.rustle
    sheet.finish(state.film, emitters, reach_m, level, sample_rate, start, stop)


TRIGGER = Trigger(
    "crinkle", PARAMETERS, STATE, strike, render,
    emitters=sheet.HELD + 36, tail_s=6,
    gesture={"kind": "bursts", "rate_hz": 1.5, "duty": 0.98, "irregularity": 0.5, "dynamics": 0.5},
    place={"azimuth_deg": -20, "elevation_deg": 5, "distance_m": 0.3}, motion={"kind": "drift"},
    room={"t60_s": 0.25, "level_db": -15}, level_db=-6, classes={"crinkle": ()}, doc=__doc__,
)  # fmt: skip
