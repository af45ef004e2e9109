"""MPE: zones of channels in which every note has a channel of its own.  RPN 6, RPN 0 -> zones, bend ranges -> scope.

The lower zone's manager is channel 0 with its members above it, the upper one's channel 15 with its members below ("MIDI
Polyphonic Expression", MIDI Association, M1-100). The zone set last has its way; the other one gives up the channels.
"""

from __future__ import annotations

from synth.control.midi import messages
from synth.rt import kernel

LOWER, UPPER = 0, 1
MANAGERS = (0, 15)
MAX_MEMBERS = 15
_SHARED_MEMBERS = 14  # of two zones together
_ALL = 0xFFFF
_MEMBER_CENTS, _OTHER_CENTS = 4800, 200
_MAX_CENTS = 12827  # all that RPN 0 can say
_TIMBRE = 74


@kernel
def zone_channels(decoder, zone):
    """Return a zone's channels, manager and members, a bit each; 0 where the zone is not set."""
    members = decoder.zone_members[zone]
    if members == 0:
        return 0
    return (1 << members + 1) - 1 if zone == LOWER else _ALL << MAX_MEMBERS - members & _ALL


@kernel
def zone_of(decoder, channel):
    """Return the zone to which a channel belongs, as manager or member; -1 where it is an ordinary one."""
    for zone in range(2):
        if zone_channels(decoder, zone) >> channel & 1:
            return zone
    return -1


@kernel
def _scope(decoder, kind, channel, number):
    """Return whom a message concerns."""
    if kind >= messages.CLOCK:
        return messages.PORT_SCOPE
    if kind in (messages.NOTE_ON, messages.NOTE_OFF, messages.POLY_PRESSURE):
        return messages.NOTE_SCOPE
    zone = zone_of(decoder, channel)
    if zone < 0:
        return messages.CHANNEL_SCOPE
    if channel == MANAGERS[zone]:
        return messages.ZONE_SCOPE
    is_expression = kind in (messages.BEND, messages.CHANNEL_PRESSURE) or (kind == messages.CONTROL and number == _TIMBRE)
    return messages.NOTE_SCOPE if is_expression else messages.CHANNEL_SCOPE


@kernel
def write(decoder, kind, channel, number, value, frame, out, count):
    """Write a message at `out[count]` with whom it concerns; return the number of messages in `out`."""
    if count >= len(out):
        decoder.dropped += 1
        return count
    message = out[count]
    message.kind = kind
    message.channel = channel
    message.number = number
    message.value = value
    message.frame = frame
    message.scope = _scope(decoder, kind, channel, number)
    message.channels = 1 << channel
    if message.scope == messages.ZONE_SCOPE:
        message.channels = zone_channels(decoder, zone_of(decoder, channel))
    elif message.scope == messages.PORT_SCOPE:
        message.channels = _ALL
    return count + 1


@kernel
def rest(decoder, channel):
    """Put a channel's bend, pressure, timbre and bend range where they are when nobody has touched anything."""
    zone = zone_of(decoder, channel)
    state = decoder.channels[channel]
    state.bend = 0
    state.pressure = 0.0
    state.timbre = 0.5
    state.bend_range_cents = _MEMBER_CENTS if zone >= 0 and channel != MANAGERS[zone] else _OTHER_CENTS


@kernel
def configure(decoder, zone, members, frame, out, count):
    """Set a zone to a number of member channels, 0 to 15; 0 dissolves it.

    Every channel of the zone, and every one that enters or leaves a zone, comes to rest. The ZONE message names them.
    """
    other = 1 - zone
    old, old_other = zone_channels(decoder, zone), zone_channels(decoder, other)
    decoder.zone_members[zone] = members
    if members > 0:
        decoder.zone_members[other] = max(0, min(decoder.zone_members[other], _SHARED_MEMBERS - members))
    new, new_other = zone_channels(decoder, zone), zone_channels(decoder, other)
    changed = old | new | old_other & ~new_other
    for channel in range(messages.CHANNELS):
        if changed >> channel & 1:
            rest(decoder, channel)
    count = write(decoder, messages.ZONE, MANAGERS[zone], members, 0.0, frame, out, count)
    if count > 0:
        out[count - 1].scope = messages.ZONE_SCOPE
        out[count - 1].channels = changed
    return count


@kernel
def set_bend_range(decoder, channel, cents):
    """Set a channel's bend range; on a member channel that of all members of its zone."""
    zone = zone_of(decoder, channel)
    is_member = zone >= 0 and channel != MANAGERS[zone]
    channels = zone_channels(decoder, zone) & ~(1 << MANAGERS[zone]) if is_member else 1 << channel
    for each in range(messages.CHANNELS):
        if channels >> each & 1:
            decoder.channels[each].bend_range_cents = max(0, min(cents, _MAX_CENTS))


@kernel
def bend_semitones(decoder, channel):
    """Return a channel's own bend in semitones."""
    state = decoder.channels[channel]
    return state.bend / 8192.0 * state.bend_range_cents / 100.0


@kernel
def note_bend_semitones(decoder, channel):
    """Return the bend of a note on a channel: the channel's own, and in a zone its manager's on top."""
    bend = bend_semitones(decoder, channel)
    zone = zone_of(decoder, channel)
    if zone >= 0 and channel != MANAGERS[zone]:
        bend += bend_semitones(decoder, MANAGERS[zone])
    return bend
