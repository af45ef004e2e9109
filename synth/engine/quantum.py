"""The quantum: 64 frames of everything.  events -> gestures, motions, parameters -> voices -> ears -> room -> master -> out.

`process` is the one entry for offline rendering and for the audio callback; any number of frames at a time gives the same
samples.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray, types

from hrtf.bus import filter_bus
from hrtf.room import render as render_room
from synth import gesture, motion
from synth.engine import events, master, smooth, voices
from synth.engine.memory import (
    ADD,
    APPLIED,
    AZIMUTH,
    CONTROL_PART,
    DISTANCE,
    DRY_DELAY,
    EARS_PART,
    ELEVATION,
    EMITTERS_PART,
    FADE,
    GESTURE_AT,
    IDLE,
    KERNELS_PART,
    LAYER_ENDED,
    LEVEL,
    MASTER,
    MASTER_PART,
    MASTER_SLOTS,
    MAX_LAYERS,
    MAX_VOICES,
    MOTION_AT,
    NOTE,
    PANIC,
    RELEASE,
    REMOVE,
    ROOM_LEVEL,
    SET,
    SLOTS,
    STATE,
    STRIKE,
    TABLES,
    VOLUME,
)
from synth.gesture import FOR_EVER, MAX_GESTURE_PARAMETERS
from synth.jit import cycles, flush_denormals, kernel, pointer, restore_denormals
from synth.motion import MAX_MOTION_PARAMETERS
from synth.units import F32, QUANTUM, gain_from_db, radians

_SILENT_DB = -119.0  # a level of -120 dB is off


@kernel
def _play_gesture(state, index, layer, frame, stop):
    """Schedule the notes that the layer's gesture strikes in frame .. stop."""
    for slot in range(MAX_GESTURE_PARAMETERS):
        layer.gesture_values[slot] = layer.slots[GESTURE_AT + slot].value
    playing, values = layer.gesture, layer.gesture_values
    while True:
        frame = gesture.next_note(playing, values, state.sample_rate, frame, stop)
        if frame >= stop:
            return
        note = -playing.notes
        layer.gesture_note = note
        events.schedule(state, frame, STRIKE, index, note, 0, 0, playing.velocity, 0.0)
        if playing.length != FOR_EVER:
            events.schedule(state, frame + playing.length, RELEASE, index, note, 0, 0, 0.0, 0.0)


@kernel
def _turn_axes(layer, azimuth, elevation):
    """Set the place's own axes: away from the head, to the left, up."""
    ca, sa, ce, se = math.cos(azimuth), math.sin(azimuth), math.cos(elevation), math.sin(elevation)
    axes = layer.axes
    axes[0, 0], axes[0, 1], axes[0, 2] = ca * ce, sa * ce, se
    axes[1, 0], axes[1, 1], axes[1, 2] = -sa, ca, 0.0
    axes[2, 0], axes[2, 1], axes[2, 2] = -ca * se, -sa * se, ce


@kernel
def _advance_layer(state, layer, stop):
    """Read the layer's numbers at the end of the quantum and move it there."""
    for slot in range(SLOTS):
        smooth.advance(layer.slots[slot], stop)
    for slot in range(MAX_MOTION_PARAMETERS):
        layer.motion_values[slot] = layer.slots[MOTION_AT + slot].value
    motion.advance(layer.motion, layer.motion_values, QUANTUM / state.sample_rate)
    azimuth = radians(layer.slots[AZIMUTH].value + layer.motion.azimuth_deg)
    elevation = radians(min(max(layer.slots[ELEVATION].value + layer.motion.elevation_deg, -90.0), 90.0))
    distance_m = layer.slots[DISTANCE].value * layer.motion.distance_ratio
    _turn_axes(layer, azimuth, elevation)
    layer.x_m = distance_m * layer.axes[0, 0]
    layer.y_m = distance_m * layer.axes[0, 1]
    layer.z_m = distance_m * layer.axes[0, 2]
    level_db = layer.slots[LEVEL].value
    gain = layer.trim * gain_from_db(level_db) if level_db > _SILENT_DB else 0.0
    layer.gain_before = layer.gain if layer.is_placed else gain
    layer.gain = gain
    layer.is_placed = 1


@kernel
def _press(state, layer, frames, stop):
    """Read the gesture's pressure at frame `stop`, so many frames after the last time."""
    layer.gesture_pressure = gesture.pressure(layer.gesture, layer.gesture_values, state.sample_rate, stop, frames)


@kernel
def _find_voice(state, layer, note):
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        if state.voices[index].note == note and state.voices[index].life != IDLE:
            return index
    return -1


@kernel
def _fade_voices(state, layer, duration_s):
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        voices.fade_out(state, state.voices[index], duration_s)


@kernel
def _begin_layer(state, index, layer, frame, stop):
    """Let a layer be there from an absolute frame on; its gesture's first notes go into the heap."""
    layer.is_active = 1
    layer.is_ending = 0
    layer.is_paused = 0
    layer.is_placed = 0
    layer.strikes = 0
    layer.gesture_note = 0
    gesture.begin(layer.gesture, layer.gesture.kind, layer.gesture.rng)
    motion.begin(layer.motion, layer.motion.kind, layer.motion.rng)
    _advance_layer(state, layer, stop)
    _play_gesture(state, index, layer, frame, stop)
    _press(state, layer, stop - frame, stop)


@kernel
def _panic(state):
    """Fade everything that sounds and hold every gesture."""
    for index in range(MAX_LAYERS):
        if state.layers[index].is_active:
            state.layers[index].is_paused = 1
            _fade_voices(state, state.layers[index], voices.STOLEN_FADE_S)


@kernel
def _apply_change(state, event):
    """Apply an event that starts a ramp; whether it was one."""
    if event.kind == SET:
        slot = state.layers[event.layer].slots[event.slot]
        if slot.is_discrete:
            return False
        smooth.change(slot, event.value, event.frame, event.ramp_frames)
        return True
    if event.kind == MASTER:
        smooth.change(state.master[event.slot], event.value, event.frame, event.ramp_frames)
        return True
    return False


@kernel
def _apply_action(state, tables, event, stop):
    """Apply an event that acts at its frame."""
    layer = state.layers[event.layer]
    kind = event.kind
    if kind == STRIKE:
        voices.strike(state, tables, event.layer, event.note, event.value, event.pitch, event.frame)
    elif kind == RELEASE:
        index = _find_voice(state, layer, event.note)
        if index >= 0:
            voices.release(state, tables, state.voices[index], event.frame)
    elif kind == NOTE:
        index = _find_voice(state, layer, event.note)
        if index >= 0:
            smooth.change(state.voices[index].own[event.slot], event.value, event.frame, event.ramp_frames)
            voices.write_parameters(tables, layer, state.voices[index], stop)
    elif kind == SET:
        if layer.slots[event.slot].is_discrete:
            smooth.change(layer.slots[event.slot], event.value, event.frame, 0)
    elif kind == ADD:
        _begin_layer(state, event.layer, layer, event.frame, stop)
    elif kind == REMOVE:
        layer.is_ending = 1
        _fade_voices(state, layer, voices.REMOVED_FADE_S)
    elif kind == PANIC:
        _panic(state)


@kernel
def _advance_all(state, tables, stop):
    """Apply what starts ramps, then read every number at the quantum's end."""
    for index in range(state.due_count):
        _apply_change(state, state.due[index])
    for index in range(MAX_LAYERS):
        if state.layers[index].is_active:
            _advance_layer(state, state.layers[index], stop)
            _press(state, state.layers[index], QUANTUM, stop)
    for slot in range(MASTER_SLOTS):
        smooth.advance(state.master[slot], stop)
    for index in range(MAX_VOICES):
        voice = state.voices[index]
        if voice.life != IDLE:
            voices.write_parameters(tables, state.layers[voice.layer], voice, stop)


@kernel
def _act(state, tables, stop):
    """Apply what acts at its frame, in order."""
    for index in range(state.due_count):
        event = state.due[index]
        _apply_action(state, tables, event, stop)
        if state.report_applied:
            events.respond(state, APPLIED, event.frame, event)


@kernel
def _render_voices(state, tables):
    state.sounding = 0
    state.emitting = 0
    for index in range(MAX_VOICES):
        voice = state.voices[index]
        if voice.life != IDLE:
            state.sounding += 1
            begin = cycles()
            voices.render(state, tables, voice, QUANTUM)
            rendered = cycles()
            voices.mix_voice(state, tables, voice)
            state.cycles[KERNELS_PART] += rendered - begin
            state.cycles[EMITTERS_PART] += cycles() - rendered


@kernel
def _end_layers(state):
    """Tell of the layers that were removed and have become silent."""
    for index in range(MAX_LAYERS):
        layer = state.layers[index]
        if layer.is_active and layer.is_ending:
            sounding = 0
            for voice in range(layer.first_voice, layer.first_voice + layer.voices):
                sounding += state.voices[voice].life != IDLE
            if sounding == 0:
                layer.is_active = 0
                event = state.spare_event
                event.layer = index
                events.respond(state, LAYER_ENDED, state.frame, event)


@kernel
def _add_dry(state):
    """Add the dry route, which waits as long as the ears take."""
    at = DRY_DELAY - state.dry_delay
    for ear in range(2):
        dry, out = state.dry[ear], state.out[ear]
        for n in range(QUANTUM):
            out[n] += dry[at + n]
        for n in range(DRY_DELAY):
            dry[n] = dry[n + QUANTUM]
        for n in range(QUANTUM):
            dry[DRY_DELAY + n] = F32(0.0)


@kernel
def _master_gain(state):
    level_db = state.master[VOLUME].value
    return gain_from_db(level_db) * state.master[FADE].value if level_db > _SILENT_DB else 0.0


@kernel
def _finish(state):
    """Everything after the ears: gain and fade, high-pass, scrub, limiter."""
    begin = state.master_gain
    state.master_gain = _master_gain(state)
    slope = (state.master_gain - begin) / QUANTUM
    for ear in range(2):
        out = state.out[ear]
        state.scrubbed += master.remove_infrasound(state.high_pass[ear], out)
        for n in range(QUANTUM):
            out[n] *= F32(begin + slope * (n + 1))
    master.limit(state.limiter, state.out)


@kernel
def _add_room(state):
    """Render the room from what every emitter sent, at the room's level."""
    gain = F32(gain_from_db(state.master[ROOM_LEVEL].value))
    for n in range(QUANTUM):
        state.send[n] *= gain
    render_room(state.room, state.send, state.out)
    for n in range(QUANTUM):
        state.send[n] = F32(0.0)


@kernel
def render_quantum(state, tables):
    """Render frames `state.frame` .. + 64 into `state.out`."""
    stop = state.frame + QUANTUM
    begin = cycles()
    events.drain(state)
    for index in range(MAX_LAYERS):
        layer = state.layers[index]
        if layer.is_active and not layer.is_ending and not layer.is_paused:
            _play_gesture(state, index, layer, state.frame, stop)
    events.collect_due(state, stop)
    _advance_all(state, tables, stop)
    _act(state, tables, stop)
    events.collect_due(state, stop)  # the first notes of layers that were just added
    _act(state, tables, stop)
    state.cycles[CONTROL_PART] += cycles() - begin
    _render_voices(state, tables)
    _end_layers(state)
    begin = cycles()
    filter_bus(tables.ears, state.bus, state.out)
    state.cycles[EARS_PART] += cycles() - begin
    begin = cycles()
    _add_dry(state)
    if state.room_is_on:
        _add_room(state)
    _finish(state)
    state.cycles[MASTER_PART] += cycles() - begin
    state.frame = stop


@kernel
def process(state_address, tables_address, out_address, frames):
    """Hand out the next frames, rendering whole quanta as they are needed.

    Parameters
    ----------
    state_address, tables_address : addresses of a STATE and a TABLES record.
    out_address : address of f4 (frames, 2), written.
    frames : how many.
    """
    mode = flush_denormals()
    state = carray(pointer(state_address), 1, STATE)[0]
    tables = carray(pointer(tables_address), 1, TABLES)[0]
    out = carray(pointer(out_address), (frames, 2), np.float32)
    for n in range(frames):
        if state.handed == QUANTUM:
            render_quantum(state, tables)
            state.handed = 0
        out[n, 0] = state.out[0, state.handed]
        out[n, 1] = state.out[1, state.handed]
        state.handed += 1
    restore_denormals(mode)


PROCESS_SIGNATURE = (types.intp, types.intp, types.intp, types.int64)
"""The one signature of `process`; the audio callback calls the same compiled code by address."""
