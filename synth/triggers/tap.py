"""Tap: a fingertip or nail on a thing.  contact force -> modal body, plus the noise of the skin.

The contact's length sets how bright a tap is (its force falls off above 0.59/T), the body's material how long it rings. Sources: contact
times, decay times and slopes by material after measured objects (Clatter's impact materials; shared/reference/triggers.md 2a).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import contact, emitter, modal, noise
from synth.jit import kernel
from synth.parameter import Parameter
from synth.trigger import Trigger
from synth.units import F32, ratio_from_semitones

MODES = 12
MATERIALS = ("glass", "ceramic", "stone", "metal", "hard_wood", "soft_wood", "plastic", "cardboard", "leather")
# lowest mode Hz, T60 at 1 kHz relative to the lowest mode's, slope of T60 over frequency, spread of the modes
_LOWEST_HZ = (840.0, 1650.0, 1500.0, 760.0, 420.0, 250.0, 520.0, 220.0, 180.0)
_SLOPE = (-0.21, -0.41, -0.28, -0.27, -0.3, -0.35, -0.45, -0.5, -0.5)
_STRETCH = (1.28, 1.18, 1.2, 1.25, 1.08, 1.02, 1.05, 0.98, 0.95)

PARAMETERS = (
    Parameter("hardness", 0, 1, 0.5, doc="0 finger pad (4 ms contact), 1 nail (0.2 ms)"),
    Parameter("ring_s", 0.01, 2, 0.12, "s", curve="exp", doc="T60 of the lowest mode"),
    Parameter("size", 0.25, 4, 1, curve="exp", doc="size of the body; its modes fall as it grows"),
    Parameter("material", default="hard_wood", choices=MATERIALS, doc="what is tapped: where its modes lie and how they die away"),
    Parameter("variation", 0, 1, 0.3, doc="how much each tap differs: where it lands, how hard"),
    Parameter("skin", 0, 1, 0.3, doc="noise of the fingertip at the contact"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("contact", contact.CONTACT),
        ("body", modal.bank_dtype(MODES)),
        ("skin", "f8"),
        ("skin_low", "f8"),
        ("skin_cut", "f8"),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Choose where the finger lands, tune the body and begin the contact."""
    contact_s = 0.004 * 0.05**params.hardness
    wobble = params.variation
    contact_s *= math.exp(0.25 * wobble * noise.gaussian(state))
    contact.strike(state.contact, velocity, contact_s)
    material = int(params.material)
    lowest_hz = _LOWEST_HZ[material] / params.size * ratio_from_semitones(params.pitch + params.bend)
    weight_sum = 0.0
    for mode in range(MODES):
        order = mode + 1.0
        ratio = order ** _STRETCH[material] if mode == 0 else order ** _STRETCH[material] * (1.0 + 0.05 * math.sin(7.3 * order * order))
        t60_s = params.ring_s * ratio ** _SLOPE[material]
        place = math.exp(0.5 * wobble * noise.gaussian(state)) / order**0.35
        weight_sum += place * place
        modal.tune(state.body, mode, lowest_hz * ratio, t60_s, place, sample_rate)
    for mode in range(MODES):
        state.body.gain[mode] /= math.sqrt(weight_sum)
    state.skin = params.skin * velocity
    state.skin_cut = 1.0 - math.exp(-2.0 * math.pi * min(1.2 / contact_s, 0.4 * sample_rate) / sample_rate)
    emit = 0.0
    state.skin_low = emit


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the body ring; the skin's noise lasts as long as the contact."""
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    out = emitters.slot[0].out
    for n in range(start, stop):
        force = contact.tick(state.contact, sample_rate)
        rub = state.skin * force * noise.white(state)
        state.skin_low += state.skin_cut * (rub - state.skin_low)
        out[n] += F32(modal.tick(state.body, force) + 2.0 * state.skin_low)


TRIGGER = Trigger(
    "tap", PARAMETERS, STATE, strike, render,
    emitters=1, tail_s=4, gesture={"kind": "taps", "rate_hz": 4}, level_db=-6, doc=__doc__,
)  # fmt: skip
