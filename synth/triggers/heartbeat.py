"""Heartbeat: an ear on somebody's chest.  breath and chance -> beats -> two sounds, each of valves -> modes of a chest -> cloth.

The first sound is the valves of the chambers shutting (a small one before, then the left and the right), the second those of
the arteries; breathing in parts the two valves of the second. Each blow sets modes of the chest between 34 and 140 Hz going,
which die away within a tenth of a second: those of the first sound fall by 6.5 dB an octave, the second's hardly (Sakai et al.
1971, Longhini et al. 1982), and no two blows set the same ones going alike. From one to the other it takes 0.43 s less 1.7 ms
for each beat a minute (Weissler et al. 1968, ejection time, and the shutting of the valves): 0.31 s at 70. The heart is faster
while breath is drawn, and drifts in waves of ten seconds (heart rate variability); on average it keeps its rate. Blood rushes
between the two sounds; cloth and skin move with the breath, very softly. Chest and cloth take the highs away. What is left up
there is a steady hush, 60 dB under the beats: muscles and blood, and the air between ear and skin, which move with nothing.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import contact_bed, emitter, filters, modal, noise, touches, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_MODES_HZ = (34.0, 45.0, 56.0, 68.0, 84.0, 108.0, 140.0)
_KNEE_HZ = 60.0  # below it the chest radiates less again
_MODES = len(_MODES_HZ)
_SOUNDS, _FIRST = 2, 0
_T60_S = (0.24, 0.18)
_SLOPE = (-1.08, -0.35)  # powers of the frequency: 6.5 and 2 dB an octave down
_GAIN = (0.3, 0.17)
_BLOW_S = (0.006, 0.004)
_UNLIKE = 0.3  # how much a mode's share differs from beat to beat
_SYSTOLE_S, _SHORTER_S = 0.43, 0.0017
_BEFORE_S = 0.02  # a small part of the first sound comes before the rest
_SINUS, _MAYER, _CHANCE = 0.09, 0.05, 0.03  # shares of a period at variability 1: with the breath, in ten seconds, by itself
_MAYER_HZ, _SHAKE_HZ = 0.1, 9.0
_CLEAR_HZ, _MUFFLED = 300.0, 0.3
_RUSH = 0.012
_BED, _RUSTLE = 0.006, 0.00006
_HUSH, _HUSH_HZ, _HUSH_AIR = 0.00018, 700.0, 0.1  # its level, above which it falls, the share that does not: chosen

PARAMETERS = (
    Parameter("rate_bpm", 45, 120, 64, "bpm", curve="exp", doc="beats a minute, on average; 50..70 asleep or calm"),
    Parameter("muffle", 0, 1, 0.45, smoothing_s=0.1, doc="0 an ear on the skin, 1 through a blanket"),
    Parameter("variability", 0, 1, 0.5, doc="how far the heart follows the breath and drifts; much when calm, little in haste"),
    Parameter(
        "second", 0.3, 1, 0.6, doc="the second sound against the first: weak at the tip of the heart, as strong at its base"
    ),
    Parameter("size", 0.75, 1.3, 1, curve="exp", doc="of the chest: a child's modes lie higher, a big man's lower"),
    Parameter("breath_hz", 0.1, 0.4, 0.22, "hz", curve="exp", doc="breaths a second of the one who is heard"),
    Parameter("cloth", 0, 1, 0.4, doc="cloth and skin that move with the breath, very softly"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("air", noise.RNG),
        ("quiet", noise.RNG),
        ("wait", "i8", (_SOUNDS,)),  # frames until either sound; -1: not known yet
        ("blow", touches.TOUCH, (_SOUNDS,)),
        ("chest", modal.bank_dtype(_MODES), (_SOUNDS,)),
        ("cloth", filters.SVF, (2, _SOUNDS + 1)),
        ("high", filters.SVF, (_SOUNDS,)),
        ("rush", filters.SVF),
        ("rustle", filters.SVF),
        ("hush", filters.ONE_POLE),
        ("present", filters.ONE_POLE),
        ("rushing", filters.ONE_POLE),
        ("systole", "i8"),  # frames for which the blood still rushes
        ("breath", "f8"),  # phase
        ("mayer", wander.WANDER),
        ("bed", contact_bed.CONTACT_BED),
        ("touch", filters.ONE_POLE),
        ("moving", "f8"),
        ("beat_s", "f8"),
        ("loud", "f8"),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin with a beat, anywhere in a breath."""
    state.air.rng = noise.split(state)
    state.quiet.rng = noise.split(state)
    wander.start(state.mayer, noise.split(state))
    for sound in range(_SOUNDS):
        touches.start(state.blow[sound], noise.split(state))
        filters.tune(state.high[sound], 26.0, 0.7, sample_rate)
    contact_bed.start(state.bed, noise.split(state), _BED, 0.0, 0.0, sample_rate)
    filters.tune(state.rush, 95.0, 1.0, sample_rate)
    filters.tune(state.rustle, 1800.0, 0.5, sample_rate)
    filters.tune_one_pole(state.hush, _HUSH_HZ, sample_rate)
    filters.tune_one_pole(state.present, 5.0, sample_rate)
    filters.tune_one_pole(state.touch, 5.0, sample_rate)
    filters.tune_one_pole(state.rushing, 8.0, sample_rate)
    state.breath = noise.uniform(state)
    state.wait[0], state.wait[1] = 1, -1
    _muffle(state, params, sample_rate)


@kernel
def _muffle(state, params, sample_rate):
    cutoff_hz = _CLEAR_HZ * _MUFFLED**params.muffle
    for pole in range(2):
        for sound in range(_SOUNDS + 1):
            filters.tune(state.cloth[pole, sound], cutoff_hz, 0.54 if pole == 0 else 1.31, sample_rate)


@kernel
def _beat(state, params, sample_rate):
    """Begin a beat: draw when the next one comes, and after which time the arteries' valves shut."""
    drawn_in = math.sin(2.0 * math.pi * state.breath)
    varied = -_SINUS * drawn_in + _MAYER * wander.value(state.mayer) + _CHANCE * max(min(noise.gaussian(state), 2.0), -2.0)
    state.beat_s = 60.0 / params.rate_bpm * (1.0 + params.variability * varied)
    state.wait[0] = max(int(state.beat_s * sample_rate), 1)
    systole = int((_SYSTOLE_S - _SHORTER_S * 60.0 / state.beat_s) * sample_rate)
    state.wait[1] = state.systole = max(systole + int(_BEFORE_S * sample_rate), 1)
    state.loud = params.pressure * math.exp(-0.12 * drawn_in + 0.08 * noise.gaussian(state))
    _shut(state, params, 0, drawn_in, sample_rate)


@kernel
def _shut(state, params, sound, drawn_in, sample_rate):
    """Let valves shut: tune the chest for these blows, no two alike."""
    lower = ratio_from_semitones(params.pitch + params.bend) / params.size
    strength = _GAIN[sound] * (params.second / 0.6 if sound > _FIRST else 1.0)
    for mode in range(_MODES):
        unlike = math.exp(_UNLIKE * max(min(noise.gaussian(state), 2.0), -2.0))
        hertz = lower * _MODES_HZ[mode] * (1.0 + 0.02 * noise.between(state, -1.0, 1.0))
        above = _MODES_HZ[mode] / _KNEE_HZ
        gain = strength * unlike * (above ** _SLOPE[sound] if above > 1.0 else above) * (1.0 if mode % 2 == 0 else -1.0)
        t60_s = _T60_S[sound] * params.size * (_MODES_HZ[mode] / 50.0) ** -0.3
        modal.tune(state.chest[sound], mode, hertz, t60_s, gain, sample_rate)
    blow, strong = state.blow[sound], max(state.loud, 1e-3)
    apart_s = 0.024 + 0.004 * noise.gaussian(state) if sound == _FIRST else 0.02 + 0.009 * drawn_in
    before_s = _BEFORE_S if sound == _FIRST else 0.0
    rough, length_s = 0.6, _BLOW_S[sound] * strong**0.2
    if sound == _FIRST:
        touches.strike(blow, touches.LIFT, 0.0, strong, 2.0 * length_s, 0.25, rough, sample_rate)
    touches.strike(blow, touches.FIRST, before_s, strong, length_s, 1.0, rough, sample_rate)
    touches.strike(blow, touches.SECOND, before_s + max(apart_s, 0.005), strong, length_s, 0.6, rough, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the chest sound: the first sound at the tip of the heart, the second at its base, above; cloth around."""
    if start == 0:
        seconds = QUANTUM / sample_rate
        state.breath = (state.breath + params.breath_hz * seconds) % 1.0
        wander.advance(state.mayer, 2.0 * _MAYER_HZ * seconds)
        _muffle(state, params, sample_rate)
        state.moving = 0.35 + 0.65 * abs(math.cos(2.0 * math.pi * state.breath))
    emitter.hold(emitters, 0, emitter.EARS, 0.0, -0.05, -0.04)
    emitter.hold(emitters, 1, emitter.EARS, 0.0, 0.04, 0.05)
    emitter.hold(emitters, 2, emitter.EARS, -0.02, 0.06, 0.02)
    for n in range(start, stop):
        state.bed.frames[n] = gate * params.cloth * params.pressure * state.moving
    contact_bed.run(state.bed, sample_rate, start, stop)
    density = noise.density(sample_rate)
    for n in range(start, stop):
        if state.wait[1] >= 0:
            state.wait[1] -= 1
            if state.wait[1] == 0:
                _shut(state, params, 1, math.sin(2.0 * math.pi * state.breath), sample_rate)
        if gate > 0.0:
            state.wait[0] -= 1
            if state.wait[0] == 0:
                _beat(state, params, sample_rate)
        state.systole = max(state.systole - 1, 0)
        rushing = filters.smooth(state.rushing, state.loud if state.systole > 0 else 0.0)
        rush = filters.band(state.rush, _RUSH * rushing * density * noise.white(state.air))
        for sound in range(_SOUNDS):
            blow = state.blow[sound]
            touches.step(blow, sample_rate)
            heard = filters.high(state.high[sound], modal.tick(state.chest[sound], blow.force + blow.noise) + rush)
            heard = filters.low(state.cloth[1, sound], filters.low(state.cloth[0, sound], heard))
            emitters.slot[sound].out[n] += F32(heard)
        touch = filters.smooth(state.touch, gate * params.cloth * params.pressure * state.moving)
        rumble = filters.low(state.cloth[1, _SOUNDS], filters.low(state.cloth[0, _SOUNDS], state.bed.frames[n]))
        rustle = filters.band(state.rustle, _RUSTLE * touch * density * noise.white(state.air))
        white = _HUSH * density * filters.smooth(state.present, gate * params.pressure) * noise.white(state.quiet)
        hush = filters.smooth(state.hush, white) + _HUSH_AIR * white
        emitters.slot[2].out[n] += F32(rumble + rustle + hush)


TRIGGER = Trigger(
    "heartbeat", PARAMETERS, STATE, strike, render,
    emitters=3, tail_s=1.5, gesture={"kind": "hold", "swell": 0.15, "swell_hz": 0.05},
    place={"azimuth_deg": 40, "elevation_deg": -10, "distance_m": 0.12},
    motion={"kind": "drift", "span_deg": 15, "period_s": 30},
    room={"t60_s": 0.2, "level_db": -24},
    level_db=1.5, classes={"heart": ()}, doc=__doc__,
)  # fmt: skip
