"""Notes as keys, pedals and expression play them.  messages -> strikes, releases, bends in the heap.

A key's note is known by its port, channel and key, so a release, a bend or a pressure finds it on whatever layers it struck.
"""

from __future__ import annotations

from synth.control.midi import binding as mapping
from synth.control.midi import messages, mpe
from synth.engine.kernels import events
from synth.engine.kernels.event_record import MIDI_NOTE, OWN_RAMP
from synth.engine.kernels.voices import BEND, PRESSURE, TIMBRE
from synth.rt import kernel

WHOLE_ID = (1 << 48) - 1
CHANNEL_ID = WHOLE_ID & ~127  # all but the key
_TIMBRE_CONTROL = 74
_MAX_PITCH = 60.0


@kernel
def note_id(port, channel, key):
    """Return the number of a key's note: its port, channel and key."""
    return MIDI_NOTE | port << 11 | channel << 7 | key


@kernel
def _wait_for_pedal(keyboard, channel, key, is_waiting):
    waiting = keyboard.waiting[channel]
    bit = 1 << (key & 31)
    waiting[key >> 5] = waiting[key >> 5] | bit if is_waiting else waiting[key >> 5] & ~bit


@kernel
def press(state, keyboard, port, message):
    """Strike every layer whose keys these are; a key that still sounds is released first."""
    note = note_id(port, message.channel, message.number)
    bindings = state.bindings[state.bindings_at]
    _wait_for_pedal(keyboard, message.channel, message.number, False)
    events.release_all(state, message.frame, note, WHOLE_ID)
    for index in range(state.bindings_count[state.bindings_at]):
        binding = bindings[index]
        if binding.does != mapping.STRIKE_LAYER or not mapping.concerns(binding, port, message):
            continue
        pitch = float(message.number - binding.root) if binding.root >= 0 else 0.0
        velocity = mapping.velocity(binding, message.value)
        pitch = min(max(pitch, -_MAX_PITCH), _MAX_PITCH)
        events.strike(state, message.frame, binding.layer, binding.generation, note, velocity, pitch)
    bend = mpe.note_bend_semitones(keyboard.decoder, message.channel)
    if bend != 0.0:
        events.set_notes(state, message.frame, note, WHOLE_ID, BEND, bend, 0)
    timbre = keyboard.decoder.channels[message.channel].timbre
    if timbre != 0.5:
        events.set_notes(state, message.frame, note, WHOLE_ID, TIMBRE, timbre, 0)


@kernel
def release_all_of(state, keyboard, port, message):
    """Release a key's notes, or let the pedal hold them."""
    if keyboard.pedals >> message.channel & 1:
        _wait_for_pedal(keyboard, message.channel, message.number, True)
        return
    note = note_id(port, message.channel, message.number)
    events.release_all(state, message.frame, note, WHOLE_ID)


@kernel
def lift_pedal(state, keyboard, port, channel, frame):
    """Release what only the pedal held."""
    keyboard.pedals &= ~(1 << channel)
    for key in range(128):
        if keyboard.waiting[channel, key >> 5] >> (key & 31) & 1:
            _wait_for_pedal(keyboard, channel, key, False)
            events.release_all(state, frame, note_id(port, channel, key), WHOLE_ID)


@kernel
def express(state, keyboard, port, message):
    """Bend, press or colour the notes that a message without a binding concerns."""
    kind = message.kind
    if kind == messages.POLY_PRESSURE:
        note = note_id(port, message.channel, message.number)
        events.set_notes(state, message.frame, note, WHOLE_ID, PRESSURE, message.value, OWN_RAMP)
        return
    for channel in range(messages.CHANNELS):
        if not message.channels >> channel & 1:
            continue
        note = note_id(port, channel, 0)
        if kind == messages.BEND:
            bend = mpe.note_bend_semitones(keyboard.decoder, channel)
            events.set_notes(state, message.frame, note, CHANNEL_ID, BEND, bend, OWN_RAMP)
        elif kind == messages.CHANNEL_PRESSURE:
            events.set_notes(state, message.frame, note, CHANNEL_ID, PRESSURE, message.value, OWN_RAMP)
        elif kind == messages.CONTROL and message.number == _TIMBRE_CONTROL:
            events.set_notes(state, message.frame, note, CHANNEL_ID, TIMBRE, message.value, OWN_RAMP)


@kernel
def end_notes(state, keyboard, port, channels, frame):
    """End every note of some channels, also those that only the pedal holds."""
    for channel in range(messages.CHANNELS):
        if channels >> channel & 1:
            lift_pedal(state, keyboard, port, channel, frame)
            events.release_all(state, frame, note_id(port, channel, 0), CHANNEL_ID)
