"""Controls: what knobs and buttons do, as the table of bindings says.  message -> bindings -> numbers moved, buttons pushed.

A controller takes hold of a number through `takeover`; what only Python can do is asked for on the ring of responses.
"""

from __future__ import annotations

import math

from synth.control.midi import messages, takeover
from synth.control.midi.binding import (
    ABSOLUTE,
    ASK,
    MOVE_LAYER,
    MOVE_MASTER,
    STRIKE_LAYER,
    concerns,
    number_at,
    position_of,
    source_of,
    stepped,
    steps,
)
from synth.engine.kernels import events
from synth.engine.kernels.state import ASKED, BY_MIDI, MASTER, SET
from synth.rt import kernel
from synth.rt.units import wrapped_deg

_SAME_DEG = 1e-6


@kernel
def _own_number(state, binding):
    """Return where the number that a binding moves is going now; a direction as the binding itself would say it."""
    if binding.does == MOVE_MASTER:
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
    place = position_of(binding, own)
    if message.kind in (messages.NRPN_STEP, messages.RPN_STEP):
        return number_at(binding, stepped(binding, place, 127.0 * message.value))
    if binding.relative != ABSOLUTE:
        return number_at(binding, stepped(binding, place, float(steps(binding, message.value))))
    place = takeover.take_over(binding, _position(decoder, message), place)
    return math.nan if place < 0.0 else number_at(binding, place)


@kernel
def _move(state, binding, decoder, message):
    """Move a layer's number or the master's."""
    if binding.does == MOVE_LAYER and state.layers[binding.layer].generation != binding.generation:
        return
    number = _moved(state, binding, decoder, message)
    if math.isnan(number):
        return
    binding.sent = number
    binding.sent_frame = max(message.frame, state.frame)  # when it takes effect, also if it is late
    if binding.does == MOVE_MASTER:
        events.schedule_for_all(state, message.frame, MASTER, BY_MIDI, 0, binding.slot, number)
        return
    events.schedule(state, message.frame, SET, binding.layer, binding.generation, BY_MIDI, binding.slot, -1, number, 0.0)


@kernel
def _push_button(state, index, binding, message):
    """Do what a button does, when it goes down."""
    is_down = message.kind == messages.PROGRAM or (message.kind != messages.NOTE_OFF and message.value >= 0.5 / 127.0)
    is_knob = source_of(message.kind) == messages.CONTROL
    if is_knob:
        is_down = message.value >= 0.5
    was_down = binding.is_down and is_knob
    binding.is_down = is_down
    if not is_down or was_down:
        return
    if binding.does == ASK:
        event = state.spare_event
        event.slot = index
        event.value = float(message.number)
        events.respond(state, ASKED, message.frame, event)
        return
    events.schedule_for_all(state, message.frame, binding.event_kind, 0, 0, 0, binding.event_value)


@kernel
def follow(state, keyboard, port, message):
    """Do what the bindings say of a message; whether any of them did."""
    bindings, is_bound = state.bindings[state.bindings_at], False
    for index in range(state.bindings_count[state.bindings_at]):
        binding = bindings[index]
        if binding.does == STRIKE_LAYER or not concerns(binding, port, message):
            continue
        if message.scope == messages.NOTE_SCOPE and message.kind in (messages.BEND, messages.CHANNEL_PRESSURE, messages.CONTROL):
            continue  # an MPE note's own expression
        is_bound = True
        if binding.does in (MOVE_LAYER, MOVE_MASTER):
            _move(state, binding, keyboard.decoder, message)
        else:
            _push_button(state, index, binding, message)
    return is_bound
