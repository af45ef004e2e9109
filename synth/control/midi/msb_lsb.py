"""Controllers 0 to 31: of 7 bits, or of 14 in pairs.  most and least significant bytes -> CONTROL, CONTROL_14, NRPN.

Whether controller n has a least significant byte (n + 32) is learned, for many devices use 32..63 for knobs of their own: a byte
of n + 32 within 5 ms of n's makes them a pair. From then on n waits for n + 32. A wait in vain makes it 7 bits again.
So a controller of 7 bits never waits.
"""

from __future__ import annotations

from synth.control.midi import messages, mpe
from synth.rt import kernel

PAIRS = 32
"""Controllers below this have their least significant bytes this much higher."""
DATA = 6
"""Data entry, whose pair sets the parameter that was selected."""
_MAX_7, _MAX_14 = 127.0, 16383.0


@kernel
def selected(state):
    """Return the number of the parameter that data entry means; -1: none."""
    is_null = state.parameter_msb == 127 and state.parameter_lsb == 127
    if state.parameter_msb < 0 or state.parameter_lsb < 0 or is_null:
        return -1
    return state.parameter_msb << 7 | state.parameter_lsb


@kernel
def find(decoder, channel, number):
    """Return the place in the queue of a controller that waits; -1: it does not."""
    for index in range(decoder.waiting_count):
        if decoder.waiting[index].channel == channel and decoder.waiting[index].number == number:
            return index
    return -1


@kernel
def _remove(decoder, index):
    """Take one out of the queue."""
    decoder.waiting_count -= 1
    for later in range(index, decoder.waiting_count):
        decoder.waiting[later].frame = decoder.waiting[later + 1].frame
        decoder.waiting[later].channel = decoder.waiting[later + 1].channel
        decoder.waiting[later].number = decoder.waiting[later + 1].number
        decoder.waiting[later].value = decoder.waiting[later + 1].value


@kernel
def _write_coarse(decoder, channel, number, value, frame, out, count):
    """Write a most significant byte that stands for itself."""
    parameter = selected(decoder.channels[channel])
    if number == DATA and parameter >= 0:
        return mpe.write(decoder, messages.NRPN, channel, parameter, value / _MAX_7, frame, out, count)
    return mpe.write(decoder, messages.CONTROL, channel, number, value / _MAX_7, frame, out, count)


@kernel
def give_up(decoder, index, frame, out, count):
    """Write one that waited in vain; its controller has 7 bits again."""
    channel, number, value = decoder.waiting[index].channel, decoder.waiting[index].number, decoder.waiting[index].value
    _remove(decoder, index)
    decoder.channels[channel].is_14 &= ~(1 << number)
    return _write_coarse(decoder, channel, number, value, frame, out, count)


@kernel
def expire(decoder, frame, out, count):
    """Write what has waited its 5 ms before `frame`, stamped with the frame at which they were over."""
    while decoder.waiting_count > 0 and frame > decoder.waiting[0].frame + decoder.wait_frames:
        count = give_up(decoder, 0, decoder.waiting[0].frame + decoder.wait_frames, out, count)
    return count


@kernel
def most_significant(decoder, channel, number, value, frame, out, count):
    """Take controller 0..31: write it, or let it wait for its other half."""
    state = decoder.channels[channel]
    state.msb[number] = value
    decoder.newest.channel, decoder.newest.number, decoder.newest.frame = channel, number, frame
    index = find(decoder, channel, number)
    if index >= 0:
        count = give_up(decoder, index, frame, out, count)
    if not state.is_14 >> number & 1:
        return _write_coarse(decoder, channel, number, value, frame, out, count)
    if decoder.waiting_count == messages.WAITING:
        count = give_up(decoder, 0, frame, out, count)
    last = decoder.waiting[decoder.waiting_count]
    last.frame, last.channel, last.number, last.value = frame, channel, number, value
    decoder.waiting_count += 1
    return count


@kernel
def least_significant(decoder, channel, number, value, frame, out, count):
    """Take controller 32..63, `number` 0..31 its other half's: the second half of a pair, or a controller of its own."""
    state, newest = decoder.channels[channel], decoder.newest
    parameter = selected(state) if number == DATA else -1
    follows = newest.channel == channel and newest.number == number and frame - newest.frame <= decoder.wait_frames
    if not (state.is_14 >> number & 1 or follows or parameter >= 0):
        return mpe.write(decoder, messages.CONTROL, channel, number + PAIRS, value / _MAX_7, frame, out, count)
    index = find(decoder, channel, number)
    if index >= 0:
        _remove(decoder, index)
    state.is_14 |= 1 << number
    fine = (state.msb[number] << 7 | value) / _MAX_14
    if parameter >= 0:
        return mpe.write(decoder, messages.NRPN, channel, parameter, fine, frame, out, count)
    return mpe.write(decoder, messages.CONTROL_14, channel, number, fine, frame, out, count)
