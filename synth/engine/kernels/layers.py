"""Layers in the quantum: numbers, place, gesture.  slots, motion -> place, level; gesture -> notes, pressure."""

from __future__ import annotations

import math

from synth.engine.kernels import events, gesture, motion, ramp, voices
from synth.engine.kernels.gesture import FOR_EVER, MAX_GESTURE_PARAMETERS
from synth.engine.kernels.motion import MAX_MOTION_PARAMETERS
from synth.engine.kernels.state import (
    AUDIBLE,
    AZIMUTH,
    DISTANCE,
    ELEVATION,
    GESTURE_AT,
    IDLE,
    LEVEL,
    MAX_LAYERS,
    MAX_VOICES,
    MOTION_AT,
    SLOTS,
)
from synth.rt import kernel
from synth.rt.units import QUANTUM, gain_from_level, radians


@kernel
def play(state, index, layer, frame, stop):
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
        events.strike(state, frame, index, layer.generation, note, playing.velocity, 0.0)
        if playing.length != FOR_EVER:
            events.release(state, frame + playing.length, index, layer.generation, note)


@kernel
def _turn_axes(layer, azimuth, elevation):
    """Set the place's own axes: away from the head, to the left, up."""
    ca, sa, ce, se = math.cos(azimuth), math.sin(azimuth), math.cos(elevation), math.sin(elevation)
    axes = layer.axes
    axes[0, 0], axes[0, 1], axes[0, 2] = ca * ce, sa * ce, se
    axes[1, 0], axes[1, 1], axes[1, 2] = -sa, ca, 0.0
    axes[2, 0], axes[2, 1], axes[2, 2] = -ca * se, -sa * se, ce


@kernel
def advance(state, layer, stop):
    """Read the layer's numbers at the end of the quantum and move it there."""
    for slot in range(SLOTS):
        ramp.advance(layer.slots[slot], stop)
    for slot in range(MAX_MOTION_PARAMETERS):
        layer.motion_values[slot] = layer.slots[MOTION_AT + slot].value
    if not state.is_frozen:
        motion.advance(layer.motion, layer.motion_values, QUANTUM / state.sample_rate)
    azimuth = radians(layer.slots[AZIMUTH].value + layer.motion.azimuth_deg)
    elevation = radians(min(max(layer.slots[ELEVATION].value + layer.motion.elevation_deg, -90.0), 90.0))
    distance_m = layer.slots[DISTANCE].value * layer.motion.distance_ratio
    _turn_axes(layer, azimuth, elevation)
    layer.x_m = distance_m * layer.axes[0, 0]
    layer.y_m = distance_m * layer.axes[0, 1]
    layer.z_m = distance_m * layer.axes[0, 2]
    gain = layer.trim * gain_from_level(layer.slots[LEVEL].value) * layer.slots[AUDIBLE].value
    layer.gain_before = layer.gain if layer.is_placed else gain
    layer.gain = gain
    layer.is_placed = 1


@kernel
def press(state, layer, frames, stop):
    """Read the gesture's pressure at frame `stop`, so many frames after the last time."""
    layer.gesture_pressure = gesture.pressure(layer.gesture, layer.gesture_values, state.sample_rate, stop, frames)


@kernel
def begin(state, index, layer, frame, stop):
    """Let a layer be there from an absolute frame on; its gesture's first notes go into the heap, unless gestures are paused."""
    layer.is_active = 1
    layer.is_paused = state.is_paused != 0
    layer.is_placed = 0
    layer.strikes = 0
    layer.gesture_note = 0
    gesture.begin(layer.gesture, layer.gesture.kind, layer.gesture.rng)
    motion.begin(layer.motion, layer.motion.kind, layer.motion.rng)
    advance(state, layer, stop)
    if not layer.is_paused:
        play(state, index, layer, frame, stop)
    press(state, layer, stop - frame, stop)


@kernel
def find_voice(state, layer, note):
    """Return the voice on which a note sounds, or -1."""
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        if state.voices[index].note == note and state.voices[index].life != IDLE:
            return index
    return -1


@kernel
def fade_voices(state, layer, duration_s):
    """Let every voice of a layer fade."""
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        voices.fade_out(state, state.voices[index], duration_s)


@kernel
def release_voices(state, tables, layer, frame):
    """Close the gate of every voice of a layer: what sounds ends by itself."""
    for index in range(layer.first_voice, layer.first_voice + layer.voices):
        voices.release(state, tables, state.voices[index], frame)


@kernel
def pause_gestures(state, is_paused):
    """Let no gesture play, or let all of them go on; one that holds a note strikes it anew."""
    for index in range(MAX_LAYERS):
        layer = state.layers[index]
        if layer.is_active and layer.is_paused != is_paused:
            layer.is_paused = is_paused
            layer.gesture.is_holding = 0


@kernel
def release_gestures(state, tables, frame):
    """Close the gate of every note that a gesture has struck."""
    for index in range(MAX_VOICES):
        voice = state.voices[index]
        if voice.life != IDLE and voice.note < 0:
            voices.release(state, tables, voice, frame)


@kernel
def _keeps_time(layer):
    return layer.is_active and not layer.is_ending and layer.gesture.kind >= gesture.TAPS


@kernel
def follow_tempo(state, hz, frame):
    """Bring the first rhythmic layer's gesture to a rate and all others with it, each in its own ratio; return the rate."""
    ratio = 0.0
    for index in range(MAX_LAYERS):
        layer = state.layers[index]
        if _keeps_time(layer):
            rate = layer.slots[GESTURE_AT + gesture.RATE]
            ratio = hz / rate.target if ratio == 0.0 else ratio
            ramp.change(rate, rate.target * ratio, frame, 0)
    return hz if ratio > 0.0 else 0.0


@kernel
def end_silent(state):
    """Let the layers go that were removed and have become silent."""
    for index in range(MAX_LAYERS):
        layer = state.layers[index]
        if layer.is_active and layer.is_ending:
            sounding = 0
            for voice in range(layer.first_voice, layer.first_voice + layer.voices):
                sounding += state.voices[voice].life != IDLE
            if sounding == 0:
                layer.is_active = 0
