"""Hands: what a performer plays.  packets -> decoder -> messages -> keys, knobs and buttons -> events in the heap.

Runs at the start of a quantum, over everything whose frame lies in it, port by port.
"""

from __future__ import annotations

from synth.control.midi import decoder, messages, mpe, tempo
from synth.control.midi.packets import MIDI_RING, PACKETS, PORTS
from synth.engine.kernels import events, midi_notes
from synth.engine.kernels.event_record import ON, OWN_RAMP, PANIC
from synth.engine.kernels.midi_controls import follow
from synth.engine.kernels.state import STATE
from synth.engine.kernels.voices import BEND
from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, store_release
from synth.rt.records import offset

_RINGS_AT = offset(STATE, "midi")
_WRITTEN_AT, _READ_AT = offset(MIDI_RING, "written"), offset(MIDI_RING, "read")
_RING_BYTES = MIDI_RING.itemsize
_SUSTAIN, _RESET = 64, 121
_SOUND_OFF, _NOTES_OFF = 120, 123


@kernel
def _beat(state, message):
    """Follow a MIDI clock, if it is to be followed."""
    if message.kind in (messages.START, messages.CONTINUE):
        tempo.start(state.clock_tempo)
    elif message.kind == messages.CLOCK and state.follows_clock > 0.0:
        hz = tempo.clock(state.clock_tempo, message.frame, state.sample_rate)
        if hz > 0.0:
            events.set_tempo(state, message.frame, hz * state.follows_clock)


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
    is_bound = follow(state, keyboard, port, message)
    if kind == messages.NOTE_ON:
        if not is_bound:
            midi_notes.press(state, keyboard, port, message)
    elif kind == messages.NOTE_OFF:
        midi_notes.release_all_of(state, keyboard, port, message)
    elif kind == messages.CONTROL and message.number in (_SUSTAIN, _RESET):
        is_down = message.number == _SUSTAIN and message.value >= 0.5
        for channel in range(messages.CHANNELS):
            if message.channels >> channel & 1:
                if is_down and not is_bound:  # a pedal that does something else holds no notes
                    keyboard.pedals |= 1 << channel
                elif not is_down:
                    midi_notes.lift_pedal(state, keyboard, port, channel, message.frame)
                if message.number == _RESET:
                    bend = mpe.note_bend_semitones(keyboard.decoder, channel)
                    note = midi_notes.note_id(port, channel, 0)
                    events.set_notes(state, message.frame, note, midi_notes.CHANNEL_ID, BEND, bend, OWN_RAMP)
    elif kind == messages.PANIC and message.number in (_SOUND_OFF, _NOTES_OFF):
        events.command(state, message.frame, PANIC, ON)
    elif not is_bound:
        midi_notes.express(state, keyboard, port, message)


@kernel
def _play_all(state, keyboard, port, count):
    for index in range(count):
        message = state.heard[index]
        kind, channels, frame = message.kind, message.channels, message.frame
        _play(state, keyboard, port, message)
        if kind in (messages.PANIC, messages.ZONE):
            midi_notes.end_notes(state, keyboard, port, channels, frame)
            return  # such a message comes last, and `heard` now holds others


@kernel
def _forget_port(state, keyboard, port, frame):
    """Release what a port that is gone, or that lost bytes, still holds."""
    midi_notes.end_notes(state, keyboard, port, 0xFFFF, frame)
    decoder.reset(keyboard.decoder, state.sample_rate)


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
            _play_all(state, keyboard, port, decoder.feed(keyboard.decoder, item.data[index], frame, state.heard))
        read += 1
    store_release(ring_address + _READ_AT, read)
    if ring.lost != ring.lost_seen:
        ring.lost_seen = ring.lost
        _forget_port(state, keyboard, port, max(state.frame, keyboard.frame))
    _play_all(state, keyboard, port, decoder.flush(keyboard.decoder, stop, state.heard))


@kernel
def hear(state, stop):
    """Play what every port has to say before frame `stop`."""
    for port in range(PORTS):
        _hear_port(state, port, stop)
