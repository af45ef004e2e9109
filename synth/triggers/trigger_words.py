"""Trigger words: sk, tk, shh, tuc tuc.  a strike -> a pattern of phones -> articulation -> breath, frication, bursts -> lips.

Sounds of the mouth that mean nothing, said like speech: closures of the tongue and lips that let go with a burst, hisses whose
noise has the place of s or sh, whispered vowels that are hardly there. Each strike says its word once, or `repeat` times, and is
then still; for a while the mouth is heard to stay. Model and sources: `tract`, `articulation`, `phone_targets`. Phones' lengths:
chosen; stops that begin a word are short, so that they answer at once.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import articulation, filters, noise, person, tract, wet_click
from synth.dsp.phone import END, NAMES, PAUSE, PHONE, STRESSED, WINDOW, WORD_BEGINS
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, gain_from_db
from synth.trigger import Trigger

_WORDS = {  # dB by which it is made up for in loudness (measured), phones and their seconds
    "sk": (1.0, (("S", 0.16), ("K", 0.12))),
    "tk": (3.5, (("T", 0.055), ("K", 0.13))),
    "shh": (-2.0, (("SH", 0.75),)),
    "ss": (-1.0, (("S", 0.45),)),
    "tuc_tuc": (3.0, (("T", 0.055), ("UH", 0.08), ("K", 0.11), ("PAUSE", 0.05), ("T", 0.055), ("UH", 0.08), ("K", 0.12))),
    "kch": (1.0, (("K", 0.06), ("CH", 0.2))),
    "pst": (0.0, (("P", 0.06), ("S", 0.19), ("T", 0.1))),
    "tch": (1.0, (("T", 0.05), ("SH", 0.18))),
    "ta_ta": (-1.0, (("T", 0.06), ("AA", 0.11), ("T", 0.09), ("AA", 0.16))),
}
_PHONES = tuple(phone for _, word in _WORDS.values() for phone in word)
_NUMBER = tuple(NAMES.index(name) for name, _ in _PHONES)
_SECONDS = tuple(seconds for _, seconds in _PHONES)
_COUNT = tuple(len(word) for _, word in _WORDS.values())
_FIRST = tuple(sum(_COUNT[:index]) for index in range(len(_COUNT)))
_LEVEL_DB = tuple(level_db for level_db, _ in _WORDS.values())
_MIXED = len(_WORDS)
_EVENED = 0.4  # how far repeating is made up for in level: chosen
_GAP_S = 0.13  # between a word and its repetition
_LONG_S, _DIES = 0.3, 0.4  # a hiss longer than this loses that share of its level
_BED_S, _BED = 3.2, 2.0  # how long the mouth is heard to stay, and how much: times a whisper's bed
_ASIDE_M = 0.02
_FALL_HZ = 12000.0  # of either of two one-poles at the lips: measured s falls above 9 kHz
_THROAT_LEVEL, _LIPS_LEVEL = 0.02, 0.02
_WET, _WET_HZ = 0.5, 0.5  # level of wet clicks; how many come by themselves in a second

PARAMETERS = (
    Parameter("word", default="mixed", choices=(*_WORDS, "mixed"), doc="what is said; mixed: another one each time"),
    Parameter("pace", 0.6, 2, 1, curve="exp", doc="how fast: 1 unhurried, 2 twice as fast"),
    Parameter("breathiness", 0, 1, 0.3, doc="how far the glottis opens: 0 dry, 1 breath in everything"),
    Parameter("closeness", 0, 1, 0.6, doc="how near the lips are: soft pops, rumble, sounds of the mouth"),
    Parameter("person", 0, 1, 0.5, doc="length of the vocal tract: 0 a child, 0.5 a woman, 1 a tall man"),
    Parameter("wetness", 0, 1, 0.4, doc="lips and tongue that come apart: before a word, and now and then"),
    Parameter("sibilance", 0, 1, 0.5, doc="level of s, sh and t: 0 soft, 1 sharp"),
    Parameter("unevenness", 0, 1, 0.5, doc="how much lengths, levels and resonances differ each time"),
    Parameter("repeat", 1, 5, 1, doc="how often a strike says its word"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("art", articulation.ARTICULATION),
        ("tract", tract.TRACT),
        ("settings", tract.SETTINGS),
        ("wet", wet_click.WET),
        ("window", PHONE, (WINDOW,)),
        ("word", "i8"),
        ("at", "i8"),  # phones of the word that have been said
        ("left", "i8"),  # how often it comes yet, this time included; 0: it is over
        ("gap_s", "f8"),  # to the next time
        ("still_s", "f8"),  # since it was over
        ("level", filters.ONE_POLE),
        ("quieter", "f8"),  # the more often it comes
        ("made_up", filters.ONE_POLE),
        ("fall", filters.ONE_POLE, (tract.OUTLETS, 2)),
    ],
    align=True,
)


@kernel
def strike(state, params, velocity, sample_rate):
    """Choose the word and make the mouth ready; the first phone begins with the next quantum."""
    articulation.start(state.art, noise.split(state))
    wet_click.start(state.wet, noise.split(state))
    tract.start(state.tract, state, sample_rate)
    filters.tune_one_pole(state.level, 30.0, sample_rate / QUANTUM)
    filters.tune_one_pole(state.made_up, 30.0, sample_rate / QUANTUM)
    for index in range(tract.OUTLETS):
        for pole in range(2):
            filters.tune_one_pole(state.fall[index, pole], _FALL_HZ, sample_rate)
    state.word = int(params.word)
    state.left = int(params.repeat + 0.5)
    if state.word == _MIXED:
        state.word = int(noise.uniform(state) * _MIXED)
    state.quieter = state.left**-_EVENED
    state.made_up.y = gain_from_db(_LEVEL_DB[state.word])
    _show(state, params)
    if noise.uniform(state) < params.wetness:
        wet_click.part(state.wet)
    _settle(state, params)
    tract.shape(state.tract, state.art, state.settings, 0.0, 0.0, sample_rate)


@kernel
def _settle(state, params):
    """Read how the person speaks just now."""
    person.settle(state.settings, params.person, params.breathiness, params.closeness, params.unevenness)
    state.settings.bed *= _BED
    state.art.sibilance_db = 11.0 * (params.sibilance - 0.5)


@kernel
def _show(state, params):
    """Fill the window: what is left of the word, a gap if it comes again, the end."""
    count, first = _COUNT[state.word], _FIRST[state.word]
    if state.at == 0:
        state.gap_s = _GAP_S * math.exp(0.6 * params.unevenness * max(min(noise.gaussian(state), 2.0), -2.0))
    for ahead in range(WINDOW):
        phone, at = state.window[ahead], state.at + ahead
        phone.number, phone.marks, phone.seconds = END, 0, 0.0
        if state.left > 0 and at < count:
            phone.number, phone.seconds = _NUMBER[first + at], _SECONDS[first + at]
            phone.marks = STRESSED | (WORD_BEGINS if at == 0 else 0)
        elif state.left > 1 and at == count:
            phone.number, phone.seconds = PAUSE, state.gap_s


@kernel
def _go_on(state, params):
    """Move to the next phone: of this word, of the gap after it, of the word's next time."""
    state.at += 1
    count = _COUNT[state.word]
    if state.at > count or (state.at == count and state.left == 1):
        state.at = 0
        state.left -= 1
        if int(params.word) == _MIXED:  # never twice in a row
            state.word = (state.word + 1 + int(noise.uniform(state) * (_MIXED - 1))) % _MIXED
    _show(state, params)


@kernel
def _speak(state, params, sample_rate):
    """Go on by a quantum: posture, level, what clicks."""
    seconds = QUANTUM / sample_rate
    art = state.art
    here_s, stays = state.window[0].seconds, 1.0
    if here_s > _LONG_S:
        stays = 1.0 - _DIES * min(art.elapsed_s / here_s, 1.0) ** 2
    if articulation.advance(art, state.window, seconds, params.pace, params.unevenness):
        _go_on(state, params)
    if state.left <= 0:
        state.still_s += seconds
    there = max(1.0 - state.still_s / _BED_S, 0.0)
    word = filters.smooth(state.made_up, gain_from_db(_LEVEL_DB[state.word]) if state.left > 0 else 1.0)
    level = filters.smooth(state.level, params.pressure * stays) * word * there * state.quieter
    wet_click.advance(
        state.wet, _WET * level * params.wetness * (0.4 + params.closeness), _WET_HZ * params.wetness, seconds, sample_rate
    )
    _settle(state, params)
    tract.shape(state.tract, art, state.settings, level, seconds, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Say the next frames."""
    if start == 0:
        _speak(state, params, sample_rate)
    tract.hold(emitters, _ASIDE_M)
    tract.render(state.tract, start, stop, sample_rate)
    for index in range(tract.OUTLETS):
        gain = _THROAT_LEVEL if index == tract.THROAT else _LIPS_LEVEL
        out = state.tract.outlet[index].out
        first, second = state.fall[index, 0], state.fall[index, 1]
        for n in range(start, stop):
            click = wet_click.tick(state.wet) if index == tract.THROAT else 0.0
            fallen = filters.smooth(second, filters.smooth(first, out[n] + click))
            emitters.slot[index].out[n] += F32(gain * fallen)


TRIGGER = Trigger(
    "trigger_words", PARAMETERS, STATE, strike, render,
    emitters=tract.OUTLETS, tail_s=18,
    gesture={"kind": "taps", "rate_hz": 1.3, "irregularity": 0.35, "velocity": 0.6, "dynamics": 0.5, "phrase_s": 6,
             "pause_s": 0.8},
    place={"azimuth_deg": 17, "distance_m": 0.2}, motion={"kind": "drift", "span_deg": 60, "period_s": 12},
    room={"t60_s": 0.2, "level_db": -18},
    level_db=6, doc=__doc__,
)  # fmt: skip
