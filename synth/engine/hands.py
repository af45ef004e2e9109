"""Hands: what a performer plays.  packets -> decoder -> messages -> bindings -> events in the heap.

Runs at the start of a quantum, over everything whose frame lies in it, port by port. A key's note is known by its port, channel
and key, so a release, a bend or a pressure finds it on whatever layers it struck.
"""

from __future__ import annotations

import math

from hrtf.memory import offset
from synth.control import mapping, messages, midi, mpe, takeover, tempo
from synth.control.packets import MIDI_RING, PACKETS, PORTS
from synth.engine import events
from synth.engine.memory import (
    ASKED,
    BY_HAND,
    FREEZE,
    HOLD,
    MASTER,
    MIDI_NOTE,
    NOTE_ALL,
    PANIC,
    PAUSE,
    RELEASE_ALL,
    SET,
    STATE,
    STRIKE,
    TAP,
    TEMPO_HZ,
)
from synth.engine.voices import BEND, PRESSURE, TIMBRE
from synth.jit import address_of, kernel, load_acquire, store_release
from synth.units import wrapped_deg

_RINGS_AT = offset(STATE, "midi")
_WRITTEN_AT, _READ_AT = offset(MIDI_RING, "written"), offset(MIDI_RING, "read")
_RING_BYTES = MIDI_RING.itemsize
_WHOLE_ID = (1 << 48) - 1
_CHANNEL_ID = _WHOLE_ID & ~127  # all but the key
_SUSTAIN, _TIMBRE_CONTROL, _RESET = 64, 74, 121
_SOUND_OFF, _NOTES_OFF = 120, 123
_TOGGLE = 2.0
_MAX_PITCH = 60.0
_SAME_DEG = 1e-6
_EVENT_OF = (PANIC, HOLD, FREEZE, TAP, PAUSE)  # of a binding that does PANIC_NOW, HOLD_MORPH ..., in their order


@kernel
def _note_id(port, channel, key):
    return MIDI_NOTE | port << 11 | channel << 7 | key


@kernel
def _send(state, frame, kind, note, mask, slot, value):
    """Schedule an event that concerns no layer in particular."""
    events.schedule(state, frame, kind, 0, mask, note, slot, -1, value, 0.0)


# ---- keys


@kernel
def _wait_for_pedal(keyboard, channel, key, is_waiting):
    waiting = keyboard.waiting[channel]
    bit = 1 << (key & 31)
    waiting[key >> 5] = waiting[key >> 5] | bit if is_waiting else waiting[key >> 5] & ~bit


@kernel
def _press(state, keyboard, port, message):
    """Strike every layer whose keys these are; a key that still sounds is released first."""
    note = _note_id(port, message.channel, message.number)
    bindings = state.bindings[state.bindings_at]
    _wait_for_pedal(keyboard, message.channel, message.number, False)
    _send(state, message.frame, RELEASE_ALL, note, _WHOLE_ID, 0, 0.0)
    for index in range(state.bindings_count[state.bindings_at]):
        binding = bindings[index]
        if binding.does != mapping.STRIKE_LAYER or not mapping.concerns(binding, port, message):
            continue
        pitch = float(message.number - binding.root) if binding.root >= 0 else 0.0
        velocity = mapping.velocity(binding, message.value)
        pitch = min(max(pitch, -_MAX_PITCH), _MAX_PITCH)
        events.schedule(state, message.frame, STRIKE, binding.layer, binding.generation, note, 0, 0, velocity, pitch)
    bend = mpe.note_bend_semitones(keyboard.decoder, message.channel)
    if bend != 0.0:
        events.schedule(state, message.frame, NOTE_ALL, 0, _WHOLE_ID, note, BEND, 0, bend, 0.0)
    timbre = keyboard.decoder.channels[message.channel].timbre
    if timbre != 0.5:
        events.schedule(state, message.frame, NOTE_ALL, 0, _WHOLE_ID, note, TIMBRE, 0, timbre, 0.0)


@kernel
def _let_go(state, keyboard, port, message):
    """Release a key's notes, or let the pedal hold them."""
    if keyboard.pedals >> message.channel & 1:
        _wait_for_pedal(keyboard, message.channel, message.number, True)
        return
    note = _note_id(port, message.channel, message.number)
    _send(state, message.frame, RELEASE_ALL, note, _WHOLE_ID, 0, 0.0)


@kernel
def _lift_pedal(state, keyboard, port, channel, frame):
    """Release what only the pedal held."""
    keyboard.pedals &= ~(1 << channel)
    for key in range(128):
        if keyboard.waiting[channel, key >> 5] >> (key & 31) & 1:
            _wait_for_pedal(keyboard, channel, key, False)
            _send(state, frame, RELEASE_ALL, _note_id(port, channel, key), _WHOLE_ID, 0, 0.0)


@kernel
def _express(state, keyboard, port, message):
    """Bend, press or colour the notes that a message without a binding concerns."""
    kind = message.kind
    if kind == messages.POLY_PRESSURE:
        note = _note_id(port, message.channel, message.number)
        _send(state, message.frame, NOTE_ALL, note, _WHOLE_ID, PRESSURE, message.value)
        return
    for channel in range(messages.CHANNELS):
        if not message.channels >> channel & 1:
            continue
        note = _note_id(port, channel, 0)
        if kind == messages.BEND:
            bend = mpe.note_bend_semitones(keyboard.decoder, channel)
            _send(state, message.frame, NOTE_ALL, note, _CHANNEL_ID, BEND, bend)
        elif kind == messages.CHANNEL_PRESSURE:
            _send(state, message.frame, NOTE_ALL, note, _CHANNEL_ID, PRESSURE, message.value)
        elif kind == messages.CONTROL and message.number == _TIMBRE_CONTROL:
            _send(state, message.frame, NOTE_ALL, note, _CHANNEL_ID, TIMBRE, message.value)


# ---- bindings


@kernel
def _own_number(state, binding):
    """Return where the number that a binding moves is going now; a direction as the binding itself would say it."""
    if binding.does == mapping.MOVE_MASTER:
        return state.master[binding.slot].target
    slot = state.layers[binding.layer].slots[binding.slot]
    if not slot.is_circular:
        return slot.target
    if abs(wrapped_deg(slot.target - binding.sent)) < _SAME_DEG:
        return binding.sent
    middle = 0.5 * (binding.begin + binding.end)
    return middle + wrapped_deg(slot.target - middle)


@kernel
def _position(decoder, message):
    """Return a controller's position 0..1."""
    if message.kind == messages.BEND:
        return (decoder.channels[message.channel].bend + 8192) / 16383.0
    return message.value


@kernel
def _moved(state, binding, decoder, message):
    """Return the number that a controller asks for, or NaN if it is not to move anything yet."""
    own = _own_number(state, binding)
    if binding.sent_frame >= state.frame:
        own = binding.sent  # asked for within this quantum, not yet there
    elif abs(own - binding.sent) > 1e-6 * max(abs(own), abs(binding.sent)):
        binding.is_caught = 0  # another hand has moved it meanwhile
    place = mapping.position_of(binding, own)
    if message.kind in (messages.NRPN_STEP, messages.RPN_STEP):
        return mapping.number_at(binding, mapping.stepped(binding, place, 127.0 * message.value))
    if binding.relative != mapping.ABSOLUTE:
        return mapping.number_at(binding, mapping.stepped(binding, place, float(mapping.steps(binding, message.value))))
    place = takeover.take_over(binding, _position(decoder, message), place)
    return math.nan if place < 0.0 else mapping.number_at(binding, place)


@kernel
def _move(state, binding, decoder, message):
    """Move a layer's number or the master's."""
    if binding.does == mapping.MOVE_LAYER and state.layers[binding.layer].generation != binding.generation:
        return
    number = _moved(state, binding, decoder, message)
    if math.isnan(number):
        return
    binding.sent = number
    binding.sent_frame = max(message.frame, state.frame)  # when it takes effect, also if it is late
    if binding.does == mapping.MOVE_MASTER:
        _send(state, message.frame, MASTER, 0, 0, binding.slot, number)
        return
    events.schedule(state, message.frame, SET, binding.layer, binding.generation, BY_HAND, binding.slot, -1, number, 0.0)


@kernel
def _push_button(state, index, binding, message):
    """Do what a button does, when it goes down."""
    is_down = message.kind == messages.PROGRAM or (message.kind != messages.NOTE_OFF and message.value >= 0.5 / 127.0)
    is_knob = mapping.source_of(message.kind) == messages.CONTROL
    if is_knob:
        is_down = message.value >= 0.5
    was_down = binding.is_down and is_knob
    binding.is_down = is_down
    if not is_down or was_down:
        return
    if binding.does == mapping.ASK:
        event = state.spare_event
        event.slot = index
        event.value = float(message.number)
        events.respond(state, ASKED, message.frame, event)
        return
    value = 1.0 if binding.does == mapping.PANIC_NOW else _TOGGLE
    _send(state, message.frame, _EVENT_OF[binding.does - mapping.PANIC_NOW], 0, 0, 0, value)


@kernel
def _follow_bindings(state, keyboard, port, message):
    """Do what the bindings say of a message; whether any of them did."""
    bindings, is_bound = state.bindings[state.bindings_at], False
    for index in range(state.bindings_count[state.bindings_at]):
        binding = bindings[index]
        if binding.does == mapping.STRIKE_LAYER or not mapping.concerns(binding, port, message):
            continue
        if message.scope == messages.NOTE_SCOPE and message.kind in (messages.BEND, messages.CHANNEL_PRESSURE, messages.CONTROL):
            continue  # an MPE note's own expression
        is_bound = True
        if binding.does in (mapping.MOVE_LAYER, mapping.MOVE_MASTER):
            _move(state, binding, keyboard.decoder, message)
        else:
            _push_button(state, index, binding, message)
    return is_bound


# ---- messages


@kernel
def _beat(state, message):
    """Follow a MIDI clock, if it is to be followed."""
    if message.kind in (messages.START, messages.CONTINUE):
        tempo.start(state.clock_tempo)
    elif message.kind == messages.CLOCK and state.follows_clock > 0.0:
        hz = tempo.clock(state.clock_tempo, message.frame, state.sample_rate)
        if hz > 0.0:
            _send(state, message.frame, TEMPO_HZ, 0, 0, 0, hz * state.follows_clock)


@kernel
def _end_notes(state, keyboard, port, channels, frame):
    """Release every key of some channels, also those that only the pedal holds."""
    for channel in range(messages.CHANNELS):
        if channels >> channel & 1:
            _lift_pedal(state, keyboard, port, channel, frame)
            _send(state, frame, RELEASE_ALL, _note_id(port, channel, 0), _CHANNEL_ID, 0, 0.0)
    while midi.release(keyboard.decoder, channels, frame, state.heard) > 0:
        pass


@kernel
def _play(state, keyboard, port, message):
    """Do what one message says."""
    kind = message.kind
    state.messages += 1
    if kind >= messages.CLOCK:
        _beat(state, message)
        return
    last = state.last_message
    last.kind, last.channel, last.number, last.value, last.frame = (
        kind,
        message.channel,
        message.number,
        message.value,
        message.frame,
    )
    state.last_port = port
    is_bound = _follow_bindings(state, keyboard, port, message)
    if kind == messages.NOTE_ON:
        if not is_bound:
            _press(state, keyboard, port, message)
    elif kind == messages.NOTE_OFF:
        _let_go(state, keyboard, port, message)
    elif kind == messages.CONTROL and message.number in (_SUSTAIN, _RESET):
        is_down = message.number == _SUSTAIN and message.value >= 0.5
        for channel in range(messages.CHANNELS):
            if message.channels >> channel & 1:
                if is_down and not is_bound:  # a pedal that does something else holds no notes
                    keyboard.pedals |= 1 << channel
                elif not is_down:
                    _lift_pedal(state, keyboard, port, channel, message.frame)
                if message.number == _RESET:
                    bend = mpe.note_bend_semitones(keyboard.decoder, channel)
                    _send(state, message.frame, NOTE_ALL, _note_id(port, channel, 0), _CHANNEL_ID, BEND, bend)
    elif kind == messages.PANIC and message.number in (_SOUND_OFF, _NOTES_OFF):
        _send(state, message.frame, PANIC, 0, 0, 0, 1.0)
    elif not is_bound:
        _express(state, keyboard, port, message)


@kernel
def _play_all(state, keyboard, port, count):
    for index in range(count):
        message = state.heard[index]
        kind, channels, frame = message.kind, message.channels, message.frame
        _play(state, keyboard, port, message)
        if kind in (messages.PANIC, messages.ZONE):
            _end_notes(state, keyboard, port, channels, frame)
            return  # such a message comes last, and `heard` now holds others


@kernel
def _forget_port(state, keyboard, port, frame):
    """Release what a port that is gone, or that lost bytes, still holds."""
    _end_notes(state, keyboard, port, 0xFFFF, frame)
    midi.reset(keyboard.decoder, state.sample_rate)


@kernel
def _hear_port(state, port, stop):
    """Play everything of a port whose frame lies before `stop`."""
    ring, keyboard = state.midi[port], state.keyboards[port]
    ring_address = address_of(state) + _RINGS_AT + port * _RING_BYTES
    written, read = load_acquire(ring_address + _WRITTEN_AT), ring.read
    while read < written and ring.items[read % PACKETS].frame < stop:
        item = ring.items[read % PACKETS]
        frame = max(item.frame, keyboard.frame)
        if item.frame < 0:
            frame = max(state.frame, keyboard.frame)
        keyboard.frame = frame
        if item.count < 0:
            _forget_port(state, keyboard, port, frame)
        for index in range(item.count):
            _play_all(state, keyboard, port, midi.feed(keyboard.decoder, item.data[index], frame, state.heard))
        read += 1
    store_release(ring_address + _READ_AT, read)
    if ring.lost != ring.lost_seen:
        ring.lost_seen = ring.lost
        _forget_port(state, keyboard, port, max(state.frame, keyboard.frame))
    _play_all(state, keyboard, port, midi.flush(keyboard.decoder, stop, state.heard))


@kernel
def hear(state, stop):
    """Play what every port has to say before frame `stop`."""
    for port in range(PORTS):
        _hear_port(state, port, stop)
