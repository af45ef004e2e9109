"""Voices: the sounding instances of a layer.  strike -> kernel -> emitters -> level, place, fade -> ears | dry.

A layer owns a few more voices than may sound at once: a stolen note fades in one of the spare ones while the new note takes
another.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from hrtf.bus import mix, place, quantum
from synth.dsp.emitter import DRY_LEFT, EARS, ENDING, FREE, SLOT, emitters_dtype
from synth.dsp.noise import mixed
from synth.engine import events, smooth
from synth.engine.memory import DRY_DELAY, FADING, IDLE, NOTE_ENDED, POINT, SOUNDING, offset_of
from synth.jit import address_of, call_render, call_strike, kernel, pointer
from synth.parameter import MAX_PARAMETERS
from synth.units import F32, QUANTUM

STOLEN_FADE_S = 0.005
REMOVED_FADE_S = 0.03
_QUIET_MEAN_SQUARE = 1e-11  # -110 dBFS
_QUIET_S = 0.05
_NOTHING = 1e-24  # a quantum's energy below which nothing is left to hear
_DRAIN_QUANTA = 4  # silent quanta after which a source's delay line is empty, at any sample rate
_NEAR_M = 0.25  # the level falls as 1/distance beyond this; nearer, closeness is the ears' business
PITCH, BEND, PRESSURE, TIMBRE = range(4)
_EMITTERS = emitters_dtype(1)
_SLOTS_AT = offset_of(_EMITTERS, "slot")
_SOURCE_WORDS = POINT["source"].itemsize // 4


@kernel
def distance_gain(distance_m):
    """Return the artist's level over distance: 1/r, full from 25 cm on."""
    return _NEAR_M / max(distance_m, _NEAR_M)


@kernel
def _parameters(tables, layer, voice):
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
    values = _parameters(tables, layer, voice)
    for index in range(layer.parameters):
        slot = layer.slots[index]
        if not slot.is_discrete:
            values[index] = F32(slot.value)
    if voice.note == layer.gesture_note:
        smooth.place(voice.own[PRESSURE], layer.gesture_pressure, 0.0, 1.0, voice.own[PRESSURE].own_frames, 0, 0)
    for index in range(4):
        own = voice.own[index]
        smooth.advance(own, frame)
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
    slots, points = _slots(tables, layer, voice), _points(tables, layer, voice)
    for index in range(layer.emitters):
        slots[index].life = FREE
        points[index].is_placed = 0
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
    voice.quiet_frames = 0
    voice.faded_quanta = 0
    voice.fade = 1.0
    voice.fade_step = 0.0
    voice.level = 1.0
    own_frames = int(0.02 * state.sample_rate)
    smooth.place(voice.own[PITCH], pitch, -60.0, 60.0, own_frames, 0, 0)
    smooth.place(voice.own[BEND], 0.0, -60.0, 60.0, own_frames, 0, 0)
    smooth.place(voice.own[PRESSURE], velocity, 0.0, 1.0, own_frames, 0, 0)
    smooth.place(voice.own[TIMBRE], 0.5, 0.0, 1.0, own_frames, 0, 0)
    _clear(tables, layer, voice)
    rng = carray(pointer(tables.arena + voice.state_at + layer.rng_at), 1, np.uint64)
    rng[0] = mixed(layer.seed + np.uint64(layer.strikes) * np.uint64(0x9E3779B97F4A7C15))
    layer.strikes += 1
    values = _parameters(tables, layer, voice)
    for slot in range(layer.parameters):
        if layer.slots[slot].is_discrete:
            values[slot] = F32(smooth.value_at(layer.slots[slot], frame))
    write_parameters(tables, layer, voice, state.frame + QUANTUM)
    call_strike(
        tables.kernels[layer_index, 0],
        tables.arena + voice.state_at,
        tables.arena + voice.params_at,
        velocity,
        state.sample_rate,
    )


@kernel
def render(state, tables, voice, stop):
    """Let the voice's kernel render up to frame `stop` of the running quantum."""
    if voice.rendered >= stop:
        return
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
    event = state.spare_event
    event.frame = state.frame
    event.kind = 0
    event.layer = voice.layer
    event.note = voice.note
    events.respond(state, NOTE_ENDED, state.frame, event)


@kernel
def _energy(out):
    """Return the sum of squares of a quantum; NaN and infinity stay what they are."""
    total = F32(0.0)
    for n in range(QUANTUM):
        total += out[n] * out[n]
    return float(total)


@kernel
def _locate(tables, layer, slot, point):
    """Tell the ears where an emitter is at the end of the quantum: the layer's place plus its offset, in the place's own axes."""
    axes = layer.axes
    away, left, up = float(slot.away_m), float(slot.left_m), float(slot.up_m)
    x = layer.x_m + away * axes[0, 0] + left * axes[1, 0] + up * axes[2, 0]
    y = layer.y_m + away * axes[0, 1] + left * axes[1, 1] + up * axes[2, 1]
    z = layer.z_m + away * axes[0, 2] + left * axes[1, 2] + up * axes[2, 2]
    before = point.distance_gain
    if slot.route == EARS:
        place(tables.ears, point.source, x, y, z)
        point.distance_gain = distance_gain(math.sqrt(x * x + y * y + z * z))
    else:
        point.distance_gain = 1.0
    return before if point.is_placed else point.distance_gain


@kernel
def _begin_point(point):
    """Begin a new life: an empty delay line, no place yet."""
    words = carray(pointer(address_of(point.source)), _SOURCE_WORDS, np.int32)
    for index in range(_SOURCE_WORDS):
        words[index] = 0
    point.quiet = 0
    point.distance_gain = 1.0


@kernel
def _mix_emitter(state, tables, layer, slot, point, fade_begin, fade_end):
    """Scale an emitter's quantum, send it where it goes, and empty it; return its mean square, or -1 if it was not finite."""
    energy = _energy(slot.out)
    if not (energy < 1e12):
        for n in range(QUANTUM):
            slot.out[n] = F32(0.0)
        return -1.0
    point.quiet = point.quiet + 1 if energy < _NOTHING else 0
    if point.quiet > _DRAIN_QUANTA or (point.quiet > 0 and not point.is_placed):
        point.is_placed = 0
        if slot.life == ENDING:
            slot.life = FREE
        return 0.0
    distance_before = point.distance_gain
    if not point.is_placed:
        _begin_point(point)
        _locate(tables, layer, slot, point)
        distance_before = point.distance_gain
        point.is_placed = 1
    elif slot.follow:
        distance_before = _locate(tables, layer, slot, point)
    begin = layer.gain_before * distance_before
    slope = (layer.gain * point.distance_gain - begin) / QUANTUM
    fade_slope = (fade_end - fade_begin) / QUANTUM
    samples = quantum(point.source)
    out = slot.out
    for n in range(QUANTUM):
        gain = F32(begin + slope * (n + 1)) * F32(fade_begin + fade_slope * (n + 1))
        samples[n] = out[n] * gain
        out[n] = F32(0.0)
    if slot.route == EARS:
        if state.room_is_on:
            for n in range(QUANTUM):
                state.send[n] += samples[n]
        mix(tables.ears, point.source, state.bus)
    else:
        dry = state.dry[0 if slot.route == DRY_LEFT else 1]
        for n in range(QUANTUM):
            dry[DRY_DELAY + n] += samples[n]
    state.emitting += 1
    return energy / QUANTUM * layer.gain * layer.gain


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
    slots, points = _slots(tables, layer, voice), _points(tables, layer, voice)
    fade_begin = voice.fade
    voice.fade = max(voice.fade + QUANTUM * voice.fade_step, 0.0)
    level = 0.0
    for index in range(layer.emitters):
        slot = slots[index]
        if slot.life == FREE:
            continue
        mean_square = _mix_emitter(state, tables, layer, slot, points[index], fade_begin, voice.fade)
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
        if voice.faded_quanta > _DRAIN_QUANTA:
            free(state, voice)
