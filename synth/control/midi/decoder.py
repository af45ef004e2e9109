"""MIDI 1.0 and MPE, decoded inside the quantum.  byte, frame -> running status, real-time bytes, sysex -> messages.

Nothing here allocates, raises or waits, whatever bytes come. One DECODER belongs to one source port: zeros, then `reset`.
Which keys are down it does not keep: whoever plays the notes ends those on the channels that a PANIC or ZONE names.
"""

from __future__ import annotations

from synth.control.midi import control_change, messages, mpe, msb_lsb
from synth.rt import kernel

WAIT_S = 0.005
"""How long the first half of a 14-bit controller waits for the second."""

_SYSEX, _SYSEX_END, _REAL_TIME = 0xF0, 0xF7, 0xF8
_VOICE_BYTES = (2, 2, 2, 2, 1, 1, 2)  # data bytes after 0x80 .. 0xE0
_SYSTEM_BYTES = (0, 1, 2, 1, 0, 0, 0, 0)  # after 0xF0 .. 0xF7
_UNDEFINED, _IGNORED = -1, -2
_REAL_TIME_KINDS = (  # of 0xF8 .. 0xFF; ignored are active sensing and reset, which devices send by mistake
    messages.CLOCK,
    _UNDEFINED,
    messages.START,
    messages.CONTINUE,
    messages.STOP,
    _UNDEFINED,
    _IGNORED,
    _IGNORED,
)
_NO_VELOCITY = 64  # a release that says no velocity


@kernel
def reset(decoder, sample_rate):
    """Begin anew, as after power-up: no notes, no zones, bend ranges of two semitones, counters at zero."""
    decoder.status, decoder.missing, decoder.waiting_count = 0, 0, 0
    decoder.wait_frames = int(WAIT_S * sample_rate)
    decoder.newest.channel = -1
    decoder.zone_members[mpe.LOWER], decoder.zone_members[mpe.UPPER] = 0, 0
    decoder.stray, decoder.truncated, decoder.undefined, decoder.dropped = 0, 0, 0, 0
    for channel in range(messages.CHANNELS):
        state = decoder.channels[channel]
        mpe.rest(decoder, channel)
        state.is_14 = 0
        state.parameter_kind, state.parameter_msb, state.parameter_lsb = 0, -1, -1
        for index in range(32):
            state.msb[index] = 0


@kernel
def flush(decoder, frame, out):
    """Write what waited in vain for its second half until before `frame`; call once a quantum.  Return how many."""
    return msb_lsb.expire(decoder, frame, out, 0)


@kernel
def _real_time(decoder, byte, frame, out, count):
    """Take a byte that may stand anywhere, inside other messages too, and changes nothing about them."""
    kind = _REAL_TIME_KINDS[byte - _REAL_TIME]
    if kind == _UNDEFINED:
        decoder.undefined += 1
    if kind < 0:
        return count
    return mpe.write(decoder, kind, 0, 0, 0.0, frame, out, count)


@kernel
def _data_bytes(status):
    """Return how many data bytes follow a status byte below 0xF8."""
    return _VOICE_BYTES[(status >> 4) - 8] if status < _SYSEX else _SYSTEM_BYTES[status - _SYSEX]


@kernel
def _status(decoder, byte):
    """Begin a message; what was still incomplete is lost."""
    is_end = byte == _SYSEX_END and decoder.status == _SYSEX
    if decoder.missing > 0 or (decoder.status == _SYSEX and not is_end):
        decoder.truncated += 1
    if byte == 0xF4 or byte == 0xF5 or (byte == _SYSEX_END and not is_end):
        decoder.undefined += 1
    decoder.status = byte if byte <= 0xF3 else 0
    decoder.missing = _data_bytes(byte)


@kernel
def _voice(decoder, kind, channel, first, second, frame, out, count):
    """Take a complete channel message, its data bytes 0..127."""
    state = decoder.channels[channel]
    if kind == messages.CONTROL:
        return control_change.control(decoder, channel, first, second, frame, out, count)
    if kind == messages.NOTE_ON and second == 0:
        kind, second = messages.NOTE_OFF, _NO_VELOCITY
    number, value = first, second / 127.0
    if kind == messages.BEND:
        state.bend = (second << 7 | first) - 8192
        number, value = 0, mpe.bend_semitones(decoder, channel)
    elif kind == messages.CHANNEL_PRESSURE:
        number, value = 0, first / 127.0
        state.pressure = value
    elif kind == messages.PROGRAM:
        value = 0.0
    return mpe.write(decoder, kind, channel, number, value, frame, out, count)


@kernel
def feed(decoder, byte, frame, out):
    """Take one byte.

    Parameters
    ----------
    decoder : a DECODER record.
    byte : 0..255.
    frame : when it came, never less than for the byte before.
    out : array of at least `messages.OUT_MESSAGES` MESSAGE records, written from index 0.

    Returns
    -------
    int : the number of messages written.
    """
    count = msb_lsb.expire(decoder, frame, out, 0)
    byte = int(byte) & 0xFF
    if byte >= _REAL_TIME:
        return _real_time(decoder, byte, frame, out, count)
    if byte >= 0x80:
        _status(decoder, byte)
        return count
    status = decoder.status
    if status == 0 or status == _SYSEX:
        decoder.stray += status == 0
        return count
    if decoder.missing == 0:  # running status
        decoder.missing = _data_bytes(status)
    decoder.data[_data_bytes(status) - decoder.missing] = byte
    decoder.missing -= 1
    if decoder.missing > 0:
        return count
    if status > _SYSEX:  # song position, song select, time code
        decoder.status = 0
        return count
    return _voice(decoder, (status >> 4) - 8, status & 15, decoder.data[0], decoder.data[1], frame, out, count)
