"""Hum: somebody hums to themselves, lips shut.  notes -> glottis (pulses, vibrato) -> nose and cheeks; breath drawn in between.

A phrase lasts some seconds, as long as the breath does; then it is let go, air is drawn in through the nose, and the next
begins. `wander` lets the voice glide over a few notes of a pentatonic scale. Vibrato grows in as a note lasts; pitch drifts and
periods jitter a little, as in a healthy voice (0.3 %). With the mouth shut the nose is what resonates: a murmur around 250 to
450 Hz, a little around 1 kHz, hardly anything above (Fujimura 1962); cheeks and throat radiate what is lower still. Louder is
brighter, as the folds shut harder. Pulses: `glottis`; tunes: `melody`.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import emitter, filters, glottis, melody, noise, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_HUM, _LET_GO, _INHALE, _HOLD = range(4)  # stages of a phrase
_LET_GO_S, _INHALE_S, _HOLD_S = 0.35, 0.8, 0.18
_THROAT, _NOSTRILS = 2, 2
_LENGTH_M, _MAN_M = (0.14, 0.186), 0.175  # of the tract: a child of ten, a tall man (Fitch and Giedd 1999)
_MURMUR_HZ, _SECOND_HZ, _ABOVE_HZ, _CHEEK_HZ = 325.0, 960.0, 1000.0, 420.0  # a man's
_SECOND, _PAST, _CHEEK = 0.5, 0.12, 0.8
_NOSE_HZ, _NOSE_Q = (950.0, 2300.0), (1.6, 1.4)  # of the air that is drawn in
_JITTER, _DRIFT_HZ, _DRIFT = 0.003, 1.2, 0.004
_DEEPEST, _GROWS_S = 0.035, 0.7  # vibrato: share of F0 either way, and how long it takes to grow
_LEVEL, _AIR, _DRAWN, _STILL = 0.5, 0.02, 0.09, 0.05
_GLIDE_HZ = 3.2

PARAMETERS = (
    Parameter("pitch_hz", 80, 330, 175, "hz", curve="exp", smoothing_s=0.1, doc="the tone it hums, or around which it wanders"),
    Parameter("wander", 0, 1, 0.5, doc="0 one tone, 1 over more than an octave of a pentatonic scale"),
    Parameter("vibrato", 0, 1, 0.3, doc="how deep, at most half a semitone; grows in as a note lasts"),
    Parameter("vibrato_hz", 4, 7, 5.2, "hz", smoothing_s=0.1, doc="how fast the vibrato is"),
    Parameter("phrase_s", 3.5, 9, 5.5, "s", doc="from breath to breath, about"),
    Parameter("breathiness", 0, 1, 0.3, doc="air in the voice, and how loud breath is drawn in"),
    Parameter("person", 0, 1, 0.6, doc="length of the vocal tract: 0 a child, 0.5 a woman, 1 a tall man"),
    Parameter("closeness", 0, 1, 0.5, doc="0 from the nose, 1 an ear at the cheek: lower, darker"),
    Parameter("variation", 0, 1, 0.5, doc="how much pitch, level and phrases differ"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("air", noise.RNG, (3,)),
        ("stage", "i8"),
        ("left_s", "f8"),
        ("whole_s", "f8"),
        ("glottis", glottis.GLOTTIS),
        ("melody", melody.MELODY),
        ("drift", wander.WANDER),
        ("level", filters.ONE_POLE, (2,)),
        ("air_gain", "f8"),
        ("air_step", "f8"),
        ("drawn", "f8"),
        ("drawn_step", "f8"),
        ("cheek_gain", "f8"),
        ("cheek_step", "f8"),
        ("murmur", filters.SVF),
        ("second", filters.SVF),
        ("above", filters.SVF),
        ("cheek", filters.SVF),
        ("high", filters.SVF),
        ("nose", filters.SVF, (2, 2)),
        ("source", "f8", (QUANTUM,)),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin a phrase."""
    for index in range(3):
        state.air[index].rng = noise.split(state)
    glottis.start(state.glottis, noise.split(state), params.pitch_hz * ratio_from_semitones(params.pitch + params.bend))
    melody.start(state.melody, noise.split(state), _GLIDE_HZ, sample_rate)
    wander.start(state.drift, noise.split(state))
    for pole in range(2):
        filters.tune_one_pole(state.level[pole], 5.0, sample_rate / QUANTUM)
    filters.tune(state.high, 60.0, 0.7, sample_rate)
    state.cheek_gain = params.closeness
    _begin(state, params, _HUM)
    _sing(state, params, 1.0, 0.0, sample_rate)


@kernel
def _begin(state, params, stage):
    """Begin a stage of a phrase; it is as long as it is drawn to be."""
    state.stage = stage
    longer = math.exp(0.3 * params.variation * max(min(noise.gaussian(state), 1.5), -1.5))
    if stage == _HUM:
        length_s = max(params.phrase_s - _LET_GO_S - _INHALE_S - _HOLD_S, 1.0) * longer
    else:
        length_s = (_LET_GO_S if stage == _LET_GO else _INHALE_S if stage == _INHALE else _HOLD_S) * math.sqrt(longer)
    state.left_s = state.whole_s = length_s


@kernel
def _sing(state, params, gate, seconds, sample_rate):
    """Advance breath, tune and voice by a quantum."""
    state.left_s -= seconds
    if state.left_s <= 0.0:
        if state.stage == _HOLD:
            melody.go_on(state.melody, params.wander)
            state.melody.since_s = 0.0
        _begin(state, params, (state.stage + 1) % 4)
    done = min(max(1.0 - state.left_s / state.whole_s, 0.0), 1.0)
    swell = 0.85 + 0.3 * math.sin(math.pi * done) - 0.25 * done if state.stage == _HUM else 0.0
    wander.advance(state.drift, _DRIFT_HZ * seconds)
    drift = params.variation * wander.value(state.drift)
    wanted = gate * params.pressure * swell * math.exp(0.12 * drift)
    level = filters.smooth(state.level[1], filters.smooth(state.level[0], wanted))
    semitones = melody.advance(state.melody, seconds, params.wander) + params.pitch + params.bend
    f0_hz = params.pitch_hz * ratio_from_semitones(semitones) * (1.0 + _DRIFT * drift)
    f0_hz = min(f0_hz, 0.2 * sample_rate)
    grown = min(state.melody.since_s / _GROWS_S, 1.0)
    vibrato = _DEEPEST * params.vibrato * grown * grown
    jitter, opened = _JITTER * (0.6 + 0.8 * params.variation), 0.6 + 0.25 * params.breathiness
    tilt_hz = 400.0 + 2600.0 * level
    even = _LEVEL * level * (f0_hz / 175.0) ** -0.3  # more pulses a second are louder
    glottis.aim(state.glottis, f0_hz, even, opened, jitter, params.vibrato_hz, vibrato, tilt_hz, seconds, sample_rate)
    state.air_step = (_AIR * level * params.breathiness - state.air_gain) / QUANTUM
    drawn = math.sin(math.pi * done**0.7) if state.stage == _INHALE else 0.0
    drawn = max(drawn, _STILL)
    breath = _DRAWN * gate * params.pressure * (0.25 + params.breathiness) * drawn
    state.drawn_step = (breath - state.drawn) / QUANTUM
    state.cheek_step = (params.closeness - state.cheek_gain) / QUANTUM
    _tune(state, params, sample_rate)


@kernel
def _tune(state, params, sample_rate):
    scale = _MAN_M / (_LENGTH_M[0] + (_LENGTH_M[1] - _LENGTH_M[0]) * params.person)
    filters.tune(state.murmur, scale * _MURMUR_HZ, 2.8, sample_rate)
    filters.tune(state.second, scale * _SECOND_HZ, 5.0, sample_rate)
    filters.tune(state.above, scale * _ABOVE_HZ, 0.7, sample_rate)
    filters.tune(state.cheek, scale * _CHEEK_HZ, 0.7, sample_rate)
    for side in range(2):
        for band in range(2):
            filters.tune(state.nose[side, band], scale * _NOSE_HZ[band] * (1.0 + 0.05 * side), _NOSE_Q[band], sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Hum: out of both nostrils, and through throat and cheeks below them; air is drawn in past the nostrils."""
    if start == 0:
        _sing(state, params, gate, QUANTUM / sample_rate, sample_rate)
    for side in range(_NOSTRILS):
        emitter.hold(emitters, side, emitter.EARS, 0.0, 0.012 - 0.024 * side, 0.0)
    emitter.hold(emitters, _THROAT, emitter.EARS, 0.05, -0.1, -0.12)
    glottis.fill(state.glottis, state.source, start, stop, sample_rate)
    density = noise.density(sample_rate)
    for n in range(start, stop):
        state.air_gain += state.air_step
        state.drawn += state.drawn_step
        state.cheek_gain += state.cheek_step
        voice = filters.high(state.high, state.source[n] + state.air_gain * density * noise.white(state.air[2]))
        murmur = filters.band(state.murmur, voice) + _SECOND * filters.band(state.second, voice) + _PAST * voice
        hummed = (1.0 - 0.6 * state.cheek_gain) * filters.low(state.above, murmur)
        for side in range(_NOSTRILS):
            white = state.drawn * density * noise.white(state.air[side])
            drawn = filters.band(state.nose[side, 0], white) + 0.7 * filters.band(state.nose[side, 1], white)
            emitters.slot[side].out[n] += F32(0.5 * hummed + drawn)
        emitters.slot[_THROAT].out[n] += F32(_CHEEK * state.cheek_gain * filters.low(state.cheek, murmur))


TRIGGER = Trigger(
    "hum", PARAMETERS, STATE, strike, render,
    emitters=3, tail_s=1.5, gesture={"kind": "hold", "swell": 0.25, "swell_hz": 0.07},
    place={"azimuth_deg": 35, "distance_m": 0.25}, motion={"kind": "drift", "span_deg": 30, "period_s": 30},
    room={"t60_s": 0.3, "level_db": -12},
    level_db=-2, doc=__doc__,
)  # fmt: skip
