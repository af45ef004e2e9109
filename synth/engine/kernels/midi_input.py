"""What a performer plays.  packets of a port -> decoder -> messages -> bindings, pedal, notes, clock -> events in the heap.

Runs at the start of a quantum, over everything whose frame lies in it, port by port and byte by byte: a message is played while
the decoder stands where it stood when the message was complete, so that a note takes the bend of just then.
"""

from __future__ import annotations

from synth.control.midi import decoder, messages, mpe, tempo
from synth.control.midi.packets import PACKETS, PORTS
from synth.engine.kernels import events, midi_notes
from synth.engine.kernels.event_record import ON, OWN_RAMP, PANIC
from synth.engine.kernels.midi_controls import follow
from synth.engine.kernels.voices import BEND
from synth.rt import kernel, rings
from synth.rt.intrinsics import address_of

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
def _keep(state, port, message):
    """Keep the newest message, so that it can be shown."""
    last = state.last_message
    last.kind, last.channel, last.number = message.kind, message.channel, message.number
    last.value, last.frame = message.value, message.frame
    state.last_port = port


@kernel
def _pedal(state, keyboard, port, message, is_bound):
    """Hold notes, or let go of those that only the pedal holds; a pedal that does something else holds none."""
    is_down = message.number == _SUSTAIN and message.value >= 0.5
    for channel in range(messages.CHANNELS):
        if message.channels >> channel & 1:
            if not is_down:
                midi_notes.lift_pedal(state, keyboard, port, channel, message.frame)
            elif not is_bound:
                keyboard.pedals |= 1 << channel
            if message.number == _RESET:
                note, bend = midi_notes.note_id(port, channel, 0), mpe.note_bend_semitones(keyboard.decoder, channel)
                events.set_notes(state, message.frame, note, midi_notes.CHANNEL_ID, BEND, bend, OWN_RAMP)


@kernel
def _play(state, keyboard, port, message):
    """Do what one message says."""
    kind = message.kind
    state.messages += 1
    if kind >= messages.CLOCK:
        _beat(state, message)
        return
    _keep(state, port, message)
    is_bound = follow(state, keyboard, port, message)
    if kind == messages.NOTE_ON:
        if not is_bound:
            midi_notes.press(state, keyboard, port, message)
    elif kind == messages.NOTE_OFF:
        midi_notes.release_all_of(state, keyboard, port, message)
    elif kind == messages.CONTROL and message.number in (_SUSTAIN, _RESET):
        _pedal(state, keyboard, port, message, is_bound)
    elif kind == messages.PANIC and message.number in (_SOUND_OFF, _NOTES_OFF):
        events.command(state, message.frame, PANIC, ON)
    elif not is_bound:
        midi_notes.express(state, keyboard, port, message)
    if kind in (messages.PANIC, messages.ZONE):
        midi_notes.end_notes(state, keyboard, port, message.channels, message.frame)


@kernel
def _play_all(state, keyboard, port, count):
    """Play the messages that the decoder has filled in."""
    for index in range(count):
        _play(state, keyboard, port, state.heard[index])


@kernel
def _forget_port(state, keyboard, port, frame):
    """Release what a port that is gone, or that lost bytes, still holds."""
    midi_notes.end_notes(state, keyboard, port, 0xFFFF, frame)
    decoder.reset(keyboard.decoder, state.sample_rate)


@kernel
def _hear_packet(state, keyboard, port, packet):
    """Play what the bytes of a packet say, at its frame, or now: never before what the port said last."""
    frame = max(state.frame if packet.frame < 0 else packet.frame, keyboard.frame)
    keyboard.frame = frame
    if packet.count < 0:
        _forget_port(state, keyboard, port, frame)
    for index in range(packet.count):
        _play_all(state, keyboard, port, decoder.feed(keyboard.decoder, packet.data[index], frame, state.heard))


@kernel
def _hear_port(state, port, stop):
    """Play everything of a port whose frame lies before `stop`."""
    ring, keyboard = state.midi[port], state.keyboards[port]
    written, read = rings.load_written(address_of(ring)), ring.read
    while read < written and ring.items[read % PACKETS].frame < stop:
        _hear_packet(state, keyboard, port, ring.items[read % PACKETS])
        read += 1
    rings.store_read(address_of(ring), read)
    if ring.lost != ring.lost_seen:
        ring.lost_seen = ring.lost
        _forget_port(state, keyboard, port, max(state.frame, keyboard.frame))
    _play_all(state, keyboard, port, decoder.flush(keyboard.decoder, stop, state.heard))


@kernel
def hear(state, stop):
    """Play what every port has to say before frame `stop`."""
    for port in range(PORTS):
        _hear_port(state, port, stop)
