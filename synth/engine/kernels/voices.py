"""Voices: the sounding instances of a layer.  strike -> kernel -> emitters -> points; steal, fade, free.

A layer owns a few more voices than may sound at once: a stolen note fades in one of the spare ones while the new note takes
another.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from synth.dsp.emitter import FREE, SLOT, emitters_dtype
from synth.dsp.noise import mixed
from synth.engine.kernels import emitter_mix, events, ramp, speech
from synth.engine.kernels.event_record import TALKER
from synth.engine.kernels.state import FADING, IDLE, NOTHING, POINT, SOUND, SOUNDING
from synth.parameters.parameter import MAX_PARAMETERS
from synth.rt import kernel
from synth.rt.intrinsics import call_render, call_strike, pointer
from synth.rt.records import offset
from synth.rt.units import F32, QUANTUM

STOLEN_FADE_S = 0.005
PANIC_FADE_S = 0.015  # a deep tone has no step either
REMOVED_FADE_S = 0.03
_QUIET_MEAN_SQUARE = 1e-11  # -110 dBFS
_QUIET_S = 0.05
PITCH, BEND, PRESSURE, TIMBRE = range(4)
_EMITTERS = emitters_dtype(1)
_SLOTS_AT = offset(_EMITTERS, "slot")
_INPUT_AT = offset(_EMITTERS, "input")


@kernel
def _parameters(tables, voice):
    return carray(pointer(tables.arena + voice.params_at), MAX_PARAMETERS + 4, np.float32)


@kernel
def _slots(tables, layer, voice):
    return carray(pointer(tables.arena + voice.emitters_at + _SLOTS_AT), layer.emitters, SLOT)


@kernel
def _points(tables, layer, voice):
    return carray(pointer(tables.arena + voice.points_at), layer.emitters, POINT)


@kernel
def fade_out(state, voice, duration_s):
    """Let a sounding voice fade; an already fading one goes on as it does."""
    if voice.life == SOUNDING:
        voice.life = FADING
        voice.fade_step = -1.0 / (duration_s * state.sample_rate)


@kernel
def write_parameters(tables, layer, voice, frame):
    """Give the voice its parameters as they are at `frame`, the running quantum's end; discrete ones stay as they were struck."""
    values = _parameters(tables, voice)
    for index in range(layer.parameters):
        slot = layer.slots[index]
        if not slot.is_discrete:
            values[index] = F32(slot.value)
    if voice.note == layer.gesture_note:
        ramp.place(voice.own[PRESSURE], layer.gesture_pressure, 0.0, 1.0, voice.own[PRESSURE].own_frames, 0, 0, 0)
    for index in range(4):
        own = voice.own[index]
        ramp.advance(own, frame)
        values[layer.parameters + index] = F32(own.value)


@kernel
def _find_idle(state, layer):
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        if state.voices[index].life == IDLE:
            return index
    return -1


@kernel
def _steal(state, layer):
    """If the layer sounds at full polyphony, fade a note: the quietest released one, or else the oldest."""
    sounding, victim, victim_rank = 0, -1, math.inf
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        voice = state.voices[index]
        if voice.life == SOUNDING:
            sounding += 1
            rank = voice.level - 1e6 if voice.gate == 0.0 else float(voice.order)
            if rank < victim_rank:
                victim, victim_rank = index, rank
    if sounding >= layer.polyphony:
        fade_out(state, state.voices[victim], STOLEN_FADE_S)
        state.stolen += 1


@kernel
def _clear(tables, layer, voice):
    """Zero the voice's state and free its emitters."""
    words = carray(pointer(tables.arena + voice.state_at), layer.state_bytes // 8, np.int64)
    for index in range(words.size):
        words[index] = 0
    slots, places = _slots(tables, layer, voice), _points(tables, layer, voice)
    for index in range(layer.emitters):
        slots[index].life = FREE
        places[index].is_placed = 0
        for n in range(QUANTUM):
            slots[index].out[n] = F32(0.0)


@kernel
def strike(state, tables, layer_index, note, velocity, pitch, frame):
    """Start a note at an absolute frame of the running quantum.  Dropped and counted if even the spare voices are all fading."""
    layer = state.layers[layer_index]
    if not layer.is_active or layer.is_ending:
        return
    index = _find_idle(state, layer)
    if index < 0:
        state.dropped_strikes += 1
        return
    _steal(state, layer)
    voice = state.voices[index]
    voice.life = SOUNDING
    voice.layer = layer_index
    voice.note = note
    voice.gate = 1.0
    voice.order = state.orders
    state.orders += 1
    voice.struck = frame
    voice.rendered = frame - state.frame
    voice.heard = 0
    voice.quiet_frames = 0
    voice.faded_quanta = 0
    voice.fade = 1.0
    voice.fade_step = 0.0
    voice.level = 1.0
    own_frames = int(0.02 * state.sample_rate)
    ramp.place(voice.own[PITCH], pitch, -60.0, 60.0, own_frames, 0, 0, 0)
    ramp.place(voice.own[BEND], 0.0, -60.0, 60.0, own_frames, 0, 0, 0)
    ramp.place(voice.own[PRESSURE], velocity, 0.0, 1.0, own_frames, 0, 0, 0)
    ramp.place(voice.own[TIMBRE], 0.5, 0.0, 1.0, own_frames, 0, 0, 0)
    _clear(tables, layer, voice)
    rng = carray(pointer(tables.arena + voice.state_at + layer.rng_at), 1, np.uint64)
    rng[0] = mixed(layer.seed + np.uint64(layer.strikes) * np.uint64(0x9E3779B97F4A7C15))
    layer.strikes += 1
    if layer.speaks:
        speech.begin(tables, layer, voice, note == TALKER)
    values = _parameters(tables, voice)
    for slot in range(layer.parameters):
        if layer.slots[slot].is_discrete:
            values[slot] = F32(ramp.value_at(layer.slots[slot], frame))
    write_parameters(tables, layer, voice, state.frame + QUANTUM)
    call_strike(
        tables.kernels[layer_index, 0],
        tables.arena + voice.state_at,
        tables.arena + voice.params_at,
        velocity,
        state.sample_rate,
    )


@kernel
def _listen(state, tables, voice, layer, stop):
    """Give the voice's kernel its input up to frame `stop`: a live channel, or the layer's sound from the note's start on."""
    heard = carray(pointer(tables.arena + voice.emitters_at + _INPUT_AT), QUANTUM, np.float32)
    if layer.hears != SOUND:
        for n in range(voice.rendered, stop):
            heard[n] = state.input[layer.hears, n]
        return
    length = tables.sounds[voice.layer, 1]
    sound = carray(pointer(tables.sounds[voice.layer, 0]), length, np.float32)
    for n in range(voice.rendered, stop):
        if voice.heard >= length and layer.is_loop:
            voice.heard = 0
        heard[n] = sound[voice.heard] if voice.heard < length else F32(0.0)
        voice.heard += 1


@kernel
def render(state, tables, voice, stop):
    """Let the voice's kernel render up to frame `stop` of the running quantum."""
    if voice.rendered >= stop:
        return
    layer = state.layers[voice.layer]
    if layer.hears != NOTHING:
        _listen(state, tables, voice, layer, stop)
    if layer.speaks:
        speech.show(state, tables, layer, voice)
    call_render(
        tables.kernels[voice.layer, 1],
        tables.arena + voice.state_at,
        tables.arena + voice.params_at,
        voice.gate,
        state.sample_rate,
        tables.arena + voice.emitters_at,
        voice.rendered,
        stop,
    )
    voice.rendered = stop


@kernel
def release(state, tables, voice, frame):
    """Close the voice's gate at an absolute frame of the running quantum."""
    if voice.life == IDLE or voice.gate == 0.0:
        return
    render(state, tables, voice, frame - state.frame)
    voice.gate = 0.0
    voice.released = frame


@kernel
def free(state, voice):
    """Make a silent voice idle and say so."""
    voice.life = IDLE
    events.tell_ended(state, voice.layer, voice.note)


@kernel
def _mute(state, tables, layer, voice):
    """Silence a voice whose kernel has produced something that is no number, and count it."""
    slots = _slots(tables, layer, voice)
    for index in range(layer.emitters):
        for n in range(QUANTUM):
            slots[index].out[n] = F32(0.0)
    state.muted += 1
    free(state, voice)


@kernel
def mix_voice(state, tables, voice):
    """After the kernel: mix every emitter of a voice, fade it, and free it when it has become silent."""
    layer = state.layers[voice.layer]
    slots, places = _slots(tables, layer, voice), _points(tables, layer, voice)
    fade_begin = voice.fade
    voice.fade = max(voice.fade + QUANTUM * voice.fade_step, 0.0)
    level = 0.0
    for index in range(layer.emitters):
        slot = slots[index]
        if slot.life == FREE:
            continue
        mean_square = emitter_mix.mix(state, tables, layer, slot, places[index], fade_begin, voice.fade)
        if mean_square < 0.0:
            _mute(state, tables, layer, voice)
            return
        level += mean_square
    voice.level = level
    voice.quiet_frames = voice.quiet_frames + QUANTUM if level < _QUIET_MEAN_SQUARE else 0
    voice.rendered = 0
    if voice.gate == 0.0:
        if voice.quiet_frames > _QUIET_S * state.sample_rate:
            free(state, voice)
            return
        if state.frame + QUANTUM - voice.released > layer.tail_frames:
            fade_out(state, voice, STOLEN_FADE_S)
    if voice.life == FADING and voice.fade <= 0.0:
        voice.faded_quanta += 1
        if voice.faded_quanta > emitter_mix.DRAIN_QUANTA:
            free(state, voice)
