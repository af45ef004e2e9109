"""Tap: a fingertip or nail on a thing.  contact force -> modes of a plate + thump of the finger, noise of its skin.

Three facts make a tap. How long finger and thing touch sets how bright it is: the force is 3 dB down at 0.59 / contact time,
and a faster finger touches for a shorter time (Hertz). Where the finger lands sets which modes sound: each is excited as
much as the plate moves there. The material sets how they die away: T60(f) = T60(lowest) (f / lowest)^slope. The finger lands
elsewhere at each tap, and is heard there.

Lowest modes and slopes: medians over recorded objects (docs/internals/physics.md, materials). `_TILT` was fitted so that a nail's
tap has the power centroid of those objects, but is kept darker than the brightest of them. Mode frequencies: a simply
supported rectangular plate (Kirchhoff: f ~ (m/a)^2 + (n/b)^2), compressed or stretched so that they span what was recorded.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import contact, emitter, filters, modal, noise
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, ratio_from_semitones
from synth.trigger import Trigger

_MATERIALS = {  # lowest mode in Hz; slope of the T60 over frequency; stretch of the modes; each one's gain ~ frequency^-tilt
    "glass": (840.0, -0.21, 0.95, 0.0),
    "ceramic": (2330.0, -0.41, 0.62, 0.0),
    "stone": (1810.0, -0.28, 0.72, 0.0),
    "metal": (760.0, -0.27, 0.95, 0.1),
    "hard_wood": (670.0, -0.07, 0.8, 0.8),
    "soft_wood": (250.0, -0.11, 1.05, 0.2),
    "plastic": (800.0, -0.30, 0.8, 1.5),
    "cardboard": (300.0, -0.15, 0.9, 0.4),
    "leather": (310.0, 0.0, 0.8, 1.05),
}
_LOWEST_HZ, _SLOPE, _STRETCH, _TILT = zip(*_MATERIALS.values(), strict=True)

_ASPECT = 0.6  # width over length of the plate: no two of its modes lie closer than 2.4 %
_MODES, _THUMPS = 22, 2
_PLATE = sorted((m * m + (n / _ASPECT) ** 2, m, n) for m in range(1, 12) for n in range(1, 12))[:_MODES]
_RATIO = tuple(square / _PLATE[0][0] for square, _, _ in _PLATE)
_ALONG, _ACROSS = tuple(float(m) for _, m, _ in _PLATE), tuple(float(n) for _, _, n in _PLATE)
_THUMP_HZ, _THUMP_T60_S = (92.0, 176.0), (0.075, 0.05)  # the pad of the finger on the hand's mass; what lies under the thing
_LAND_ALONG, _LAND_ACROSS = 0.31, 0.37  # of the plate: off its centre, where half of the modes would be silent
_REACH = 0.14  # of the plate, how far from there a finger lands at variation 1, standard deviation
_BODY_GAIN, _THUMP_GAIN, _SKIN_GAIN = 0.75, 0.35, 14.0

PARAMETERS = (
    Parameter("hardness", 0, 1, 0.5, doc="0 finger pad (4 ms contact), 1 nail (0.2 ms)"),
    Parameter("ring_s", 0.01, 2, 0.12, "s", curve="exp", doc="T60 of the lowest mode"),
    Parameter("size", 0.25, 4, 1, curve="exp", doc="size of the thing; its modes fall as it grows"),
    Parameter(
        "material", default="hard_wood", choices=tuple(_MATERIALS), doc="what is tapped: where its modes lie, how they die away"
    ),
    Parameter("thump", 0, 1, 0.5, doc="the weight of the finger: a dull knock below the modes, most of a soft tap"),
    Parameter("variation", 0, 1, 0.3, doc="how much each tap differs: where it lands, how long it touches"),
    Parameter("skin", 0, 1, 0.3, doc="noise of the fingertip on the thing"),
    Parameter("spread_cm", 0, 10, 2, "cm", doc="how far apart taps are heard, with variation 1 (standard deviation)"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("contact", contact.CONTACT),
        ("rub", contact.CONTACT),
        ("body", modal.bank_dtype(_MODES + _THUMPS)),
        ("skin", "f8"),
        ("skin_colour", filters.SVF),
        ("left_m", "f8"),
        ("up_m", "f8"),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Choose where the finger lands, tune the plate for that place, and begin the contact."""
    sideways, upwards = params.variation * noise.gaussian(state), params.variation * noise.gaussian(state)
    state.left_m, state.up_m = 0.01 * params.spread_cm * sideways, 0.005 * params.spread_cm * upwards
    hardness = min(max(params.hardness + params.timbre - 0.5, 0.0), 1.0)
    contact_s = 0.004 * 0.05**hardness * math.exp(0.15 * params.variation * noise.gaussian(state))
    weight = (contact_s / 0.9e-3) ** 0.3  # less of the hand is behind a nail than behind a pad
    contact.strike(state.contact, velocity, contact_s)
    state.contact.peak *= weight
    contact.strike(state.rub, velocity, 2.5 * contact_s)  # the skin peels off after the bone has bounced
    state.skin = _SKIN_GAIN * params.skin * math.sqrt(contact_s / 0.9e-3 * sample_rate / 48000.0)
    filters.tune(state.skin_colour, min(2.5 / contact_s, 5000.0), 0.6, sample_rate)
    _tune(state, params, _LAND_ALONG + _REACH * sideways, _LAND_ACROSS + _REACH * upwards, sample_rate)


@kernel
def _tune(state, params, along, across, sample_rate):
    """Tune the modes; each is excited as much as its shape moves where the finger lands."""
    material = int(params.material)
    lowest_hz = _LOWEST_HZ[material] / params.size * ratio_from_semitones(params.pitch + params.bend)
    stiff = (_LOWEST_HZ[material] / 670.0) ** 0.35  # a stone thumps less than cardboard, and its modes are as loud
    for mode in range(_MODES):
        ratio = _RATIO[mode] ** _STRETCH[material]
        shape = math.sin(math.pi * _ALONG[mode] * along) * math.sin(math.pi * _ACROSS[mode] * across)
        gain = _BODY_GAIN * stiff * shape * ratio ** -_TILT[material]
        modal.tune(state.body, mode, lowest_hz * ratio, params.ring_s * ratio ** _SLOPE[material], gain, sample_rate)
    for thump in range(_THUMPS):
        frequency_hz = _THUMP_HZ[thump] * params.size**-0.3
        modal.tune(state.body, _MODES + thump, frequency_hz, _THUMP_T60_S[thump], _THUMP_GAIN / stiff * params.thump, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the body ring; the skin rubs as hard as it is pressed."""
    emitter.hold(emitters, 0, emitter.EARS, 0.0, state.left_m, state.up_m)
    out = emitters.slot[0].out
    for n in range(start, stop):
        force = contact.tick(state.contact, sample_rate)
        rub = state.skin * contact.tick(state.rub, sample_rate) * noise.white(state)
        out[n] += F32(modal.tick(state.body, force) + filters.low(state.skin_colour, rub))


TRIGGER = Trigger(
    "tap", PARAMETERS, STATE, strike, render,
    emitters=1, tail_s=4, gesture={"kind": "taps", "rate_hz": 4, "irregularity": 0.1},
    place={"azimuth_deg": 60, "distance_m": 0.2}, motion={"kind": "drift", "span_deg": 40, "period_s": 20},
    level_db=-8,
    classes={"tap_wood": (), "tap_glass": ("glass",), "tap_soft": ("leather", "cardboard")},
    doc=__doc__,
)  # fmt: skip
