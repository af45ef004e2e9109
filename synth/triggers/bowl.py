"""Bowl: a singing bowl, struck or rubbed.  mallet, rubbing stick -> pairs of beating modes + scuff -> four places of the rim.

A bowl is round, but never quite: each of its modes is a pair, shifted by an eighth of a turn or less and a little apart in
pitch, which beat. Where it is struck sets how strong each of the pair is; where one listens, in which sign they meet. So the
beating goes around the rim. A mallet is soft outside and stiff within: most of its blow is long, a little of it short, which
rings the high modes; and it scuffs, a splash of a few hundredths of a second. A bowl is heard in a quiet room: all of its air
while a note is held, then half of it as long as the bowl sounds. A stick led around the rim gives the modes under it a negative
damping (friction falls with speed): they grow exponentially until the stick slips as far as it can. In the slow flow of van der
Pol's oscillator: dA/dt = (drive (1 - A^2/limit^2) cos^2(m angle) - decay) A.

Ratios: a Tibetan bowl of 180 mm (Csound's table of modal ratios, gone on with from the eighth); T60 20, 12, 6, 3 s and
splits of 0.2..1 %, which shrink with the order as in STK's measured bowl; rubbing after Inacio et al. (2006).
docs/internals/physics.md, singing bowls.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import contact, emitter, filters, noise, phasor
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_ORDERS, _KNOCKS = 10, 2
_RATIOS = (1.0, 2.778, 5.181, 8.163, 11.66, 15.64, 20.0, 24.7, 29.8, 35.2)
_RINGS = (1.0, 0.6, 0.3, 0.15, 0.12, 0.09, 0.07, 0.055, 0.045, 0.035)  # T60 relative to the lowest mode's
_RADIATED = (0.6, 1.2, 1.6, 1.3, 1.1, 0.9, 0.75, 0.6, 0.5, 0.4)  # a small bowl is a weak source at its lowest mode
# where each pair's nodes lie from the blow, in turns: .125 strikes both alike
_AXES = (0.11, 0.14, 0.08, 0.16, 0.12, 0.2, 0.1, 0.15, 0.18, 0.12)
_SPLIT_SLOPE = -0.5  # of the split over the ratio: .78 %, .47 %, .19 % at 1, 2.99, 9.0 (STK)
_KNOCK_RATIO, _KNOCK_T60_S = (1.57, 4.3), (0.09, 0.045)  # the thud of the mallet and of what the bowl stands on
_RIM_DEGREES = (25.0, 75.0, 205.0, 290.0)  # where the rim is heard: the lowest pair beats against the others' in the second
_COS, _SIN = tuple(math.cos(math.radians(a)) for a in _RIM_DEGREES), tuple(math.sin(math.radians(a)) for a in _RIM_DEGREES)
_MODES = 2 * _ORDERS + _KNOCKS
_GAIN, _KNOCK_GAIN = 0.36, 0.3
_CORE, _CORE_S = 0.15, 0.00025  # the mallet's stiff core: its share of the blow, and its contact
_SCUFF_HZ, _SCUFF_Q, _SCUFF_T60_S = (900.0, 2600.0, 7500.0), (0.7, 0.6, 0.5), (0.09, 0.07, 0.05)
_SCUFF_GAIN = (0.009, 0.014, 0.017)  # a splash of 30 ms up to 16 kHz (measured on recordings)
_AIR_GAIN, _AIR_HZ = 0.0025, 250.0  # a quiet room: 50 to 60 dB below in each ERB band (measured on recordings)
_GRAIN_GAIN = 0.006  # of the stick's grating on the rim: the song covers it
_LIMIT = 0.22  # amplitude at which the stick slips all the time, at full pressure
_DRIVE_PER_S = 6.0  # negative damping under the stick, at full pressure; plus what makes up for a short ring

PARAMETERS = (
    Parameter("hardness", 0, 1, 0.4, doc="0 felt mallet (4 ms contact), 1 wood (0.3 ms); a hard stick rubs the second mode out"),
    Parameter("rub", 0, 1, 0, doc="0 struck, rings; 1 not struck but rubbed along the rim, as hard as the pressure"),
    Parameter("tone_hz", 90, 600, 186, "hz", curve="exp", doc="lowest mode, from the next strike on"),
    Parameter("ring_s", 8, 30, 20, "s", curve="exp", doc="T60 of the lowest mode"),
    Parameter("beat_hz", 0, 2, 0.9, "hz", doc="how fast the lowest pair beats; a split of 0.2..1 % is natural"),
    Parameter("rub_hz", 0.2, 3, 0.8, "hz", curve="exp", doc="turns of the stick around the rim"),
    Parameter("hand", 0, 1, 0, doc="a hand laid on the bowl: fingers shorten it a little, 1 stops it within half a second"),
    Parameter("diameter_cm", 4, 60, 18, "cm", curve="exp", doc="across the rim: how far apart it is heard"),
    Parameter("air", 0, 1, 0.5, doc="the quiet room around it: how much of its air is heard while the bowl sounds"),
    Parameter("variation", 0, 1, 0.3, doc="how much each strike differs: where on the rim, how hard the mallet is"),
)
_SCUFF = np.dtype([("rng", "u8"), ("band", filters.SVF, (3,)), ("level", "f8", (3,)), ("fade", "f8", (3,))], align=True)
_AIR = np.dtype([("rng", "u8"), ("level", "f8"), ("fade", "f8"), ("dark", filters.ONE_POLE, (4,))], align=True)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("contact", contact.CONTACT),
        ("core", contact.CONTACT),
        ("scuff", _SCUFF),
        ("air", _AIR),
        ("modes", phasor.bank_dtype(_MODES)),
        ("heard_0", "f8", (_MODES,)),  # how much of each mode is heard at each of the four places
        ("heard_1", "f8", (_MODES,)),
        ("heard_2", "f8", (_MODES,)),
        ("heard_3", "f8", (_MODES,)),
        ("tone_hz", "f8"),
        ("semitones", filters.ONE_POLE),  # what pitch and bend shift it by
        ("angle", "f8"),  # of the stick, in turns
        ("drive", "f8"),
        ("rubbing", filters.ONE_POLE),
        ("grain", filters.SVF),
    ],
    align=True,
)


@kernel
def _blow(params):
    """Return how strong the blow is: little of it is left when it is rubbed instead."""
    return (1.0 - 0.97 * params.rub**6) * 4.0 ** (0.4 - params.hardness)  # a hard mallet is led more lightly


@kernel
def strike(state, params, velocity, sample_rate):
    """Lay the mallet on: a blow as far as it is not rubbed, always enough to start the song from."""
    hardness = min(max(params.hardness + params.timbre - 0.5 + 0.1 * params.variation * noise.gaussian(state), 0.0), 1.0)
    contact_s = 0.004 * 0.08**hardness * math.sqrt(186.0 / params.tone_hz)  # small bowls are struck with small mallets
    contact.strike(state.contact, velocity, contact_s)
    state.contact.peak *= _blow(params) * (1.0 + (1.5 * contact_s * params.tone_hz) ** 2)  # a soft mallet is a heavy one
    struck_rad = 0.4 * params.variation * noise.gaussian(state)
    for order in range(_ORDERS):
        nodal = (order + 2.0) * struck_rad + 2.0 * math.pi * _AXES[order]
        gain = _GAIN * _RADIATED[order]
        state.modes.gain[2 * order], state.modes.gain[2 * order + 1] = gain * math.cos(nodal), gain * math.sin(nodal)
    for knock in range(_KNOCKS):
        state.modes.gain[2 * _ORDERS + knock] = _KNOCK_GAIN
    contact.strike(state.core, velocity, _CORE_S * (2.0 - hardness))
    state.core.peak *= _blow(params) * _CORE * 1.6 ** (2.0 * hardness - 1.0) * velocity
    _listen(state)
    _scuff(state, hardness, velocity * _blow(params), sample_rate)
    filters.tune_one_pole(state.rubbing, 8.0, sample_rate)
    filters.tune(state.grain, 900.0, 0.9, sample_rate)
    filters.tune_one_pole(state.semitones, 12.0, sample_rate / QUANTUM)
    state.semitones.y = params.pitch + params.bend
    state.angle, state.tone_hz = noise.uniform(state), params.tone_hz
    _tune(state, params, 1.0, sample_rate)


@kernel
def _scuff(state, hardness, strength, sample_rate):
    """Begin the mallet's scuff, brighter when it is hard, and the room's air."""
    state.scuff.rng, state.air.rng = noise.split(state), noise.split(state)
    for band in range(3):
        filters.tune(state.scuff.band[band], _SCUFF_HZ[band], _SCUFF_Q[band], sample_rate)
        state.scuff.level[band] = _SCUFF_GAIN[band] * strength * strength * 2.0 ** ((hardness - 0.4) * band)
        state.scuff.fade[band] = math.exp(-phasor.decay_per_s(_SCUFF_T60_S[band]) / sample_rate)
    for place in range(4):
        filters.tune_one_pole(state.air.dark[place], _AIR_HZ, sample_rate)


@kernel
def _listen(state):
    """Set what is heard of each mode at the four places: its shape there, turned so that the first of each pair never cancels."""
    for place in range(4):
        heard = (state.heard_0, state.heard_1, state.heard_2, state.heard_3)[place]
        turn = math.atan2(_SIN[place], _COS[place])
        for order in range(_ORDERS):
            cos, sin = math.cos((order + 2.0) * turn), math.sin((order + 2.0) * turn)
            heard[2 * order], heard[2 * order + 1] = 0.33 * abs(cos), 0.33 * (sin if cos > 0.0 else -sin)
        for knock in range(_KNOCKS):
            heard[2 * _ORDERS + knock] = 0.25


@kernel
def _tune(state, params, gate, sample_rate):
    """Set every mode's pitch and growth for the next quantum."""
    tone_hz = state.tone_hz * ratio_from_semitones(filters.smooth(state.semitones, params.pitch + params.bend))
    hand_per_s = 0.1 * params.hand + 14.0 * params.hand**32  # fingers take little; the whole hand: T60 of 0.5 s
    hand_per_s *= 1.0 - 0.9 * params.rub**3  # whoever leads the stick cannot lay the whole hand on
    state.drive = gate * params.rub * params.pressure
    limit = _LIMIT * (0.3 + 0.7 * params.pressure)
    drive_per_s = state.drive * (_DRIVE_PER_S + 3.0 * phasor.decay_per_s(params.ring_s))
    for order in range(_ORDERS):
        split_hz = 0.5 * params.beat_hz * _RATIOS[order] ** (1.0 + _SPLIT_SLOPE)
        decay_per_s = phasor.decay_per_s(params.ring_s * _RINGS[order]) + hand_per_s
        energy = phasor.energy(state.modes, 2 * order) + phasor.energy(state.modes, 2 * order + 1)
        share = 1.0 if order == 0 else min(max(1.6 * params.hardness - 0.5, 0.0), 1.0) if order == 1 else 0.0
        push = share * drive_per_s * max(1.0 - energy / (limit * limit), -1.0)
        toward = math.cos(2.0 * math.pi * (order + 2.0) * state.angle) ** 2
        low_per_s, high_per_s = push * toward - decay_per_s, push * (1.0 - toward) - decay_per_s
        phasor.tune(state.modes, 2 * order, tone_hz * _RATIOS[order] - split_hz, low_per_s, sample_rate)
        phasor.tune(state.modes, 2 * order + 1, tone_hz * _RATIOS[order] + split_hz, high_per_s, sample_rate)
    for knock in range(_KNOCKS):
        decay_per_s = phasor.decay_per_s(_KNOCK_T60_S[knock])
        phasor.tune(state.modes, 2 * _ORDERS + knock, tone_hz * _KNOCK_RATIO[knock], -decay_per_s, sample_rate)


@kernel
def _fade_air(state, params, gate, sample_rate):
    """Let the room be heard while a hand is there, then, half of it, as long as the bowl is, and fade within seconds of it."""
    ring = math.sqrt(phasor.energy(state.modes, 0) + phasor.energy(state.modes, 1))
    ring = max(ring, math.sqrt(phasor.energy(state.modes, 2) + phasor.energy(state.modes, 3)))
    lasts = 1.0 if gate > 0.0 else 0.5 * min(ring / 0.0005, 1.0)  # the next note brings its own
    aim = _AIR_GAIN * (2.0 * params.air) ** 0.35 * lasts
    state.air.fade = (
        (aim - state.air.level) * min(QUANTUM / ((0.05 if aim > state.air.level else 2.0) * sample_rate), 1.0) / QUANTUM
    )


@kernel
def _splash(state, density):
    """Return the next sample of the mallet's scuff."""
    scuff = state.scuff
    if scuff.level[0] < 1e-8:
        return 0.0
    total = 0.0
    for band in range(3):
        scuff.level[band] *= scuff.fade[band]
        total += scuff.level[band] * filters.band(scuff.band[band], density * noise.white(scuff))
    return total


@kernel
def _air(state, place, density):
    """Return the next sample of the room's air at one of the four places: each has its own."""
    white = density * noise.white(state.air)
    return state.air.level * (0.03 * white + filters.smooth(state.air.dark[place], white))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the modes ring or sing; the stick grates on the rim where it is, whenever it slips."""
    radius_m = 0.005 * params.diameter_cm
    for place in range(4):
        emitter.hold(emitters, place, emitter.EARS, -radius_m * _COS[place], radius_m * _SIN[place], 0.0)
    if start == 0:
        state.angle -= math.floor(state.angle)
        _tune(state, params, gate, sample_rate)
        _fade_air(state, params, gate, sample_rate)
    modes = state.modes
    out_0, out_1, out_2, out_3 = emitters.slot[0].out, emitters.slot[1].out, emitters.slot[2].out, emitters.slot[3].out
    density = noise.density(sample_rate)
    for n in range(start, stop):
        rubbing = filters.smooth(state.rubbing, state.drive)
        grain = 0.0
        if rubbing > 1e-6:
            slip = 0.5 + 0.5 * modes.re[0] / math.sqrt(phasor.energy(modes, 0) + 1e-9)
            grain = rubbing * density * filters.band(state.grain, noise.white(state)) * (0.25 + slip * slip)
        force = contact.tick(state.contact, sample_rate) + contact.tick(state.core, sample_rate) + 2e-4 * grain
        splash = _splash(state, density)
        state.air.level += state.air.fade
        sum_0, sum_1, sum_2, sum_3 = 0.0, 0.0, 0.0, 0.0
        for mode in range(_MODES):
            im = phasor.tick(modes, mode, force)
            sum_0 += state.heard_0[mode] * im
            sum_1 += state.heard_1[mode] * im
            sum_2 += state.heard_2[mode] * im
            sum_3 += state.heard_3[mode] * im
        state.angle += params.rub_hz / sample_rate
        cos, sin = rubbing * math.cos(2.0 * math.pi * state.angle), rubbing * math.sin(2.0 * math.pi * state.angle)
        near_0, near_1 = _COS[0] * cos + _SIN[0] * sin, _COS[1] * cos + _SIN[1] * sin
        near_2, near_3 = _COS[2] * cos + _SIN[2] * sin, _COS[3] * cos + _SIN[3] * sin
        grain *= _GRAIN_GAIN
        out_0[n] += F32(sum_0 * (1.0 + 0.5 * near_0) + grain * (1.0 + near_0) + splash + _air(state, 0, density))
        out_1[n] += F32(sum_1 * (1.0 + 0.5 * near_1) + grain * (1.0 + near_1) + splash + _air(state, 1, density))
        out_2[n] += F32(sum_2 * (1.0 + 0.5 * near_2) + grain * (1.0 + near_2) + splash + _air(state, 2, density))
        out_3[n] += F32(sum_3 * (1.0 + 0.5 * near_3) + grain * (1.0 + near_3) + splash + _air(state, 3, density))


TRIGGER = Trigger(
    "bowl", PARAMETERS, STATE, strike, render,
    emitters=4, tail_s=60, gesture={"kind": "strokes", "rate_hz": 0.18, "irregularity": 0.3, "duty": 0.9, "dynamics": 0.2},
    place={"azimuth_deg": 20, "elevation_deg": -15, "distance_m": 0.25},
    room={"t60_s": 0.6, "level_db": -9},
    level_db=-6.5, classes={"bowl": ()}, doc=__doc__,
)  # fmt: skip
