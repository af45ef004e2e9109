"""Murmur: somebody speaks, but no words.  syllables by chance -> articulation -> breath, a soft voice -> throat, lips -> muffled.

Somebody half asleep, or behind a door: mostly closed consonants and dull vowels in the rhythm and the melody of speech, phrases
that sink and are drawn out, a breath between. `voice` lets the glottis sound, from a whisper to a low voice whose pitch sinks
within each phrase (declination, 't Hart, Collier and Cohen 1990) and has the jitter of a living one; `muffle` is the wall or the
pillow. Held, it goes on without end; released, it trails off. Model and sources: `babble`, `tract`, `articulation`, `glottis`.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import articulation, babble, filters, glottis, noise, person, tract, wander
from synth.dsp.phone import STRESSED
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, gain_from_db, ratio_from_semitones
from synth.trigger import Trigger

_LOW_HZ, _HIGH_HZ = 90.0, 220.0  # of a tall man, of a child: pitch in the middle of a phrase
_BEGINS, _SINKS, _STRESS, _WANDERS = 2.5, 6.0, 1.5, 0.7  # melody, in semitones: above the middle, from there on, accents, drift
_WANDER_HZ, _MELODY_HZ = 1.5, 6.0
_OPEN, _JITTER, _TILT_HZ = 0.75, 0.008, 1400.0  # of a soft voice: breathy pulses (Klatt and Klatt 1990); chosen
_VOICE = 1.4  # the glottis's pulses against its noise: as loud (measured)
_BREATHY = 0.05  # of the noise that stays when it sounds
_FALLS_DB = 6.0  # a phrase, from its beginning to its end
_OPEN_HZ, _MUFFLED_HZ = 4000.0, 500.0
_INHALE = 0.35
_TRAILS_S = 0.12
_RUMBLE = 10.0  # of near lips: more than a whisper's, so that it is heard through a pillow (chosen)
_ASIDE_M = 0.05
_LEVEL = 0.1

PARAMETERS = (
    Parameter("voice", 0, 1, 0.35, doc="0 whispered, 1 with voice"),
    Parameter("muffle", 0, 1, 0.4, doc="what is between: 0 nearly nothing (up to 4 kHz), 1 a wall or a pillow (up to 500 Hz)"),
    Parameter("pace", 0.75, 1.35, 1, curve="exp", doc="how fast: 1 is four to five syllables a second"),
    Parameter("breathiness", 0, 1, 0.3, doc="how far the glottis opens, and how much breath there is between"),
    Parameter("closeness", 0, 1, 0.4, doc="how near the lips are: rumble of the breath"),
    Parameter("person", 0, 1, 0.6, doc="tract and pitch: 0 a child, 0.5 a woman, 1 a tall man"),
    Parameter("unevenness", 0, 1, 0.5, doc="how much lengths, levels, melody and resonances differ each time"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("babble", babble.BABBLE),
        ("art", articulation.ARTICULATION),
        ("tract", tract.TRACT),
        ("settings", tract.SETTINGS),
        ("glottis", glottis.GLOTTIS),
        ("drift", wander.WANDER),
        ("melody", filters.ONE_POLE),  # semitones
        ("fall", filters.ONE_POLE),  # gain of the phrase
        ("level", filters.ONE_POLE),
        ("presence", filters.ONE_POLE),
        ("wall", filters.SVF, (tract.OUTLETS,)),
        ("made_up", "f8"),
        ("made_up_step", "f8"),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Draw the first syllables and make the mouth ready; the first one begins with the next quantum."""
    articulation.start(state.art, noise.split(state))
    babble.start(state.babble, noise.split(state), params.unevenness)
    tract.start(state.tract, state, sample_rate)
    glottis.start(state.glottis, noise.split(state), _middle_hz(params))
    wander.start(state.drift, noise.split(state))
    quanta_hz = sample_rate / QUANTUM
    filters.tune_one_pole(state.presence, 1.0 / (2.0 * math.pi * _TRAILS_S), quanta_hz)
    filters.tune_one_pole(state.level, 8.0, quanta_hz)
    filters.tune_one_pole(state.melody, _MELODY_HZ, quanta_hz)
    filters.tune_one_pole(state.fall, _MELODY_HZ, quanta_hz)
    state.level.y, state.presence.y, state.fall.y, state.melody.y = params.pressure, 0.5, 1.0, _BEGINS
    _settle(state, params)
    _put_wall(state, params, sample_rate)
    state.made_up += QUANTUM * state.made_up_step
    state.made_up_step = 0.0
    tract.shape(state.tract, state.art, state.settings, 0.0, 0.0, sample_rate)


@kernel
def _middle_hz(params):
    return _LOW_HZ + (_HIGH_HZ - _LOW_HZ) * math.sqrt(max(1.0 - params.person, 0.0))


@kernel
def _settle(state, params):
    """Read how the person speaks just now."""
    settings = state.settings
    person.settle(settings, params.person, params.breathiness, params.closeness, params.unevenness)
    settings.smile = 0.0
    settings.low = _RUMBLE * params.closeness
    settings.voice = params.voice
    settings.wide *= 1.0 - 0.45 * params.voice  # closed, the glottis takes less from the resonances
    state.art.sibilance_db = 0.0


@kernel
def _put_wall(state, params, sample_rate):
    """Put what is between: what lies above its edge falls by 12 dB an octave, and part of that is made up for in level."""
    edge_hz = _OPEN_HZ * (_MUFFLED_HZ / _OPEN_HZ) ** params.muffle
    for index in range(tract.OUTLETS):
        filters.tune(state.wall[index], edge_hz, 0.6, sample_rate)
    db = params.muffle * (9.0 - 6.0 * params.voice)
    state.made_up_step = (gain_from_db(db) - state.made_up) / QUANTUM


@kernel
def _sound(state, params, level, seconds, sample_rate):
    """Share the sound between the glottis's voice and its noise, and give it a melody."""
    art, phone = state.art, state.babble.window[0]
    wander.advance(state.drift, _WANDER_HZ * seconds)
    semitones = _BEGINS - _SINKS * state.babble.gone[0] + _WANDERS * 2.0 * params.unevenness * wander.value(state.drift)
    semitones += _STRESS if phone.marks & STRESSED else 0.0
    f0_hz = _middle_hz(params) * ratio_from_semitones(filters.smooth(state.melody, semitones))
    sounds = min(max(params.voice * art.voiced.now, 0.0), 1.0)
    loud = _VOICE * level * art.breath.now * math.sqrt(sounds)
    glottis.aim(state.glottis, f0_hz, loud, _OPEN, _JITTER, 0.0, 0.0, _TILT_HZ, seconds, sample_rate)
    airy = math.sqrt(1.0 - (1.0 - _BREATHY) * sounds)
    for index in range(tract.OUTLETS):
        outlet = state.tract.outlet[index]
        there = outlet.breath + QUANTUM * outlet.breath_step
        outlet.breath_step = (airy * there - outlet.breath) / QUANTUM


@kernel
def _speak(state, params, gate, sample_rate):
    """Go on by a quantum: posture, breath, voice, wall."""
    seconds = QUANTUM / sample_rate
    articulation.inhale(state.art, state.babble.window[0], _INHALE)
    fall = filters.smooth(state.fall, gain_from_db(-_FALLS_DB * state.babble.gone[0]))
    level = fall * filters.smooth(state.level, params.pressure) * filters.smooth(state.presence, gate)
    if articulation.advance(state.art, state.babble.window, seconds, params.pace, params.unevenness):
        babble.go_on(state.babble, params.unevenness)
    _settle(state, params)
    _put_wall(state, params, sample_rate)
    tract.shape(state.tract, state.art, state.settings, level, seconds, sample_rate)
    _sound(state, params, level, seconds, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Murmur on."""
    if start == 0:
        _speak(state, params, gate, sample_rate)
    tract.hold(emitters, _ASIDE_M)
    glottis.fill(state.glottis, state.tract.source, start, stop, sample_rate)
    tract.render(state.tract, start, stop, sample_rate)
    for n in range(start, stop):
        state.made_up += state.made_up_step
        gain = _LEVEL * state.made_up
        for index in range(tract.OUTLETS):
            through = filters.low(state.wall[index], state.tract.outlet[index].out[n])
            emitters.slot[index].out[n] += F32(gain * through)


TRIGGER = Trigger(
    "murmur", PARAMETERS, STATE, strike, render,
    emitters=tract.OUTLETS, tail_s=3, gesture={"kind": "hold"},
    place={"azimuth_deg": 40, "distance_m": 0.3}, motion={"kind": "drift", "span_deg": 40, "period_s": 20},
    room={"t60_s": 0.35, "level_db": -6},
    level_db=-1.5, doc=__doc__,
)  # fmt: skip
