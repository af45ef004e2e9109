"""Speech in the quantum: whose phrase a voice says, and which phones its kernel sees.  text, live talk -> phrase -> window.

A layer that speaks has a text, its preset's, and a ring of phones that somebody has it say while it plays. At its strike a note
takes one phrase of them, to the pause that ends it, and while its gate is open the next one after each: what is to be said live
first, then the text from where the layer is in it. So a tap says a phrase, a held note all, and two notes never the same one.
A talker is a note that nobody struck: it begins with what is said to a layer whose notes have all ended, and ends with it.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from synth.dsp.emitter import emitters_dtype
from synth.dsp.phone import END, PAUSE, PHONE, WINDOW
from synth.engine.kernels.state import SOUNDING, TALK
from synth.rt import kernel
from synth.rt.intrinsics import pointer
from synth.rt.records import offset
from synth.rt.units import F32

_EMITTERS = emitters_dtype(1)
_PHONE_AT, _SAID_AT = offset(_EMITTERS, "phone"), offset(_EMITTERS, "said")
LONGEST_PHRASE = 512
"""Phones; a longer one goes on as the next, without a pause."""
MOST_WAITING = TALK - 2 * LONGEST_PHRASE
"""Phones that may wait; those that are being said must stay as they are."""


@kernel
def _text(tables, layer):
    return carray(pointer(tables.arena + layer.text_at), layer.text_phones, PHONE)


@kernel
def _talk(tables, layer):
    return carray(pointer(tables.arena + layer.talk_at), TALK, PHONE)


@kernel
def _phrase_stop(phones, at, stop):
    """Return where the phrase ends that begins at `at`; beyond the end of a ring it goes on at its beginning."""
    stop = min(stop, at + LONGEST_PHRASE)
    while at < stop:
        at += 1
        if phones[(at - 1) % phones.size].number == PAUSE:
            break
    return at


@kernel
def take_phrase(tables, layer, voice):
    """Give the voice the phrase that comes next; it has none if there is none."""
    voice.is_talk = layer.talk_read < layer.talk_written
    if voice.is_talk:
        voice.phrase_at = layer.talk_read
        layer.talk_read = _phrase_stop(_talk(tables, layer), layer.talk_read, layer.talk_written)
        voice.phrase_stop = layer.talk_read
        return
    if layer.text_next >= layer.text_phones and layer.is_loop:
        layer.text_next = 0
    voice.phrase_at = layer.text_next
    if not voice.is_talker and layer.text_next < layer.text_phones:
        layer.text_next = _phrase_stop(_text(tables, layer), layer.text_next, layer.text_phones)
    voice.phrase_stop = layer.text_next


@kernel
def begin(tables, layer, voice, is_talker):
    """Let a struck voice begin with a phrase."""
    carray(pointer(tables.arena + voice.emitters_at + _SAID_AT), 1, np.int64)[0] = 0
    voice.is_talker, voice.is_cut = is_talker, 0
    take_phrase(tables, layer, voice)


@kernel
def show(state, tables, layer, voice):
    """Show the voice's kernel the phones to come, of the next phrase if it has said its own and is still held."""
    said = carray(pointer(tables.arena + voice.emitters_at + _SAID_AT), 1, np.int64)
    if said[0] > 0:
        voice.phrase_at = min(voice.phrase_at + said[0], voice.phrase_stop)
        said[0], voice.is_cut = 0, 0
    if voice.phrase_at >= voice.phrase_stop and voice.gate > 0.0:
        take_phrase(tables, layer, voice)
        if voice.is_talker and voice.phrase_at >= voice.phrase_stop:
            voice.gate, voice.released = 0.0, state.frame
    window = carray(pointer(tables.arena + voice.emitters_at + _PHONE_AT), WINDOW, PHONE)
    phones = _talk(tables, layer) if voice.is_talk else _text(tables, layer)
    for index in range(WINDOW):
        at = voice.phrase_at + index
        if at < voice.phrase_stop:
            phone = phones[at % phones.size]
            window[index].number, window[index].marks, window[index].seconds = phone.number, phone.marks, phone.seconds
        else:
            window[index].number = END
    if voice.is_cut:
        window[0].seconds = F32(0.0)


@kernel
def say(state, tables, layer, number, marks, seconds):
    """Have the layer say one more phone, after what it is saying; dropped and counted if too much waits already."""
    if layer.talk_written - layer.talk_read >= MOST_WAITING:
        state.dropped_events += 1
        return
    phone = _talk(tables, layer)[layer.talk_written % TALK]
    phone.number, phone.marks, phone.seconds = number, marks, seconds
    layer.talk_written += 1


@kernel
def hush(state, layer):
    """Let nothing more be said of what waits, nor of the phrases that are being said, and cut short what phone there is."""
    layer.talk_read = layer.talk_written
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        voice = state.voices[index]
        voice.phrase_stop = min(voice.phrase_stop, voice.phrase_at + 1)
        voice.is_cut = 1


@kernel
def is_held(state, layer):
    """Whether a note of the layer is held, and so will say what waits."""
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        if state.voices[index].life == SOUNDING and state.voices[index].gate > 0.0:
            return True
    return False
