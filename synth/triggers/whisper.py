"""Whisper: somebody speaks without voice, close by.  phones -> articulation -> breath, frication, bursts -> throat, lips.

It says the phones that the engine shows it, breathes in during longer pauses, and parts its lips before it begins. Noise at the
glottis goes through resonances that glide from phone to phone, noise at the place of s, f or t through bands of its own; nothing
is periodic. Released, it finishes the phrase. With nothing to say it all but holds its breath. Model and sources: `tract`,
`articulation`, `phone_targets`.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import articulation, filters, noise, person, tract, wet_click
from synth.dsp.phone import END, PAUSE
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM
from synth.trigger import Trigger

_TEXT = (
    "Close your eyes. There is nothing that you have to do now. Listen to my voice, and let your shoulders sink. "
    "Breathe in slowly, and out again. You are safe, and warm, and everything can wait until tomorrow."
)
_SHORTEST_BREATH_S = 0.32  # a shorter pause is too short to breathe in
_ASIDE_M = 0.02
_INHALE = 0.28
_THROAT_LEVEL, _LIPS_LEVEL = 0.02, 0.02
_WET, _WET_HZ = 0.5, 0.5  # level of wet clicks; how many come by themselves in a second
_PRESENCE_S = 0.02
_TILT, _RUMBLE = -0.5, 2.0  # how breath's noise falls, as in recordings; how near lips rumble: more hides words
_SOFT_HZ, _SOFT_Q = 9500.0, 0.7  # turbulence has an eddy's time: what is faster than a jet this wide is weak

PARAMETERS = (
    Parameter("pace", 0.5, 2, 1, curve="exp", doc="how fast: 1 unhurried, 2 twice as fast"),
    Parameter("breathiness", 0, 1, 0.3, doc="how far the glottis opens: 0 a clear whisper, 1 more breath than words"),
    Parameter("closeness", 0, 1, 0.5, doc="how near the lips are: rumble of the breath, soft pops, sounds of the mouth"),
    Parameter("person", 0, 1, 0.5, doc="length of the vocal tract: 0 a child, 0.5 a woman, 1 a tall man"),
    Parameter("smile", 0, 1, 0.3, doc="lips spread: brighter resonances"),
    Parameter("wetness", 0, 1, 0.3, doc="lips and tongue that come apart: before the first word, and now and then"),
    Parameter("sibilance", 0, 1, 0.3, doc="level of s, sh and t: 0 lisped softly, 1 sharp"),
    Parameter("brightness", 0, 1, 0.5, doc="tilt of the breath: 0 dark, 1 bright"),
    Parameter("unevenness", 0, 1, 0.5, doc="how much lengths, levels and resonances differ each time"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("art", articulation.ARTICULATION),
        ("tract", tract.TRACT),
        ("settings", tract.SETTINGS),
        ("wet", wet_click.WET),
        ("begun", "i8"),  # a phone that sounds has been reached since the strike
        ("over", "i8"),  # released, and the phrase is finished
        ("presence", filters.ONE_POLE),
        ("level", filters.ONE_POLE),
        ("soft", filters.SVF, (tract.OUTLETS,)),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Make the mouth ready; the first phone begins with the next quantum."""
    articulation.start(state.art, noise.split(state))
    wet_click.start(state.wet, noise.split(state))
    tract.start(state.tract, state, sample_rate)
    filters.tune_one_pole(state.presence, 1.0 / (2.0 * math.pi * _PRESENCE_S), sample_rate / QUANTUM)
    filters.tune_one_pole(state.level, 8.0, sample_rate / QUANTUM)
    state.level.y = params.pressure
    _settle(state, params)
    tract.shape(state.tract, state.art, state.settings, 0.0, 0.0, sample_rate)


@kernel
def _settle(state, params):
    """Read how the person speaks just now."""
    settings = state.settings
    person.settle(settings, params.person, params.breathiness, params.closeness, params.unevenness)
    settings.smile = params.smile
    settings.tilt = _TILT + 1.2 * (params.brightness - 0.5)
    settings.low = _RUMBLE * params.closeness * params.closeness
    state.art.sibilance_db = 14.0 * (params.sibilance - 0.5)


@kernel
def _inhale(state, phone, pace):
    """Breathe in during a pause that is long enough, once something has been said."""
    is_long = phone.seconds / pace >= _SHORTEST_BREATH_S
    articulation.inhale(state.art, phone, _INHALE if is_long and state.begun else 0.0)


@kernel
def _speak(state, params, gate, emitters, sample_rate):
    """Go on by a quantum: posture, breath, whether the phrase is over."""
    seconds = QUANTUM / sample_rate
    number = emitters.phone[0].number
    silent = number in (END, PAUSE)
    if not silent and not state.begun:
        state.begun = 1
        wet_click.part(state.wet)
    if gate <= 0.0 and (number == END or (silent and state.begun)):
        state.over = 1
    level = filters.smooth(state.level, params.pressure) * filters.smooth(state.presence, 0.0 if state.over else 1.0)
    if not state.over:
        _inhale(state, emitters.phone[0], params.pace)
        emitters.said += articulation.advance(state.art, emitters.phone, seconds, params.pace, params.unevenness)
    wet_click.advance(
        state.wet, _WET * level * params.wetness * (0.4 + params.closeness), _WET_HZ * params.wetness, seconds, sample_rate
    )
    _settle(state, params)
    for index in range(tract.OUTLETS):
        filters.tune(state.soft[index], _SOFT_HZ * 2.0 ** (params.brightness - 0.5), _SOFT_Q, sample_rate)
    tract.shape(state.tract, state.art, state.settings, level, seconds, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Say the next frames."""
    if start == 0:
        _speak(state, params, gate, emitters, sample_rate)
    tract.hold(emitters, _ASIDE_M)
    tract.render(state.tract, start, stop, sample_rate)
    for index in range(tract.OUTLETS):
        gain = _THROAT_LEVEL if index == tract.THROAT else _LIPS_LEVEL
        out = state.tract.outlet[index].out
        for n in range(start, stop):
            click = wet_click.tick(state.wet) if index == tract.THROAT else 0.0
            emitters.slot[index].out[n] += F32(gain * filters.low(state.soft[index], out[n] + click))


TRIGGER = Trigger(
    "whisper", PARAMETERS, STATE, strike, render,
    emitters=tract.OUTLETS, tail_s=20, gesture={"kind": "hold"},
    place={"azimuth_deg": 32, "distance_m": 0.2}, motion={"kind": "drift", "span_deg": 25, "period_s": 24},
    room={"t60_s": 0.2, "level_db": -18},
    level_db=8, classes={"whisper": ()}, text=_TEXT, doc=__doc__,
)  # fmt: skip
