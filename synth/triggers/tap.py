"""Tap: a fingertip or nail on a thing.  contact force -> modes of a plate + diffuse field + box + thump; skin; a hand between.

What was measured on recordings of taps and knocks, and what makes it here:
- How long finger and thing touch sets how bright a tap is: its force is 3 dB down at 0.59 / contact time. Hertz: the time goes
  with the stiffness of both to the power -2/5 and with the speed to -1/5; a nail on foam is as dull as the foam.
- Wood, leather and foam answer with many modes that overlap and die away within a tenth of a second, glass with few that ring.
  Each mode of a plate is excited as much as it moves where the finger lands; T60(f) = T60(lowest) (f / lowest)^slope. Where
  modes overlap, above a kilohertz or two, they are a noise that decays.
- Much of the energy lies below 150 Hz: hand, table, and the air in what is hollow.
- Strikes are unequal, some are two fingers; skin peels off; the hand between them is never silent.

What one thing would be louder than another is mostly evened out, from the energy that its modes, lows and field would have.
Sources: contact and decay of modes as in docs/internals/physics.md; the rest was measured on recordings of taps, or chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import contact_bed, diffuse, emitter, filters, materials, modal, noise, plate, touches
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_HALF = plate.MODES // 2  # every other mode is heard from another place
_LOWS = 6
_LOW_HZ = (58.0, 83.0, 118.0, 171.0, 200.0, 385.0)  # hand, table and their fellows; the last two: the air in a box
_LOW_T60_S = (0.22, 0.2, 0.16, 0.11, 0.09, 0.07)
_BOX = 4
_PAD_MPA, _PAD_S, _NAIL_RATIO = 1.0, 0.0018, 243.0  # a nail is as much stiffer as its contact is shorter, 0.2 ms to 1.8 ms
_LAND_ALONG, _LAND_ACROSS, _REACH = 0.31, 0.37, 0.14  # of the plate; how far from there a finger lands at variation 1
_BOX_GAIN, _FIELD_GAIN, _SKIN_GAIN = 0.6, 0.4, 70.0
_ROUGH, _ROUGH_S = 0.35, 0.45e-3  # share of noise in the force of a contact of this length; of another, as loud a noise
_GRAIN = 2.5  # up to this, over the contact time, the noise of a force reaches: what is soft is not rough in a hurry
_NOISE_S = math.pi**2 / 8 / 48000.0  # mean square of a half-sine force of impulse 1, in a sample of 48 kHz, times its length
_COINCIDENCE_HZ = 5000.0  # above it a plate no longer radiates better with frequency
_BED_GAIN = 0.025
_LAST_TOUCH_S = 0.1  # about when a second finger or a peeling skin has had its say
_LEAVES_S, _HAND_S = 0.2, 3.2  # the hand presses half as hard after, and is gone after
_WOOD_S = 0.14  # T60 of hard wood's lowest mode
_EVEN_OUT = 0.85  # of the decibels by which one thing would be louder than another
_REFERENCE = 0.01

PARAMETERS = (
    Parameter("hardness", 0, 1, 0.6, doc="0 finger pad (1.8 ms contact on something hard), 1 nail (0.2 ms)"),
    Parameter("ring_s", 0.04, 0.4, _WOOD_S, "s", curve="exp", doc="T60 of the lowest mode of hard wood; others' in proportion"),
    Parameter("size", 0.5, 2.5, 1, curve="exp", doc="size of the thing; its modes fall as it grows"),
    Parameter(
        "material", default="hard_wood", choices=materials.NAMES, doc="what is tapped: where its modes lie, how they die away"
    ),
    Parameter("thump", 0, 1, 0.5, doc="the weight of the finger and the table: a dull knock below the modes"),
    Parameter("hollow", 0, 1, 0.3, doc="the air in a box under the plate"),
    Parameter("variation", 0, 1, 0.5, doc="how much each tap differs: where it lands, how long it touches, how rough"),
    Parameter("skin", 0, 1, 0.3, doc="noise of the fingertip: as it lands, and as it peels off"),
    Parameter("flams", 0, 1, 0.2, doc="how often a second finger follows"),
    Parameter("handling", 0, 1, 0.4, doc="the hand between the taps: an uneven rubbing that dies away"),
    Parameter("spread_cm", 0, 10, 6, "cm", doc="how far apart taps are heard, with variation 1 (standard deviation)"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("touch", touches.TOUCH),
        ("near", modal.bank_dtype(_HALF)),
        ("far", modal.bank_dtype(_HALF)),
        ("low", modal.bank_dtype(_LOWS)),
        ("field", diffuse.DIFFUSE),
        ("grain", filters.SVF),
        ("skin_colour", filters.SVF),
        ("skin", "f8"),
        ("bed", contact_bed.CONTACT_BED),
        ("press", "f8"),
        ("age", "i8"),
        ("level", "f8"),
        ("ringing", "i8"),  # frames for which the modes are to be computed
        ("left_m", "f8"),
        ("up_m", "f8"),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Choose where and how the finger lands, tune the thing for that place, and begin the touches."""
    material = int(params.material)
    touches.start(state.touch, noise.split(state))
    diffuse.start(state.field, noise.split(state))
    bed_seed = noise.split(state)
    sideways, upwards = params.variation * noise.gaussian(state), params.variation * noise.gaussian(state)
    state.left_m, state.up_m = 0.01 * params.spread_cm * sideways, 0.005 * params.spread_cm * upwards
    hardness = min(max(params.hardness + params.timbre - 0.5, 0.0), 1.0)
    stiff_mpa = 1.0 / (1.0 / (_PAD_MPA * _NAIL_RATIO**hardness) + 1.0 / materials.STIFF_MPA[material])
    contact_s = _PAD_S * (stiff_mpa / _PAD_MPA) ** -0.4
    _begin_touches(state, params, velocity, contact_s, sample_rate)
    energy = _tune(state, params, contact_s, _LAND_ALONG + _REACH * sideways, _LAND_ACROSS + _REACH * upwards, sample_rate)
    state.skin *= sample_rate / 48000.0  # an impulse heard as it is, not through modes
    state.level = (_REFERENCE / energy) ** (0.5 * _EVEN_OUT)
    bed = _BED_GAIN * params.handling * (1.0 - 0.5 * params.handling)
    low, air = bed * materials.RUMBLE[material], bed * materials.AIR[material]
    contact_bed.start(state.bed, bed_seed, low * 2.0, low * 0.8, air * (0.1 + 0.4 * hardness), sample_rate)
    state.press, state.age = math.sqrt(velocity), 0


@kernel
def _begin_touches(state, params, velocity, contact_s, sample_rate):
    """Draw the touches of this tap: no two last as long or are as rough; a second finger is elsewhere in time and weight."""
    rough = _ROUGH * (contact_s / _ROUGH_S) ** 0.5 * _slap(contact_s) * math.exp(0.6 * params.variation * noise.gaussian(state))
    first_s = contact_s * math.exp(0.3 * params.variation * noise.gaussian(state))
    touches.strike(state.touch, touches.FIRST, 0.0, velocity, first_s, 1.0, rough, sample_rate)
    second = noise.uniform(state)
    after_s, weight = noise.between(state, 0.012, 0.075), noise.between(state, 0.25, 0.9)
    if second < params.flams:
        touches.strike(state.touch, touches.SECOND, after_s, weight * velocity, 1.2 * contact_s, 1.0, rough, sample_rate)
    lift_s, peel = noise.between(state, 0.07, 0.15), materials.PEEL[int(params.material)] * noise.uniform(state)
    touches.strike(state.touch, touches.LIFT, lift_s, 0.5 * velocity, 0.004, -0.25 * peel, 3.0 * peel * params.skin, sample_rate)
    state.skin = _SKIN_GAIN * params.skin * (1.0 - 0.5 * params.skin) / _slap(contact_s)
    filters.tune(state.grain, _GRAIN / contact_s, 0.7, sample_rate)
    filters.tune(state.skin_colour, 2500.0, 0.5, sample_rate)


@kernel
def _slap(contact_s):
    """Return how much noisier a contact is than one of `_ROUGH_S`: more skin slaps down with a pad than with a nail."""
    return (min(contact_s, _PAD_S) / _ROUGH_S) ** 0.5


@kernel
def _force(hertz, contact_s):
    """Return what is left at a frequency of the energy of a half-sine force of impulse 1 (its envelope), with its roughness."""
    smooth = 1.0 / (1.0 + (hertz * contact_s / 0.59) ** 4)
    grain = 1.0 / (1.0 + (hertz * contact_s / _GRAIN) ** 4)
    return smooth + grain * _ROUGH**2 / 3.0 * _NOISE_S / _ROUGH_S * _slap(contact_s) ** 2


@kernel
def _weight(hertz):
    """Return about how loud a frequency is, squared (BS.1770: a high-pass at 38 Hz, a shelf of 4 dB above 1.7 kHz)."""
    low, high = (hertz / 45.0) ** 4, (hertz / 1700.0) ** 2
    return low / (1.0 + low) * (1.0 + 2.5 * high) / (1.0 + high)


@kernel
def _tune(state, params, contact_s, along, across, sample_rate):
    """Tune modes, lows and field; return the energy that a tap of velocity 1 would have anywhere on the thing."""
    material = int(params.material)
    octaves = ratio_from_semitones(params.pitch + params.bend)
    lowest_hz = materials.LOWEST_HZ[material] / params.size * octaves
    lowest_t60_s = materials.T60_S[material] * params.ring_s / _WOOD_S
    energy, longest_s = 0.0, 0.22
    for mode in range(plate.MODES):
        ratio = plate.ratio(mode, materials.STRETCH[material])
        hertz, t60_s = lowest_hz * ratio, lowest_t60_s * ratio ** materials.SLOPE[material]
        gain = (
            plate.strength(mode, materials.UNEVEN_DB[material])
            * ratio ** -materials.TILT[material]
            / (1.0 + (hertz / _COINCIDENCE_HZ) ** 2)
        )
        bank = state.near if mode % 2 == 0 else state.far
        modal.tune(bank, mode // 2, hertz, t60_s, gain * plate.shape(mode, along, across), sample_rate)
        energy += gain * gain * plate.SHAPE_SQUARE * t60_s * _force(hertz, contact_s) * _weight(hertz)
        longest_s = max(longest_s, t60_s)
    damped = min(max(materials.T60_S[material] / 0.1, 0.3), 1.0)  # what does not ring damps what it lies on
    thump = _slap(contact_s) * params.thump * (1.5 - params.thump) * materials.THUMP[material]  # more of the hand is behind a pad
    box = _BOX_GAIN * params.hollow * (1.0 - 0.5 * params.hollow)
    for low in range(_LOWS):
        t60_s = damped * _LOW_T60_S[low]
        share = thump if low < _BOX else box
        hertz = _LOW_HZ[low] * params.size**-0.3 if low < _BOX else _LOW_HZ[low] * octaves / params.size**0.7
        modal.tune(state.low, low, hertz, t60_s, share, sample_rate)
        energy += share * share * t60_s * _force(hertz, contact_s) * _weight(hertz)
    for band in range(diffuse.BANDS):
        hertz = diffuse.CENTRE_HZ[band]
        t60_s = materials.FIELD_T60_S[material] * params.ring_s / _WOOD_S * (hertz / 1000.0) ** -0.25
        gain = (
            _FIELD_GAIN
            * materials.FIELD[material]
            * (hertz / 1000.0) ** -materials.TILT[material]
            * math.sqrt(_force(hertz, contact_s))
        )
        diffuse.tune(state.field, band, t60_s, gain, sample_rate)
        energy += 2.0 * gain * gain * t60_s * _weight(hertz)
    energy += 4.0 * modal.LN_1000 * (state.skin * _ROUGH * _slap(contact_s)) ** 2 / 3.0 * _NOISE_S / _ROUGH_S / 48000.0
    state.ringing = int((1.5 * longest_s + _LAST_TOUCH_S) * sample_rate)
    return energy / (4.0 * modal.LN_1000)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the thing ring: half of its modes at the finger, half beside it; table and hand lie further below."""
    if state.ringing > 0:
        emitter.hold(emitters, 0, emitter.EARS, 0.0, state.left_m, state.up_m)
        emitter.hold(emitters, 1, emitter.EARS, 0.02, state.left_m - 0.18, state.up_m - 0.03)
    emitter.hold(emitters, 2, emitter.EARS, 0.05, 0.14 - 0.5 * state.left_m, -0.1)
    at, beside, below = emitters.slot[0].out, emitters.slot[1].out, emitters.slot[2].out
    for n in range(start, stop):
        since_s = state.age / sample_rate
        state.age += 1
        pressure = state.press * (1.0 - since_s / _HAND_S) ** 2 / (1.0 + since_s / _LEAVES_S) if since_s < _HAND_S else 0.0
        state.bed.frames[n] = pressure
    contact_bed.run(state.bed, sample_rate, start, stop)
    for n in range(start, stop):
        below[n] += F32(state.bed.frames[n])
        if state.ringing <= 0:
            continue
        state.ringing -= 1
        touches.step(state.touch, sample_rate)
        force = state.touch.force
        push = force + filters.low(state.grain, state.touch.noise)
        skin = state.skin * filters.high(state.skin_colour, state.touch.noise)
        at[n] += F32(state.level * (modal.tick(state.near, push) + skin))
        beside[n] += F32(state.level * (modal.tick(state.far, push) + diffuse.tick(state.field, force)))
        below[n] += F32(state.level * modal.tick(state.low, push))
    if state.ringing <= 0 and stop == QUANTUM and emitters.slot[0].life == emitter.LIVE:  # only the hand is left
        emitter.let_go(emitters, 0)
        emitter.let_go(emitters, 1)


TRIGGER = Trigger(
    "tap", PARAMETERS, STATE, strike, render,
    emitters=3, tail_s=4,
    gesture={"kind": "taps", "rate_hz": 3.5, "irregularity": 0.35, "velocity": 0.55, "dynamics": 0.85, "phrase_s": 5,
             "pause_s": 0.9},
    place={"azimuth_deg": 40, "distance_m": 0.18}, motion={"kind": "drift", "span_deg": 60, "period_s": 12},
    room={"t60_s": 0.25, "level_db": -12},
    level_db=-12.5,
    classes={"tap_wood": (), "tap_glass": ("glass",), "tap_soft": ("leather", "cork", "mic_foam", "cardboard")},
    doc=__doc__,
)  # fmt: skip
